"""Tasks of docs/tasks.md that no other journey walks through: at the ticket, on the telephone, with a file, about dates and closings."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from desk import eventually, new_ticket, words

FIELDS = {"environment": "Patched on Tuesday", "site": "Pit 4", "project": "Conveyor health"}


def ticket_page(page, ref):
    page.goto(f"/tickets/{ref}")
    return page


def send(page, act, fill=None, choose=None):
    """Opens an act of the bar, fills its form, sends it."""
    form = page.locator(f"#act-{act}")
    form.locator("summary").click()
    for name, value in (fill or {}).items():
        form.locator(f"[name={name}]").fill(value)
    for name, value in (choose or {}).items():
        form.locator(f"[name={name}]").select_option(**value)
    form.locator("form button").click()
    page.wait_for_url("**done=**")


def test_C5_a_severity_is_changed_with_a_reason_that_the_client_reads(desk, people):
    ref = new_ticket(desk.api("client"), urgency=3)["ref"]
    agent = ticket_page(people(desk, desk.account("agent")), ref)
    send(agent, "severity", {"reason": "The line stands still."}, {"severity": {"value": "1"}})
    assert desk.api("client").get(f"/tickets/{ref}")["severity"] == 1
    client = people(desk, desk.account("client"))
    client.goto(f"/portal/tickets/{ref}")
    assert "The line stands still." in client.text_content("main")


def test_an_agent_takes_a_ticket_that_nobody_has(desk, people):
    ref = new_ticket(desk.api("client"), urgency=1)["ref"]
    account = desk.account("agent")
    agent = people(desk, account)
    agent.get_by_role("navigation", name="Desk").get_by_role("link", name=re.compile("Unassigned")).click()
    agent.locator(f"main a[href*='{ref}']").first.click()
    agent.wait_for_url(f"**/tickets/{ref}")
    send(agent, "assign", choose={"assignee": {"label": account["name"]}})
    assert desk.api("agent").get(f"/tickets/{ref}")["assignee"] == account["email"]
    agent.get_by_role("navigation", name="Desk").get_by_role("link", name=re.compile("Mine")).click()
    agent.locator(f"main a[href*='{ref}']").first.wait_for()


def test_A3_a_caller_s_ticket_is_logged_on_the_telephone_with_the_caller_as_its_logger(desk, people):
    caller = desk.account("client")
    agent = people(desk, desk.account("agent"))
    agent.goto("/tickets/new")
    agent.locator("[name=contact]").select_option(caller["email"])
    agent.locator("[name=channel]").select_option("phone")
    agent.locator("[name=subject]").fill("Pump 7 reports no pressure")
    agent.locator("[name=description]").fill("Since the morning shift.")
    for name, value in FIELDS.items():
        agent.locator(f"[name={name}]").fill(value)
    agent.locator("[name=urgency][value='2']").check()
    agent.locator("[data-send]").click()
    ticket = eventually("the ticket", lambda: desk.find("Pump 7 reports no pressure"))
    assert ticket["channel"] == "phone" and ticket["contact"]["email"] == caller["email"] and ticket["loggedAt"] and ticket["missing"] == []
    # The logger closes it (N1), and no one else of the client.
    desk.api("primaryContact").post(f"/tickets/{ticket['ref']}/closure", expect=403)
    desk.api("client").post(f"/tickets/{ticket['ref']}/closure")


def test_A3_a_contact_without_an_address_is_logged_for_by_telephone(desk, people):
    desk.api("primaryContact").post("/contacts", {"name": "Otto Brandt", "phone": "+1 575 555 0188"})
    agent = people(desk, desk.account("agent"))
    agent.goto("/tickets/new")
    agent.locator("[name=contact]").select_option(label=next(text for text in agent.locator("[name=contact] option").all_inner_texts() if text.startswith("Otto Brandt")))
    agent.locator("[name=subject]").fill("Gate 2 stays shut")
    agent.locator("[name=description]").fill("The reader blinks red.")
    for name, value in FIELDS.items():
        agent.locator(f"[name={name}]").fill(value)
    agent.locator("[data-send]").click()
    ticket = eventually("the ticket", lambda: desk.find("Gate 2 stays shut"))
    assert ticket["contact"]["name"] == "Otto Brandt" and ticket["missing"] == [] and ticket["client"]["name"] == desk.api("primaryContact").get("/me")["client"]["name"]


def test_A2_an_answer_with_a_file_comes_back_byte_for_byte(desk, people, tmp_path):
    ref = new_ticket(desk.api("client"), urgency=2)["ref"]
    file = tmp_path / "trend of line 2.csv"
    file.write_bytes(b"t;bar\r\n1;4,2\r\n" * 50)
    client = people(desk, desk.account("client"))
    client.goto(f"/portal/tickets/{ref}")
    client.locator("#composer [name=body]").fill("Here is the trend.")
    client.locator("#composer [name=files]").set_input_files(file)
    client.locator("#composer button.primary").click()
    agent = people(desk, desk.account("agent"))
    found = eventually("the file", lambda: [name for one in desk.api("agent").get(f"/tickets/{ref}/messages")["items"] for name in one["attachments"]])
    assert found[0]["name"] == "trend of line 2.csv"
    ticket_page(agent, ref)
    with agent.expect_download() as waiting:
        agent.get_by_role("link", name=re.compile("trend of line 2")).click()
    assert open(waiting.value.path(), "rb").read() == file.read_bytes()


def test_C3_a_client_asks_for_another_date_and_the_agent_accepts_it(desk, people):
    ref = new_ticket(desk.api("client"), urgency=3)["ref"]
    desk.api("agent").post(f"/tickets/{ref}/proposals", {"workingSeconds": 90_000})
    client = people(desk, desk.account("client"))
    client.goto(f"/portal/tickets/{ref}")
    client.locator("#propose summary").first.click()
    day = datetime.now(ZoneInfo("America/Chicago")).date() + timedelta(days=7)
    while day.weekday() > 4:
        day += timedelta(days=1)
    client.locator("#propose [name=due]").first.fill(f"{day}T12:00")
    client.get_by_role("button", name="Propose").first.click()
    client.wait_for_url("**done=**")
    agent = ticket_page(people(desk, desk.account("agent")), ref)
    agent.locator("#facts").get_by_role("button", name="Accept").click()
    agent.wait_for_url("**done=**")
    due = desk.api("client").get(f"/tickets/{ref}")["clocks"]["resolution"]["due"]
    assert datetime.fromisoformat(due.replace("Z", "+00:00")).astimezone(ZoneInfo("America/Chicago")).strftime("%Y-%m-%dT%H:%M") == f"{day}T12:00"


def test_D3_a_complaint_is_answered_in_writing_and_the_client_reads_it(fast, relay, people):
    ref = new_ticket(fast.api("client"), urgency=2)["ref"]
    account = fast.account("client")
    client = people(fast, account)
    client.goto(f"/portal/tickets/{ref}")
    client.locator("#complain summary").click()
    client.locator("#f-complaint").fill("Nobody calls back.")
    client.locator("#complain [name=impact]").fill("The shift works on paper.")
    client.get_by_role("button", name="Send complaint").click()
    client.wait_for_url("**done=**")
    manager = ticket_page(people(fast, fast.account("clientServicesManager")), ref)
    assert "Nobody calls back." in manager.inner_text("#complaints")
    send(manager, "complaint", {"body": "We were late, and call you at nine."})
    mail = relay.wait("complaintAnswered", account["email"], ref)
    assert "We were late, and call you at nine." in words(mail)
    client.reload()
    assert "We were late, and call you at nine." in client.inner_text("#complaints")


def test_N2_N3_the_closing_notice_is_sent_listed_and_the_service_manager_closes(fast, relay, people):
    ref = new_ticket(fast.api("client"), urgency=4)["ref"]
    agent_api = fast.api("agent")
    agent_api.post(f"/tickets/{ref}/messages", {"body": "Which version is it?", "visibility": "public"})
    agent_api.post(f"/tickets/{ref}/suspension", {"reason": "answerAwaited"})
    agent = people(fast, fast.account("agent"))

    def offered():
        ticket_page(agent, ref)
        return agent.locator("#act-notice").count()

    eventually("the closing notice is possible", offered, within=40)
    send(agent, "notice")
    relay.wait("closingNotice", fast.account("client")["email"], ref)
    eventually("it stands on the list", lambda: agent_api.get(f"/tickets/{ref}")["closing"]["listed"], within=40)
    manager = people(fast, fast.account("serviceManager"))
    manager.goto("/now")
    manager.locator(f"main a[href*='{ref}']").first.click()
    manager.wait_for_url(f"**/tickets/{ref}*")
    send(manager, "close")
    assert agent_api.get(f"/tickets/{ref}")["status"] == "closed"


def test_the_agreement_manager_reads_the_agreement_and_tries_other_terms(desk, people):
    manager = people(desk, desk.account("agreementManager"))
    manager.goto("/agreement")
    assert "2 h" in manager.inner_text("#C") or "2 working hours" in manager.inner_text("#C")
    manager.get_by_role("link", name="Try other terms").click()
    box = manager.locator("[name=yaml]")
    box.fill(re.sub(r"response: 2h", "response: 10m", box.input_value()))
    manager.get_by_role("button", name="Try it").click()
    manager.get_by_text(re.compile(r"tickets? come out differently|All \d+ tickets come out")).wait_for()
    assert "Paid apart" in manager.inner_text("main") and "Try other terms" in manager.inner_text("h1")
