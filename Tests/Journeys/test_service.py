"""The process: starting, health, figures, stopping."""

import subprocess
import time

import requests

from desk import ABIDE, Desk, eventually, new_ticket


def test_a_new_demo_desk_is_ready_with_every_role_and_keeps_its_data(tmp_path):
    desk = Desk(tmp_path / "data", "--demo")
    try:
        desk.start()
        roles = {account["role"] for account in desk.accounts}
        assert roles >= {
            "client", "primaryContact", "standIn", "agent", "departmentLead", "serviceManager", "clientServicesManager",
            "agreementManager", "management", "administrator"}
        assert len(desk.clients) == 2 and len([one for one in desk.accounts if one["role"] == "agent"]) == 4
        for role in ("client", "primaryContact", "standIn"):
            assert {one["client"] for one in desk.accounts if one["role"] == role} == set(desk.clients)
        assert len({one["password"] for one in desk.accounts}) == len(desk.accounts)
        before = desk.api("serviceManager").get("/tickets", params={"limit": 200})["items"]
        assert len(before) >= 12
        statuses = {ticket["status"] for ticket in before}
        assert statuses >= {"registered", "open", "awaitingClient", "resolved", "closed"}
        first = desk.accounts
        desk.stop()
        desk._accounts = None
        desk.start()
        assert desk.accounts == first
        after = desk.api("serviceManager").get("/tickets", params={"limit": 200})["items"]
        assert {ticket["ref"] for ticket in after} == {ticket["ref"] for ticket in before}
    finally:
        desk.kill()


def test_SIGTERM_ends_it_cleanly_in_under_five_seconds_with_a_page_open(desk, people):
    page = people(desk, desk.account("agent"))
    assert page.title()
    # An open stream and a half-finished mail dialogue must not hold it.
    stream = requests.get(desk.http + "/api/v1/stream", headers=desk.api("agent").session.headers, stream=True, timeout=10)
    assert stream.status_code == 200 and stream.headers["Content-Type"].startswith("text/event-stream")
    import socket
    with socket.create_connection(desk.smtp, timeout=5) as mail:
        mail.recv(100)
        assert desk.stop() < 5
    stream.close()


def test_health_and_figures(desk):
    for path in ("/health/live", "/health/ready"):
        assert requests.get(desk.http + path, timeout=5).status_code == 200
    text = desk.api("administrator").call("GET", desk.http + "/metrics").text
    names = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE ")}
    assert any(name.startswith("abide_") for name in names)
    for line in text.splitlines():
        if line and not line.startswith("#"):
            float(line.rsplit(" ", 1)[1])


def test_the_stream_tells_of_a_new_ticket_within_a_second(desk):
    with requests.get(desk.http + "/api/v1/stream", headers=desk.api("agent").session.headers, stream=True, timeout=10) as stream:
        lines = stream.iter_lines()
        started = time.monotonic()
        ref = new_ticket(desk.api("client"))["ref"]
        assert any(ref.encode() in line for line in lines if time.monotonic() - started < 8)


def test_every_answer_forbids_scripts_of_others_and_caching(desk, people):
    page = people(desk, desk.account("agent"))
    answer = page.request.get("/tickets")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy or "default-src 'self'" in policy
    assert "unsafe-inline" not in policy.split("script-src")[-1].split(";")[0] and "unsafe-eval" not in policy
    assert "no-store" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    cookies = page.context.cookies()
    assert cookies and all(cookie["httpOnly"] and cookie["sameSite"] in ("Lax", "Strict") for cookie in cookies if "session" in cookie["name"].lower())


def test_a_form_sent_from_elsewhere_changes_nothing(desk, people):
    page = people(desk, desk.account("agent"))
    ref = new_ticket(desk.api("client"))["ref"]
    answer = page.request.post(
        f"/tickets/{ref}/messages", form={"body": "forged", "visibility": "public"}, headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        max_redirects=0)
    assert answer.status in (400, 403)
    assert not any("forged" in message["body"] for message in desk.api("agent").get(f"/tickets/{ref}/messages")["items"])


def test_make_a_client_and_a_user_by_script(desk):
    import json
    record = json.loads(desk.command("client", "create", "Tidewater Paper"))
    assert record["name"] == "Tidewater Paper" and record["id"]
    user = json.loads(desk.command(
        "user", "create", "ola@tidewater.example", "--name", "Ola Nordmann", "--role", "client", "--client", "Tidewater Paper", "--primary",
        "--password-stdin", stdin=b"a long enough pass phrase\n"))
    assert user["email"] == "ola@tidewater.example"
    token = desk.command("token", "create", "ola@tidewater.example").strip()
    from desk import Api
    me = Api(desk.http, token).get("/me")
    assert me["email"] == "ola@tidewater.example"
    assert Api(desk.http, token).get("/tickets")["items"] == []


def test_help_names_every_option_of_serve():
    said = subprocess.run([ABIDE, "serve", "--help"], capture_output=True, text=True, timeout=30).stdout
    for option in ("--data", "--http", "--smtp", "--agreement", "--keys", "--relay", "--demo"):
        assert option in said


def test_S26_a_forged_host_is_refused_and_turns_no_link(desk):
    for path in ("/sign-in", "/password-reset", "/api/v1/desk"):
        answer = requests.get(desk.http + path, headers={"Host": "evil.example"}, allow_redirects=False)
        assert answer.status_code == 421 and "evil.example" not in str(answer.headers), path
    port = desk.http.rsplit(":", 1)[1]
    assert requests.get(desk.http + "/sign-in", headers={"Host": f"localhost:{port}"}).status_code == 200
    assert requests.get(desk.http + "/health/ready", headers={"Host": "10.1.2.3"}).status_code == 200
    # What a proxy that nobody trusts says of the name changes nothing.
    page = requests.get(desk.http + "/sign-in", headers={"X-Forwarded-Host": "evil.example"})
    assert page.status_code == 200 and "evil.example" not in page.text
