"""What both sides decide on a ticket, on the pages: coverage and its dispute, quotes, access, a date by the link of a mail; and the reviews of an agreement."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from desk import eventually, new_ticket, words


def opened(page, ref, prefix="/portal/tickets/"):
    page.goto(prefix + ref)
    return page


def test_M6_a_client_disputes_a_decision_and_the_client_services_manager_answers(desk, people):
    ref = new_ticket(desk.api("client"), urgency=3)["ref"]
    agent = opened(people(desk, desk.account("agent")), ref, "/tickets/")
    agent.locator("#coverage summary").click()
    agent.locator("#f-coverage-decision").select_option("notCovered")
    agent.locator("#f-coverage-reason").fill("The stream was changed by yourselves.")
    agent.get_by_role("button", name="Decide coverage").click()
    agent.wait_for_url(f"**/tickets/{ref}*")
    client = opened(people(desk, desk.account("client")), ref)
    assert "The stream was changed by yourselves." in client.inner_text("#coverage-fact")
    client.locator("#dispute summary").click()
    client.locator("#f-dispute-reason").fill("Nobody touched it.")
    client.locator("#f-dispute-impact").fill("The shift works on paper.")
    client.get_by_role("button", name="Dispute the decision").click()
    client.wait_for_url(f"**/{ref}*")
    assert "about coverage (M6): Nobody touched it." in client.inner_text("#complaints")
    manager = opened(people(desk, desk.account("clientServicesManager")), ref, "/tickets/")
    manager.locator("#act-complaint summary").click()
    manager.locator("#f-complaint-body").fill("We looked again: it is ours, and covered.")
    manager.get_by_role("button", name="Send answer").click()
    manager.wait_for_url(f"**/tickets/{ref}*")
    agent.goto(f"/tickets/{ref}")
    agent.locator("#coverage summary").click()
    agent.locator("#f-coverage-decision").select_option("covered")
    agent.locator("#f-coverage-reason").fill("Corrected after the dispute.")
    agent.get_by_role("button", name="Decide coverage").click()
    agent.wait_for_url(f"**/tickets/{ref}*")
    opened(client, ref)
    assert "it is ours, and covered." in client.inner_text("#complaints")
    assert "Covered" in client.inner_text("#coverage-fact") and "Corrected after the dispute." in client.inner_text("#coverage-fact")
    types = [event["type"] for event in desk.api("client").events(ref)]
    assert types.count("coverageDecided") >= 2 and "complained" in types and "complaintAnswered" in types


def test_M5_a_quote_is_accepted_online_and_becomes_a_ticket_with_its_own_terms(desk, people):
    ref = new_ticket(desk.api("client"), urgency=4)["ref"]
    desk.api("agent").put(f"/tickets/{ref}/coverage", {"decision": "quote", "reason": "A new report is work of its own."})
    agent = opened(people(desk, desk.account("agent")), ref, "/tickets/")
    agent.locator("#quote summary").click()
    for field, value in (("effort", "12"), ("price", "1440.00"), ("deliverables", "The report, and a page that explains it.")):
        agent.locator(f"#f-quote-{field}").fill(value)
    agent.get_by_role("button", name="Send quote").click()
    agent.wait_for_url(f"**/tickets/{ref}*")
    client = opened(people(desk, desk.account("client")), ref)
    assert "1,440.00" in client.inner_text("#quotes") or "1440.00" in client.inner_text("#quotes")
    client.goto("/portal")
    waiting = client.locator("li.wait").filter(has_text=ref)
    assert "The report, and a page that explains it." in waiting.inner_text()
    waiting.get_by_role("link", name="Look at it").click()
    client.wait_for_url(f"**/{ref}#quotes")
    client.get_by_role("button", name="Accept the quote").click()
    client.wait_for_url(f"**/{ref}*")
    work = re.search(r"The work is (ABD-\d+)", client.inner_text("#quotes"))[1]
    made = desk.api("client").get(f"/tickets/{work}")
    assert made["clocks"]["resolution"]["targetSeconds"] and made["coverage"]["decision"] in ("chargeable", "quote")
    client.get_by_role("link", name=work).click()
    client.wait_for_url(f"**/{work}*")
    assert ref in client.inner_text("main")


def test_L5_access_that_is_granted_is_listed_and_its_end_stops_the_clocks(desk, people):
    ref = new_ticket(desk.api("client"), urgency=2)["ref"]
    client = opened(people(desk, desk.account("client")), ref)
    client.locator("#access summary").click()
    client.locator("#f-access-who").fill("Maya Torres")
    client.locator("#f-access-how").fill("VPN, then ALTA-APP-02")
    client.get_by_role("button", name="Grant access").click()
    client.wait_for_url(f"**/{ref}*")
    agent = opened(people(desk, desk.account("agent")), ref, "/tickets/")
    assert "VPN, then ALTA-APP-02" in agent.inner_text("#access-fact")
    client.get_by_role("button", name="End this access").click()
    client.wait_for_url(f"**/{ref}*")
    ticket = desk.api("client").get(f"/tickets/{ref}")
    assert ticket["status"] == "awaitingClient" and ticket["clocks"]["resolution"]["state"] == "suspended" and ticket["clocks"]["response"]["due"] is None


def test_C3_the_link_of_the_mail_accepts_the_date_without_signing_in(desks, relay, chromium):
    desk = desks(None, "--relay", relay.url)
    client = desk.account("client")
    ref = new_ticket(desk.api("client"), urgency=3)["ref"]
    desk.api("agent").post(f"/tickets/{ref}/proposals", {"workingSeconds": 72_000})
    mail = relay.wait("resolutionProposed", client["email"], ref)
    link = re.search(r"http://\S+/a/\S+", words(mail))[0]
    context = chromium.new_context()
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name=re.compile("Accept")).click()
    eventually("the date is agreed", lambda: desk.api("client").get(f"/tickets/{ref}")["clocks"]["resolution"]["targetSeconds"] == 72_000)
    # A link is good for one acceptance, and tells nobody else anything.
    assert "Accept" not in [button.inner_text() for button in page.get_by_role("button").all()]
    page.goto(link[:-4] + "AAAA")
    assert ref not in page.inner_text("body")
    context.close()


def test_O1_a_review_is_prepared_minuted_and_read_by_the_client(desk, people):
    manager = people(desk, desk.account("agreementManager"))
    name = desk.clients[0]
    api = desk.api("agreementManager")
    planned = eventually("reviews are planned by themselves", lambda: [one for one in api.get("/reviews")["items"] if one["client"]["name"] == name], within=15)[0]
    assert planned["state"] == "planned"
    manager.goto("/agreement")
    manager.get_by_role("link", name="Reviews", exact=True).click()
    manager.get_by_role("row", name=re.compile(name)).get_by_role("link").click()
    manager.get_by_role("button", name="Prepare it now").click()
    manager.wait_for_url("**/reviews/*done=preparation")
    manager.locator("[name=heldOn]").fill(datetime.now(ZoneInfo("America/Chicago")).date().isoformat())
    manager.locator("[name=attendees]").fill("Dana, Luis and ourselves")
    manager.locator("[name=minutes]").fill("Answers came in time. **No change.**")
    manager.get_by_role("button", name="Keep the minutes").click()
    manager.wait_for_url("**/reviews/*done=minutes")
    assert [one["state"] for one in desk.api("primaryContact").get("/reviews")["items"]] == ["planned", "held"]
    desk.api("client").get("/reviews", expect=403)
    desk.api("primaryContact").post(f"/reviews/{planned['id']}/cancellation", {"reason": "x"}, expect=403)
    contact = people(desk, desk.account("primaryContact"))
    contact.goto("/portal/agreement")
    contact.get_by_role("link", name="Reviews that were and that come").click()
    contact.get_by_role("row", name=re.compile("held")).get_by_role("link").click()
    assert "Answers came in time. No change." in contact.inner_text("main") and "Dana, Luis and ourselves" in contact.inner_text("main")
