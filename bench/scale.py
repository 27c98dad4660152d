#!/usr/bin/env python3
"""How a desk with very many tickets answers beside one with 10,000: lists, tickets and searches, one after the other, on one engine.

    python3 bench/scale.py --abide .build/release/abide --tickets 1000000 --folder /var/tmp/scale [--postgresql]

The folder must have some 15 GB. Prints a line of JSON for each store: seconds to make it, milliseconds at p50 and p99.
"""
import argparse
import http.client
import json
import random
import re
import shutil
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import bench  # noqa: E402

LISTS = [
    "/tickets", *("/tickets?" + urllib.parse.urlencode({"q": text}) for text in (
        "is:open", "assignee:me", "is:unassigned", "status:awaitingclient", "is:escalated", "sort:-logged", "sort:updated", "severity:2", "severity:3 sort:-logged", "status:closed", "due:<4h")),
]
SEARCHES = ["conveyor", "reactor data", "historian midnight", "plant 7", "kiln blank", "status:open crusher", "severity:2 dosing", "weigh", "furnace tag", "nothingofthekind", "due:<4h shift", "batch report late"]


def latencies(session, paths):
    times = []
    for path in paths:
        started = time.perf_counter()
        session.request("GET", path, headers=session.fields)
        answer = session.getresponse()
        answer.read()
        times.append((time.perf_counter() - started) * 1000)
        if answer.status != 200:
            sys.exit(f"{path}: {answer.status}")
    times.sort()
    return {"p50": round(times[len(times) // 2], 2), "p99": round(times[int(len(times) * 0.99)], 2), "count": len(times)}


def measure(abide, folder, tickets, url):
    folder.mkdir()
    place = ["--database", url, "--keys", folder / "keys"] if url else ["--data", folder / "data"]
    started = time.monotonic()
    made = subprocess.run([abide, "demo", "--tickets", str(tickets), *place], capture_output=True, text=True)
    if made.returncode:
        sys.exit(made.stderr)
    seconds = time.monotonic() - started
    said = [line for line in made.stderr.splitlines() if " of " not in line]
    accounts = [json.loads(line) for line in subprocess.run([abide, "demo", "accounts", *place], capture_output=True, text=True, check=True).stdout.splitlines()]
    desk = bench.Server([abide, "serve", *place], "/health/ready", folder / "log")
    try:
        me = bench.Bench.__new__(bench.Bench)
        me.accounts = accounts
        cookie, _ = me.sign_in(desk.port)
        session = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=60)
        session.fields = {"Cookie": cookie}
        dice = random.Random(7)
        refs = [f"/tickets/ABD-{1020 + dice.randrange(tickets - 30)}" for _ in range(600)]
        lists = [dice.choice(LISTS) for _ in range(600)]
        searches = ["/tickets?" + urllib.parse.urlencode({"q": dice.choice(SEARCHES)}) for _ in range(300)]
        # Once to warm up, as a desk that has been open since the morning.
        for some in (lists[:40], refs[:40], searches[:40]):
            latencies(session, some)
        figures = {"list": latencies(session, lists), "ticket": latencies(session, refs), "search": latencies(session, searches)}
        figures |= {"firstAnswerSeconds": round(desk.first_answer, 2), "residentMB": round(desk.resident_megabytes())}
    finally:
        desk.stop()
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) if not url else int(bench.psql(url, "SELECT pg_database_size(current_database())"))
    print(json.dumps({"engine": "postgresql" if url else "embedded", "tickets": tickets, "seconds": round(seconds), "perSecond": round(tickets / seconds), "gigabytes": round(size / 1e9, 2), **figures, "said": said}), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--abide", required=True)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    root = Path(given.folder).resolve()
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    root.chmod(0o755)
    try:
        for count in (10_000, given.tickets):
            if given.postgresql:
                with bench.PostgreSQL(root / "x") as server:
                    measure(Path(given.abide).resolve(), root / str(count), count, server.url)
            else:
                measure(Path(given.abide).resolve(), root / str(count), count, None)
            shutil.rmtree(root / str(count), ignore_errors=True)
    finally:
        shutil.rmtree(root, ignore_errors=True)
