"""The client's way with scripts off: everything that the portal offers is a link or a form."""

import re

from axe_playwright_python.sync_playwright import Axe

from desk import eventually
from test_first_light import act


def test_A2_a_client_logs_follows_answers_closes_and_reopens_without_scripts(desk, people):
    client, agent = desk.account("client"), desk.api("agent")
    page = people(desk, client, java_script_enabled=False)
    page.get_by_role("link", name=re.compile("log a ticket|report a problem|new ticket", re.I)).first.click()
    page.fill("[name=subject]", "Trend page stays empty")
    page.fill("[name=description]", "No data on line 2 since the patch.")
    for name, value in {"environment": "Patched on Tuesday", "site": "Pit 4", "project": "Conveyor health", "phone": "+1 575 555 0142"}.items():
        page.locator(f"[name={name}], [name='fields.{name}']").first.fill(value)
    choice = page.locator("[name=urgency][value='2']")
    choice.check() if choice.count() else page.select_option("[name=urgency]", "2")
    page.locator("form:has([name=subject])").get_by_role("button").last.click()

    ticket = desk.find("Trend page stays empty")
    path = f"/tickets/{ticket['ref']}"
    assert ticket["channel"] == "portal" and ticket["missing"] == [] and ticket["severity"] == 2
    eventually("the ticket's own page", lambda: ticket["ref"] in page.content())

    agent.post(f"{path}/messages", {"body": "Which browser do you use?", "visibility": "public"})
    page.reload()
    page.get_by_text("Which browser do you use?").first.wait_for()
    box = page.locator("form:has(textarea[name=body])").first
    box.locator("textarea[name=body]").fill("Chromium, as always.")
    box.get_by_role("button").last.click()
    eventually("the client's answer", lambda: any("as always" in one["body"] for one in agent.get(f"{path}/messages")["items"]))

    agent.post(f"{path}/resolution", {"body": "The stream runs again."})
    page.reload()
    act(page, re.compile("It works", re.I), {})
    eventually("the closure", lambda: agent.get(path)["status"] == "closed")
    page.goto(page.url)
    act(page, re.compile("Reopen", re.I), {"reason": "Empty again"})
    eventually("the reopening", lambda: agent.get(path)["status"] == "open")


def test_pages_are_accessible_and_speak_without_colour(desk, people):
    """axe-core finds no serious fault on the pages that people see first."""
    for account, paths in ((desk.account("agent"), ["/tickets"]), (desk.account("client"), ["/"]), (desk.account("serviceManager"), ["/reports"])):
        # The policy of the pages forbids scripts of others, so the examiner needs a context that leaves it out.
        page = people(desk, account, bypass_csp=True)
        first = page.locator("a[href*='ABD-']").first
        addresses = [*paths, *([first.get_attribute("href")] if first.count() else [])]
        for address in addresses:
            page.goto(address)
            found = Axe().run(page)
            serious = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found.response["violations"] if one["impact"] in ("serious", "critical")]
            assert not serious, f"{address}: {serious}"


def test_a_first_view_stays_under_100_KB_and_asks_no_other_host(desk, people):
    page = people(desk, desk.account("agent"))
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/tickets")
    page.wait_for_load_state("load")
    assert {url.split("/")[2] for url in asked} == {desk.http.split("/")[2]}
    # As the browser itself counts them: what came over the wire or out of its cache, whatever became of the body since.
    weights = page.evaluate("[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map(e => e.encodedBodySize)")
    assert len(weights) > 1 and 0 < sum(weights) < 100_000
