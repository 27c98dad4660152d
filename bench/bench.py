#!/usr/bin/env python3
"""Measures Abide beside its ceilings on the same machine, in one run; prints a table and writes JSON.

Every figure of the desk has a ceiling measured minutes apart: pages against the bare HTTP server of the same binary, mail
against raw fdatasyncs of the same disk. The rounds of both sides alternate, and the median counts, so that a machine that
is busy for a moment slows both.
"""
import argparse
import contextlib
import http.client
import json
import os
import platform
import re
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

CONNECTIONS = 8
ROUNDS = 3
PAGE_SECONDS = 4
MAIL_SECONDS = 6
TICKETS = 10_000


def say(text):
    print(f"  … {text}", file=sys.stderr, flush=True)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def request(port, method, path, headers=None, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    text = answer.read().decode(errors="replace")
    connection.close()
    return answer, text


class Server:
    """`abide serve` or `abide bench-bare` on free ports, and the seconds until its first answer."""

    def __init__(self, arguments, probe, log, smtp=False):
        self.port, self.smtp = free_port(), free_port()
        doors = ["--http", f"127.0.0.1:{self.port}"] + (["--smtp", f"127.0.0.1:{self.smtp}"] if smtp else [])
        self.log = open(log, "ab")
        started = time.monotonic()
        self.process = subprocess.Popen([*arguments, *doors], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.log)
        while True:
            try:
                answer, _ = request(self.port, "GET", probe)
                if answer.status < 400:
                    break
            except OSError:
                pass
            if self.process.poll() is not None or time.monotonic() - started > 120:
                sys.exit(f"{' '.join(map(str, arguments))} does not answer; its log: {log}")
            time.sleep(0.002)
        self.first_answer = time.monotonic() - started

    def resident_megabytes(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


def psql(url, sql):
    return subprocess.run(["psql", "-qAtX", url, "-c", sql], capture_output=True, text=True, check=True).stdout.strip()


class PostgreSQL:
    """A server of one's own on the disk that is measured, with every commit on it."""

    def __init__(self, folder):
        script = Path(__file__).resolve().parent.parent / "scripts/postgres"
        self.process = subprocess.Popen(
            [script, "-c", "fsync=on", "-c", "shared_buffers=256MB"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "ABIDE_POSTGRES_FOLDER": str(folder.parent)})
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            sys.exit("PostgreSQL did not start; what it said stands above")

    def inserts(self):
        """pgbench's own figure for the least that keeps a mail: one row of 2 KB, committed."""
        psql(self.url, "CREATE TABLE bench_mail (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, raw BYTEA)")
        script = Path(tempfile.mkstemp(suffix=".sql")[1])
        script.write_text("INSERT INTO bench_mail (raw) VALUES (convert_to(repeat('x', 2048), 'UTF8'));\n")
        pgbench = max(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
        said = subprocess.run(
            [pgbench, "-n", "-M", "prepared", "-c", str(CONNECTIONS), "-j", "2", "-T", "5", "-f", script, self.url], capture_output=True, text=True, check=True).stdout
        script.unlink()
        psql(self.url, "DROP TABLE bench_mail")
        return float(re.search(r"tps = ([\d.]+)", said)[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(20)


def wrk(port, path, cookie=None, seconds=PAGE_SECONDS):
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    if cookie:
        command += ["-H", f"Cookie: {cookie}"]
    text = subprocess.run([*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        sys.exit(f"{path} did not always answer 200:\n{text}")

    def milliseconds(percentile):
        value, unit = re.search(rf"{percentile}%\s+([\d.]+)(us|ms|s)", text).groups()
        return float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]

    return {"perSecond": float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]), "p50ms": milliseconds(50), "p99ms": milliseconds(99)}


def median(rounds):
    return {key: statistics.median(one[key] for one in rounds) for key in rounds[0]}


class Bench:
    def __init__(self, abide, load, results):
        self.abide, self.load, self.results = Path(abide).resolve(), Path(load).resolve(), Path(results)
        # In the tree and not in /tmp, which is often no real disk.
        self.folder = Path(tempfile.mkdtemp(prefix="bench-", dir=self.results.resolve()))
        self.data = self.folder / "data"
        self.rows = []
        self.figures = {}
        # The URL of a database while the desk is measured on PostgreSQL.
        self.database = None

    @property
    def place(self):
        return ["--database", self.database, "--keys", self.folder / "keys"] if self.database else ["--data", self.data]

    def row(self, name, value, unit, ceiling=None, bar=None, at_most=None, note=""):
        """`bar`: the least ratio to the ceiling (or the least value without one); `at_most`: the largest value."""
        if self.database:
            name = "PostgreSQL: " + name
        ratio = value / ceiling if ceiling else None
        good = (at_most is None or value <= at_most) and (bar is None or (ratio if ceiling else value) >= bar)
        self.rows.append({"name": name, "value": value, "unit": unit, "ceiling": ceiling, "ratio": ratio, "bar": bar, "atMost": at_most, "reached": good, "note": note})

    def command(self, *arguments):
        return subprocess.run([self.abide, *arguments, *self.place], capture_output=True, text=True, check=True).stdout

    def loader(self, *arguments, attachment=0):
        done = subprocess.run([self.load, *map(str, arguments)], capture_output=True, text=True, env={**os.environ, "ATTACHMENT": str(attachment)})
        if done.returncode:
            sys.exit(f"load {arguments[0]}: {done.stderr or done.stdout}")
        return json.loads(done.stdout)

    def serve(self):
        return Server([self.abide, "serve", "--demo", *self.place], "/health/ready", self.folder / "abide.log", smtp=True)

    def run(self):
        self.syncs = statistics.median(self.loader("fsync", self.folder / "sync", 2)["perSecond"] for _ in range(ROUNDS))
        self.row("raw fdatasync of 2 KB", self.syncs, "/s")
        self.desk()
        self.clock()
        self.reading()
        with PostgreSQL(self.folder) as server:
            say("the same on PostgreSQL")
            inserts = server.inserts()
            self.database = server.url
            self.row("inserts of 2 KB, each committed, 8 connections", inserts, "/s")
            self.figures = {"embedded": self.figures}
            self.desk()
            self.figures = {**self.figures.pop("embedded"), "postgresql": self.figures}
            self.database = None

    def desk(self):
        """The figures of one engine."""
        say("a demo desk")
        self.serve().stop()
        self.accounts = [json.loads(line) for line in self.command("demo", "accounts").splitlines()]
        self.token = self.command("token", "create", self.account("administrator")["email"]).strip()
        say(f"{TICKETS} tickets")
        started = time.monotonic()
        self.command("demo", "--tickets", str(TICKETS))
        self.row("demo tickets made", TICKETS / (time.monotonic() - started), "/s", bar=3000)
        self.starts()
        desk = self.serve()
        try:
            self.pages(desk)
            self.row(f"resident, {TICKETS} tickets, after load", desk.resident_megabytes(), "MB", at_most=100)
            self.mails(desk)
        finally:
            desk.stop()

    def account(self, role):
        return next(one for one in self.accounts if one["role"] == role)

    def starts(self):
        say("starts")
        times = []
        for _ in range(5):
            desk = self.serve()
            times.append(desk.first_answer)
            desk.stop()
        self.row("start to first answer", statistics.median(times), "s", at_most=0.3)

    # Pages

    def sign_in(self, port):
        """The session cookie and the path of the list, by the form that people use."""
        agent = self.account("agent")
        answer, page = request(port, "GET", "/sign-in")
        cookies = dict(re.findall(r"^([^=]+)=([^;]+)", line)[0] for line in answer.headers.get_all("Set-Cookie") or [])
        fields = dict(re.findall(r'<input type="?hidden"? name="([^"]+)" value="([^"]*)"', page))
        fields |= {"email": agent["email"], "password": agent["password"]}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{port}", "Sec-Fetch-Site": "same-origin"}
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        answer, _ = request(port, "POST", "/sign-in", headers, urllib.parse.urlencode(fields))
        if answer.status not in (302, 303):
            sys.exit(f"signing in answered {answer.status}")
        cookies |= dict(re.findall(r"^([^=]+)=([^;]+)", line)[0] for line in answer.headers.get_all("Set-Cookie") or [])
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return cookie, urllib.parse.urlsplit(answer.headers["Location"]).path

    def pages(self, desk):
        cookie, path = self.sign_in(desk.port)
        for _ in range(3):
            answer, page = request(desk.port, "GET", path, {"Cookie": cookie})
            if answer.status not in (302, 303):
                break
            path = urllib.parse.urlsplit(answer.headers["Location"]).path
        links = list(dict.fromkeys(re.findall(r'href="([^"#?]*ABD-\d+)"', page)))
        if answer.status != 200 or len(links) < 50:
            sys.exit(f"{path} answered {answer.status} with {len(links)} tickets; 50 expected")
        # One from the middle of the list: neither the longest missed nor one without a clock.
        ticket = links[len(links) // 2]
        bare = Server([self.abide, "bench-bare"], "/", self.folder / "bare.log")
        results = {"bare": [], "list": [], "ticket": []}
        try:
            for name in results:
                wrk(*self.target(name, bare, desk, path, ticket, cookie), seconds=1)
            for number in range(ROUNDS):
                say(f"pages, round {number + 1} of {ROUNDS}")
                for name in results:
                    results[name].append(wrk(*self.target(name, bare, desk, path, ticket, cookie)))
        finally:
            bare.stop()
        bare_figures, list_figures, ticket_figures = (median(results[name]) for name in ("bare", "list", "ticket"))
        self.figures["pages"] = {"listPath": path, "listBytes": len(page), "ticketPath": ticket, "bare": bare_figures, "list": list_figures, "ticket": ticket_figures}
        self.row("bare HTTP server, constant", bare_figures["perSecond"], "/s")
        self.row("bare HTTP server, p50", bare_figures["p50ms"], "ms")
        self.row("bare HTTP server, p99", bare_figures["p99ms"], "ms")
        for name, figures, bar in (("list of 50", list_figures, 1 / 10), ("ticket page", ticket_figures, 1 / 8)):
            self.row(name, figures["perSecond"], "/s", ceiling=bare_figures["perSecond"], bar=bar)
            self.row(f"{name}, p50", figures["p50ms"], "ms")
            self.row(f"{name}, p99", figures["p99ms"], "ms", at_most=10)

    @staticmethod
    def target(name, bare, desk, path, ticket, cookie):
        return {"bare": (bare.port, "/", None), "list": (desk.port, path, cookie), "ticket": (desk.port, ticket, cookie)}[name]

    # Mail

    def mails(self, desk):
        senders = [one["email"] for one in self.accounts if one["client"]]
        mailbox = json.loads(request(desk.port, "GET", "/api/v1/desk", {"Authorization": f"Bearer {self.token}"})[1])["mailbox"]

        def hand_in(seconds, rate, attachment=0):
            return self.loader("smtp", "127.0.0.1", desk.smtp, CONNECTIONS, seconds, rate, mailbox, *senders, attachment=attachment)

        say("mail, as fast as it is taken")
        hand_in(1, 0)
        self.drained()
        before = self.intake()["registered"]
        started = time.monotonic()
        flat_out = hand_in(MAIL_SECONDS, 0)
        behind = self.intake()["waiting"]
        self.drained()
        overall = (self.intake()["registered"] - before) / (time.monotonic() - started)
        say("mail, at half the rate at which it was taken, and registered meanwhile")
        half = flat_out["perSecond"] / 2
        first = self.intake()
        samples = [(time.monotonic(), first["registered"], first["waiting"])]
        pacing = subprocess.Popen(
            [self.load, "smtp", "127.0.0.1", str(desk.smtp), str(CONNECTIONS), str(MAIL_SECONDS), str(half), mailbox, *senders], stdout=subprocess.PIPE)
        while pacing.poll() is None:
            time.sleep(0.2)
            now = self.intake()
            samples.append((time.monotonic(), now["registered"], now["waiting"]))
        paced = json.loads(pacing.communicate()[0])
        # The last sample was taken after the senders had ended: the rate is that of the time in which they sent.
        sending = [sample for sample in samples if sample[0] - samples[0][0] <= paced["seconds"]]
        registered = (sending[-1][1] - sending[0][1]) / (sending[-1][0] - sending[0][0])
        waiting = [sample[2] for sample in sending]
        growth = max(waiting[len(waiting) // 2:]) - max(waiting[: len(waiting) // 2])
        self.figures["mail"] = {"flatOut": flat_out, "waitingAfterFlatOut": behind, "flatOutRegistered": overall, "paced": paced, "pacedRegistered": registered, "waiting": waiting}
        self.row("mail accepted durably", flat_out["perSecond"], "/s", ceiling=self.syncs, bar=1 / 3, note=f"p50 {flat_out['p50ms']:.2f} ms, p99 {flat_out['p99ms']:.2f} ms")
        self.row("mail registered as tickets", registered, "/s", ceiling=flat_out["perSecond"], bar=0.49, note=f"taken at {paced['perSecond']:.0f}/s meanwhile")
        self.row("waiting mail, growth in the second half", growth, "mails", at_most=max(half / 5, 20))

        say("mail with attachments of 200 KB")
        large = hand_in(MAIL_SECONDS, 0, attachment=200_000)
        self.figures["mail"]["large"] = large
        disk = self.loader("fsync", self.folder / "sync", 2, attachment=200_000)["perSecond"] * 0.202
        self.row("mail of 200 KB accepted durably", large["perSecond"] * 0.202, "MB/s", ceiling=disk, bar=min(60, disk) / disk, note="the ceiling writes it once; the desk also files the attachment meanwhile")

    def intake(self):
        """How many mails became tickets and how many wait, read beside the running desk."""
        if self.database:
            lines = psql(self.database, "SELECT state, count(*) FROM mail_in GROUP BY state").splitlines()
            states = {state: int(count) for state, count in (line.split("|") for line in lines)}
            return {"registered": states.get("registered", 0), "waiting": states.get("received", 0)}
        (file,) = self.data.glob("*.sqlite")
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
            states = dict(database.execute("SELECT state, count(*) FROM mail_in GROUP BY state"))
        return {"registered": states.get("registered", 0), "waiting": states.get("received", 0)}

    def drained(self):
        deadline = time.monotonic() + 120
        while self.intake()["waiting"] > 0:
            if time.monotonic() > deadline:
                sys.exit("the mail that waits is not registered within two minutes")
            time.sleep(0.05)

    # Clock

    def clock(self):
        say("clock questions")
        answer = subprocess.run([self.abide, "bench-clock"], capture_output=True, text=True, check=True).stdout
        figures = json.loads(answer)
        self.figures["clock"] = figures
        for question in ("add", "between"):
            self.row(f"clock, {question}", figures[question], "/s a core", bar=20e6)

    # Reading

    def reading(self):
        say("mail, read")
        figures = json.loads(subprocess.run([self.abide, "bench-mail"], capture_output=True, text=True, check=True).stdout)
        self.figures["reading"] = figures
        self.row(f"mail read, multipart of {figures['multipartBytes'] / 1000:.0f} KB", figures["multipart"], "/s a core", bar=3000)
        self.row("mail read, attachment of 200 KB", figures["largeMegabytes"], "MB/s a core", bar=60)
        self.row("extra memory of an attachment of 10 MB", figures["extraMegabytes"], "MB", at_most=32)

    # Telling

    def report(self):
        def number(value):
            return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"

        lines = [("figure", "measured", "ceiling", "ratio", "bar", "")]
        for row in self.rows:
            bar = f"≤ {number(row['atMost'])} {row['unit']}" if row["atMost"] is not None else ""
            if row["bar"] is not None:
                bar = f"≥ {row['bar']:.3f}" if row["ceiling"] else f"≥ {number(row['bar'])} {row['unit']}"
            verdict = "" if not bar else "reached" if row["reached"] else "BELOW"
            ceiling = f"{number(row['ceiling'])} {row['unit']}" if row["ceiling"] else ""
            ratio = f"{row['ratio']:.3f}" if row["ratio"] is not None else ""
            lines.append((row["name"], f"{number(row['value'])} {row['unit']}", ceiling, ratio, bar, " ".join(filter(None, (verdict, row["note"])))))
        widths = [max(len(line[column]) for line in lines) for column in range(5)]
        print()
        for line in lines:
            print("  ".join([line[0].ljust(widths[0]), *(line[column].rjust(widths[column]) for column in range(1, 5)), line[5]]).rstrip())
        machine = {"cores": os.cpu_count(), "system": platform.platform(), "processor": processor()}
        path = self.results / time.strftime("%Y%m%dT%H%M%SZ.json", time.gmtime())
        path.write_text(json.dumps({"machine": machine, "rows": self.rows, "figures": self.figures}, indent=1) + "\n")
        print(f"\n{machine['cores']} cores, {machine['processor']}. The same for machines: {path}")

    def clean(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def processor():
    found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    return found[1] if found else platform.machine()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--abide", required=True)
    parser.add_argument("--load", required=True)
    parser.add_argument("--results", required=True)
    bench = Bench(**vars(parser.parse_args()))
    try:
        bench.run()
    finally:
        bench.clean()
    bench.report()
