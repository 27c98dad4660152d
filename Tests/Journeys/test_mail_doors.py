"""Ways in for mail besides a plain SMTP client, and what must not come in."""

import json
import smtplib
import socket
import subprocess
from zoneinfo import ZoneInfo

import pytest

from desk import ABIDE, eventually, instant, mail, new_ticket, words

LINES = "Phone: +1 575 555 0142\nProject: Conveyor health\nSite: Pit 4\nEnvironment: Patched on Tuesday\nUrgency: 2\n\nThe page is empty."


def test_A1_lmtp_answers_once_for_each_recipient(desk):
    client, mailbox = desk.account("client"), desk.mailbox
    with smtplib.LMTP(*desk.smtp) as connection:
        message = mail(client, mailbox, "Handed over by LMTP", LINES)
        refused = connection.send_message(message, client["email"], [mailbox, "nobody@" + mailbox.split("@")[1]])
        assert [code for code, _ in refused.values()] == [550]
    ticket = desk.find("Handed over by LMTP")
    assert ticket["channel"] == "email" and ticket["contact"]["email"] == client["email"] and ticket["severity"] == 2


def test_A1_swaks_as_a_stranger_would_use_it(desk):
    client, mailbox = desk.account("client"), desk.mailbox
    done = subprocess.run(
        ["swaks", "--server", "%s:%d" % desk.smtp, "--from", client["email"], "--to", mailbox, "--header", "Subject: From swaks", "--body", LINES],
        capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stdout
    assert desk.find("From swaks")["missing"] == []


def test_A1_the_pipe_delivers_into_the_running_desk(desk):
    client = desk.account("client")
    printed = desk.command("mail", "deliver", stdin=mail(client, desk.mailbox, "Through the pipe", LINES).as_bytes())
    ticket = desk.find("Through the pipe")
    assert ticket["ref"] in printed and ticket["loggedAt"]


def test_A1_a_mail_of_a_stranger_is_registered_too(desk):
    stranger = {"name": "Sam Stranger", "email": "sam@unknown.example"}
    desk.send(mail(stranger, desk.mailbox, "Who am I to you", LINES), stranger["email"])
    ticket = desk.find("Who am I to you")
    assert ticket["contact"]["email"] == stranger["email"] and ticket["status"] == "registered"
    # It belongs to no client, so no client sees it.
    desk.api("primaryContact").get(f"/tickets/{ticket['ref']}", 404)


def test_R1_a_reply_binds_by_its_signed_address_alone(fast, relay):
    client = fast.account("client")
    ref = new_ticket(fast.api("client"), "Bound by its address")["ref"]
    answer = relay.wait("logged", client["email"], ref)
    reply_to = answer["Reply-To"].addresses[0].addr_spec

    fast.send(mail(client, reply_to, "Re: something else", "It also happens on line 3."), client["email"], reply_to)
    api = fast.api("agent")
    eventually("the reply on the ticket", lambda: any("line 3" in message["body"] for message in api.get(f"/tickets/{ref}/messages")["items"]))

    # The reference in the subject alone makes a ticket of its own; a forged address is no mailbox, or binds nothing.
    fast.send(mail(client, fast.mailbox, f"Re: [{ref}] only the number", LINES), client["email"])
    assert fast.find(f"Re: [{ref}] only the number")["ref"] != ref
    local, domain = reply_to.split("@")
    forged = local[:-1] + ("a" if local[-1] != "a" else "b") + "@" + domain
    try:
        fast.send(mail(client, forged, "Forged", "Not to be seen on it."), client["email"], forged)
    except smtplib.SMTPRecipientsRefused as refusal:
        assert refusal.recipients[forged][0] == 550
    else:
        assert fast.find("Forged")["ref"] != ref
    assert not any("Not to be seen" in message["body"] for message in api.get(f"/tickets/{ref}/messages")["items"])


def test_R13_an_out_of_office_answer_does_not_end_a_suspension(fast, relay):
    client = fast.account("client")
    api = fast.api("agent")
    ref = new_ticket(fast.api("client"), "Waiting for an answer")["ref"]
    reply_to = relay.wait("logged", client["email"], ref)["Reply-To"].addresses[0].addr_spec
    api.post(f"/tickets/{ref}/suspension", {"reason": "answerAwaited", "note": "Which line?"})
    assert api.get(f"/tickets/{ref}")["status"] == "awaitingClient"

    away = mail(client, reply_to, "Out of office", "I am away until Monday.", Auto_Submitted="auto-replied")
    fast.send(away, client["email"], reply_to)
    fast.send(mail(client, reply_to, "Re: which line", "Line 2."), client["email"], reply_to)
    ticket = eventually("the answer to end the suspension", lambda: (t := api.get(f"/tickets/{ref}"))["status"] == "open" and t)
    assert ticket["suspensions"] == []
    resumed = [event for event in api.events(ref) if event["type"] == "resumed"]
    assert len(resumed) == 1
    texts = [message["body"] for message in api.get(f"/tickets/{ref}/messages")["items"]]
    answered = next(index for index, text in enumerate(texts) if "Line 2" in text)
    assert not any("Line 2" in text for text in texts[:answered])


def test_E1_the_acknowledgement_names_reference_and_deadline_in_both_zones(fast, relay):
    client = fast.account("client")
    fast.send(mail(client, fast.mailbox, "Complete at once", LINES), client["email"])
    ticket = fast.find("Complete at once")
    acknowledgement = relay.wait("logged", client["email"], ticket["ref"])
    assert ticket["ref"] in acknowledgement["Subject"] and ticket["ref"] in words(acknowledgement)
    # RFC 3834: marked as a machine's, and no bounce can come back to it.
    assert acknowledgement["Auto-Submitted"] == "auto-replied" and acknowledgement["Message-ID"]
    assert acknowledgement.envelope[1] == [client["email"]]
    due = instant(ticket["clocks"]["response"]["due"])
    zone = fast.api("agent").get("/desk")["zone"]
    assert due.astimezone(ZoneInfo(zone)).strftime("%H:%M") in words(acknowledgement)


def dialogue(desk, *lines):
    """Raw bytes, line by line; the answers' codes."""
    codes = []
    with socket.create_connection(desk.smtp, timeout=10) as connection:
        stream = connection.makefile("rb")

        def code():
            while True:
                line = stream.readline()
                if len(line) < 4 or line[3:4] != b"-":
                    return int(line[:3] or b"0")

        codes.append(code())
        for line in lines:
            connection.sendall(line)
            codes.append(code())
    return codes


@pytest.mark.parametrize("end", [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\n"])
def test_S35_no_other_end_of_data_smuggles_a_second_mail(desk, end):
    client, mailbox = desk.account("client"), desk.mailbox.encode()
    sender = client["email"].encode()
    smuggled = b"MAIL FROM:<%s>\r\nRCPT TO:<%s>\r\nDATA\r\nSubject: Smuggled\r\n\r\nx\r\n.\r\n" % (sender, mailbox)
    dialogue(
        desk, b"EHLO t.example\r\n", b"MAIL FROM:<%s>\r\n" % sender, b"RCPT TO:<%s>\r\n" % mailbox, b"DATA\r\n",
        b"Subject: Carrier\r\n\r\nfirst" + end + smuggled)
    # A later mail is registered; by then what was smuggled would be, too.
    desk.send(mail(client, desk.mailbox, "After the smuggler", LINES), client["email"])
    desk.find("After the smuggler")
    subjects = [ticket["subject"] for ticket in desk.api("serviceManager").get("/tickets", params={"limit": 200})["items"]]
    assert "Smuggled" not in subjects


def test_mail_parse_tells_what_the_desk_sees(desk):
    message = mail({"name": "Dana", "email": "dana@client.example"}, desk.mailbox, "Grüße aus Wien", "Neuer Text\n\nOn Monday, Maya wrote:\n> alt\n")
    message.add_attachment(b"a,b\n1,2\n", maintype="text", subtype="csv", filename="werte.csv")
    seen = json.loads(desk.command("mail", "parse", stdin=message.as_bytes(), data=False))
    assert seen["subject"] == "Grüße aus Wien" and seen["from"] == {"address": "dana@client.example", "name": "Dana"}
    assert seen["kind"] == "message" and "Neuer Text" in seen["reply"] and "alt" not in seen["reply"]
    assert [(one["name"], one["size"]) for one in seen["attachments"]] == [("werte.csv", 8)]


def test_R10_the_listener_speaks_tls_where_it_has_a_certificate(desks, tmp_path):
    import ssl
    from mailservers import certificate
    cert, key = certificate(tmp_path)
    desk = desks(None, "--smtp-tls-cert", cert, "--smtp-tls-key", key)
    client = desk.account("client")
    with smtplib.SMTP(*desk.smtp) as connection:
        connection.starttls(context=ssl.create_default_context(cafile=cert))
        connection.send_message(mail(client, desk.mailbox, "Under TLS", LINES), client["email"], [desk.mailbox])
    assert desk.find("Under TLS")["missing"] == []


def test_P11_mail_leaves_through_a_real_postfix(desks, relay):
    from mailservers import Postfix
    postfix = Postfix(int(relay.url.rsplit(":", 1)[1])).start()
    try:
        desk = desks(None, "--relay", postfix.url)
        client = desk.account("client")
        ref = new_ticket(desk.api("client"), "Through Postfix")["ref"]
        sent = relay.wait("logged", client["email"], ref, within=30)
        assert sent["Message-ID"] and sent["Auto-Submitted"] and sent.envelope[0] in ("", "<>", None)
    finally:
        postfix.stop()


def test_a_stranger_is_linked_to_a_client_by_an_agent(desk, people):
    stranger = {"name": "Sam Stranger", "email": "sam@unknown.example"}
    desk.send(mail(stranger, desk.mailbox, "Who am I", LINES), stranger["email"])
    ref = desk.find("Who am I")["ref"]
    page = people(desk, desk.account("agent"))
    page.goto("/strangers")
    row = page.locator("tr", has_text=ref)
    row.locator("select[name=client]").select_option(desk.clients[0])
    row.locator("input[name=domain]").check()
    row.get_by_role("button", name="Make a contact").click()
    page.wait_for_url(f"**/tickets/{ref}")
    ticket = desk.api("agent").get(f"/tickets/{ref}")
    assert ticket["client"]["name"] == desk.clients[0] and ticket["loggedAt"] and ticket["missing"] == []
    # The next mail of that sender is that contact's.
    desk.send(mail(stranger, desk.mailbox, "Me again", LINES), stranger["email"])
    assert desk.find("Me again")["client"]["name"] == desk.clients[0]


def test_junk_is_set_aside_and_comes_back_by_one_click(desk, people):
    page = people(desk, desk.account("agent"))
    page.goto("/mail")
    page.locator("#f-pattern").fill("@spam.example")
    page.get_by_role("button", name="Set aside").click()
    spammer = {"name": "Spammer", "email": "x@spam.example"}
    desk.send(mail(spammer, desk.mailbox, "Buy this", LINES), spammer["email"])
    eventually("it is set aside", lambda: page.goto("/mail") and page.locator("tr", has_text="Buy this").count() == 1)
    assert not [one for one in desk.api("agent").get("/tickets", params={"limit": 200, "sort": "-logged"})["items"] if one["subject"] == "Buy this"]
    page.locator("tr", has_text="Buy this").get_by_role("button", name="Not junk").click()
    assert desk.find("Buy this")["status"] == "registered"


def test_RFC6376_outgoing_mail_is_signed_for_its_domain(desks, relay, tmp_path):
    import dkim
    key = tmp_path / "dkim.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key], check=True, capture_output=True)
    public = subprocess.run(["openssl", "pkey", "-in", key, "-pubout"], check=True, capture_output=True, text=True).stdout
    record = "v=DKIM1; k=rsa; p=" + "".join(line for line in public.splitlines() if not line.startswith("-----"))
    desk = desks(None, "--relay", relay.url, "--dkim-key", key, "--dkim-selector", "s1")
    client = desk.account("client")
    ref = new_ticket(desk.api("client"), "Signed: grüße 🔥")["ref"]
    sent = relay.wait("logged", client["email"], ref)
    domain = desk.mailbox.split("@")[1]
    asked = []

    def dns(name, timeout=5):
        asked.append(name.decode())
        return record.encode()

    assert dkim.verify(sent.raw, dnsfunc=dns)
    assert asked[0].rstrip(".") == f"s1._domainkey.{domain}"
    assert not dkim.verify(sent.raw.replace(b"Subject: ", b"Subject: Re: "), dnsfunc=dns)


def test_R16_a_mail_is_had_as_it_came_and_can_be_run_again(desk, people):
    client = desk.account("client")
    raw = (
        f"From: {client['email']}\r\nTo: {desk.mailbox}\r\nSubject: Signed\r\nMessage-ID: <signed@client.example>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nIt stands.\r\n"
        "--b\r\nContent-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\nMIIB\r\n--b--\r\n").encode()
    ref = desk.command("mail", "deliver", "--from", client["email"], stdin=raw).strip()
    page = people(desk, desk.account("agent"))
    page.goto(f"/tickets/{ref}")
    assert "Signed with S/MIME" in page.locator(".msg").first.inner_text() and "smime.p7s" in page.locator(".files").inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="The mail as it came").click()
    assert download.value.path().read_bytes() == raw
    # Nobody but staff, who read what is internal, has it.
    address = page.get_by_role("link", name="The mail as it came").get_attribute("href")
    assert people(desk, client).request.get(desk.http + address).status == 404
    # By command, and run again: without the word for it, it is the same mail (R11).
    assert subprocess.run([ABIDE, "mail", "raw", ref, *desk.place], capture_output=True, check=True).stdout == raw
    assert desk.command("mail", "deliver", "--from", client["email"], stdin=raw).strip() == ref
    again = desk.command("mail", "deliver", "--again", "--from", client["email"], stdin=raw).strip()
    assert again != ref and desk.api("agent").get(f"/tickets/{again}")["subject"] == "Signed"


def test_S2_a_mails_own_pictures_stand_in_their_places_and_foreign_ones_only_when_asked(desk, people):
    client = desk.account("client")
    pixel = bytes.fromhex("47494638396101000100800000ff00002c00000000010001000002024401003b")
    message = mail(client, desk.mailbox, "With pictures", LINES)
    message.add_alternative('<p>See <img src="cid:one@x"> and <img src="https://canary.invalid/p.png"></p>', subtype="html")
    message.get_payload()[1].add_related(pixel, "image", "gif", cid="<one@x>", filename="one.gif")
    desk.send(message, client["email"])
    ref = desk.find("With pictures")["ref"]
    number = next(item["id"] for item in desk.api("agent").get(f"/tickets/{ref}/messages")["items"] if item.get("html"))
    page = people(desk, desk.account("agent"))
    foreign = []
    page.on("request", lambda request: foreign.append(request.url) if "canary" in request.url else None)
    page.goto(f"/tickets/{ref}/messages/{number}/html")
    assert page.locator("img[src^='data:image/gif']").evaluate("image => image.complete && image.naturalWidth") == 1
    assert page.locator("img[src^='http']").count() == 0 and not foreign
    page.goto(f"/tickets/{ref}/messages/{number}/html?pictures=1")
    assert page.locator("img[src^='https://canary']").count() == 1


def test_administrators_see_the_words_of_every_milestone_in_the_desk_s_own_language(desks, people):
    desk = desks(None, "--mail-words", "de")
    page = people(desk, desk.account("administrator"))
    page.goto("/settings")
    page.get_by_role("link", name="Mails", exact=True).click()
    page.wait_for_url("**/settings/mails")
    shown = page.locator(".preview h2 code").all_inner_texts()
    assert {"incomplete", "logged", "escalated", "responded", "suspended", "resumed", "resolutionProposed", "resolved", "closed", "reopened", "complaintAnswered"} <= set(shown)
    frame = page.frame_locator("#logged iframe")
    assert "Antwort" in frame.locator("body").inner_text() and "ABD-1000" in frame.locator("body").inner_text()
    # An example is nobody's ticket.
    desk.api("agent").get("/tickets/ABD-1000", expect=404)
    agent = people(desk, desk.account("agent"))
    assert agent.goto("/settings/mails").status == 403
