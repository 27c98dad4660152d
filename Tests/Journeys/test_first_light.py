"""One incident all the way: from a mail client over agent and client in their browsers to a figure in a report."""

import re
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from desk import eventually, instant, mail, words
from test_api import check_clock


def test_an_e_mailed_incident_goes_all_the_way(fast_on_either, relay, people):
    fast = fast_on_either
    client, agent = fast.account("client"), fast.account("agent")
    api = fast.api("serviceManager")
    subject = "Belt stop reaches the control room late"
    manager = people(fast, fast.account("serviceManager"))
    before = figures(manager, client["client"])

    # A mail that leaves out site and environment is registered, and what is missing is asked for (A1, A4-A6).
    fast.send(mail(client, fast.mailbox, subject, "Phone: +1 575 555 0142\nProject: Conveyor health\nUrgency: 3\n\nThe control room sees the belt stop before the page does."), client["email"])
    ticket = fast.find(subject)
    ref, path = ticket["ref"], f"/tickets/{ticket['ref']}"
    assert ticket["status"] == "registered" and ticket["channel"] == "email" and ticket["contact"]["email"] == client["email"]
    assert set(ticket["missing"]) == {"site", "environment"} and ticket["loggedAt"] is None
    assert ticket["fields"]["phone"] == "+1 575 555 0142" and ticket["fields"]["project"] == "Conveyor health"
    assert {clock["state"] for clock in ticket["clocks"].values()} == {"notStarted"}
    asked = relay.wait("incomplete", client["email"], ref)
    assert ref in asked["Subject"] and "Site" in words(asked) and "nvironment" in words(asked) and "Phone" not in words(asked).split("Site")[0][-200:]
    assert asked["X-Abide-Ticket"] == ref and asked["Auto-Submitted"] == "auto-replied"

    # A reply with the missing lines makes it correctly logged: the clocks start, the acknowledgement names reference and deadline (A5, A7).
    reply_to = asked["Reply-To"].addresses[0].addr_spec
    answer = mail(client, reply_to, f"Re: {asked['Subject']}", "Site: Sierra Alta, Pit 4\nEnvironment: Windows Server 2022, patched on Tuesday\n\nOn Tuesday the desk wrote:\n> what is missing", In_Reply_To=asked["Message-ID"])
    fast.send(answer, client["email"], reply_to)
    logged = eventually("the ticket to be correctly logged", lambda: (one := api.get(path))["loggedAt"] and one)
    assert logged["status"] == "open" and logged["missing"] == [] and logged["fields"]["site"] == "Sierra Alta, Pit 4"
    due = instant(logged["clocks"]["response"]["due"])
    assert due - instant(logged["loggedAt"]) == timedelta(seconds=60)
    acknowledgement = relay.wait("logged", client["email"], ref)
    assert ref in acknowledgement["Subject"] and due.astimezone(ZoneInfo("America/Chicago")).strftime("%H:%M") in words(acknowledgement)

    # An agent finds it in the list, opens it and answers: the response clock stops (B, C2).
    desk_page = people(fast, agent)
    desk_page.get_by_role("link", name=re.compile(re.escape(subject))).first.click()
    desk_page.get_by_role("heading", name=re.compile(re.escape(subject))).wait_for()
    desk_page.locator("#composer textarea[name=body]").fill("I can see it too. May we sign in to **ALTA-APP-02**?")
    desk_page.get_by_role("button", name=re.compile("Send to client")).click()
    eventually("the answer on the page", lambda: desk_page.get_by_text("I can see it too").count())
    answered = eventually("the answer to go out", lambda: (one := api.get(path))["clocks"]["response"]["state"] == "stopped" and one, within=20)
    assert answered["clocks"]["response"]["outcome"] == "met"
    told = relay.wait("responded", client["email"], ref)
    assert "I can see it too" in words(told)

    # Suspended for missing access and resumed, on the page (C6).
    act(desk_page, "Suspend", {"reason": "accessAwaited", "note": "Access to ALTA-APP-02"})
    suspended = eventually("the suspension", lambda: (one := api.get(path))["suspensions"] and one)
    assert suspended["status"] == "awaitingClient" and suspended["clocks"]["resolution"]["state"] == "suspended"
    desk_page.reload()
    act(desk_page, "Resume", {})
    eventually("the end of the suspension", lambda: api.get(path)["status"] == "open")

    # Resolved on the page; the client is told (E2).
    desk_page.reload()
    act(desk_page, "Resolve", {"body": "The service account has its new password; the backlog is gone."})
    eventually("the resolution", lambda: api.get(path)["status"] == "resolved")
    assert "new password" in words(relay.wait("resolved", client["email"], ref))

    # The client follows on the portal, confirms and closes; then reopens (B2, N1, N4).
    portal = people(fast, client)
    portal.get_by_text(re.compile(re.escape(subject))).first.wait_for()
    portal.get_by_role("link", name=ref).first.click()
    portal.get_by_text("I can see it too").first.wait_for()
    act(portal, re.compile("It works", re.I), {})
    eventually("the closure", lambda: api.get(path)["status"] == "closed")
    relay.wait("closed", client["email"], ref)
    portal.reload()
    act(portal, re.compile("Reopen", re.I), {"reason": "It came back on line 3"})
    reopened = eventually("the reopening", lambda: (one := api.get(path))["status"] == "open" and one)
    assert reopened["clocks"]["response"]["state"] == "running"

    # The log has no gap, and the clocks follow from it to the second (B2, C7).
    types = [event["type"] for event in api.events(ref)]
    assert types[0] == "registered" and types.index("correctlyLogged") < types.index("responded") < types.index("suspended") < types.index("resumed")
    assert types.index("resumed") < types.index("resolved") < types.index("closed") < types.index("reopened")
    for clock in api.get(f"{path}/clocks").values():
        check_clock(clock)

    # And it counts in the report of the client and the period (I2).
    after = figures(manager, client["client"])
    assert after["tickets logged"] == before["tickets logged"] + 1 and after["reopened"] == before["reopened"] + 1
    assert after["first answers in time"] == before["first answers in time"] + 1


def act(page, name, fields):
    """Opens an act by its name where it has to be opened, fills the fields of its form, and sends it."""
    form = page.locator("form").filter(has=page.get_by_role("button", name=name))
    if not form.count() or not form.first.is_visible():
        page.locator("summary").filter(has_text=name).first.click()
    form = page.locator("form:visible").filter(has=page.get_by_role("button", name=name)).last
    for field, value in fields.items():
        control = form.locator(f"[name={field}]")
        if control.evaluate("control => control.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.first.fill(value)
    form.get_by_role("button", name=name).last.click()


def figures(page, client):
    """The figures of a client's report over yesterday, today and tomorrow, by their names on the page."""
    today = datetime.now(timezone.utc).date()
    page.goto("/reports")
    form = page.locator("form.report-form")
    form.locator("[name=client]").select_option(label=client)
    form.locator("[name=from]").fill(str(today - timedelta(days=1)))
    form.locator("[name=to]").fill(str(today + timedelta(days=1)))
    form.get_by_role("button").click()
    page.get_by_role("heading", name=client).first.wait_for()
    rows = page.locator("dl.figures > div").all()
    return {row.locator("dt").inner_text(): int(re.match(r"\d+", row.locator("dd").first.inner_text())[0]) for row in rows}
