"""The desk at work: many tickets at once, views with counts and orders, answers that can be taken back, and who else is here."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from desk import eventually


def axe(page):
    """What axe finds on the page as it stands."""
    return [f"{one['id']}: {one['nodes'][0]['html'][:140]}" for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical", "moderate")]


def refs(page):
    return page.locator(".trow").evaluate_all("rows => rows.map(row => row.dataset.ref)")


def test_several_tickets_are_given_away_by_keys(desk, people):
    page = people(desk, desk.account("agent"))
    for key in "jxjjx":
        page.keyboard.press(key)
    picked = page.locator(".box :checked").evaluate_all("boxes => boxes.map(box => box.value)")
    assert picked == [refs(page)[0], refs(page)[2]]
    assert page.locator("[data-many]").inner_text() == "2 selected"
    page.keyboard.press("a")
    page.locator("#m-assignee").select_option(label=desk.account("departmentLead")["name"])
    page.locator(".many-bar").get_by_role("button", name="Assign", exact=True).click()
    page.get_by_text("Assigned: 2 tickets.").wait_for()
    api = desk.api("agent")
    assert {api.get(f"/tickets/{ref}")["assigneeName"] for ref in picked} == {desk.account("departmentLead")["name"]}
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("Escape")
    assert page.locator(".box :checked").count() == 0 and not page.locator(".many-bar").is_visible()


def test_what_some_tickets_refuse_is_said_for_each_and_done_on_the_others(desk, people):
    page = people(desk, desk.account("serviceManager"))
    api = desk.api("serviceManager")
    open_ones = [ticket["ref"] for ticket in api.get("/tickets", params={"q": "status:open", "limit": 5})["items"]]
    resting = api.get("/tickets", params={"q": "status:registered"})["items"][0]["ref"]
    for ref in open_ones[:2] + [resting]:
        page.locator(f".trow[data-ref={ref}] .box input").check()
    page.locator(".many-bar summary", has_text="Suspend").click()
    page.get_by_role("button", name="Suspend", exact=True).click()
    page.get_by_role("heading", name="Suspended: 2 of 3 tickets.").wait_for()
    row = page.locator("tr", has=page.get_by_role("link", name=resting))
    assert len(row.locator("td").inner_text()) > 10
    assert not axe(page)
    for ref in open_ones[:2]:
        assert [event["type"] for event in api.events(ref)][-1] == "suspended"
    assert "suspended" not in [event["type"] for event in api.events(resting)]
    page.get_by_role("link", name="Back to the list").click()
    for ref in open_ones[:2]:
        page.locator(f".trow[data-ref={ref}] .box input").check()
    page.get_by_role("button", name="Resume").click()
    page.get_by_text("Resumed: 2 tickets.").wait_for()


def test_a_selection_survives_what_arrives_meanwhile(desk, people):
    page = people(desk, desk.account("agent"))
    first = refs(page)[0]
    page.locator(f".trow[data-ref={first}] .box input").check()
    other = refs(page)[1]
    desk.api("serviceManager").put(f"/tickets/{other}/severity", {"severity": 1, "reason": "The whole site stands."})
    eventually("the new severity in the list", lambda: page.locator(f".trow[data-ref={other}] .sev1").count())
    assert page.locator(".box :checked").evaluate_all("boxes => boxes.map(box => box.value)") == [first]
    assert page.locator("[data-many]").inner_text() == "1 selected"


def test_several_tickets_change_severity_with_scripts_off(desk, people):
    page = people(desk, desk.account("serviceManager"), java_script_enabled=False)
    page.goto("/tickets?q=is:open severity:3")
    picked = refs(page)[:2]
    assert picked and not page.locator(".many-bar").is_visible()
    for ref in picked:
        page.locator(f".trow[data-ref={ref}] .box input").check()
    page.locator(".many-bar summary", has_text="Severity").click()
    page.select_option("#m-severity", "2")
    page.get_by_role("button", name="Change severity").click()
    page.get_by_text("Say why").wait_for()
    page.get_by_role("link", name="Back to the list").click()
    for ref in picked:
        page.locator(f".trow[data-ref={ref}] .box input").check()
    page.locator(".many-bar summary", has_text="Severity").click()
    page.select_option("#m-severity", "2")
    page.fill("#m-severity-reason", "Both sites stand.")
    page.get_by_role("button", name="Change severity").click()
    page.get_by_text(f"Severity changed: {'1 ticket' if len(picked) == 1 else '2 tickets'}.").wait_for()
    assert {desk.api("serviceManager").get(f"/tickets/{ref}")["severity"] for ref in picked} == {2}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_with_tickets_selected(desk, people, width, scheme):
    page = people(desk, desk.account("serviceManager"), bypass_csp=True, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.locator(".box input").first.check()
    page.locator(".many-bar summary", has_text="Severity").click()
    assert not axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"


def sorted_by(page, head):
    page.locator(".col-heads").get_by_role("link", name=head).click()
    page.locator(".col-heads a[aria-current]", has_text=head).wait_for()


def test_a_list_is_ordered_by_the_heads_of_its_columns_and_kept_as_a_view_with_its_columns(desk, people):
    page = people(desk, desk.account("agent"))
    api = desk.api("agent")
    sorted_by(page, "Client")
    clients = [api.get(f"/tickets/{ref}")["client"]["name"] for ref in refs(page)]
    assert clients == sorted(clients) and len(set(clients)) == 2
    sorted_by(page, "Client")
    page.wait_for_url(re.compile("sort=-client"))
    assert [api.get(f"/tickets/{ref}")["client"]["name"] for ref in refs(page)] == sorted(clients, reverse=True)
    sorted_by(page, "Severity")
    page.locator(".display > summary").click()
    page.get_by_label("Status").check()
    page.get_by_label("Updated", exact=True).check()
    page.get_by_role("button", name="Show").click()
    page.locator(".trow .extras span", has_text="Open").first.wait_for()
    page.get_by_text("Save as a view").click()
    page.fill("#f-view", "By severity")
    page.locator(".save-view").get_by_role("button", name="Save").click()
    view = page.locator("#nav").get_by_role("link", name="By severity")
    view.wait_for()
    assert view.locator(".n").inner_text() == str(page.locator(".trow").count())
    page.goto("/tickets")
    view.click()
    page.get_by_role("heading", name="By severity").wait_for()
    severities = page.locator(".trow .sev").all_inner_texts()
    assert severities == sorted(severities, key=lambda text: "3" if text == "?" else text[0]) and page.locator(".trow .extras").count() == len(severities)
    sorted_by(page, "Updated")
    page.get_by_role("button", name="Keep so in this view").click()
    page.wait_for_url(re.compile("sort"))
    assert page.locator(".col-heads a[aria-current]").inner_text().startswith("Updated")
    assert not axe(page)


def test_the_count_beside_a_view_follows_its_tickets(desk, people):
    page = people(desk, desk.account("agent"))
    for name, query in (("Routine", "is:open severity:3"), ("Nobody's", "is:open is:unassigned")):
        page.goto("/tickets?q=" + query)
        page.get_by_text("Save as a view").click()
        page.fill("#f-view", name)
        page.locator(".save-view").get_by_role("button", name="Save").click()
        view = page.locator("#nav").get_by_role("link", name=name)
        view.wait_for()
        before = page.locator(".trow").count()
        assert before and view.locator(".n").inner_text() == str(before)
        api, ref = desk.api("serviceManager"), refs(page)[0]
        if name == "Routine":
            api.put(f"/tickets/{ref}/severity", {"severity": 2, "reason": "The shift waits."})
        else:
            api.put(f"/tickets/{ref}/assignment", {"assignee": desk.account("agent")["email"]})
        eventually("one less", lambda: view.locator(".n").inner_text() == str(before - 1) and page.locator(".trow").count() == before - 1)


def opened(desk, people, role="agent", status="open", **options):
    """A page of an open ticket that nobody has answered, and its reference."""
    api = desk.api("serviceManager")
    ref = next(one["ref"] for one in api.get("/tickets", params={"q": "status:open"})["items"] if not any(event["type"] == "messageAdded" for event in api.events(one["ref"])))
    page = people(desk, desk.account(role), **options)
    page.goto(f"/tickets/{ref}")
    return page, ref


def answers(desk, ref):
    return [event for event in desk.api("serviceManager").events(ref) if event["type"] == "messageAdded"]


def send(page, text):
    page.locator("#composer textarea").fill(text)
    page.locator("#composer").get_by_role("button", name=re.compile("Send to client")).click()


def test_an_answer_waits_and_is_taken_back_into_the_draft(desk, people):
    page, ref = opened(desk, people)
    colleague = people(desk, desk.account("serviceManager"))
    colleague.goto(f"/tickets/{ref}")
    send(page, "We look at **it**.")
    page.get_by_text(re.compile(r"goes out in")).wait_for()
    colleague.get_by_text(re.compile(r"answer to \w+ goes out in")).wait_for()
    assert colleague.get_by_role("button", name="Undo").count() == 0
    page.keyboard.press("z")
    page.get_by_text("Taken back. It is your draft again.").wait_for()
    assert page.input_value("#composer textarea") == "We look at **it**." and page.locator(".held-answer").count() == 0
    colleague.locator(".held-answer").wait_for(state="detached")
    assert not answers(desk, ref) and desk.api("agent").get(f"/tickets/{ref}")["clocks"]["response"]["state"] == "running"


def test_an_answer_is_taken_back_from_any_other_page_with_scripts_off_as_well(desk, people):
    account = desk.account("agent")
    page, plain = people(desk, account), people(desk, account, java_script_enabled=False)
    href = page.locator("a[href*='/tickets/ABD-']").first.get_attribute("href")
    page.goto(href)
    page.fill("#composer textarea", "We look at it.")
    page.get_by_role("button", name=re.compile("Send to client")).click()
    page.locator(".held-answer").wait_for()
    assert page.locator(".takeback").count() == 0, "its own page shows it where it will stand"
    # The same hands, at another window without scripts.
    plain.goto("/account")
    row = plain.locator(".takeback")
    assert re.search(r"goes out in \d+ s", row.inner_text()) and row.get_by_role("link").get_attribute("href") == href
    row.get_by_role("button", name=re.compile("Take it back")).click()
    plain.wait_for_url(re.compile(href))
    assert plain.input_value("#composer textarea") == "We look at it." and plain.locator(".takeback").count() == 0
    assert not any("We look at it." in one["body"] for one in desk.api("agent").get(f"{href}/messages")["items"])


def test_an_answer_goes_out_after_its_ten_seconds_and_then_stops_the_clock(desk, people):
    page, ref = opened(desk, people)
    send(page, "It runs again.")
    page.locator(".held-answer").wait_for()
    assert not answers(desk, ref)
    page.locator(".held-answer").wait_for(state="detached", timeout=20_000)
    page.locator("#conversation").get_by_text("It runs again.").wait_for()
    clock = desk.api("agent").get(f"/tickets/{ref}")["clocks"]["response"]
    assert clock["state"] == "stopped" and clock["stoppedAt"] == answers(desk, ref)[0]["occurredAt"]
    assert page.locator("#composer textarea").input_value() == ""


def test_an_answer_that_waits_outlives_a_restart(desk, people):
    page, ref = opened(desk, people)
    send(page, "Sent by the next start.")
    page.locator(".held-answer").wait_for()
    desk.kill()
    desk.start()
    eventually("the answer", lambda: len(answers(desk, ref)) == 1, within=20)


def test_an_answer_goes_out_at_once_where_its_writer_wants_it_or_scripts_are_off(desk, people):
    page = people(desk, desk.account("agent"))
    page.goto("/account")
    page.select_option("[name=undo]", "off")
    page.locator("form[action='/account/sending'] button").click()
    page.get_by_text("Saved.").wait_for()
    page, ref = opened(desk, people)
    send(page, "At once.")
    page.get_by_text("Sent.", exact=True).wait_for()
    assert len(answers(desk, ref)) == 1
    page, ref = opened(desk, people, "serviceManager", java_script_enabled=False)
    send(page, "Without scripts.")
    page.get_by_text("Sent.", exact=True).wait_for()
    assert len(answers(desk, ref)) == 1


def test_colleagues_see_who_is_here_and_who_writes(desk, people):
    page, ref = opened(desk, people)
    name = desk.account("serviceManager")["name"].split()[0]
    other = people(desk, desk.account("serviceManager"))
    other.goto(f"/tickets/{ref}")
    page.locator(".here", has_text=f"{name} is here").wait_for()
    other.locator("#composer textarea").press_sequentially("I")
    page.locator(".here", has_text=f"{name} is writing").wait_for()
    assert not axe(page)
    other.locator("#composer textarea").fill("")
    page.locator(".here", has_text=f"{name} is here").wait_for()
    other.goto("/tickets")
    eventually("an empty place", lambda: page.locator(".here").inner_text() == "")
    client = people(desk, desk.account("client"))
    assert client.locator(".here").count() == 0


def test_crossing_answers_are_shown_before_the_second_is_sent(desk, people):
    page, ref = opened(desk, people, "serviceManager")
    page.locator("#composer textarea").fill("Please restart it.")
    desk.api("agent").post(f"/tickets/{ref}/messages", {"body": "I restarted it already.", "visibility": "public"})
    page.locator("#conversation").get_by_text("I restarted it already.").wait_for()
    page.locator("#composer").get_by_role("button", name=re.compile("Send to client")).click()
    panel = page.locator(".crossing")
    panel.get_by_text("I restarted it already.").wait_for()
    assert "while you wrote" in panel.inner_text() and len(answers(desk, ref)) == 1
    assert not axe(page)
    panel.get_by_role("link", name="Look first").click()
    page.locator(".crossing").wait_for(state="detached")
    eventually("the draft", lambda: page.locator("#composer textarea").input_value() == "Please restart it.")
    # What stood on the page when it was opened was seen.
    page.locator("#composer").get_by_role("button", name=re.compile("Send to client")).click()
    page.locator(".held-answer").wait_for()
    page.keyboard.press("z")
    page.get_by_text("Taken back. It is your draft again.").wait_for()
    desk.api("agent").post(f"/tickets/{ref}/messages", {"body": "And once more.", "visibility": "public"})
    page.locator("#conversation").get_by_text("And once more.").wait_for()
    page.locator("#composer").get_by_role("button", name=re.compile("Send to client")).click()
    page.get_by_role("button", name="Send anyway").click()
    page.locator(".held-answer").wait_for()


def test_two_nodes_share_who_is_here_and_the_answers_that_wait(nodes, people):
    first, second = nodes(2)
    page, ref = opened(first, people)
    other = people(second, first.account("serviceManager"))
    other.goto(f"/tickets/{ref}")
    name = first.account("serviceManager")["name"].split()[0]
    page.locator(".here", has_text=f"{name} is here").wait_for()
    other.locator("#composer textarea").press_sequentially("I")
    page.locator(".here", has_text=f"{name} is writing").wait_for()
    send(page, "Whoever is left sends it.")
    page.locator(".held-answer").wait_for()
    first.kill()
    api = second.api("serviceManager")
    eventually("the answer", lambda: sum(event["type"] == "messageAdded" for event in api.events(ref)) == 1, within=20)
    other.locator("#conversation").get_by_text("Whoever is left sends it.").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_style_guide_shows_every_part_and_axe_finds_nothing_on_it(desk, people, width, scheme):
    page = people(desk, desk.account("agent"), bypass_csp=True, viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert page.goto("/styleguide").status == 200
    assert page.locator(".states > tbody > tr").count() == 9 and page.locator(".guide .held-answer").count() == 2
    for part in ("many-bar", "composer", "crossing", "ledger", "takeback", "stand", "steps", "acts-list", "wait"):
        assert page.locator(f".guide .{part}").count(), part
    assert page.frame_locator(".guide .cells").locator("table").count() > 5, "the promise line of mails"
    assert not axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
    if width == 1280 and scheme == "light":
        assert people(desk, desk.account("client")).goto("/styleguide").status == 404


def test_a_ticket_and_a_report_are_printed_dark_on_white_without_what_can_only_be_pressed(desk, people):
    page, ref = opened(desk, people, "serviceManager", color_scheme="dark")
    for path, stays, goes in ((f"/tickets/{ref}", [".promises", "#conversation", ".facts"], ["#nav", ".bar", "#composer", ".facts form"]), ("/reports", [".sheet"], ["#nav", ".bar", ".report-form"])):
        page.emulate_media(media="screen", color_scheme="dark")
        page.goto(path)
        page.emulate_media(media="print", color_scheme="dark")
        for selector in stays:
            assert page.locator(selector).first.is_visible(), f"{selector} of {path}"
        for selector in goes:
            assert not page.locator(selector).first.is_visible(), f"{selector} of {path}"
        ink, ground = page.evaluate("[getComputedStyle(document.querySelector('main')).color, getComputedStyle(document.body).backgroundColor]")
        assert (ink, ground) == ("rgb(27, 28, 31)", "rgb(255, 255, 255)")
        assert page.pdf(format="A4").startswith(b"%PDF")
