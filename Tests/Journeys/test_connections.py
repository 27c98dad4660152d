"""Tickets that are one, tickets that belong together, and what staff keep on a ticket for themselves."""

from email.message import EmailMessage

from desk import new_ticket
from test_decisions import opened


def test_R1_a_mail_without_a_token_is_merged_by_one_click_and_taken_out_by_its_sender(desk, people):
    account = desk.account("client")
    first = new_ticket(desk.api("client"), urgency=2)["ref"]
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = account["email"], desk.mailbox, f"{first} is worse now"
    mail.set_content("Project: Conveyor\nSite: Pit 4\nEnvironment: 4.2, no change\n\nThe second shift sees it too.")
    desk.send(mail, account["email"])
    second = desk.find(f"{first} is worse now")["ref"]
    agent = opened(people(desk, desk.account("agent")), second, "/tickets/")
    assert f"This may belong to {first}." in agent.inner_text(".hint")
    agent.get_by_role("button", name=f"Merge into {first}").click()
    agent.wait_for_url("**done=merged*")
    assert f"It goes on in {first}." in agent.inner_text(".merged")
    agent.get_by_role("link", name=first, exact=True).first.click()
    agent.wait_for_url(f"**/tickets/{first}")
    assert "The second shift sees it too." in agent.inner_text("#conversation") and f"on ticket {second}" in agent.inner_text("#conversation")
    # Who reported it reads it in the ticket that goes on, and has the last word.
    client = opened(people(desk, account), first)
    assert "The second shift sees it too." in client.inner_text("main")
    client = opened(client, second)
    assert client.locator("#composer").count() == 0
    client.get_by_role("button", name="take it out again").click()
    client.wait_for_url(f"**/{second}*")
    ticket = desk.api("client").get(f"/tickets/{second}")
    assert ticket["status"] == "open" and ticket["mergedInto"] is None and ticket["clocks"]["response"]["state"] == "running"


def test_incidents_are_linked_to_their_problem_and_told_at_once(desk, people):
    api = desk.api("agent")
    problem = new_ticket(desk.api("client"), urgency=3)["ref"]
    incidents = [new_ticket(desk.api("client", client), urgency=2)["ref"] for client in (0, 1)]
    page = opened(people(desk, desk.account("agent")), incidents[0], "/tickets/")
    page.locator("#link summary").click()
    page.locator("#f-link-to").fill(problem)
    page.locator("#f-link-how").select_option("problem")
    page.get_by_role("button", name="Link", exact=True).click()
    page.wait_for_url("**done=linked*")
    assert f"An incident of the problem {problem}" in page.inner_text("#ties")
    api.post(f"/tickets/{incidents[1]}/links", {"to": problem, "relation": "problem"}, expect=201)
    page = opened(page, problem, "/tickets/")
    page.locator("#incidents summary").click()
    page.locator("#f-incidents").fill("The patch of tonight mends it.")
    page.get_by_label("It solves them").check()
    page.get_by_role("button", name="Send to all").click()
    page.wait_for_url("**done=told*")
    # By program it is the same: nothing is open any more.
    api.post(f"/tickets/{problem}/incidents", {"body": "Once more.", "resolves": "true"}, expect=409)
    for number, ref in enumerate(incidents):
        assert desk.api("client", number).get(f"/tickets/{ref}")["status"] == "resolved"
        # No word of the other client's ticket reaches this one.
        assert all(event["facts"] is None for event in desk.api("client", number).events(ref) if event["type"] == "linked")
    assert [link["ref"] for link in api.get(f"/tickets/{problem}/connections")["links"]] == incidents


def test_tags_time_and_following(desk, people):
    ref = new_ticket(desk.api("client"), urgency=2)["ref"]
    page = opened(people(desk, desk.account("agent")), ref, "/tickets/")
    page.locator("#tags summary").click()
    page.locator("#f-tags").fill("Line 3, alarm")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.wait_for_url("**done=tagged*")
    assert page.locator("#tags-fact .tag").all_inner_texts() == ["line-3", "alarm"]
    page.locator("#time summary").click()
    page.locator("#f-spent").fill("1:30")
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url("**done=spent*")
    assert "1 h 30 m" in page.inner_text("#time-fact")
    page.get_by_role("button", name="Follow", exact=True).click()
    page.wait_for_url("**done=followed*")
    assert desk.account("agent")["email"].split("@")[0].split(".")[0].lower() in page.inner_text("#followers").lower()
    # What can't be read is told beside its field, and what was typed stays.
    page.locator("#time summary").click()
    page.locator("#f-spent").fill("soon")
    page.get_by_role("button", name="Add", exact=True).click()
    assert "Expected a time" in page.inner_text("#facts") and page.locator("#f-spent").input_value() == "soon"
