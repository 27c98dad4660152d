"""Reports as files and as issued, `abide verify`, and other terms tried on the desk's history."""

import json

import pytest

from desk import STANDARD

MONTH = ("--from", "2020-02-01", "--to", "2020-02-29")


def test_I1_the_report_comes_in_four_formats_with_the_same_figures(desk, tmp_path):
    client = desk.account("client")["client"]
    year = ("report", client, "--from", "2020-01-01", "--to", "2099-12-31")
    report = json.loads(desk.command(*year, "--format", "json"))
    logged = sum(row["logged"] for row in report["severities"])
    assert logged == len(report["tickets"]) > 0
    # Clocks that run go on between the two.
    told = desk.api("primaryContact").get("/reports?from=2020-01-01&to=2099-12-31")
    assert report.keys() == told.keys() and [(row["severity"], row["logged"], row["responded"]) for row in report["severities"]] == [
        (row["severity"], row["logged"], row["responded"]) for row in told["severities"]]
    csv = desk.command(*year, "--format", "csv")
    assert csv.startswith(f"client,{client}") and all(ticket["ref"] in csv for ticket in report["tickets"])
    page = desk.command(*year, "--format", "html")
    assert "<style>" in page and "Misses and escalations" in page and "href=" not in page and "<script" not in page
    paper = tmp_path / "report.pdf"
    desk.command(*year, "--format", "pdf", "--output", str(paper))
    assert paper.read_bytes().startswith(b"%PDF-") and paper.stat().st_size > 2000
    desk.command(*year, "--format", "docx", expect=64)


def test_I4_an_issued_report_is_kept_and_every_figure_of_it_follows_from_the_log(desk, tmp_path):
    client = desk.account("client")["client"]
    file = tmp_path / "issued.json"
    desk.command("report", client, *MONTH, "--issue", "--format", "json", "--output", str(file))
    again = json.loads(desk.command("report", client, *MONTH, "--issue", "--format", "json"))
    assert again == json.loads(file.read_text())
    manager = desk.api("serviceManager")
    issued = manager.get("/issued-reports")["items"]
    assert [(one["client"], one["from"]) for one in issued] == [(client, "2020-02-01")]
    assert manager.get(f"/issued-reports/{issued[0]['id']}") == again
    assert "ok" in desk.command("verify", str(file)) and "1 issued reports" in desk.command("verify", "--all")
    file.write_text(json.dumps({**again, "events": again["events"] + 1}))
    desk.command("verify", str(file), expect=1)
    desk.command("verify", expect=64)
    # The month that still runs can't be issued.
    desk.command("report", client, "--from", "2020-02-01", "--to", "2099-12-31", "--issue", expect=64)


def test_I5_reports_are_seen_by_those_alone_who_may(desk):
    client = desk.account("client")["client"]
    desk.command("report", client, *MONTH, "--issue", "--format", "json")
    number = desk.api("serviceManager").get("/issued-reports")["items"][0]["id"]
    for role in ("primaryContact", "standIn"):
        assert desk.api(role).get(f"/issued-reports/{number}")["client"] == client
        desk.api(role, client=1).get(f"/issued-reports/{number}", expect=404)
    desk.api("client").get(f"/issued-reports/{number}", expect=403)
    desk.api("administrator").get("/issued-reports", expect=403)
    desk.api("agent").post("/issued-reports", {"client": client, "from": "2020-01-01", "to": "2020-01-31"}, expect=403)


def test_O2_other_terms_are_tried_without_touching_anything(desk, tmp_path):
    before = desk.command("verify", "--all")
    same = json.loads(desk.command("agreement", "simulate", str(STANDARD), "--json"))
    assert same["tickets"] > 0 and same["differing"] == 0 and same["now"] == same["then"]
    file = tmp_path / "shorter.yaml"
    file.write_text(STANDARD.read_text().replace("response: 1wd", "response: 10m"))
    tried = json.loads(desk.command("agreement", "simulate", str(file), "--json"))
    assert tried["then"]["responseMissed"] > tried["now"]["responseMissed"] and tried["then"]["escalations"] > tried["now"]["escalations"]
    clock = tried["differences"][0]["clocks"][0]
    assert clock["then"]["targetSeconds"] == 600 and any("10 m instead of 9 h" in why for why in clock["why"])
    assert "come out differently" in desk.command("agreement", "simulate", str(file))
    assert desk.command("verify", "--all") == before
    file.write_text(STANDARD.read_text().replace("response: 1wd", "response: soon"))
    desk.command("agreement", "simulate", str(file), expect=65)
    desk.command("agreement", "simulate", str(tmp_path / "none.yaml"), expect=66)


@pytest.mark.parametrize("role, may", [("agreementManager", True), ("serviceManager", True), ("agent", False), ("primaryContact", False)])
def test_O1_the_agreement_manager_sees_both_promise_lines_one_above_the_other(desk, people, role, may):
    page = people(desk, desk.account(role))
    answer = page.goto("/agreement/simulation")
    if not may:
        assert answer.status == 403
        return
    text = page.locator("[name=yaml]")
    text.fill(text.input_value().replace("response: 1wd", "response: 10m"))
    page.get_by_role("button", name="Try it").click()
    page.get_by_text("come out differently").wait_for()
    assert page.get_by_text("The target is 10 m instead of 9 h.").count() > 0
    assert page.locator("section.tried svg.pl").count() >= 2
    page.locator("[name=yaml]").fill("name: x")
    page.get_by_role("button", name="Try it").click()
    page.get_by_text("can’t be tried yet").wait_for()
