"""Kill -9 in the middle of intake: nothing that was answered with 250 is lost, and a retry doubles nothing."""

import smtplib
import threading
from collections import Counter

from desk import eventually, mail


def tickets(api):
    items, cursor = [], None
    while True:
        page = api.get("/tickets", params={"limit": 200, "sort": "-logged", **({"cursor": cursor} if cursor else {})})
        items += page["items"]
        cursor = page["next"]
        if not cursor:
            return items


def test_A1_a_kill_in_the_middle_of_intake_loses_and_doubles_nothing(desk):
    client, mailbox = desk.account("client"), desk.mailbox
    acknowledged, unanswered, lock = [], [], threading.Lock()

    def sender(number):
        for index in range(10_000):
            message = mail(client, mailbox, f"Crash case {number}-{index}", "Site: Pit 4\n\nThe page is empty.")
            try:
                with smtplib.SMTP(*desk.smtp, timeout=10) as connection:
                    connection.send_message(message, client["email"], [mailbox])
                    with lock:
                        acknowledged.append(message)
            except (OSError, smtplib.SMTPException):
                if message not in acknowledged:
                    unanswered.append(message)
                return

    senders = [threading.Thread(target=sender, args=(number,)) for number in range(4)]
    for thread in senders:
        thread.start()
    eventually("80 acknowledged mails", lambda: len(acknowledged) >= 80, within=30)
    desk.kill()
    for thread in senders:
        thread.join(20)
    desk.start()

    # What a mail server does: it sends again what was not answered. A lost answer makes it send again what was stored.
    for message in unanswered + acknowledged[-5:]:
        desk.send(message, client["email"], mailbox)
    expected = {message["Subject"] for message in acknowledged + unanswered}
    api = desk.api("serviceManager")

    def made():
        return Counter(ticket["subject"] for ticket in tickets(api) if ticket["subject"].startswith("Crash case"))

    eventually("a ticket for every mail", lambda: set(made()) >= expected, within=30)
    assert made() == Counter(expected)
    assert "ok" in desk.command("verify", "--all").lower()
