"""What must not be told: to streams, to those who guess, to those who ask whether an account exists."""

import json
import secrets
import statistics
import threading
import time

import requests

from desk import eventually, new_ticket

ROLES = ("client", "primaryContact", "standIn", "agent", "departmentLead", "serviceManager", "clientServicesManager", "agreementManager", "management", "administrator")


def test_S5_a_stream_tells_each_role_of_what_it_could_read_and_of_nothing_else(desk):
    """Every role listens while tickets of both clients live; each event is one that its reader gets by reading."""
    heard = {}

    def listen(who, session):
        stream = session.get(desk.http + "/api/v1/stream", stream=True, timeout=60)
        assert stream.status_code == 200, f"{who}: {stream.status_code}"
        heard[who] = []

        def read():
            try:
                for line in stream.iter_lines(chunk_size=1):
                    if line.startswith(b"data:"):
                        heard[who].append(json.loads(line[5:])["ref"])
            except (requests.RequestException, AttributeError, ValueError):
                pass

        threading.Thread(target=read, daemon=True).start()

    readers = {(role, client): desk.api(role, client) for role in ROLES for client in (0, 1) if client == 0 or role in ("client", "primaryContact", "standIn")}
    for who, api in readers.items():
        listen(who, api.session)
    assert requests.get(desk.http + "/api/v1/stream", timeout=10).status_code == 401
    refs = []
    for client in (0, 1):
        ref = new_ticket(desk.api("client", client), urgency=2)["ref"]
        desk.api("agent").post(f"/tickets/{ref}/messages", {"body": "A note.", "visibility": "internal"}, expect=201)
        desk.api("agent").put(f"/tickets/{ref}/tags", {"add": "inside"})
        desk.api("agent").post(f"/tickets/{ref}/messages", {"body": "We look at it."}, expect=201)
        refs.append(ref)
    eventually("all is told", lambda: all(ref in heard[("serviceManager", 0)] for ref in refs))
    eventually("the clients are told", lambda: all(refs[client] in heard[("client", client)] for client in (0, 1)))
    for who, api in readers.items():
        for ref in set(heard[who]):
            assert api.session.get(f"{desk.http}/api/v1/tickets/{ref}", timeout=10).status_code == 200, f"{who} heard of {ref}, which it may not read"
    assert refs[1] not in heard[("client", 0)] and refs[0] not in heard[("primaryContact", 1)]


def test_S7_references_open_nothing_and_guessed_links_are_stopped(desk):
    ref = new_ticket(desk.api("client"), urgency=2)["ref"]
    for path in (f"/tickets/{ref}", f"/portal/tickets/{ref}", f"/t/{ref}"):
        answer = requests.get(desk.http + path, allow_redirects=False, timeout=10)
        assert answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in"), path
    statuses = []
    for number in range(60):
        path = ("/invitation/", "/password-reset/", "/new-address/", "/a/")[number % 4]
        statuses.append(requests.get(desk.http + path + secrets.token_hex(32), timeout=10).status_code)
    assert set(statuses) == {404, 429} and statuses[:30] == [404] * 30 and statuses[-1] == 429


def test_S25_nobody_learns_by_asking_whether_an_account_exists(desk):
    known = desk.account("client")["email"]

    def answers(make, tries):
        found, times = set(), []
        for number in range(tries):
            started = time.monotonic()
            answer = make(number)
            times.append(time.monotonic() - started)
            found.add((answer.status_code, len(answer.content)))
        return found, times

    def sign_in(email):
        return requests.post(desk.http + "/sign-in", data={"email": email, "password": "not the password"}, headers={"Origin": desk.http}, allow_redirects=False, timeout=20)

    def reset(email):
        return requests.post(desk.http + "/password-reset", data={"email": email}, headers={"Origin": desk.http}, allow_redirects=False, timeout=20)

    # As long as the known one, which the page repeats.
    unknown = "x" * len(known.split("@")[0]) + "@" + known.split("@")[1]
    (of_known, slow), (of_unknown, fast) = answers(lambda _: sign_in(known), 4), answers(lambda _: sign_in(unknown), 4)
    assert of_known == of_unknown and len(of_known) == 1 and next(iter(of_known))[0] == 401
    # The password is worked on where there is none: without that an unknown name is answered in a hundredth of the time.
    assert statistics.median(fast) > statistics.median(slow) / 4
    (of_known, _), (of_unknown, _) = answers(lambda _: reset(known), 3), answers(lambda _: reset(unknown), 3)
    assert of_known == of_unknown and {status for status, _ in of_known} == {200}
