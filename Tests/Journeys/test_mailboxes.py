"""Mailboxes set up on a page and by command, read from a real Dovecot; departments and who works in them."""

import http.server
import json
import threading
import urllib.parse

import pytest

from desk import eventually
from mailservers import Dovecot
from test_imap import message, subjects


@pytest.fixture
def dovecot():
    server = Dovecot().start()
    yield server
    server.close()


def fill(page, dovecot, password=None, **other):
    page.goto("/settings/mailboxes/new")
    values = {"host": "127.0.0.1", "port": str(dovecot.port), "user": "desk", "every": "1", **other}
    for name, value in values.items():
        page.fill(f"[name={name}]", value)
    if password is not None:
        page.fill("[name=password]", password)
    page.get_by_text("A certificate authority of your own").click()
    page.fill("[name=authority]", open(dovecot.cert).read())
    page.get_by_role("button", name="Add and try it").click()


def test_K4_an_administrator_adds_a_mailbox_on_a_page_and_its_mail_becomes_tickets(dovecot, desk, people):
    admin = people(desk, desk.account("administrator"))
    fill(admin, dovecot, "not the password")
    # Kept, paused, and the server's own words; the form keeps what was typed, and no secret.
    admin.get_by_text("Saved, and paused").wait_for()
    assert admin.locator(".sideinfo .badge").inner_text() == "Paused" and admin.locator(".sideinfo .fault").inner_text() != ""
    assert admin.input_value("[name=host]") == "127.0.0.1" and "not the password" not in admin.content()
    dovecot.put(message(desk, "Box by page"))
    admin.fill("[name=password]", dovecot.password)
    admin.get_by_role("button", name="Save and try it").click()
    admin.get_by_text("It can be read, and is looked into").wait_for()
    eventually("it is a ticket", lambda: "Box by page" in subjects(desk))
    admin.get_by_role("button", name="Try it now").click()
    admin.get_by_text("One message lies there").wait_for()
    # Paused, nothing is taken; it waits there.
    admin.get_by_role("button", name="Pause").click()
    admin.get_by_text("Paused.", exact=True).wait_for()
    dovecot.put(message(desk, "While paused"))
    admin.get_by_role("button", name="Try it now").click()
    admin.get_by_text("2 messages lie there, 1 unseen").wait_for()
    assert "While paused" not in subjects(desk)
    admin.get_by_role("button", name="Go on reading").click()
    eventually("it is a ticket", lambda: "While paused" in subjects(desk))
    stored = b"".join(file.read_bytes() for file in desk.data.glob("abide.sqlite*"))
    assert dovecot.password.encode() not in stored, "the password lies sealed"
    listed = [json.loads(line) for line in desk.command("mailbox", "list").splitlines()]
    assert [one["address"] for one in listed] == [f"imaps://desk@127.0.0.1:{dovecot.port}/INBOX"] and listed[0]["readAt"] and not listed[0]["paused"]
    # A server that is named anew never gets the password of the old one.
    admin.fill("[name=host]", "localhost")
    admin.get_by_role("button", name="Save and try it").click()
    admin.get_by_text("it was kept for another server").wait_for()
    admin.goto("/settings/mailboxes")
    admin.locator("table a").first.click()
    admin.get_by_role("button", name="Remove").click()
    admin.get_by_text("No mailbox is looked into").wait_for()
    admin.goto("/settings/log")
    assert "Mailbox removed" in admin.content()


def test_a_mailbox_that_fails_shows_on_its_page_and_on_the_status_page(dovecot, desk, people):
    desk.command("mailbox", "add", "127.0.0.1", "desk", "--port", str(dovecot.port), "--every", "1", "--ca-file", str(dovecot.cert), stdin=dovecot.password.encode() + b"\n")
    number = json.loads(desk.command("mailbox", "list"))["id"]
    assert desk.command("mailbox", "try", str(number)).strip() == "0 messages, 0 unseen"
    dovecot.stop()
    admin = people(desk, desk.account("administrator"))
    eventually("the status page says so", lambda: (admin.goto("/settings/status"), admin.locator("[data-check^='mailbox.'].wrong").count())[1])
    admin.goto(f"/settings/mailboxes/{number}")
    assert "read" in admin.locator(".sideinfo .badge.miss").inner_text()
    desk.command("mailbox", "pause", str(number))
    assert (admin.goto("/settings/status"), admin.locator("[data-check^='mailbox.']").count())[1] == 0
    desk.command("mailbox", "remove", str(number))
    assert desk.command("mailbox", "list") == ""


class Provider:
    """A provider's token address: takes the newest refresh token alone, and gives another one each time."""

    def __init__(self, dovecot):
        self.refresh = "refresh-1"
        self.given = 0
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                fields = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                good = fields == {"grant_type": "refresh_token", "client_id": "abide & co", "client_secret": "s+e=c", "refresh_token": provider.refresh}
                if good:
                    provider.given += 1
                    provider.refresh = f"refresh-{provider.given + 1}"
                    token = f"token{provider.given}"
                    dovecot.tokens.clear()
                    dovecot.tokens.add(token)
                    answer = {"access_token": token, "expires_in": 3600, "refresh_token": provider.refresh}
                else:
                    answer = {"error": "invalid_grant", "error_description": "This grant has ended."}
                body = json.dumps(answer).encode()
                self.send_response(200 if good else 400)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/token"


def test_a_grant_is_traded_for_tokens_and_its_renewal_is_kept(dovecot, desk, people):
    provider = Provider(dovecot)
    try:
        admin = people(desk, desk.account("administrator"))
        admin.goto("/settings/mailboxes/new")
        admin.check("[name=kind][value=grant]")
        assert not admin.locator("[name=password]").is_visible()
        for name, value in {"endpoint": provider.url, "client": "abide & co", "client-password": "s+e=c", "refresh-password": "refresh-1"}.items():
            admin.fill(f"[name={name}]", value)
        for name, value in {"host": "127.0.0.1", "port": str(dovecot.port), "user": "desk", "every": "1"}.items():
            admin.fill(f"[name={name}]", value)
        admin.get_by_text("A certificate authority of your own").click()
        admin.fill("[name=authority]", open(dovecot.cert).read())
        admin.get_by_role("button", name="Add and try it").click()
        admin.get_by_text("It can be read, and is looked into").wait_for()
        dovecot.put(message(desk, "By grant"))
        eventually("it is a ticket", lambda: "By grant" in subjects(desk))
        eventually("several tokens were traded, each with the newest grant", lambda: provider.given >= 3)
        provider.refresh = "ended"
        eventually("its page says why", lambda: (admin.goto("/settings/mailboxes"), "This grant has ended." in admin.content())[1])
        assert "refresh-" not in admin.content()
    finally:
        provider.server.shutdown()


def test_K4_departments_show_what_the_agreement_says_and_their_people_are_set(desk, people):
    admin = people(desk, desk.account("administrator"))
    admin.goto("/settings/departments")
    platform = admin.locator("section.card", has=admin.get_by_role("heading", name="Platform"))
    assert "By their kind come here: A wish for the product" in platform.inner_text()
    name = desk.account("agent")["name"]
    option = platform.locator("option", has_text=name).first
    platform.locator("select").select_option(option.get_attribute("value"))
    platform.get_by_role("button", name="Add").click()
    admin.get_by_text("Saved.").wait_for()
    row = platform.locator("li.split", has_text=name)
    row.get_by_role("button", name="Make lead").click()
    admin.get_by_text("Saved.").wait_for()
    listed = {one["name"]: one for one in map(json.loads, desk.command("department", "list").splitlines())}
    assert desk.account("agent")["email"] in listed["Platform"]["leads"]
    row.get_by_role("button", name="Remove").click()
    admin.get_by_text("Saved.").wait_for()
    assert row.count() == 0
    out = desk.command("department", "add", "Platform", desk.account("agent")["email"], "--no-lead")
    platform_now = next(one for one in map(json.loads, out.splitlines()) if one["name"] == "Platform")
    assert desk.account("agent")["email"] in platform_now["people"] and desk.account("agent")["email"] not in platform_now["leads"]


def test_an_administrator_keeps_the_views_and_canned_answers_of_all(desk, people):
    admin = people(desk, desk.account("administrator"))
    admin.goto("/settings/views")
    admin.fill("[name=name]", "Due soon")
    admin.fill("#f-q", "severity:9")
    admin.get_by_role("button", name="Save").click()
    admin.locator(".wrong .help, .refusal").first.wait_for()
    admin.fill("#f-q", "status:open due:<4h")
    admin.get_by_role("button", name="Save").click()
    admin.get_by_text("Saved.").wait_for()
    agent = people(desk, desk.account("agent"))
    agent.locator("#nav").get_by_role("link", name="Due soon").click()
    agent.get_by_role("heading", name="Due soon").wait_for()
    admin.get_by_role("link", name="Change", exact=True).click()
    admin.fill("[name=name]", "Due within hours")
    admin.get_by_role("button", name="Save").click()
    admin.get_by_text("Due within hours").first.wait_for()
    admin.get_by_role("button", name="Delete").click()
    admin.get_by_role("heading", name="None yet.").wait_for()
    admin.locator("#nav").get_by_role("link", name="Canned answers").click()
    admin.fill("[name=name]", "First look")
    admin.fill("[name=body]", "We look at {{reference}} now.")
    admin.check("[name=shared]")
    admin.get_by_role("button", name="Save").click()
    admin.get_by_text("Saved.").wait_for()
    agent.goto("/canned-answers")
    assert "First look" in agent.content()
