"""Faults that come from outside: large files, a wall clock that is set, what the desk depends on breaking. The rows are those of docs/reliability.md."""

import os
import signal
import smtplib
import socket
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import faults
import pytest
import requests
from desk import ABIDE, FAST, Desk, copy, eventually, mail, new_ticket

MIB = 1 << 20


class Memory:
    """The highest resident memory of a desk while something happens, in bytes beyond what it was at the start."""

    def __init__(self, desk):
        self._status, self._stop = Path(f"/proc/{desk.process.pid}/status"), threading.Event()

    def _now(self):
        return next(int(line.split()[1]) for line in self._status.read_text().splitlines() if line.startswith("VmRSS:")) * 1024

    def _watch(self):
        while not self._stop.wait(0.02):
            self._highest = max(self._highest, self._now())

    def __enter__(self):
        self._highest = self._before = self._now()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()
        self.growth = self._highest - self._before


def large(client, mailbox, subject, size):
    """A message of exactly `size` bytes, with one attachment."""
    head = (
        f"From: <{client['email']}>\r\nTo: <{mailbox}>\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSite: Pit 4\r\n"
        "--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=trend.bin\r\n\r\n").encode()
    tail, line = b"\r\n--b--\r\n", b"QUJD" * 19 + b"\r\n"
    room = size - len(head) - len(tail)
    lines = line * (room // len(line))
    return head + lines + b"A" * (room - len(lines)) + tail


def hand_in(desk, client, message, announced=True):
    """Answers the code; what is refused early isn't sent."""
    with smtplib.SMTP(*desk.smtp, timeout=60) as connection:
        connection.ehlo()
        assert connection.esmtp_features["size"] == str(25 * MIB)
        code, _ = connection.mail(client["email"], [f"size={len(message)}"] if announced else [])
        if code != 250:
            return code
        assert connection.rcpt(desk.mailbox)[0] == 250
        try:
            return connection.data(message)[0]
        except smtplib.SMTPDataError as error:
            return error.smtp_code


def form_of(size, subject):
    """A form with one file, as a browser sends it; answers its type and its bytes."""
    fields = {"subject": subject, "urgency": "3", "description": "See the file.", "project": "Conveyor", "site": "Pit 4", "environment": "4.2"}
    parts = "".join(f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items())
    head = (parts + '--x\r\nContent-Disposition: form-data; name="files"; filename="trend.bin"\r\nContent-Type: application/octet-stream\r\n\r\n').encode()
    return "multipart/form-data; boundary=x", head + bytes(size) + b"\r\n--x--\r\n"


def leftovers(desk):
    """What lies in the desk's folders that isn't of its database, keys or continuity pack."""
    names = lambda folder: {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    return names(desk.data) | {f"tmp/{name}" for name in names(Path(desk.environment["TMPDIR"]))}


@pytest.fixture
def roomy(demo, tmp_path):
    """A desk with a folder for temporary files of its own."""
    desk = Desk(copy(demo(None), tmp_path / "desk"))
    (tmp_path / "tmp").mkdir()
    desk.environment["TMPDIR"] = str(tmp_path / "tmp")
    yield desk.start()
    desk.kill()


def test_P17_large_attachments_are_taken_or_refused_early_and_leave_nothing(roomy):
    """By mail and by form: what fits is a ticket with its file, what doesn't is refused before it was read, what breaks off leaves nothing behind; what it costs in memory is printed."""
    desk = roomy
    client = desk.account("client")
    browser = requests.Session()
    browser.post(desk.http + "/sign-in", data={"email": client["email"], "password": client["password"]}, headers={"Origin": desk.http})
    csrf = browser.get(desk.http + "/portal/tickets/new").text.split('name="csrf" value="')[1].split('"')[0]
    host, port = desk.http.removeprefix("http://").split(":")
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)

    def http_head(kind, length):
        return f"POST /tickets HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {desk.http}\r\nCookie: {cookies}\r\nX-CSRF-Token: {csrf}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n".encode()

    def send_form(size, subject):
        kind, body = form_of(size, subject)
        body = body.replace(b"--x\r\n", f'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{csrf}\r\n--x\r\n'.encode(), 1)
        return browser.post(desk.http + "/tickets", data=body, headers={"Content-Type": kind, "Origin": desk.http}, allow_redirects=False, timeout=60).status_code

    # Once, so that what is made at first use is there before memory is measured.
    assert hand_in(desk, client, large(client, desk.mailbox, "P17 first", MIB)) == 250
    desk.find("P17 first")
    assert send_form(MIB, "P17 first form") == 303
    before = leftovers(desk)
    growth = {}

    def measured(name, act, expect):
        with Memory(desk) as memory:
            answer = act()
        growth[name] = round(memory.growth / MIB, 1)
        assert answer == expect, (name, answer)

    for size, code in ((24, 250), (25, 250), (26, 552)):
        for announced in (True, False):
            name = f"mail {size} {'announced' if announced else 'not announced'}"
            measured(name, lambda: hand_in(desk, client, large(client, desk.mailbox, f"P17 {name}", size * MIB), announced), code)
    for size, status in ((24, 303), (25, 303), (31, 413)):
        measured(f"form {size}", lambda: send_form(size * MIB, f"P17 form {size}"), status)
    # Two gigabytes are refused by what was announced of them: nothing of them is sent.
    with smtplib.SMTP(*desk.smtp, timeout=20) as connection:
        connection.ehlo()
        assert connection.mail(client["email"], [f"size={2 << 30}"])[0] == 552
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(http_head("multipart/form-data; boundary=x", 2 << 30))
        assert b" 413 " in connection.recv(2000).split(b"\r\n")[0]
    # Broken off after each MiB.
    message = large(client, desk.mailbox, "P17 broken off", 24 * MIB)
    kind, body = form_of(24 * MIB, "P17 broken off")
    for mib in range(1, 24):
        with socket.create_connection(desk.smtp, timeout=20) as connection:
            reader = connection.makefile("rb")
            assert reader.readline().startswith(b"220")
            for line in (b"HELO sender.example", f"MAIL FROM:<{client['email']}>".encode(), f"RCPT TO:<{desk.mailbox}>".encode(), b"DATA"):
                connection.sendall(line + b"\r\n")
                assert reader.readline()[:3] in (b"250", b"354")
            connection.sendall(message[:mib * MIB])
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            connection.sendall(http_head(kind, len(body)))
            connection.sendall(body[:mib * MIB])
    # Ten at once.
    with Memory(desk) as memory, ThreadPoolExecutor(10) as pool:
        codes = list(pool.map(lambda number: hand_in(desk, client, large(client, desk.mailbox, f"P17 together {number}", 24 * MIB)), range(10)))
    assert all(code in (250, 452) for code in codes) and 250 in codes, codes
    growth["ten at once"] = round(memory.growth / MIB, 1)
    print("P17", growth)
    desk.find("P17 mail 25 announced")
    subjects = {ticket["subject"] for ticket in desk.api("serviceManager").get("/tickets", params={"limit": 200})["items"]}
    assert "P17 form 25" in subjects and not any("26" in subject or "31" in subject or "broken off" in subject for subject in subjects), subjects
    assert leftovers(desk) <= before, leftovers(desk) - before
    # The goals are 32 MiB for each and 256 for ten at once, which are not reached (docs/reliability.md); this holds what there is.
    assert max(growth.values()) <= 512 and growth["form 31"] <= 32, growth


# How far the clock is set, one after the other, in seconds beyond the right time.
JUMPS = [3600, 0, 3 * 86_400, 3 * 86_400 - 7200]


def test_P7_a_wall_clock_that_is_set_while_the_desk_runs(demo, relay, tmp_path):
    """An hour forward and back, three days forward, two hours back, and the process stands still for a while: each rung once, none missed, each jump counted,
    audited and told, and nothing is closed."""
    desk = Desk(copy(demo(FAST), tmp_path / "desk"), "--agreement", FAST, "--relay", relay.url)
    clock = faults.Clock(tmp_path)
    desk.environment.update(clock.environment)
    try:
        desk.start()
        client, staff = desk.api("client"), desk.api("serviceManager")
        figures = lambda: requests.get(desk.http + "/metrics", timeout=10).text
        jumped = lambda: int(next(line.split()[1] for line in figures().splitlines() if line.startswith("abide_clock_jumps_total ")))
        refs = [new_ticket(client, "P7 first", urgency=1)["ref"]]
        awaiting = new_ticket(client, "P7 awaiting", urgency=4)["ref"]
        staff.post(f"/tickets/{awaiting}/suspension", {"reason": "answerAwaited"})
        for count, offset in enumerate(JUMPS, 1):
            clock.set(offset)
            eventually("the jump is seen", lambda: jumped() == count)
            refs.append(new_ticket(client, f"P7 at {offset}", urgency=1)["ref"])
        # The process stands still; the clocks go on.
        desk.process.send_signal(signal.SIGSTOP)
        time.sleep(5)
        desk.process.send_signal(signal.SIGCONT)
        rungs = lambda ref: [event["facts"]["rung"] for event in staff.events(ref) if event["type"] == "escalated"]
        # Those that were logged while the clock stood ahead have their deadlines where it stood.
        for ref in (refs[0], refs[4]):
            eventually("the whole ladder", lambda: rungs(ref) == [1, 2, 3], within=60)
        for ref in refs:
            assert rungs(ref) == sorted(set(rungs(ref))), ref
        assert jumped() == len(JUMPS)
        assert not {event["type"] for event in staff.events(awaiting)} & {"closingPrompted", "closingListed"}
        log = desk.log.read_text()
        assert log.count("the clock has jumped") == len(JUMPS)
        doubled = [one["Message-ID"] for one in relay.mails if sum(other["Message-ID"] == one["Message-ID"] for other in relay.mails) > 1]
        assert not doubled, doubled
        # By the desk's own clock: by the right one what it has put off would be still to come.
        verified = subprocess.run([ABIDE, "verify", "--all", *desk.place], env={**os.environ, **desk.environment}, capture_output=True, text=True, timeout=60)
        assert verified.returncode == 0 and "ok" in verified.stdout, verified.stderr
    finally:
        desk.kill()
