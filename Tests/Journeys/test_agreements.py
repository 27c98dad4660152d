"""Agreements through the doors of their people: the command line, the API, the client's portal, a restart with a changed file."""

import json
import subprocess

from desk import ABIDE, ROOT, STANDARD, new_ticket

OWN = """base: standard.yaml
name: Northfield's own
version: 1
severities:
  - {number: 2, response: 30m}
"""


def abide(*words, expect=0):
    done = subprocess.run([ABIDE, *map(str, words)], capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert done.returncode == expect, (done.returncode, done.stdout, done.stderr)
    return done.stdout


def test_check_names_every_fault_in_one_run_in_the_file_where_it_stands(tmp_path):
    file = tmp_path / "own.yaml"
    file.write_text(OWN.replace("response:", "respons:") + "routing: [{name: r, when: {kind: incidnt}, department: Platform}]\n")
    lines = abide("agreement", "check", file, expect=65).splitlines()
    assert lines[0].startswith(f"{file}:5:17: a severity has no 'respons' (did you mean 'response'?); allowed: ")
    assert lines[1].startswith(f"{file}:6:34: there is no kind 'incidnt' (did you mean 'incident'?); allowed: ") and len(lines) == 2
    for example in ("standard", "fast", "around-the-clock", "two-calendars"):
        assert "is right" in abide("agreement", "check", f"agreements/{example}.yaml")


def test_diff_says_in_words_what_changes(tmp_path):
    file = tmp_path / "new.yaml"
    file.write_text(STANDARD.read_text().replace("response: 2h", "response: 1h"))
    assert abide("agreement", "diff", STANDARD, file) == "Critical: response 2 h -> 1 h\n"
    assert abide("agreement", "diff", STANDARD, STANDARD) == "They say the same.\n"


def test_O2_a_changed_file_at_a_restart_is_a_new_version_for_new_tickets_with_an_event(desk, tmp_path):
    client = desk.api("client")
    old = new_ticket(client, urgency=1)
    shared = client.get("/desk")["agreement"]
    desk.stop()
    file = tmp_path / "new.yaml"
    file.write_text(STANDARD.read_text().replace("version: 1\n", "version: 2\n").replace("response: 2h", "response: 1h"))
    desk.options = [*desk.options, "--agreement", file]
    desk.start()
    manager, client = desk.api("agreementManager"), desk.api("client")
    assert manager.get("/desk")["agreement"]["version"] == 2 and manager.get("/desk")["zoneData"]
    event = manager.get("/agreement-events")["items"][-1]
    assert event["type"] == "inForce" and event["digest"] not in (None, shared["digest"])
    assert client.get(f"/tickets/{old['ref']}")["agreement"]["digest"] == shared["digest"]
    assert client.get(f"/tickets/{old['ref']}/clocks")["response"]["targetSeconds"] == 7200
    assert new_ticket(client, urgency=1)["clocks"]["response"]["targetSeconds"] == 3600


def test_O4_a_client_gets_an_agreement_of_its_own_by_command_and_accepts_it(desk, tmp_path):
    file = tmp_path / "own.yaml"
    file.write_text(OWN)
    client, primary, manager = desk.api("client"), desk.api("primaryContact"), desk.api("agreementManager")
    own = client.get("/me")["client"]
    given = json.loads(desk.command("client", "agreement", own["name"], file))
    ticket = new_ticket(client, urgency=2)
    assert ticket["agreement"]["digest"] == given["digest"] and ticket["clocks"]["response"]["targetSeconds"] == 1800
    assert new_ticket(desk.api("client", 1), urgency=2)["agreement"]["digest"] != given["digest"]
    desk.api("client", 1).get(f"/agreements/{given['digest']}", expect=404)
    path = f"/agreements/{given['digest']}/acceptance"
    client.post(path, expect=403)
    accepted = primary.post(path)
    assert accepted["acceptances"][0]["by"] == primary.get("/me")["name"]
    primary.post(path, expect=409)
    shared = manager.get("/desk")["agreement"]["digest"]
    assert "Urgent: response 1 working day -> 30 m" in manager.get(f"/agreements/{given['digest']}/differences", params={"from": shared})["lines"]
    client.put(f"/clients/{own['id']}/agreement", {"digest": None}, expect=403)
    assert manager.put(f"/clients/{own['id']}/agreement", {"digest": None})["isOwn"] is False
    assert new_ticket(client, urgency=2)["agreement"]["digest"] == shared
    stored = manager.post("/agreements", {"text": OWN.replace("30m", "20m")})
    assert manager.put(f"/clients/{own['id']}/agreement", {"digest": stored["digest"]})["agreement"]["name"] == "Northfield's own"
    assert new_ticket(client, urgency=2)["clocks"]["response"]["targetSeconds"] == 1200
    assert "text:5:17" in manager.post("/agreements", {"text": OWN.replace("response", "respons")}, expect=422)["fields"]["text"]
    assert "would go elsewhere" in desk.command("agreement", "route", STANDARD)


def test_O4_the_portal_shows_the_agreement_and_takes_the_acceptance(desk, people):
    page = people(desk, desk.account("primaryContact"))
    page.goto("/portal/agreement")
    page.get_by_role("button", name="Accept Support eService, version 1").click()
    page.wait_for_url("**/portal/agreement*")
    assert f"was accepted by {desk.account('primaryContact')['name']}" in page.inner_text("main")
    manager = people(desk, desk.account("agreementManager"))
    manager.goto("/agreement")
    manager.locator("[name=text]").fill(OWN)
    manager.locator("[name=client]").select_option(label=desk.clients[0])
    manager.get_by_role("button", name="Put in force").click()
    manager.wait_for_url("**/agreement*")
    assert desk.api("client").get("/desk")["agreement"]["name"] == "Northfield's own"
    page.goto("/portal/agreement")
    assert "Urgent: response 1 working day -> 30 m" in page.inner_text("main")
