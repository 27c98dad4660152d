"""What makes an agent quick: mentions, notifications, macros, tasks, splitting, fields of one's own, files shown before they go."""

import base64

from desk import eventually, new_ticket
from test_decisions import opened

PICTURE = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def test_a_colleague_is_called_in_a_note_and_told_wherever_they_are(desk, people):
    ref = new_ticket(desk.api("client"), urgency=2)["ref"]
    lead = desk.account("departmentLead")
    other = people(desk, lead)
    other.goto("/canned-answers")
    page = opened(people(desk, desk.account("agent")), ref, "/tickets/")
    page.locator(".tab", has_text="Internal note").click()
    first = lead["name"].split(" ")[0]
    page.locator("#body").press_sequentially(f"See this, @{first[:3]}")
    page.locator(".suggest [role=option]", has_text=lead["name"]).wait_for()
    page.keyboard.press("Enter")
    assert page.locator("#body").input_value() == f"See this, @{lead['name']} "
    page.get_by_role("button", name="Add note").click()
    page.wait_for_url("**done=note*")
    # Without a reload the count appears on the other's page.
    other.locator('#nav a[href="/notifications"] .n').wait_for()
    other.goto("/notifications")
    other.locator(".told .unread", has_text=ref).get_by_role("link").click()
    other.wait_for_url(f"**/tickets/{ref}#message-*")
    other.goto("/notifications")
    assert other.locator(".told li", has_text=ref).count() >= 1 and other.locator(".told .unread", has_text=ref).count() == 0
    other.locator("select[name=wish]").select_option("hourly")
    other.get_by_role("button", name="Save").click()
    other.get_by_text("Saved.").wait_for()
    assert other.locator("select[name=wish]").input_value() == "hourly"


def macro(page, desk, name):
    page.goto("/canned-answers")
    page.fill("#f-name", name)
    page.fill("#f-body", "Hello {{firstName}}, please let us in.")
    page.locator("#macro summary").click()
    page.fill("#f-tags", "Access")
    page.get_by_label("Assign the ticket to whoever sends it").check()
    page.locator("#f-suspend").select_option(index=1)
    page.fill("#f-tasks", "- Ask for the log\n- Look at it")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()


def test_a_macro_does_what_it_says_by_keys(desk, people):
    page = people(desk, desk.account("agent"))
    macro(page, desk, "Let us in")
    ref = new_ticket(desk.api("client"), urgency=2)["ref"]
    opened(page, ref, "/tickets/")
    page.keyboard.press("r")
    page.keyboard.type("/let")
    page.locator(".suggest [role=option]", has_text="Let us in").wait_for()
    page.keyboard.press("Enter")
    assert page.locator("#body").input_value().startswith("Hello ") and "{{" not in page.locator("#body").input_value()
    assert "suspends the clock" in page.inner_text(".with")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**done=held*")
    eventually("the answer to go out", lambda: desk.api("agent").get(f"/tickets/{ref}")["status"] == "awaitingClient", within=25)
    api = desk.api("agent")
    assert api.get(f"/tickets/{ref}")["assigneeName"] == desk.account("agent")["name"]
    assert api.get(f"/tickets/{ref}/connections")["tags"] == ["access"]
    assert [task["text"] for task in api.get(f"/tickets/{ref}/tasks")["items"]] == ["Ask for the log", "Look at it"]
    # The steps are ticked off on the ticket and on the own day.
    opened(page, ref, "/tickets/")
    page.get_by_role("button", name="Done: Ask for the log").click()
    page.wait_for_url("**done=done*")
    assert "1 of 2 done" in page.inner_text("#tasks-fact")
    page.goto("/my-day")
    page.get_by_role("button", name="Done: Look at it").click()
    page.wait_for_url("**/my-day")
    assert all(task["doneAt"] for task in api.get(f"/tickets/{ref}/tasks")["items"])


def test_a_macro_works_with_scripts_off(desk, people):
    page = people(desk, desk.account("departmentLead"), java_script_enabled=False)
    macro(page, desk, "Without scripts")
    ref = new_ticket(desk.api("client"), urgency=2)["ref"]
    page.goto(f"/tickets/{ref}")
    page.locator("#body").fill("First line.")
    page.locator(".canned summary").click()
    page.locator(".canned button", has_text="Without scripts").click()
    page.wait_for_url("**macro=*")
    assert page.locator("#body").input_value().split("\n")[0] == "First line." and "please let us in" in page.locator("#body").input_value()
    page.get_by_role("button", name="Send to client").click()
    page.wait_for_url("**done=sent*")
    assert desk.api("agent").get(f"/tickets/{ref}")["status"] == "awaitingClient"


def test_a_message_about_something_else_becomes_a_ticket_of_its_own(desk, people):
    client = desk.api("client")
    ref = new_ticket(client, urgency=3)["ref"]
    client.post(f"/tickets/{ref}/messages", {"body": "By the way, the belt stands still."}, expect=201)
    page = opened(people(desk, desk.account("agent")), ref, "/tickets/")
    page.get_by_role("link", name="Make it a ticket of its own").click()
    page.fill("#f-subject", "The belt stands still")
    page.locator("#f-urgency").select_option("1")
    page.get_by_role("button", name="Make the ticket").click()
    page.wait_for_url("**done=split*")
    made = page.url.split("/tickets/")[1].split("?")[0]
    assert made != ref and ref in page.inner_text("#ties")
    ticket = client.get(f"/tickets/{made}")
    assert ticket["subject"] == "The belt stands still" and ticket["clocks"]["response"]["state"] == "running"
    assert any(event["type"] == "split" and event["facts"]["into"] == made for event in client.events(ref))


def test_fields_of_ones_own_are_made_and_filled(desk, people):
    page = people(desk, desk.account("administrator"))
    page.goto("/settings/fields")
    page.fill("#f-label", "Serial number")
    page.fill("#f-name", "Serial")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("lower-case letters").wait_for()
    page.fill("#f-name", "serial")
    page.get_by_label("The client reads it").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    ref = new_ticket(desk.api("client"), urgency=3)["ref"]
    agent = opened(people(desk, desk.account("agent")), ref, "/tickets/")
    agent.locator("#custom summary").click()
    agent.fill("#f-custom-serial", "K-7")
    agent.get_by_role("button", name="Keep").last.click()
    agent.wait_for_url("**done=customised*")
    assert "K-7" in agent.inner_text("#fields-fact")
    fields = desk.api("client").get(f"/tickets/{ref}/custom-fields")["items"]
    assert [field["value"] for field in fields if field["name"] == "serial"] == ["K-7"]


def test_a_pasted_picture_is_shown_before_it_goes_and_after(desk, people):
    ref = new_ticket(desk.api("client"), urgency=3)["ref"]
    page = opened(people(desk, desk.account("agent")), ref, "/tickets/")
    page.evaluate(
        """data => {
            const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0)), all = new DataTransfer();
            all.items.add(new File([bytes], "belt.png", { type: "image/png" }));
            all.items.add(new File(["x"], "log.txt", { type: "text/plain" }));
            document.querySelector("#body").dispatchEvent(new ClipboardEvent("paste", { clipboardData: all, bubbles: true, cancelable: true }));
        }""",
        base64.b64encode(PICTURE).decode(),
    )
    eventually("the picture", lambda: page.evaluate("document.querySelector('.chosen-files img')?.naturalWidth") == 1)
    page.get_by_role("button", name="Leave log.txt out").click()
    page.fill("#body", "Is this the one?")
    page.get_by_role("button", name="Send to client").click()
    page.wait_for_url("**done=held*")
    client = people(desk, desk.account("client"))
    def shown():
        client.goto(f"/portal/tickets/{ref}")
        return client.locator(".letters .files").count() == 1
    eventually("the answer to go out", shown, within=25)
    assert client.locator(".letters .files img").count() == 1, client.locator(".letters .files").inner_html()
    eventually("the picture to be drawn", lambda: client.evaluate("document.querySelector('.letters .files img').naturalWidth") == 1)
    assert client.locator(".letters .files").inner_text().count("log.txt") == 0


def test_an_answer_is_looked_at_before_it_goes(desk, people):
    ref = new_ticket(desk.api("client"), urgency=3)["ref"]
    page = opened(people(desk, desk.account("agent")), ref, "/tickets/")
    page.fill("#body", "**Pull** the plug\n\n<img src=x onerror=alert(1)>")
    page.get_by_role("button", name="Preview").click()
    page.locator(".previewed strong", has_text="Pull").wait_for()
    assert page.locator(".previewed img").count() == 0
    page.fill("#body", "1. Pull\n2. Wait")
    page.locator(".previewed li", has_text="Wait").wait_for()
    page.get_by_role("button", name="Preview").click()
    assert page.locator(".previewed").count() == 0
