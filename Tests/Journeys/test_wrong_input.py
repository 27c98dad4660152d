"""Wrong input through every door: each with the answer that a person would want."""

import smtplib
import socket
import subprocess

import pytest

from desk import ABIDE, FAST, ROOT, STANDARD, Desk, eventually, mail, new_ticket


def test_an_unknown_recipient_is_refused_while_the_sender_listens(desk):
    client = desk.account("client")
    nobody = "nobody@" + desk.mailbox.split("@")[1]
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        desk.send(mail(client, nobody, "To nobody", "x"), client["email"], nobody)
    code, text = refusal.value.recipients[nobody]
    assert code == 550 and text.startswith(b"5.1.1")


def test_another_domain_is_not_relayed_to(desk):
    client = desk.account("client")
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        desk.send(mail(client, "someone@elsewhere.example", "Relay me", "x"), client["email"], "someone@elsewhere.example")
    assert refusal.value.recipients["someone@elsewhere.example"][0] == 550


def test_a_message_of_30_MB_is_refused_announced_or_not(desk):
    client, mailbox = desk.account("client"), desk.mailbox
    with smtplib.SMTP(*desk.smtp, timeout=30) as connection:
        connection.ehlo()
        assert int(connection.esmtp_features["size"]) < 30_000_000
        assert connection.mail(client["email"], [f"size={30_000_000}"])[0] == 552
    line = b"x" * 76 + b"\r\n"
    with smtplib.SMTP(*desk.smtp, timeout=60) as connection:
        connection.ehlo()
        connection.mail(client["email"])
        connection.rcpt(mailbox)
        try:
            code, text = connection.data(b"Subject: Thirty megabytes\r\n\r\n" + line * (30_000_000 // len(line)))
        except smtplib.SMTPDataError as error:
            code, text = error.smtp_code, error.smtp_error
        assert code == 552 and text.startswith(b"5.3.4")
        # The connection lives on, and a message of the right size is taken.
        connection.rset()
        connection.send_message(mail(client, mailbox, "After thirty megabytes", "Site: Pit 4\n\nx"), client["email"], [mailbox])
    desk.find("After thirty megabytes")
    subjects = {ticket["subject"] for ticket in desk.api("serviceManager").get("/tickets", params={"limit": 200})["items"]}
    assert "Thirty megabytes" not in subjects


BROKEN = {
    "a boundary that never comes": b"Content-Type: multipart/mixed; boundary=never\r\n\r\nno part at all",
    "a part that never ends": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\nContent-Type: text/plain\r\n\r\nword",
    "base64 that is none": b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!====%%%%",
    "an unknown charset": b"Content-Type: text/plain; charset=x-nowhere\r\n\r\nWord \xff\xfe",
    "two hundred levels": b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(200)) + b"\r\nword",
}


@pytest.mark.parametrize("fault", BROKEN)
def test_A1_a_broken_MIME_tree_is_a_ticket_all_the_same(desk, fault):
    client, mailbox = desk.account("client"), desk.mailbox
    subject = f"Broken, {fault}"
    head = f"From: <{client['email']}>\r\nTo: <{mailbox}>\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n".encode()
    with smtplib.SMTP(*desk.smtp, timeout=20) as connection:
        connection.sendmail(client["email"], [mailbox], head + BROKEN[fault] + b"\r\n")
    assert desk.find(subject)["status"] == "registered"


def test_an_agreement_with_three_faults_names_all_three_in_one_run(desk, tmp_path):
    lines = STANDARD.read_text().splitlines()
    faults = {}

    def spoil(found, replaced):
        index = next(number for number, line in enumerate(lines) if found in line and not line.lstrip().startswith("#") and number + 1 not in faults)
        lines[index] = lines[index].replace(found, replaced, 1)
        faults[index + 1] = replaced

    spoil("zone: America/Chicago", "zone: America/Chicargo")
    spoil("response: 2h", "response: 2hours")
    spoil("required: true", "requierd: true")
    file = tmp_path / "agreement.yaml"
    file.write_text("\n".join(lines) + "\n")
    done = subprocess.run([ABIDE, "agreement", "check", file], capture_output=True, text=True, timeout=30)
    assert done.returncode == 65, done
    said = (done.stdout + done.stderr).strip().splitlines()
    assert len(said) == 3, said
    for line, number in zip(said, sorted(faults)):
        place, words = line.removeprefix(f"{file}:").split(": ", 1)
        assert int(place.split(":")[0]) == number and int(place.split(":")[1]) > 0
        assert ";" in words, f"says what is wrong, but not what is allowed: {line}"


@pytest.mark.parametrize("agreement", [STANDARD, FAST], ids=["standard", "fast"])
def test_the_shipped_agreements_are_valid(agreement):
    subprocess.run([ABIDE, "agreement", "check", agreement], check=True, capture_output=True, timeout=30)


def test_serve_refuses_a_faulty_agreement_and_says_where(demo, tmp_path):
    file = tmp_path / "agreement.yaml"
    file.write_text("name: Nothing else\n")
    done = subprocess.run(
        [ABIDE, "serve", "--data", tmp_path / "data", "--http", "127.0.0.1:0", "--smtp", "127.0.0.1:0", "--agreement", file],
        capture_output=True, text=True, timeout=30)
    assert done.returncode != 0 and f"{file}:" in done.stdout + done.stderr


def test_a_wrong_password_opens_nothing_and_says_so(desk, chromium):
    account = desk.account("agent")
    context = chromium.new_context(base_url=desk.http)
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("[name=email]", account["email"])
    page.fill("[name=password]", account["password"] + "x")
    page.press("[name=password]", "Enter")
    page.get_by_text("password", exact=False).first.wait_for()
    assert "/sign-in" in page.url
    alert = page.locator("[role=alert]")
    alert.wait_for()
    # The same words for a name that is not there: nobody learns who has an account.
    said = alert.inner_text()
    page.fill("[name=email]", "nobody@nowhere.example")
    page.fill("[name=password]", "wrong")
    page.press("[name=password]", "Enter")
    eventually("the same words", lambda: page.locator("[role=alert]").inner_text() == said)
    page.goto("/tickets")
    assert "/sign-in" in page.url
    context.close()


@pytest.mark.parametrize("door", ["--http", "--smtp"])
def test_a_port_that_is_taken_is_named_and_ends_the_start(demo, tmp_path, door):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        other = {"--http": "--smtp", "--smtp": "--http"}[door]
        done = subprocess.run(
            [ABIDE, "serve", "--data", tmp_path / "data", door, f"127.0.0.1:{port}", other, "127.0.0.1:0"], capture_output=True, text=True, timeout=30)
    assert done.returncode != 0
    assert str(port) in done.stderr and "ready" not in done.stdout
    assert "Fatal error" not in done.stderr and len(done.stderr) < 3000


def test_a_closed_relay_keeps_the_mail_until_it_opens(desks, relay):
    # A port that nothing listens on: the mail waits, the desk goes on.
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = "smtp://127.0.0.1:%d" % closed.getsockname()[1]
    desk = desks(None, "--relay", url)
    client = desk.account("client")
    ref = new_ticket(desk.api("client"), "While the relay is closed")["ref"]
    assert desk.api("agent").get(f"/tickets/{ref}")["status"] == "open"
    desk.stop()
    desk.options = ("--relay", relay.url)
    desk.start()
    # The first pause after a failed try is a minute.
    relay.wait("logged", client["email"], ref, within=90)


def test_wrong_api_input_is_refused_with_each_field_named(desk):
    client, agent = desk.api("client"), desk.api("agent")
    problem = client.call("POST", "/tickets", 422, {"subject": "", "urgency": 9, "fields": {"phone": 7, "colour": "red"}}).text
    for field in ("subject", "urgency", "phone", "colour"):
        assert field in problem, f"{field} is not named in {problem}"
    ref = new_ticket(client)["ref"]
    assert "severity" in agent.call("PUT", f"/tickets/{ref}/severity", 422, {"severity": 7, "reason": "x"}).text
    assert "reason" in agent.call("PUT", f"/tickets/{ref}/severity", 422, {"severity": 2}).text
    assert "accessAwaited" in agent.call("POST", f"/tickets/{ref}/suspension", 422, {"reason": "holiday"}).text
    assert "body" in agent.call("POST", f"/tickets/{ref}/messages", 422, {"visibility": "public"}).text
    assert "visibility" in agent.call("POST", f"/tickets/{ref}/messages", 422, {"body": "x", "visibility": "secret"}).text
    assert "body" in agent.call("POST", f"/tickets/{ref}/resolution", 422, {}).text
    answer = agent.session.post(desk.http + f"/api/v1/tickets/{ref}/messages", data=b"{not json", headers={"Content-Type": "application/json"}, timeout=10)
    assert answer.status_code in (400, 422) and answer.headers["Content-Type"].startswith("application/problem+json")
    # Nothing of all that stands on the ticket.
    assert not any(event["type"] in ("severityAssigned", "suspended", "resolved") for event in agent.events(ref))
    for status, path in ((401, "/tickets"), (404, "/tickets/ABD-999999"), (404, "/no-such-thing")):
        (desk.api() if status == 401 else agent).get(path, status)
    for limit in ("0", "201", "many"):
        assert "limit" in agent.call("GET", "/tickets", 422, params={"limit": limit}).text
    assert "cursor" in agent.call("GET", "/tickets", 422, params={"cursor": "%%%"}).text


def test_unknown_commands_and_options_say_what_there_is():
    for arguments in (["sreve"], ["serve", "--databse", "x"], ["report"]):
        done = subprocess.run([ABIDE, *arguments], capture_output=True, text=True, timeout=30)
        assert done.returncode == 64 and "usage" in done.stderr.lower(), done


def test_mail_deliver_into_a_folder_that_cannot_be_written_asks_to_try_again(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    done = subprocess.run(
        [ABIDE, "mail", "deliver", "--data", tmp_path / "file"], input=b"From: a@b.example\r\nSubject: x\r\n\r\ny\r\n", capture_output=True, timeout=30)
    assert done.returncode == 75, done
