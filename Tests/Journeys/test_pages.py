"""Every page there is, as those who open it see it: axe-core in both themes and at both sizes, at 200 % zoom, and by keyboard alone.

Which pages there are stands in pages.json; a test of AbideWebTests holds that list against the routes, so that a new page without an entry fails.
"""

import json
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from desk import Desk, Relay, copy, eventually, mail, new_ticket, words
from test_mail_doors import LINES

PAGES = json.loads(Path(__file__).with_name("pages.json").read_text())
OPENED = [(pattern, who) for pattern, roles in PAGES.items() if isinstance(roles, list) for who in roles]


class Whole:
    """A desk with something on every page: a ticket with all that can stand on one, mail of each kind, a review, a mailbox that fails, links of mails."""

    def __init__(self, desk, relay, folder, chromium):
        self.desk, self.chromium, self.pages = desk, chromium, {}
        agent, client = desk.api("agent"), desk.account("client")
        self.ticket = new_ticket(desk.api("client"), "Trend page stays empty", urgency=2)["ref"]
        agent.post(f"/tickets/{self.ticket}/messages", {"body": "Which **browser** do you use?\n\n- this\n- or that", "visibility": "public"})
        self.message = agent.get(f"/tickets/{self.ticket}/messages")["items"][0]["id"]
        agent.post(f"/tickets/{self.ticket}/messages", {"body": "Looks like the queue again.", "visibility": "internal"})
        agent.post(f"/tickets/{self.ticket}/proposals", {"workingSeconds": 72_000})
        self.acceptance = re.search(r"http://[^/]+(/a/\S+)", words(relay.wait("resolutionProposed", client["email"], self.ticket)))[1]
        closed = new_ticket(desk.api("client"), "Cured by itself", urgency=3)["ref"]
        agent.post(f"/tickets/{closed}/resolution", {"body": "A restart."})
        desk.api("client").post(f"/tickets/{closed}/closure", {})
        self.survey = re.search(r"http://[^/]+(/s/[^\s?]+)", words(relay.wait("survey", client["email"], closed)))[1]
        desk.send(mail(client, desk.mailbox, "Incomplete", "It stands."), client["email"])
        self.incomplete = desk.find("Incomplete")["ref"]
        stranger = {"name": "Sam Stranger", "email": "sam@unknown.example"}
        desk.send(mail(stranger, desk.mailbox, "Who am I", LINES), stranger["email"])
        desk.find("Who am I")
        desk.command("mailbox", "add", "127.0.0.1", "desk", "--port", "1", stdin=b"secret\n", expect=69)
        self.mailbox = json.loads(desk.command("mailbox", "list"))["id"]
        self.review = eventually("reviews are planned", lambda: desk.api("primaryContact").get("/reviews")["items"], within=15)[0]["id"]
        desk.command("user", "create", "eva@larkfield.example", "--name", "Eva", "--role", "agent")
        self.invitation = self.linked(relay, "invitation", "eva@larkfield.example")
        desk.command("user", "reset", desk.account("management")["email"])
        self.reset = self.linked(relay, "passwordReset", desk.account("management")["email"])
        admin = self.open("administrator")
        admin.goto("/mail")
        admin.locator("#f-pattern").fill("@spam.example")
        admin.get_by_role("button", name="Set aside").click()
        desk.send(mail({"name": "Spammer", "email": "x@spam.example"}, desk.mailbox, "Buy this", LINES), "x@spam.example")
        self.junk = eventually("it is set aside", lambda: admin.goto("/mail") and admin.locator("tr", has_text="Buy this").count() and admin.get_by_role("link", name="Buy this").get_attribute("href"))
        admin.goto("/settings/security")
        admin.check("[name='role.clientServicesManager']")
        admin.get_by_role("button", name="Save").click()
        admin.get_by_text("Saved.").wait_for()
        self.person = re.search(r"/settings/users/(\d+)", (admin.goto("/settings/users"), admin.content())[1])[0]
        self.client = re.search(r"/settings/clients/\d+", (admin.goto("/settings/clients"), admin.content())[1])[0]
        one = self.open("client")
        one.goto("/account")
        one.fill("[name=email]", "luis.new@northfield.example")
        one.fill("#f-address-current", client["password"])
        one.get_by_role("button", name="Send the link").click()
        self.address = self.linked(relay, "newAddress", "luis.new@northfield.example")
        manager = self.open("serviceManager")
        self.outbox = re.search(r'href="(/outbox/\d+)"', (manager.goto("/outbox"), manager.content())[1])[1]
        self.new = Desk(folder / "new").start()

    @staticmethod
    def linked(relay, milestone, to):
        told = eventually(f"a mail {milestone} to {to}", lambda: [one for one in list(relay.mails) if one["X-Abide-Milestone"] == milestone and to in one.envelope[1]])
        return re.search(r"http://[^/]+(/\S+/[0-9a-f]{64})", words(told[-1]))[1]

    def open(self, who):
        """One window for each who opens pages, signed in by hand."""
        if who in self.pages:
            return self.pages[who]
        context = self.chromium.new_context(base_url=(self.new if who == "newcomer" else self.desk).http, bypass_csp=True, service_workers="block")
        context.set_default_timeout(10_000)
        page = self.pages[who] = context.new_page()
        if who not in ("nobody", "newcomer"):
            account = self.desk.account("clientServicesManager" if who == "halfway" else who)
            page.goto("/sign-in")
            page.fill("[name=email]", account["email"])
            page.fill("[name=password]", account["password"])
            page.press("[name=password]", "Enter")
            page.wait_for_url(lambda url: not url.endswith("/sign-in"))
        return page

    def path(self, pattern, who):
        """The address of a page, with something real in the place of each parameter."""
        pattern = pattern.replace("/messages/{id}/", f"/messages/{self.message}/")
        if "{ref}" in pattern:
            return pattern.replace("{ref}", self.incomplete if pattern.endswith("/missing") else self.ticket)
        known = {
            "/invitation/{secret}": self.invitation, "/password-reset/{secret}": self.reset, "/new-address/{secret}": self.address, "/a/{token}": self.acceptance, "/s/{token}": self.survey, "/settings/users/{id}": self.person,
            "/settings/clients/{id}": self.client, "/settings/mailboxes/{id}": f"/settings/mailboxes/{self.mailbox}", "/outbox/{id}": self.outbox, "/mail/{id}": self.junk,
        }
        return known.get(pattern, pattern.replace("/reviews/{id}", f"/reviews/{self.review}"))

    def close(self):
        for page in self.pages.values():
            page.context.close()
        self.new.kill()


@pytest.fixture(scope="module")
def whole(tmp_path_factory, demo, chromium):
    folder = tmp_path_factory.mktemp("whole")
    relay = Relay()
    desk = Desk(copy(demo(None), folder / "desk"), "--relay", relay.url).start()
    made = Whole(desk, relay, folder, chromium)
    yield made
    made.close()
    desk.kill()
    relay.stop()


def faults(page):
    """What axe-core finds, of every weight but the least."""
    return [f"{one['id']}: {one['nodes'][0]['html'][:140]}" for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical", "moderate")]


def visit(whole, pattern, who, scheme, width, height=900):
    page = whole.open(who)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": height})
    path = whole.path(pattern, who)
    answer = page.goto(path)
    assert answer.status == 200 and page.url.split("?")[0].endswith(path), f"{path} as {who}: {answer.status}, at {page.url}"
    return page, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.timeout(400)
def test_axe_finds_nothing_on_any_page(whole, width, scheme):
    found = []
    for pattern, who in OPENED:
        page, path = visit(whole, pattern, who, scheme, width)
        found += [f"{path} as {who}: {fault}" for fault in faults(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{path} as {who} scrolls sideways")
    assert not found, "\n".join(found)


def test_every_page_has_one_heading_a_skip_link_first_and_its_focus_where_eyes_are(whole):
    found = []
    for pattern, who in OPENED:
        page, path = visit(whole, pattern, who, "light", 1280)
        if page.locator("h1").count() != 1:
            found.append(f"{path} as {who} has {page.locator('h1').count()} headings of the first rank")
        if page.locator("[tabindex]:not([tabindex='-1']):not([tabindex='0'])").count():
            found.append(f"{path} as {who} orders its focus by hand")
        # Fields that take the focus by themselves begin there.
        if page.evaluate("document.activeElement === document.body"):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.className") != "skip":
                found.append(f"{path} as {who}: the first stop is {page.evaluate('document.activeElement.outerHTML')[:100]}")
            else:
                page.keyboard.press("Enter")
                if page.evaluate("document.activeElement.id") != "main":
                    found.append(f"{path} as {who}: the skip link does not lead to the page")
        if not page.locator("body > .toast[role=status]").count():
            found.append(f"{path} as {who} has no place that speaks")
    assert not found, "\n".join(found)


def test_at_200_percent_no_page_scrolls_sideways(whole):
    """WCAG 1.4.10 at 1280 px: what is left is 640 px wide, and 320 px for those who go on."""
    found = []
    for width in (640, 320):
        for pattern, who in OPENED:
            page, path = visit(whole, pattern, who, "light", width, 450)
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if over > 0:
                widest = page.evaluate("[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(e).position !== 'absolute').map(e => e.tagName + '.' + e.className)[0]")
                found.append(f"{path} as {who} at {width}: {over} px, {widest}")
    assert not found, "\n".join(found)


def test_nothing_moves_for_those_who_asked_for_that(whole):
    for pattern, who in (("/tickets", "agent"), ("/portal", "client")):
        page, _ = visit(whole, pattern, who, "light", 1280)
        page.emulate_media(reduced_motion="reduce")
        page.reload()
        moving = page.evaluate("[...document.querySelectorAll('*')].filter(e => { const s = getComputedStyle(e); return s.transitionDuration.split(',').some(d => parseFloat(d) > 0) && s.transitionProperty !== 'none' || parseFloat(s.animationDuration) > 0 && s.animationName !== 'none'; }).length")
        page.emulate_media(reduced_motion="no-preference")
        assert moving == 0


def stop(page):
    """Where the focus is, and whether one sees it."""
    return page.evaluate("""() => {
        const here = document.activeElement, style = getComputedStyle(here);
        const shown = (e) => { const s = getComputedStyle(e); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== 'none'; };
        let seen = false;
        for (let e = here; e && e !== document.documentElement; e = e.parentElement) seen ||= shown(e);
        return { text: (here.getAttribute('aria-label') || here.innerText || here.value || '').trim(), name: here.getAttribute('name') || '', tag: here.tagName, seen };
    }""")


def tab_to(page, right, most=80):
    for _ in range(most):
        page.keyboard.press("Tab")
        here = stop(page)
        assert here["seen"], f"one does not see that the focus is on {here}"
        if right(here):
            return here
    raise AssertionError(f"not reached in {most} steps; the last was {here}")


def test_an_agent_works_by_keyboard_alone(desk, chromium):
    context = chromium.new_context(base_url=desk.http)
    context.set_default_timeout(10_000)
    page = context.new_page()
    try:
        account = desk.account("agent")
        page.goto("/sign-in")
        if stop(page)["name"] != "email":
            tab_to(page, lambda here: here["name"] == "email")
        page.keyboard.type(account["email"])
        tab_to(page, lambda here: here["name"] == "password")
        page.keyboard.type(account["password"])
        page.keyboard.press("Enter")
        page.wait_for_url("**/tickets")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/tickets/ABD-\d+"))
        ref = re.search(r"ABD-\d+", page.url)[0]
        page.keyboard.press("n")
        page.keyboard.type("Looked at it.")
        page.keyboard.press("Control+Enter")
        page.get_by_text("Looked at it.").first.wait_for()
        page.keyboard.press("r")
        page.keyboard.type("It runs again, by keys alone.")
        page.keyboard.press("Control+Enter")
        page.locator(".held-answer").wait_for()
        # Away from the ticket: it can be taken back from wherever one is.
        page.keyboard.press("Escape")
        page.keyboard.press("l")
        page.wait_for_url("**/tickets")
        page.locator(".takeback").wait_for()
        page.keyboard.press("z")
        page.wait_for_url(re.compile(ref))
        assert page.input_value("#composer textarea") == "It runs again, by keys alone."
        assert not any("by keys alone" in one["body"] for one in desk.api("agent").get(f"/tickets/{ref}/messages")["items"])
        # A form of the bar opens, is filled, and closes again.
        page.keyboard.press("Escape")
        page.keyboard.press("s")
        eventually("the form is open", lambda: page.locator("details[data-key=s][open]").count())
        page.keyboard.press("Escape")
        assert page.locator("details[data-key=s][open]").count() == 0 and stop(page)["tag"] == "SUMMARY"
    finally:
        context.close()


def test_a_client_logs_a_ticket_by_keyboard_alone(desk, people):
    page = people(desk, desk.account("client"))
    tab_to(page, lambda here: re.search("log a ticket|report a problem|new ticket", here["text"], re.I))
    page.keyboard.press("Enter")
    page.wait_for_url("**/portal/tickets/new")
    typed = {"subject": "Logged by keys", "description": "Nothing moves.", "environment": "None changed", "site": "Pit 4", "project": "Conveyor"}
    for name, value in typed.items():
        page.locator(f"[name={name}], [name='fields.{name}']").first.wait_for()
    wanted = dict(typed)

    def fill(here):
        name = here["name"].removeprefix("fields.")
        if name in wanted:
            page.keyboard.type(wanted.pop(name))
        if here["name"] == "urgency":
            page.keyboard.press("ArrowDown")
        return not wanted and here["tag"] == "BUTTON" and re.search("Send", here["text"])

    tab_to(page, fill)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/portal/tickets/ABD-\d+"))
    assert desk.find("Logged by keys")["fields"]["site"] == "Pit 4"
