"""Several nodes on one PostgreSQL: whatever happens to one, the desk goes on; nothing is lost and nothing happens twice."""

import contextlib
import os
import signal
import smtplib
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import requests
from desk import FAST, Api, Desk, eventually, instant, mail, new_ticket


def test_P10_three_nodes_one_desk(nodes, relay):
    """Sessions, idempotency, live updates, clocks and mails are shared; a node killed and one stopped are followed by the others."""
    one, two, three = nodes(3, "--agreement", FAST, "--relay", relay.url)
    email = one.account("client")["email"]
    token = one.command("token", "create", email).strip()
    api = [Api(node.http, token) for node in (one, two, three)]
    staff = one.api("serviceManager")

    # A token, a ticket and an idempotency key of one node count on the others.
    key = {"Idempotency-Key": "once"}
    body = {"subject": "Asked of three nodes", "description": "No data.", "urgency": 3, "fields": {}}
    refs = {one_of.post("/tickets", body, headers=key)["ref"] for one_of in api}
    assert len(refs) == 1

    # Someone signed in on one node is signed in on the others, and signed out everywhere within five seconds.
    browser = requests.Session()
    account = one.account("agent")
    page = browser.get(one.http + "/sign-in")
    csrf = page.text.split('name="csrf" value="')[1].split('"')[0] if 'name="csrf"' in page.text else None
    browser.post(one.http + "/sign-in", data={"email": account["email"], "password": account["password"], **({"csrf": csrf} if csrf else {})}, headers={"Origin": one.http})
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)
    for node in (one, two, three):
        assert requests.get(node.http + "/tickets", headers={"Cookie": cookies}, allow_redirects=False).status_code == 200

    # What one node does, a reader of another's stream hears within a second.
    heard = []

    def listen():
        with requests.get(three.http + "/api/v1/stream", headers={"Authorization": f"Bearer {staff.session.headers['Authorization'].split()[1]}"}, stream=True, timeout=20) as stream:
            # The node is killed later on, in the middle of an answer.
            with contextlib.suppress(requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError):
                for line in stream.iter_lines():
                    heard.append((time.monotonic(), line.decode()))
                    if len(heard) > 200:
                        return

    threading.Thread(target=listen, daemon=True).start()
    eventually("the stream's first line", lambda: heard)
    said = time.monotonic()
    ref = new_ticket(api[0])["ref"]
    when = eventually("the ticket on another node's stream", lambda: next((at for at, line in heard if ref in line), None))
    assert when - said < 2

    # Tickets whose clocks run out on all nodes at once; meanwhile one node is killed and one stands still past its lease.
    made = [new_ticket(api[index % 3], f"Due on three nodes {index}", urgency=1)["ref"] for index in range(30)]
    three.kill()
    os.kill(two.process.pid, signal.SIGSTOP)
    try:
        def missed():
            return [ref for ref in made if any(event["type"] == "escalated" and event["facts"]["clock"] == "response" and event["facts"]["rung"] == 2 for event in staff.events(ref))]

        eventually("the second rung of all", lambda: len(missed()) == len(made), within=60)
    finally:
        os.kill(two.process.pid, signal.SIGCONT)
    for ref in made:
        events = [event for event in staff.events(ref) if event["type"] in ("targetMissed", "escalated")]
        twice = [what for what, count in Counter((event["type"], event["facts"]["clock"], event["facts"].get("rung")) for event in events).items() if count > 1]
        assert not twice, (ref, twice)
        # In time on the node that was left: within 15 s of the rung's own instant.
        for event in events:
            if event["type"] == "escalated":
                assert (instant(event["recordedAt"]) - instant(event["facts"]["dueAt"])).total_seconds() <= 15
    # Each mail left once, whichever node sent it; the one that a node was sending when it went may have left twice, as the same message.
    eventually("the mails of all", lambda: all(relay.about(ref, "escalated") for ref in made), within=30)
    doubled = [ident for ident, count in Counter(mail["Message-ID"] for mail in relay.mails).items() if count > 1]
    assert len(doubled) <= 2, doubled
    assert "ok" in one.command("verify", "--all")


def test_P1_P6_the_database_goes_away_and_comes_back(nodes, postgresql):
    """While it is away nothing is acknowledged and nothing refused for good; afterwards the desk goes on by itself."""
    [node] = nodes(1)
    client, mailbox = node.account("client"), node.mailbox
    name = node.database.split("@/")[1].split("?")[0]
    api = node.api("client")
    new_ticket(api)
    # No connection is let in, and those that stand are cut: the same as a server that restarts.
    postgresql.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    postgresql.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    away = time.monotonic()
    eventually("unready", lambda: requests.get(node.http + "/health/ready", timeout=10).status_code == 503, within=6)
    assert requests.get(node.http + "/health/live", timeout=5).status_code == 200
    answer = requests.post(node.http + "/api/v1/tickets", json={"subject": "Away", "description": "x", "urgency": 3}, headers=api.session.headers, timeout=30)
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    with smtplib.SMTP(*node.smtp, timeout=40) as connection:
        try:
            connection.send_message(mail(client, mailbox, "While it was away", "Site: Pit 4\n\nEmpty."), client["email"], [mailbox])
            assert False, "acknowledged without a store"
        except smtplib.SMTPResponseException as refusal:
            assert 400 <= refusal.smtp_code < 500, refusal
    postgresql.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    back = time.monotonic()
    eventually("ready", lambda: requests.get(node.http + "/health/ready", timeout=10).status_code == 200, within=10)
    print(f"away {back - away:.1f} s, ready {time.monotonic() - back:.1f} s after")
    node.send(mail(client, mailbox, "After it was back", "Site: Pit 4\n\nEmpty."), client["email"])
    node.find("After it was back")
    assert "ok" in node.command("verify", "--all")


def test_P5_a_database_that_only_reads(nodes, postgresql):
    """As a replica, or a server that was set so: pages and the API read, whatever changes anything is put off, and within ten seconds of its taking writes again all goes on."""
    [node] = nodes(1)
    client, mailbox = node.account("client"), node.mailbox
    name = node.database.split("@/")[1].split("?")[0]
    api, staff = node.api("client"), node.api("serviceManager")
    ref = new_ticket(api)["ref"]
    cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    postgresql.run(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    postgresql.run(cut)
    eventually("unready", lambda: requests.get(node.http + "/health/ready", timeout=20).status_code == 503, within=10)
    assert staff.get(f"/tickets/{ref}")["ref"] == ref and staff.get("/tickets", params={"limit": 5})["items"]
    body = {"subject": "P5", "description": "x", "urgency": 3}
    answer = requests.post(node.http + "/api/v1/tickets", json=body, headers=api.session.headers, timeout=30)
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    try:
        node.send(mail(client, mailbox, "While it only read", "Site: Pit 4\n\nEmpty."), client["email"], mailbox)
        assert False, "acknowledged by a store that takes no writes"
    except smtplib.SMTPResponseException as refusal:
        assert refusal.smtp_code == 451, refusal
    postgresql.run(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    postgresql.run(cut)
    eventually("ready", lambda: requests.get(node.http + "/health/ready", timeout=20).status_code == 200, within=10)
    node.send(mail(client, mailbox, "After it only read", "Site: Pit 4\n\nEmpty."), client["email"], mailbox)
    node.find("After it only read")


def test_P14_nodes_that_start_at_once_make_the_tables_once(tmp_path, postgresql):
    """Four nodes of one empty database, started in the same moment: one makes the tables, and all serve one desk."""
    url = postgresql.database()
    first = Desk(tmp_path / "node0", database=url)
    nodes = [first] + [Desk(tmp_path / f"node{index}", database=url) for index in range(1, 4)]
    for node in nodes:
        # The key is the desk's and not the node's: it is there before.
        (node.data / "keys").mkdir(parents=True)
        (node.data / "keys/desk.key").write_bytes(bytes([7]) * 32)
    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda node: node.start(), nodes))
        assert all(requests.get(node.http + "/health/ready", timeout=10).status_code == 200 for node in nodes)
        versions = postgresql.run("SELECT COUNT(*), COUNT(DISTINCT version), MAX(version) FROM schema_version", url).split("|")
        assert len(set(versions)) == 1, versions
    finally:
        for node in nodes:
            node.kill()
