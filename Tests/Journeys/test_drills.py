"""Drills: faults that we cause on purpose, each with an outside record of what was answered. Short here; `make drill` runs the long forms and
writes their figures to .test-output/drills.jsonl."""

import json
import os
import random
import re
import shutil
import signal
import smtplib
import socket
import statistics
import subprocess
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
import requests
from desk import FAST, ROOT, Desk, copy, eventually, mail

LONG = os.environ.get("ABIDE_DRILL") == "long"


def figure(drill, **figures):
    """What was measured, for docs/reliability.md."""
    line = json.dumps({"drill": drill, "long": LONG, **figures})
    print(line)
    (ROOT / ".test-output").mkdir(exist_ok=True)
    with (ROOT / ".test-output/drills.jsonl").open("a") as file:
        file.write(line + "\n")


def every_ticket(api):
    items, cursor = [], None
    while True:
        page = api.get("/tickets", params={"limit": 200, "sort": "-logged", **({"cursor": cursor} if cursor else {})})
        items += page["items"]
        cursor = page["next"]
        if not cursor:
            return items


@pytest.fixture(params=["embedded", "postgresql"])
def desk_on_either(request):
    return request.getfixturevalue("desk") if request.param == "embedded" else request.getfixturevalue("nodes")(1)[0]


def test_drill_P1_killed_again_and_again_under_load(desk_on_either, request):
    """Kill -9 at random instants under writers by mail and API. Each tries again what was not answered, as mail servers and careful clients do."""
    desk = desk_on_either
    kills = 200 if LONG else 6
    client, mailbox = desk.account("client"), desk.mailbox
    token = desk.command("token", "create", client["email"]).strip()
    stop, lock = threading.Event(), threading.Lock()
    acknowledged, retried, restarts = [], [0], []

    def by_mail(number):
        count = 0
        while not stop.is_set():
            subject = f"P1 mail {number}-{count}"
            message = mail(client, mailbox, subject, "Site: Pit 4\n\nThe page is empty.")
            while not stop.is_set():
                try:
                    with smtplib.SMTP(*desk.smtp, timeout=10) as connection:
                        connection.send_message(message, client["email"], [mailbox])
                    with lock:
                        acknowledged.append(subject)
                    break
                except (OSError, smtplib.SMTPException):
                    retried[0] += 1
                    time.sleep(0.02)
            count += 1

    def by_api(number):
        count = 0
        while not stop.is_set():
            subject = f"P1 call {number}-{count}"
            while not stop.is_set():
                try:
                    answer = requests.post(
                        desk.http + "/api/v1/tickets", json={"subject": subject, "description": "x", "urgency": 3}, timeout=10,
                        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": subject})
                    if answer.status_code == 201:
                        with lock:
                            acknowledged.append(subject)
                        break
                    assert answer.status_code == 503, answer.text
                except requests.RequestException:
                    retried[0] += 1
                    time.sleep(0.02)
            count += 1

    writers = [threading.Thread(target=by_mail, args=(n,)) for n in range(4)] + [threading.Thread(target=by_api, args=(n,)) for n in range(2)]
    for writer in writers:
        writer.start()
    chance = random.Random(20261124)
    try:
        for _ in range(kills):
            before = len(acknowledged)
            eventually("something acknowledged", lambda: len(acknowledged) > before, within=30)
            time.sleep(chance.uniform(0, 0.4))
            desk.kill()
            started = time.monotonic()
            desk.start()
            restarts.append(time.monotonic() - started)
    finally:
        stop.set()
        for writer in writers:
            writer.join(30)
    expected = set(acknowledged)
    api = desk.api("serviceManager")
    mine = lambda: Counter(one["subject"] for one in every_ticket(api) if one["subject"].startswith("P1 "))
    eventually("a ticket for all that was acknowledged", lambda: set(mine()) >= expected, within=120)
    found = mine()
    # What was not acknowledged at the very end may be there once or not at all.
    assert not [subject for subject, count in found.items() if count != 1]
    assert "ok" in desk.command("verify", "--all")
    figure("P1", engine=request.node.callspec.params["desk_on_either"], kills=kills, acknowledged=len(expected), lost=0, doubled=0, retries=retried[0], restartMedian=round(statistics.median(restarts), 2), restartMax=round(max(restarts), 2))


def test_drill_P2_nothing_is_acknowledged_before_the_disk_has_it(desk, tmp_path):
    """strace: between the end of a mail, or of a call, and its answer the log of the database has been written and synchronised."""
    client, mailbox = desk.account("client"), desk.mailbox
    api = desk.api("client")
    trace = tmp_path / "trace"
    tracer = subprocess.Popen(["strace", "-f", "-y", "-s", "64", "-e", "trace=fdatasync,fsync,pwrite64,read,recvfrom,recvmsg,write,writev,sendto,sendmsg", "-o", trace, "-p", str(desk.process.pid)], stderr=subprocess.PIPE)
    try:
        time.sleep(0.5)
        assert tracer.poll() is None, f"strace can't attach: {tracer.stderr.read().decode()}"
        count = 1000 if LONG else 25
        for index in range(count):
            desk.send(mail(client, mailbox, f"P2 {index}", "Site: Pit 4\n\nEmpty."), client["email"])
            api.post("/tickets", {"subject": f"P2 call {index}", "description": "x", "urgency": 3})
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(20)
    written, synced, answers, wrong = False, False, 0, []
    for line in trace.read_text(errors="replace").splitlines():
        if "pwrite64(" in line and ".sqlite-wal" in line:
            written = True
        # The end of a call: either in one line, or resumed in another.
        if re.search(r"(fdatasync|fsync)(\(.*| resumed>.*)= 0$", line) and (".sqlite-wal" in line or "resumed" in line):
            synced = written
        if re.search(r'(read|recvfrom|recvmsg)\(.*(\\r\\n\.\\r\\n|POST /api/v1/tickets)', line):
            written = synced = False
        if re.search(r'(write|writev|sendto|sendmsg)\(.*(250 2\.0\.0|HTTP/1\.1 201)', line):
            answers += 1
            if not synced:
                wrong.append(line)
    assert answers >= 2 * count, f"only {answers} answers were seen in the trace"
    assert not wrong, wrong[:5]
    figure("P2", answers=answers, withoutSync=0)


def test_drill_P4_a_full_disk_is_said_and_survived(demo, tmp_path):
    """A disk that fills up: nothing is acknowledged that was not stored, reading goes on, and with room the desk goes on by itself."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "abide", disk], capture_output=True).returncode != 0:
        pytest.skip("a small disk can't be mounted here (needs root)")
    desk = Desk(copy(demo(None), disk / "data"))
    try:
        desk.start()
        client, mailbox = desk.account("client"), desk.mailbox
        api = desk.api("client")
        acknowledged, refused = [], 0
        with (disk / "ballast").open("wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(b"x" * 4096)
                    ballast.flush()
            except OSError:
                pass
        for index in range(60):
            try:
                desk.send(mail(client, mailbox, f"P4 {index}", "Site: Pit 4\n\n" + "Empty. " * 4000), client["email"])
                acknowledged.append(f"P4 {index}")
            except smtplib.SMTPResponseException as refusal:
                assert 400 <= refusal.smtp_code < 500, refusal
                refused += 1
                if refused == 3:
                    break
        assert refused == 3, "the disk was never full"
        answer = requests.post(desk.http + "/api/v1/tickets", json={"subject": "P4 call", "description": "x" * 9000, "urgency": 3}, headers=api.session.headers, timeout=20)
        assert answer.status_code in (503, 507) and answer.headers["Retry-After"]
        assert api.get("/tickets")["items"]
        eventually("unready", lambda: requests.get(desk.http + "/health/ready", timeout=10).status_code == 503, within=6)
        (disk / "ballast").unlink()
        freed = time.monotonic()
        eventually("ready again", lambda: requests.get(desk.http + "/health/ready", timeout=10).status_code == 200, within=30)
        recovered = time.monotonic() - freed
        desk.send(mail(client, mailbox, "P4 after", "Site: Pit 4\n\nEmpty."), client["email"])
        subjects = lambda: {one["subject"] for one in every_ticket(desk.api("serviceManager"))}
        eventually("all that was acknowledged", lambda: subjects() >= {*acknowledged, "P4 after"}, within=20)
        assert "ok" in desk.command("verify", "--all")
        figure("P4", acknowledged=len(acknowledged), lost=0, readyAfter=round(recovered, 2))
    finally:
        desk.kill()
        subprocess.run(["umount", "-l", disk], check=True)


def latencies(desk, seconds, path="/health/live"):
    times, until = [], time.monotonic() + seconds
    with requests.Session() as session:
        while time.monotonic() < until:
            started = time.monotonic()
            assert session.get(desk.http + path, timeout=20).status_code == 200
            times.append(time.monotonic() - started)
            time.sleep(0.01)
    times.sort()
    return times


def resident(desk):
    return int(re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{desk.process.pid}/status").read_text())[1]) // 1024


def test_drill_P16_slow_clients_hold_nobody_up(desk):
    """Hundreds of connections that send a byte now and then, to both doors; those who behave are answered as before."""
    count, seconds = (1000, 120) if LONG else (200, 8)
    before = latencies(desk, 2)
    host, port = desk.http.removeprefix("http://").split(":")
    slow = []
    try:
        for index in range(count):
            connection = socket.create_connection((host, int(port)) if index % 2 else desk.smtp, timeout=5)
            connection.setblocking(False)
            slow.append(connection)
        until, sent = time.monotonic() + seconds, 0
        done = threading.Event()

        def drip():
            while not done.wait(1):
                for connection in slow:
                    try:
                        connection.send(b"G")
                    except OSError:
                        pass

        dripping = threading.Thread(target=drip)
        dripping.start()
        during = latencies(desk, seconds)
        client, mailbox = desk.account("client"), desk.mailbox
        # Mail comes in as well, from another connection than those that are kept busy; one that is told 421 tries again.
        def delivered():
            try:
                desk.send(mail(client, mailbox, "P16 in between", "Site: Pit 4\n\nEmpty."), client["email"])
                return True
            except (OSError, smtplib.SMTPException):
                return False

        eventually("a mail in between", delivered, within=20)
        done.set()
        dripping.join()
    finally:
        for connection in slow:
            connection.close()
    p99 = lambda times: times[int(len(times) * 0.99)]
    figure("P16", sockets=count, seconds=seconds, p99Before=round(p99(before) * 1000, 1), p99During=round(p99(during) * 1000, 1), residentMB=resident(desk))
    assert p99(during) < max(2 * p99(before), 0.25)
    assert resident(desk) < 1024


def test_drill_P15_overload_is_bounded_and_over_when_it_is_over(desk):
    """Far more than can be done: what is answered with 201 is stored, what is too much is told so, memory stays small, and afterwards all is as before."""
    seconds, threads = (300, 96) if LONG else (8, 48)
    client = desk.account("client")
    token = desk.command("token", "create", client["email"]).strip()
    before = latencies(desk, 2, "/health/ready")
    done, lock, statuses, acknowledged, highest = threading.Event(), threading.Lock(), Counter(), set(), [0]

    def storm(number):
        session, count = requests.Session(), 0
        session.headers["Authorization"] = f"Bearer {token}"
        while not done.is_set():
            subject = f"P15 {number}-{count}"
            count += 1
            try:
                answer = session.post(desk.http + "/api/v1/tickets", json={"subject": subject, "description": "x", "urgency": 3}, timeout=30)
                with lock:
                    statuses[answer.status_code] += 1
                    if answer.status_code == 201:
                        acknowledged.add(subject)
            except requests.RequestException:
                with lock:
                    statuses["no answer"] += 1

    storms = [threading.Thread(target=storm, args=(n,)) for n in range(threads)]
    for one in storms:
        one.start()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        highest[0] = max(highest[0], resident(desk))
        time.sleep(0.5)
    done.set()
    for one in storms:
        one.join(60)
    assert set(statuses) <= {201, 429, 503}, statuses
    after = latencies(desk, 3, "/health/ready")
    subjects = Counter(one["subject"] for one in every_ticket(desk.api("serviceManager")) if one["subject"].startswith("P15 "))
    assert set(subjects) >= acknowledged and max(subjects.values()) == 1
    p95 = lambda times: times[int(len(times) * 0.95)]
    figure("P15", threads=threads, seconds=seconds, statuses={str(key): value for key, value in statuses.items()}, perSecond=round(statuses[201] / seconds), highestMB=highest[0], p95Before=round(p95(before) * 1000, 1), p95After=round(p95(after) * 1000, 1))
    assert highest[0] < 1024 and p95(after) < max(4 * p95(before), 0.2)


def test_drill_P10_three_nodes_share_thousands_of_timers(postgresql, tmp_path):
    """Thousands of timers that are due at once, three nodes, one killed in the middle: each effect once, none missed."""
    tickets = 10_000 if LONG else 600
    url = postgresql.database()
    nodes = [Desk(tmp_path / f"node{index}", "--agreement", FAST, database=url) for index in range(3)]
    try:
        nodes[0].options += ("--demo",)
        nodes[0].start()
        nodes[0].stop()
        for node in nodes[1:]:
            shutil.copytree(nodes[0].data / "keys", node.data / "keys")
        nodes[0].command("demo", "--tickets", tickets)
        # All that is not due yet is due now.
        due = int(postgresql.run("UPDATE timer SET due_at = 0; SELECT COUNT(*) FROM timer", url))
        started = time.monotonic()
        for node in nodes:
            node.start()
        nodes[2].kill()
        left = lambda: int(postgresql.run("SELECT COUNT(*) FROM timer WHERE due_at < EXTRACT(EPOCH FROM now()) - 2", url))
        eventually("no timer left behind", lambda: left() == 0, within=600 if LONG else 90)
        seconds = time.monotonic() - started
        doubled = postgresql.run("SELECT ticket, fact::json->'escalated', COUNT(*) FROM ticket_event WHERE type IN ('escalated', 'targetMissed') GROUP BY ticket, type, fact HAVING COUNT(*) > 1".replace("fact::json->'escalated'", "fact"), url)
        assert doubled == "", doubled[:800]
        assert "ok" in nodes[0].command("verify", "--all")
        figure("P10", tickets=tickets, timersDue=due, seconds=round(seconds, 1), doubled=0, leftBehind=0)
    finally:
        for node in nodes:
            node.kill()


def test_drill_P20_a_stop_under_load_answers_what_is_under_way(desk):
    """SIGTERM in the middle of mails and calls: each is answered or told to come back, and the desk is gone in under five seconds."""
    client, mailbox = desk.account("client"), desk.mailbox
    stop, acknowledged, lock = threading.Event(), [], threading.Lock()

    def sender(number):
        count = 0
        while not stop.is_set():
            subject = f"P20 {number}-{count}"
            try:
                desk.send(mail(client, mailbox, subject, "Site: Pit 4\n\nEmpty."), client["email"])
                with lock:
                    acknowledged.append(subject)
            except smtplib.SMTPResponseException as refusal:
                assert 400 <= refusal.smtp_code < 500, refusal
            except (OSError, smtplib.SMTPException):
                stop.wait(0.02)
            count += 1

    senders = [threading.Thread(target=sender, args=(n,)) for n in range(4)]
    for one in senders:
        one.start()
    eventually("some mails", lambda: len(acknowledged) > 20, within=30)
    seconds = desk.stop()
    stop.set()
    for one in senders:
        one.join(20)
    assert seconds < 5
    desk.start()
    api = desk.api("serviceManager")
    eventually("all that was acknowledged", lambda: {one["subject"] for one in every_ticket(api)} >= set(acknowledged), within=30)
    figure("P20", seconds=round(seconds, 2), acknowledged=len(acknowledged), lost=0)
