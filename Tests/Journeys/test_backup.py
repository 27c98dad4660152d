"""Backups while the desk runs, restored and verified; a desk that moves between the engines and back."""

import threading

from desk import Desk, eventually, mail, new_ticket


def tickets(api):
    return {(one["ref"], one["subject"], one["status"]) for one in api.get("/tickets", params={"limit": 200, "sort": "-logged"})["items"]}


def test_P13_a_backup_under_load_is_a_consistent_desk(desk, tmp_path):
    client, mailbox = desk.account("client"), desk.mailbox
    done = threading.Event()

    def load():
        count = 0
        while not done.is_set():
            desk.send(mail(client, mailbox, f"Under backup {count}", "Site: Pit 4\n\nThe page is empty."), client["email"])
            count += 1

    thread = threading.Thread(target=load)
    thread.start()
    try:
        for round in range(3):
            said = desk.command("backup", tmp_path / f"desk{round}.abide")
            assert "read back and right" in said
            restored = Desk(tmp_path / f"restored{round}")
            restored.data.mkdir()
            # What another desk left behind must not be taken for this one's.
            (restored.data / "abide.sqlite-wal").write_bytes(b"stale" * 1000)
            assert "the chain holds" in restored.command("restore", tmp_path / f"desk{round}.abide")
    finally:
        done.set()
        thread.join()
    # The keys are kept apart: without them it starts too, with them it is the same desk.
    desk.command("backup", tmp_path / "last.abide", "--keys-to", tmp_path / "desk.key")
    before = tickets(desk.api("serviceManager"))
    last = Desk(tmp_path / "last")
    last.command("restore", tmp_path / "last.abide")
    (last.data / "keys").mkdir(exist_ok=True)
    (last.data / "keys/desk.key").write_bytes((tmp_path / "desk.key").read_bytes())
    last.start()
    try:
        assert tickets(last.api("serviceManager")) == before
        # A ticket that was logged after the backup, and is forgotten, had the next number: it does not come again, nor do others.
        given = max(int(ref[4:]) for ref, *_ in before)
        assert int(new_ticket(last.api("client"))["ref"][4:]) > given + 1000
        assert "ok" in last.command("verify", "--all")
        # A desk in the way stays, and a damaged file makes nothing.
        last.command("restore", tmp_path / "last.abide", expect=73)
        bytes_ = bytearray((tmp_path / "last.abide").read_bytes())
        bytes_[len(bytes_) // 2] ^= 1
        (tmp_path / "broken.abide").write_bytes(bytes_)
        Desk(tmp_path / "broken").command("restore", tmp_path / "broken.abide", expect=65)
    finally:
        last.kill()


def test_a_desk_moves_to_postgresql_and_back(desk, tmp_path, postgresql):
    ref = new_ticket(desk.api("client"), "Moves along")["ref"]
    before = tickets(desk.api("serviceManager"))
    desk.command("migrate", "--to", postgresql.database(), expect=75)
    desk.stop()
    url = postgresql.database()
    there = Desk(desk.data, database=url)
    said = desk.command("migrate", "--to", url)
    assert "both have the digest" in said
    there.start()
    try:
        api = there.api("serviceManager")
        assert tickets(api) == before
        assert new_ticket(there.api("client"))["ref"] == f"ABD-{int(ref[4:]) + 1}"
        eventually("the moved ticket by its words", lambda: [one["ref"] for one in api.get("/tickets", params={"q": "moves along"})["items"]] == [ref])
        assert "ok" in there.command("verify", "--all")
        # A backup of one engine fills the other.
        there.command("backup", tmp_path / "there.abide")
        there.stop()
    finally:
        there.kill()
    back = Desk(tmp_path / "back")
    assert "both have the digest" in there.command("migrate", "--to", back.data)
    assert "ok" in back.command("verify", "--all")
    other = Desk(tmp_path / "other")
    assert "the chain holds" in other.command("restore", tmp_path / "there.abide")
