"""D1, D2, D4 in a real run: nobody answers a Critical ticket, hours are seconds."""

import time
from datetime import timedelta

from desk import eventually, instant, new_ticket


def later(text, seconds):
    return (instant(text) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def rungs(api, ref):
    return [event for event in api.events(ref) if event["type"] == "escalated"]


def check_ladder(api, ref, due):
    events = api.events(ref)
    missed = [event for event in events if event["type"] == "targetMissed"]
    assert [event["occurredAt"] for event in missed] == [due]
    ladder = rungs(api, ref)
    assert [event["facts"]["rung"] for event in ladder] == [1, 2, 3]
    assert [event["facts"]["dueAt"] for event in ladder] == [due, later(due, 10), later(due, 20)]
    assert all(event["facts"]["clock"] == "response" for event in ladder)
    return ladder


def test_D1_a_missed_response_climbs_the_ladder_once_a_rung_and_tells_staff_and_client(fast, relay):
    client = fast.account("client")
    api = fast.api("serviceManager")
    ref = new_ticket(fast.api("client"), urgency=1)["ref"]
    due = api.get(f"/tickets/{ref}")["clocks"]["response"]["due"]
    assert due == later(api.get(f"/tickets/{ref}")["loggedAt"], 10)

    eventually("three rungs", lambda: len(rungs(api, ref)) == 3, within=45)
    ladder = check_ladder(api, ref, due)
    assert all(instant(event["recordedAt"]) - instant(event["facts"]["dueAt"]) <= timedelta(seconds=2) for event in ladder)

    ticket = api.get(f"/tickets/{ref}")
    assert ticket["escalation"]["response"] == 3
    clock = ticket["clocks"]["response"]
    assert (clock["state"], clock["outcome"]) == ("running", "missed") and clock["leftSeconds"] < 0

    # Each rung reaches those that the agreement names, and the client is told of each.
    told = {role for event in ladder for role in event["facts"]["notified"]}
    assert {"departmentLead", "serviceManager", "management"} <= told
    for role in ("departmentLead", "serviceManager", "management"):
        relay.wait("escalated", fast.account(role)["email"], ref)
    eventually("a mail to the client for each rung", lambda: len(relay.about(ref, "escalated", client["email"])) == 3)
    eventually("a warning ahead of the deadline (D4)", lambda: relay.about(ref, "warning"))
    assert not relay.about(ref, "warning", client["email"])
    for mail in relay.about(ref):
        assert ref in mail["Subject"] and len(mail.envelope[1]) == 1 and mail["Auto-Submitted"].startswith("auto-")


def test_D1_a_rung_that_falls_due_while_the_desk_is_down_follows_once_at_the_next_start(fast, relay):
    api = fast.api("serviceManager")
    ref = new_ticket(fast.api("client"), urgency=1)["ref"]
    due = api.get(f"/tickets/{ref}")["clocks"]["response"]["due"]
    eventually("the first rung", lambda: rungs(api, ref), within=20)
    fast.stop()
    second = instant(due).timestamp() + 10
    eventually("the second rung's instant", lambda: time.time() > second + 1, within=20)
    fast.start()
    api = fast.api("serviceManager")
    eventually("three rungs", lambda: len(rungs(api, ref)) >= 3, within=30)
    check_ladder(api, ref, due)
    eventually("three mails to the client", lambda: len(relay.about(ref, "escalated", fast.account("client")["email"])) == 3)


def test_C2_an_answer_in_time_lets_nothing_escalate(fast):
    api = fast.api("agent")
    ref = new_ticket(fast.api("client"), urgency=1)["ref"]
    api.post(f"/tickets/{ref}/messages", {"body": "I am looking at it.", "visibility": "public"})
    clock = api.get(f"/tickets/{ref}/clocks")["response"]
    assert (clock["state"], clock["outcome"]) == ("stopped", "met")
    due = instant(api.get(f"/tickets/{ref}")["loggedAt"]).timestamp() + 10
    eventually("the deadline and two ticks to pass", lambda: time.time() > due + 3, within=20)
    assert {"targetMissed", "escalated"}.isdisjoint(event["type"] for event in api.events(ref))
