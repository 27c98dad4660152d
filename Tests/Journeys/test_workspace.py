"""What makes the workspace quick: palette, keys, canned answers, views, drafts on the server, the overview and each one's day."""

import re

from desk import eventually
from tab import Tab


def test_ctrl_k_finds_tickets_places_and_acts(desk, people):
    page = people(desk, desk.account("agent"))
    page.keyboard.press("Control+k")
    page.keyboard.type("conveyor")
    page.locator(".palette [role=option]", has_text="Conveyor alarms").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/tickets/ABD-\d+"))
    page.keyboard.press("Control+k")
    page.keyboard.type("internal")
    page.keyboard.press("Enter")
    assert page.locator("#composer [value=internal]").is_checked()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("unassigned")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tickets?view=unassigned")


def test_the_list_is_gone_through_by_keys_alone(desk, people):
    page = people(desk, desk.account("agent"))
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator(".trow").nth(1).locator("a").first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url("**" + second)
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys").wait_for()


def test_a_canned_answer_is_kept_and_used_with_its_variables(desk, people):
    page = people(desk, desk.account("agent"))
    page.goto("/canned-answers")
    page.fill("[name=name]", "First look")
    page.fill("[name=body]", "Hello {{firstName}}, we look at {{reference}} now.")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    page.goto("/tickets")
    page.locator("a[href*='/tickets/ABD-']").first.click()
    page.wait_for_url(re.compile(r"/tickets/ABD-\d+"))
    ref = re.search(r"ABD-\d+", page.url)[0]
    page.locator(".canned > summary").click()
    page.get_by_role("button", name="First look").click()
    assert re.fullmatch(rf"Hello \w+, we look at {ref} now\.", page.input_value("#composer textarea"))


def test_what_is_typed_into_the_search_is_read_as_it_was_typed(desk, people):
    page = people(desk, desk.account("agent"))
    for typed in ("severity:2 conveyor sort:client", "status:open client:\"Northfield Mining\"", "1+1 100% C++"):
        page.fill("#find", typed)
        page.press("#find", "Enter")
        page.wait_for_url("**/tickets?*q=*")
        assert page.locator("#find").input_value() == typed
        assert not page.locator("[role=alert]").count(), page.locator("main").inner_text()
    # Programs may write a space either way.
    agent = desk.api("agent")
    one, other = (agent.get(f"/tickets?q=severity:2{space}sort:client") for space in ("+", "%20"))
    assert one["items"] == other["items"] and one["items"]


def test_a_search_is_kept_as_a_view_and_shared(desk, people):
    page = people(desk, desk.account("agent"))
    page.goto("/tickets?q=severity:1")
    page.get_by_text("Save as a view").click()
    page.fill("#f-view", "Critical ones")
    page.check("[name=shared]")
    page.locator(".save-view").get_by_role("button", name="Save").click()
    page.locator("#nav").get_by_role("link", name="Critical ones").wait_for()
    other = people(desk, desk.account("serviceManager"))
    other.locator("#nav").get_by_role("link", name="Critical ones").click()
    other.get_by_role("heading", name="Critical ones").wait_for()


def test_a_half_written_answer_waits_on_the_server(desk, people):
    account = desk.account("agent")
    page = people(desk, account)
    page.locator("a[href*='/tickets/ABD-']").first.click()
    page.wait_for_url(re.compile(r"/tickets/ABD-\d+"))
    with page.expect_response("**/drafts"):
        page.locator("#composer textarea").press_sequentially("Half an answer")
    elsewhere = people(desk, account)
    eventually("the draft", lambda: (elsewhere.goto(page.url), elsewhere.input_value("#composer textarea"))[1] == "Half an answer")


def test_what_a_client_writes_outlives_a_lost_connection(desk, people):
    page = people(desk, desk.account("client"))
    page.goto("/portal/tickets/new")
    page.fill("[name=subject]", "Loader positions jump")
    page.fill("[name=description]", "Since this morning.")
    page.context.set_offline(True)
    page.locator("[data-send]").click()
    page.get_by_text("Nothing is lost").first.wait_for()
    page.context.set_offline(False)
    page.reload()
    assert page.input_value("[name=description]") == "Since this morning."
    page.locator("[data-send]").click()
    page.wait_for_url(re.compile(r"/portal/tickets/ABD-\d+"))


def test_the_overview_shows_misses_by_client_and_load(desk, people):
    page = people(desk, desk.account("serviceManager"))
    page.goto("/now")
    assert page.locator(".clients tbody tr").count() == 2 and page.locator(".load li").count() > 2
    assert people(desk, desk.account("management")).goto("/now").status == 200
    assert people(desk, desk.account("client")).goto("/now").status == 403
    agent = people(desk, desk.account("agent"))
    agent.goto("/my-day")
    assert agent.locator("a[href*='/tickets/ABD-']").count() > 0


def test_a_ticket_is_ready_before_it_is_opened_and_nobody_is_there_until_then(desk, people):
    other = people(desk, desk.account("agent"))
    one = desk.account("serviceManager")
    mine = people(desk, one)
    link = mine.locator(".trow .what a").nth(2).get_attribute("href")
    other.goto(link)
    with Tab(desk.http, mine.context.cookies()) as tab:
        tab.open("/tickets", ".trow .what a")
        tab.hover(link)
        eventually("it is made ready", lambda: tab.evaluate("true") and len(tab.pages) == 2)
        # What happens meanwhile is there when it is opened.
        desk.api("agent").post(f"{link}/messages", {"body": "written meanwhile", "visibility": "internal"})
        other.get_by_text("written meanwhile").wait_for()
        assert other.locator(".here").inner_text() == ""
        tab.click()
        tab.until(f"location.pathname === '{link}' && performance.getEntriesByType('navigation')[0].activationStart > 0 && document.body.innerText.includes('written meanwhile')")
        eventually("its reader is there", lambda: one["name"].split()[0] in other.locator(".here").inner_text())
