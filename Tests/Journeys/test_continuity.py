"""J3: the desk is away; people go on with the plain files that it left, and what they did is logged afterwards with its true times."""

import csv
import json
import subprocess
from datetime import datetime, timedelta, timezone

from desk import ABIDE, Desk, eventually, instant, mail, new_ticket


def test_J3_stop_the_desk_use_the_pack_and_log_back(desk):
    api, agent, contact = desk.api("serviceManager"), desk.account("agent"), desk.account("client")
    ref = new_ticket(desk.api("client"), "Answered by telephone")["ref"]
    desk.stop()

    # The pack was written at the stop: what is open, with its deadlines and whom to call.
    pack = desk.data / "continuity"
    page = (pack / "continuity.html").read_text()
    assert ref in page and "Answered by telephone" in page and contact["name"] in page
    tickets = {row["ref"]: row for row in csv.DictReader((pack / "tickets.csv").open())}
    assert tickets[ref]["contact"] == contact["name"] and instant(tickets[ref]["answerDue"])
    assert any(row["email"] == agent["email"] for row in csv.DictReader((pack / "contacts.csv").open()))

    # By hand, some minutes later than now is no use: the true times lie between the logging and now.
    now = datetime.now(timezone.utc).replace(microsecond=0)
    at = lambda seconds: (now - timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    columns = next(csv.reader((pack / "log.csv").open()))
    rows = [
        {"act": "logged", "ref": "N1", "at": at(50), "by": agent["email"], "contact": contact["email"], "subject": "Called while you were away", "urgency": "2", "text": "The page is empty.",
         "phone": "+1 575 555 0142", "site": "Pit 4", "project": "Conveyor", "environment": "Unchanged"},
        {"act": "answered", "ref": "N1", "at": at(40), "by": agent["email"], "text": "=I am looking at it, \"now\"\nand tell you."},
        {"act": "resolved", "ref": "N1", "at": at(20), "by": agent["email"], "text": "Restarted the service."},
    ]
    with (pack / "log.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    said = desk.command("continuity", "import", pack / "log.csv")
    new = said.split()[0]
    assert said.count(new) == 3
    # Handed in again, nothing happens twice.
    assert desk.command("continuity", "import", pack / "log.csv").count("known already") == 3
    # A line that makes no sense is named.
    (pack / "wrong.csv").write_text("act,ref,at,by,text\nanswered,ABD-99999,2026-01-01 10:00," + agent["email"] + ",x\n")
    desk.command("continuity", "import", pack / "wrong.csv", expect=65)

    desk.start()
    api = desk.api("serviceManager")
    ticket, events = api.get(f"/tickets/{new}"), api.events(new)
    assert ticket["status"] == "resolved" and ticket["channel"] == "phone" and ticket["contact"]["email"] == contact["email"]
    times = {event["type"]: (event["occurredAt"], event["recordedAt"]) for event in events}
    assert times["registered"][0] == at(50) and times["responded"][0] == at(40) and times["resolved"][0] == at(20)
    assert all(instant(recorded) >= now for _, recorded in times.values())
    assert ticket["clocks"]["response"]["outcome"] == "met" and ticket["clocks"]["response"]["usedSeconds"] <= 10
    assert "ok" in desk.command("verify", "--all")


def test_signed_heads_find_a_log_that_was_written_anew(desk):
    api = desk.api("client")
    refs = [new_ticket(api, f"Signed {index}")["ref"] for index in range(3)]
    desk.stop()
    heads = desk.data / "heads.jsonl"
    last = json.loads(heads.read_text().splitlines()[-1])
    assert {head["ref"] for head in last["heads"]} >= set(refs)
    assert "the log has them all" in desk.command("verify", "--heads", heads)
    # Somebody with the database cuts off the end of a ticket's log and sets its head right: the chain holds, the witness does not.
    number = int(refs[1][4:])
    import sqlite3
    database = sqlite3.connect(desk.data / "abide.sqlite")
    head, before = database.execute("SELECT head, (SELECT previous_hash FROM ticket_event WHERE ticket = id AND number = head) FROM ticket WHERE id = ?", [number]).fetchone()
    database.execute("DELETE FROM ticket_text WHERE ticket = ? AND number = ?", [number, head])
    database.execute("DELETE FROM ticket_event WHERE ticket = ? AND number = ?", [number, head])
    database.execute("UPDATE ticket SET head = head - 1, head_hash = ? WHERE id = ?", [before, number])
    database.commit()
    database.close()
    done = subprocess.run([ABIDE, "verify", "--heads", heads, "--data", desk.data], capture_output=True, text=True)
    assert done.returncode == 1 and refs[1] in done.stderr
    # A line that is changed, or of another desk, is no witness.
    heads.write_text(heads.read_text().replace(refs[0], refs[2]))
    assert subprocess.run([ABIDE, "verify", "--heads", heads, "--data", desk.data], capture_output=True).returncode == 1


def test_a_person_is_exported_and_erased_for_good(desk, tmp_path):
    """GDPR 15 and 17: the own words of a person, all of them and nobody else's; afterwards nothing of them is anywhere, and the chain still holds."""
    mark = "Quetzalcoatlus"
    person, agent = desk.account("client"), desk.account("agent")
    api, staff = desk.api("client"), desk.api("agent")
    message = mail(person, desk.mailbox, f"{mark} subject", f"Phone: +1 575 555 0177\nSite: Pit 4\nProject: {mark}\nEnvironment: None\n\nIt is {mark} again.")
    message.add_attachment(f"{mark} bytes".encode(), maintype="text", subtype="plain", filename=f"{mark}.txt")
    desk.send(message, person["email"])
    ref = desk.find(f"{mark} subject")["ref"]
    staff.post(f"/tickets/{ref}/messages", {"body": "Staff words stay.", "visibility": "public"})
    assert [one["ref"] for one in staff.get("/tickets", params={"q": mark.lower()})["items"]] == [ref]

    desk.command("user", "export", person["email"], "--to", tmp_path / "export")
    exported = b"".join(path.read_bytes() for path in (tmp_path / "export").rglob("*") if path.is_file())
    assert mark.encode() in exported and b"Staff words stay" not in exported and list((tmp_path / "export").rglob("*.eml"))
    desk.command("backup", tmp_path / "before.abide")

    before = staff.get(f"/tickets/{ref}/clocks")["response"]
    desk.command("user", "erase", person["email"])
    assert staff.get(f"/tickets", params={"q": mark})["items"] == []
    api.call("GET", "/me", 401)
    after = eventually("the erased ticket", lambda: (one := staff.get(f"/tickets/{ref}")) and mark not in json.dumps(one) and one)
    assert after["contact"]["name"].startswith("Erased person")
    clock = staff.get(f"/tickets/{ref}/clocks")["response"]
    assert (clock["outcome"], clock["usedSeconds"], clock["due"]) == (before["outcome"], before["usedSeconds"], before["due"])
    assert "ok" in desk.command("verify", "--all")
    desk.stop()
    for path in desk.data.rglob("*"):
        if path.is_file():
            assert mark.encode() not in path.read_bytes() and person["email"].encode() not in path.read_bytes(), path

    # It does not come back from a backup of the time before.
    restored = Desk(tmp_path / "restored")
    said = restored.command("restore", tmp_path / "before.abide", "--erasures", desk.data / "erasures.txt")
    assert "erased again: 1" in said
    restored.start()
    try:
        assert mark not in json.dumps(restored.api("agent").get(f"/tickets/{ref}"))
    finally:
        restored.kill()
