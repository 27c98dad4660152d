"""The API's calls and shapes, by role."""

import json
import re

import pytest
import requests
from openapi_spec_validator import validate

from desk import COMPLETE, FAST, eventually, instant, mail, new_ticket

UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def check_clock(clock):
    assert clock["state"] in ("notStarted", "running", "suspended", "stopped") and clock["outcome"] in (None, "met", "missed")
    intervals = clock["intervals"]
    assert sum(interval["seconds"] for interval in intervals) == clock["usedSeconds"]
    for earlier, later in zip(intervals, intervals[1:]):
        assert earlier["to"] == later["from"]
    for interval in intervals:
        assert interval["kind"] in ("counted", "closed", "suspended")
        assert interval["kind"] == "counted" or interval["seconds"] == 0
        assert UTC.fullmatch(interval["from"]) and UTC.fullmatch(interval["to"])
    if clock["targetSeconds"] is not None:
        assert clock["usedSeconds"] + clock["leftSeconds"] == clock["targetSeconds"]
    if clock["state"] == "suspended":
        assert clock["due"] is None


def check_ticket(ticket):
    assert re.fullmatch(r"[A-Z]+-\d+", ticket["ref"])
    assert ticket["status"] in ("registered", "open", "awaitingClient", "resolved", "closed")
    assert set(ticket) >= {
        "ref", "subject", "status", "severity", "urgency", "channel", "client", "contact", "assignee", "department", "registeredAt", "loggedAt",
        "missing", "coverage", "suspensions", "clocks", "agreement", "fields", "closing", "escalation"}
    assert set(ticket["clocks"]) >= {"response", "resolution"}
    assert set(ticket["agreement"]) >= {"name", "version", "digest"}
    assert ticket["coverage"]["decision"] in ("covered", "notCovered", "chargeable", "quote", "undecided")
    assert UTC.fullmatch(ticket["registeredAt"])


def test_me_and_desk_tell_who_and_where(desk):
    account = desk.account("agent")
    me = desk.api("agent").get("/me")
    assert me["email"] == account["email"] and me["role"] == "agent" and me["name"] == account["name"]
    about = desk.api("client").get("/desk")
    assert "@" in about["mailbox"] and about["zone"] == "America/Chicago" and about["version"] and about["agreement"]


def test_A5_what_is_missing_is_supplied_and_starts_the_clocks(desk):
    client = desk.api("client")
    answer = client.call("POST", "/tickets", 201, {"subject": "Only half of it", "urgency": 2, "fields": {"phone": "+1 575 555 0142"}})
    ticket = answer.json()
    check_ticket(ticket)
    assert answer.headers["Location"].endswith(f"/api/v1/tickets/{ticket['ref']}")
    assert ticket["status"] == "registered" and ticket["loggedAt"] is None and ticket["channel"] in ("api", "portal")
    assert {"description", "environment", "site", "project"} <= set(ticket["missing"])
    assert ticket["clocks"]["response"]["state"] == "notStarted"

    path = f"/tickets/{ticket['ref']}"
    part = client.patch(path, {"fields": {"site": "Pit 4", "project": "Conveyor health"}})
    assert set(part["missing"]) == {"description", "environment"} and part["loggedAt"] is None
    whole = client.patch(path, {"fields": {"environment": "Patched on Tuesday", "description": "No data."}, "subject": "All of it"})
    assert whole["missing"] == [] and whole["loggedAt"] and whole["status"] == "open" and whole["subject"] == "All of it"
    assert whole["severity"] == 2, "the caller's urgency counts until somebody rates it"
    assert [event["type"] for event in client.events(ticket["ref"])].count("correctlyLogged") == 1


def test_A5_staff_declare_a_ticket_complete_with_a_reason(desk):
    client, agent = desk.api("client"), desk.api("agent")
    ref = client.post("/tickets", {"subject": "Call me", "fields": {}})["ref"]
    client.post(f"/tickets/{ref}/completion", {"reason": "I say so"}, 403)
    assert "reason" in json.dumps(agent.post(f"/tickets/{ref}/completion", {}, 422))
    ticket = agent.post(f"/tickets/{ref}/completion", {"reason": "Told me the rest by phone"})
    assert ticket["status"] == "open" and ticket["loggedAt"]
    agent.post(f"/tickets/{ref}/completion", {"reason": "Again"}, 409)


def test_A3_an_agent_logs_a_ticket_for_a_caller(desk):
    caller = desk.account("client")
    ticket = new_ticket(desk.api("agent"), "By telephone", contact=caller["email"], channel="phone")
    assert ticket["contact"]["email"] == caller["email"] and ticket["channel"] == "phone" and ticket["client"]["name"] == caller["client"]
    # The caller is the logger, and so may close it (N1).
    assert desk.api("client").post(f"/tickets/{ticket['ref']}/closure", {"reason": "Works again"})["status"] == "closed"


def test_C_an_incident_from_answer_to_reopening(desk):
    client, agent, manager = desk.api("client"), desk.api("agent"), desk.api("serviceManager")
    ref = new_ticket(client, urgency=2)["ref"]
    path = f"/tickets/{ref}"

    rated = agent.put(f"{path}/severity", {"severity": 1, "reason": "The control room is blind"})
    assert rated["severity"] == 1 and rated["urgency"] == 2
    assert rated["clocks"]["response"]["targetSeconds"] == 7200
    someone = desk.account("agent")["email"]
    assigned = agent.put(f"{path}/assignment", {"assignee": someone})
    assert someone in json.dumps(assigned["assignee"])

    note = agent.post(f"{path}/messages", {"body": "Same as last week", "visibility": "internal"})
    assert note["clocks"]["response"]["state"] in ("running", "suspended") or note["clocks"]["response"]["outcome"] is None
    answered = agent.post(f"{path}/messages", {"body": "Looking at **it** now.", "visibility": "public"})
    assert (answered["clocks"]["response"]["state"], answered["clocks"]["response"]["outcome"]) == ("stopped", "met")

    suspended = agent.post(f"{path}/suspension", {"reason": "accessAwaited", "note": "ALTA-APP-02"})
    assert suspended["status"] == "awaitingClient" and suspended["clocks"]["resolution"]["state"] == "suspended"
    (running,) = suspended["suspensions"]
    assert running["reason"] == "accessAwaited"
    resumed = agent.delete(f"{path}/suspension/{running['id']}")
    assert resumed["suspensions"] == [] and resumed["status"] == "open"
    agent.delete(f"{path}/suspension/{running['id']}", 404)

    resolved = agent.post(f"{path}/resolution", {"body": "The service account has its new password."})
    assert resolved["status"] == "resolved" and resolved["clocks"]["resolution"]["state"] == "stopped"
    agent.post(f"{path}/resolution", {"body": "Twice"}, 409)
    assert client.delete(f"{path}/resolution")["status"] == "open", "No, go on (by any contact who sees it)"
    agent.post(f"{path}/resolution", {"body": "Now it is."})
    assert client.post(f"{path}/closure", {})["status"] == "closed"
    reopened = client.post(f"{path}/reopening", {"reason": "It came back"})
    assert reopened["status"] == "open" and reopened["clocks"]["response"]["state"] == "running"
    client.post(f"{path}/reopening", {"reason": "Twice"}, 409)

    types = [event["type"] for event in manager.events(ref)]
    for type in (
        "registered", "correctlyLogged", "severityAssigned", "coverageDecided", "assigned", "messageAdded", "responded", "suspended", "resumed", "resolved",
        "resolutionWithdrawn", "closed", "reopened"):
        assert type in types, f"{type} is not among {types}"
    clocks = manager.get(f"{path}/clocks")
    for clock in clocks.values():
        check_clock(clock)
    explained, later = json.loads(desk.command("clock", "explain", ref, "--json")), manager.get(f"{path}/clocks")
    assert set(explained) == set(clocks)
    for name, clock in explained.items():
        # Both clocks run on while the command starts.
        check_clock(clock)
        assert set(clock) == set(clocks[name]) and clocks[name]["usedSeconds"] <= clock["usedSeconds"] <= later[name]["usedSeconds"]
        assert all(clock[key] == clocks[name][key] for key in ("state", "outcome", "targetSeconds", "startedAt", "due", "stoppedAt"))
    check_ticket(manager.get(path))


def test_N1_only_the_logger_and_the_service_manager_close(desk):
    logger = desk.account("client")
    ref = new_ticket(desk.api("client"))["ref"]
    path = f"/tickets/{ref}/closure"
    for role in ("agent", "departmentLead", "clientServicesManager", "agreementManager", "management", "primaryContact", "standIn"):
        problem = desk.api(role).call("POST", path, 403, {"reason": "Not mine"}).json()
        assert problem["clause"] == "N1" and logger["name"] in problem["detail"], (role, problem)
    assert desk.api("serviceManager").post(path, {"reason": "By phone"})["status"] == "closed"
    ref = new_ticket(desk.api("client"))["ref"]
    assert desk.api("client").post(f"/tickets/{ref}/closure", {})["status"] == "closed", "at any time, resolved or not"


def test_N4_a_ticket_closed_in_the_demo_is_reopened_by_its_client(desk):
    api = desk.api("primaryContact")
    closed = api.get("/tickets", params={"status": "closed"})["items"]
    assert closed and all(ticket["status"] == "closed" for ticket in closed)
    assert api.post(f"/tickets/{closed[0]['ref']}/reopening", {"reason": "Again"})["status"] == "open"


def test_what_belongs_to_another_client_is_not_there(desk):
    ref = new_ticket(desk.api("client", 0))["ref"]
    for role in ("client", "primaryContact", "standIn"):
        other = desk.api(role, 1)
        for path in ("", "/events", "/clocks", "/messages"):
            other.get(f"/tickets/{ref}{path}", 404)
        other.patch(f"/tickets/{ref}", {"subject": "Mine"}, 404)
        for act, body in (
            ("messages", {"body": "x", "visibility": "public"}), ("closure", {}), ("reopening", {"reason": "x"}), ("suspension", {"reason": "accessAwaited"}),
            ("resolution", {"body": "x"}), ("completion", {"reason": "x"})):
            other.post(f"/tickets/{ref}/{act}", body, 404)
        assert ref not in json.dumps(other.get("/tickets", params={"limit": 200}))
        # The same words as for one that never was, its own number apart.
        there, nowhere = (other.call("GET", f"/tickets/{one}", 404).text.replace(one, "REF") for one in (ref, "ABD-987654"))
        assert there == nowhere


def test_what_a_client_may_not_do_is_refused(desk):
    client = desk.api("client")
    ref = new_ticket(client)["ref"]
    path = f"/tickets/{ref}"
    client.put(f"{path}/severity", {"severity": 1, "reason": "I want"}, 403)
    client.put(f"{path}/assignment", {"assignee": desk.account("agent")["email"]}, 403)
    client.post(f"{path}/suspension", {"reason": "accessAwaited"}, 403)
    client.post(f"{path}/resolution", {"body": "Solved"}, 403)
    client.post(f"{path}/messages", {"body": "secret", "visibility": "internal"}, 403)
    # Permission is asked before input.
    client.put(f"{path}/severity", {"severity": "high"}, 403)
    # A client user follows its own tickets, the primary contact all of the client's.
    other = new_ticket(desk.api("primaryContact"))["ref"]
    client.get(f"/tickets/{other}", 404)
    assert desk.api("primaryContact").get(path)["ref"] == ref


def test_B2_an_internal_note_is_an_event_for_the_client_without_its_words(desk):
    client, agent = desk.api("client"), desk.api("agent")
    ref = new_ticket(client)["ref"]
    agent.post(f"/tickets/{ref}/messages", {"body": "They forgot to pay", "visibility": "internal"})
    agent.post(f"/tickets/{ref}/messages", {"body": "We <b>look</b> at *it*", "visibility": "public"})
    mine, theirs = client.events(ref), agent.events(ref)
    assert [(one["number"], one["hash"]) for one in mine] == [(one["number"], one["hash"]) for one in theirs]
    assert len({one["hash"] for one in mine}) == len(mine)
    assert "They forgot to pay" not in json.dumps([mine, client.get(f"/tickets/{ref}/messages"), client.get(f"/tickets/{ref}")])
    hidden = [one for one in mine if not one.get("facts") and not one.get("sentence")]
    assert hidden and all(one["sentence"] for one in theirs)
    notes = [one for one in agent.get(f"/tickets/{ref}/messages")["items"] if one["visibility"] == "internal"]
    assert [note["body"] for note in notes] == ["They forgot to pay"]
    public = client.get(f"/tickets/{ref}/messages")["items"][-1]
    assert "<em>it</em>" in public["html"] and "<b>" not in public["html"] and public["author"]["kind"] == "staff"


def test_the_list_pages_sorts_and_filters(desk):
    api = desk.api("serviceManager")
    for number in range(3):
        new_ticket(desk.api("client"), f"Page case {number}", urgency=number + 1)
    whole = api.get("/tickets", params={"limit": 200})["items"]
    for ticket in whole:
        check_ticket(ticket)
    seen, cursor = [], None
    while True:
        page = api.get("/tickets", params={"limit": 4, **({"cursor": cursor} if cursor else {})})
        assert len(page["items"]) <= 4
        seen += [ticket["ref"] for ticket in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) and set(seen) == {ticket["ref"] for ticket in whole}
    dues = [
        min((clock["due"] for clock in ticket["clocks"].values() if clock["due"] and clock["state"] == "running"), default=None)
        for ticket in api.get("/tickets", params={"sort": "due", "limit": 200, "status": "open"})["items"]]
    known = [due for due in dues if due]
    assert known == sorted(known) and dues[: len(known)] == known, "what is promised next comes first, without a deadline last"
    logged = [ticket["loggedAt"] or ticket["registeredAt"] for ticket in api.get("/tickets", params={"sort": "-logged", "limit": 200})["items"]]
    assert logged == sorted(logged, reverse=True) and len(logged) == len(whole)
    for name, value, good in (
        ("severity", "1", lambda ticket: ticket["severity"] == 1), ("status", "open", lambda ticket: ticket["status"] == "open"),
        ("client", whole[0]["client"]["id"], lambda ticket: ticket["client"]["id"] == whole[0]["client"]["id"])):
        found = api.get("/tickets", params={name: value, "limit": 200})["items"]
        assert found and all(map(good, found)) and len(found) == len(list(filter(good, whole))), name
    assert any(ticket["subject"] == "Page case 1" for ticket in api.get("/tickets", params={"q": "Page case 1"})["items"])


def test_a_creation_with_the_same_key_happens_once(desk):
    client = desk.api("client")
    body = {"subject": "Sent twice", "description": "x", "fields": COMPLETE}
    first = client.call("POST", "/tickets", 201, body, headers={"Idempotency-Key": "one-and-the-same"}).json()
    again = client.call("POST", "/tickets", 201, body, headers={"Idempotency-Key": "one-and-the-same"}).json()
    assert again["ref"] == first["ref"]
    client.call("POST", "/tickets", 422, {**body, "subject": "Another"}, headers={"Idempotency-Key": "one-and-the-same"})
    # The key is that person's own.
    other = desk.api("client", 1).call("POST", "/tickets", 201, body, headers={"Idempotency-Key": "one-and-the-same"}).json()
    assert other["ref"] != first["ref"]


def test_a_change_on_a_stale_reading_is_refused(desk):
    client = desk.api("client")
    ref = new_ticket(client)["ref"]
    etag = client.call("GET", f"/tickets/{ref}").headers["ETag"]
    changed = client.call("PATCH", f"/tickets/{ref}", 200, {"subject": "First"}, headers={"If-Match": etag})
    client.call("PATCH", f"/tickets/{ref}", 412, {"subject": "Second"}, headers={"If-Match": etag})
    assert client.get(f"/tickets/{ref}")["subject"] == "First"
    client.call("PATCH", f"/tickets/{ref}", 200, {"subject": "Third"}, headers={"If-Match": changed.headers["ETag"]})


def test_C6_the_deadline_moves_by_exactly_what_the_suspension_took(desks):
    desk = desks(FAST)
    agent = desk.api("agent")
    ref = new_ticket(desk.api("client"), urgency=3)["ref"]
    before = agent.get(f"/tickets/{ref}/clocks")["response"]
    suspension = agent.post(f"/tickets/{ref}/suspension", {"reason": "accessAwaited"})["suspensions"][0]
    stands = agent.get(f"/tickets/{ref}/clocks")["response"]
    assert stands["state"] == "suspended" and stands["due"] is None
    eventually("three seconds of suspension", lambda: len([
        1 for interval in agent.get(f"/tickets/{ref}/clocks")["response"]["intervals"]
        if interval["kind"] == "suspended" and (instant(interval["to"]) - instant(interval["from"])).total_seconds() >= 3]), within=8)
    assert agent.get(f"/tickets/{ref}/clocks")["response"]["leftSeconds"] == stands["leftSeconds"]
    agent.delete(f"/tickets/{ref}/suspension/{suspension['id']}")
    after = agent.get(f"/tickets/{ref}/clocks")["response"]
    check_clock(after)
    lost = sum((instant(one["to"]) - instant(one["from"])).total_seconds() for one in after["intervals"] if one["kind"] == "suspended")
    assert lost >= 3 and (instant(after["due"]) - instant(before["due"])).total_seconds() == lost


def test_the_openapi_document_is_valid_and_names_every_call(desk):
    document = requests.get(desk.http + "/api/openapi.json", headers=desk.api("agent").session.headers, timeout=10).json()
    assert document["openapi"].startswith("3.1")
    validate(document)
    named = {(method.upper(), re.sub(r"\{[^}]*\}", "{}", path)) for path, item in document["paths"].items() for method in item if method in ("get", "post", "put", "patch", "delete")}
    ticket = "/api/v1/tickets/{}"
    for call in (
        ("GET", "/api/v1/desk"), ("GET", "/api/v1/me"), ("POST", "/api/v1/tickets"), ("GET", "/api/v1/tickets"), ("GET", ticket), ("PATCH", ticket),
        ("POST", f"{ticket}/completion"), ("GET", f"{ticket}/events"), ("GET", f"{ticket}/clocks"), ("GET", f"{ticket}/messages"), ("POST", f"{ticket}/messages"),
        ("PUT", f"{ticket}/severity"), ("PUT", f"{ticket}/assignment"), ("POST", f"{ticket}/suspension"), ("DELETE", f"{ticket}/suspension/{{}}"),
        ("POST", f"{ticket}/resolution"), ("DELETE", f"{ticket}/resolution"), ("POST", f"{ticket}/closure"), ("POST", f"{ticket}/reopening")):
        assert call in named, call


def test_a_token_works_at_once_and_a_wrong_one_never(desk):
    for header in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}):
        answer = requests.get(desk.http + "/api/v1/tickets", headers=header, timeout=5)
        assert answer.status_code == 401 and answer.headers["Content-Type"].startswith("application/problem+json") and "WWW-Authenticate" in answer.headers
    printed = desk.command("token", "create", desk.account("agent")["email"])
    assert len(printed.split()) == 1


def test_verify_names_the_event_that_was_changed(desk):
    import sqlite3
    assert "ok" in desk.command("verify", "--all").lower()
    ref = new_ticket(desk.api("client"))["ref"]
    desk.stop()
    (file,) = desk.data.glob("*.sqlite")
    with sqlite3.connect(file) as database:
        (number,) = database.execute("SELECT max(number) FROM ticket_event WHERE ticket = (SELECT ticket FROM ticket_event ORDER BY rowid DESC LIMIT 1)").fetchone()
        row = database.execute("SELECT max(rowid) FROM ticket_event").fetchone()[0]
        database.execute("UPDATE ticket_event SET occurred_at = occurred_at - 60 WHERE rowid = ?", (row,))
    desk.process = None
    from desk import ABIDE
    import subprocess
    done = subprocess.run([ABIDE, "verify", "--all", "--data", desk.data], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and ref in done.stdout + done.stderr and str(number) in done.stdout + done.stderr


def test_L8_I5_contacts_are_listed_added_named_and_nominated_by_those_who_may(desk):
    primary, client, other, manager = desk.api("primaryContact"), desk.api("client"), desk.api("primaryContact", 1), desk.api("agreementManager")
    own = primary.get("/me")["client"]
    people = client.get("/contacts")["items"]
    assert {one["client"]["name"] for one in people} == {own["name"]} and {"primaryContact", "standIn", "client"} <= {one["role"] for one in people}
    assert {one["client"]["name"] for one in manager.get("/contacts")["items"]} == set(desk.clients)
    client.post("/contacts", {"name": "New"}, expect=403)
    made = primary.post("/contacts", {"name": "Ines Roth", "email": "ines.roth@northfield.example", "phone": "+1 575 555 0199"})
    assert made["role"] == "client" and made["client"]["name"] == own["name"] and made["readsReports"] is False
    assert primary.post(f"/contacts/{made['id']}/nomination")["readsReports"] is True
    other.post(f"/contacts/{made['id']}/nomination", expect=404)
    assert primary.delete(f"/contacts/{made['id']}/nomination")["readsReports"] is False
    stand_in = next(one for one in people if one["role"] == "standIn")
    other.put(f"/clients/{own['id']}/stand-in", {"contact": None}, expect=404)
    assert "contact" in primary.put(f"/clients/{own['id']}/stand-in", {"contact": "nobody@northfield.example"}, expect=422)["fields"]
    after = primary.put(f"/clients/{own['id']}/stand-in", {"contact": next(one["email"] for one in people if one["role"] == "client")})["items"]
    assert next(one["role"] for one in after if one["id"] == stand_in["id"]) == "client" and sum(one["role"] == "standIn" for one in after) == 1
    primary.put(f"/clients/{own['id']}/primary-contact", {"contact": None}, expect=422)
    primary.post("/clients", {"name": "Mine"}, expect=403)
    assert manager.post("/clients", {"name": "Kestrel Foods"})["name"] == "Kestrel Foods"
