"""Mailboxes read by IMAP, from a real Dovecot: nothing lost, nothing twice, nothing silent."""

import pytest

from desk import eventually
from mailservers import Dovecot


@pytest.fixture
def dovecot():
    server = Dovecot().start()
    yield server
    server.close()


def message(desk, subject, body="It stands.", number=1, sender=None):
    sender = sender or desk.account("client")["email"]
    return f"Return-Path: <{sender}>\r\nFrom: {sender}\r\nTo: support@desk.example\r\nSubject: {subject}\r\nMessage-ID: <{number}.{subject.replace(' ', '.')}@client.example>\r\n\r\n{body}\r\n".encode()


def subjects(desk):
    return sorted(ticket["subject"] for ticket in desk.api("agent").get("/tickets", params={"limit": 200, "sort": "-logged"})["items"])


def metrics(desk):
    import requests
    return requests.get(desk.http + "/metrics", timeout=10).text


def secret(tmp_path, text):
    path = tmp_path / "secret"
    path.write_text(text + "\n")
    return path


def test_mail_of_a_mailbox_makes_tickets_once_and_is_marked_after(dovecot, desks, tmp_path):
    password = secret(tmp_path, dovecot.password)
    desk = desks(None, "--imap", dovecot.url(password_file=password))
    dovecot.put(message(desk, "Box one"))
    dovecot.put(message(desk, "Box two"))
    eventually("both are tickets", lambda: {"Box one", "Box two"} <= set(subjects(desk)))
    eventually("both are marked", lambda: len([flags for flags in dovecot.flags() if b"\\Seen" in flags]) == 2)
    # A restart reads nothing twice, and what came meanwhile is there.
    desk.kill()
    dovecot.put(message(desk, "Box three"))
    desk.start()
    eventually("the third is a ticket", lambda: "Box three" in subjects(desk))
    assert [subjects(desk).count(f"Box {name}") for name in ("one", "two", "three")] == [1, 1, 1]


def test_what_was_taken_over_can_be_moved_and_a_new_uidvalidity_doubles_nothing(dovecot, desks, tmp_path):
    password = secret(tmp_path, dovecot.password)
    dovecot.create("Done")
    desk = desks(None, "--imap", dovecot.url(password_file=password, move="Done"))
    dovecot.put(message(desk, "Moved one"))
    eventually("it is a ticket", lambda: "Moved one" in subjects(desk))
    eventually("it was moved", lambda: dovecot.count() == 0 and dovecot.count("Done") == 1)
    # The mailbox is made anew with the same mail in it: other numbers, same content (R11).
    client = dovecot.login()
    client.create("Other")
    client.rename("INBOX", "Old")
    client.logout()
    dovecot.put(message(desk, "Moved one"))
    dovecot.put(message(desk, "Moved two"))
    eventually("the new one is a ticket", lambda: "Moved two" in subjects(desk))
    assert subjects(desk).count("Moved one") == 1


def test_a_bearer_token_signs_in_and_is_read_anew(dovecot, desks, tmp_path):
    token = secret(tmp_path, "first-token")
    dovecot.tokens.add("first-token")
    desk = desks(None, "--imap", dovecot.url(token_file=token))
    dovecot.put(message(desk, "By token"))
    eventually("it is a ticket", lambda: "By token" in subjects(desk))
    dovecot.tokens.clear()
    dovecot.tokens.add("second-token")
    token.write_text("second-token")
    dovecot.stop()
    dovecot.start()
    dovecot.put(message(desk, "By new token"))
    eventually("the next one too", lambda: "By new token" in subjects(desk), 30)


def test_a_mailbox_that_fails_is_never_silent(dovecot, desks, people, tmp_path):
    password = secret(tmp_path, "wrong")
    desk = desks(None, "--imap", dovecot.url(password_file=password))
    eventually("the metrics say so", lambda: "abide_mailbox_failing" in metrics(desk) and "} 1\n" in metrics(desk).split("abide_mailbox_failing{")[-1])
    page = people(desk, desk.account("administrator"))
    page.goto("/mail")
    assert "can't be read" in page.locator("[role=alert]").inner_text()
    assert dovecot.password not in page.content()
    password.write_text(dovecot.password)
    dovecot.put(message(desk, "At last"))
    eventually("it is a ticket", lambda: "At last" in subjects(desk), 40)
    eventually("all is well", lambda: "} 0\n" in metrics(desk).split("abide_mailbox_failing{")[-1])
