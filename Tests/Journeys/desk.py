"""A real desk for one test: `abide serve` on free ports with a folder of its own, and the ways to reach it."""

import json
import os
import re
import shutil
import signal
import smtplib
import socket
import subprocess
import time
from datetime import datetime, timezone
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import requests
from aiosmtpd.controller import Controller

ROOT = Path(__file__).resolve().parents[2]
ABIDE = Path(os.environ.get("ABIDE", ROOT / ".build/debug/abide"))
FAST = ROOT / "agreements/fast.yaml"
# The long forms of drills: `make drill`.
LONG = os.environ.get("ABIDE_DRILL") == "long"
STANDARD = ROOT / "agreements/standard.yaml"


def eventually(what, probe, within=10.0):
    """Asks `probe` until it answers something true, and answers that; fails with `what` after `within` seconds."""
    deadline = time.monotonic() + within
    while True:
        answer = probe()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s: {what}; last answer: {answer!r}")
        time.sleep(0.03)


def instant(text):
    """An instant of the API: RFC 3339 in UTC with whole seconds."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


class _OnFreePort(Controller):
    """aiosmtpd's own controller binds late; this one listens on a socket that is bound already."""

    def __init__(self, handler, port, **options):
        self._socket = socket.create_server(("127.0.0.1", port))
        super().__init__(handler, hostname="127.0.0.1", port=self._socket.getsockname()[1], enable_SMTPUTF8=True, **options)

    def _create_server(self):
        return self.loop.create_server(self._factory_invoker, sock=self._socket)


class Relay:
    """A receiving mail server on loopback: what the desk sends arrives here."""

    def __init__(self, **options):
        self.mails = []
        self._controller = _OnFreePort(self, 0, **options)
        self._controller.start()
        self.url = f"smtp://127.0.0.1:{self._controller.port}"

    def start_again(self):
        """On the same port, after a stop."""
        self._controller = _OnFreePort(self, self._controller.port)
        self._controller.start()

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.default)
        mail.envelope = (envelope.mail_from, list(envelope.rcpt_tos))
        mail.raw = envelope.content
        self.mails.append(mail)
        return "250 OK"

    def about(self, ref, milestone=None, to=None):
        return [
            mail for mail in list(self.mails)
            if mail["X-Abide-Ticket"] == ref
            and (milestone is None or mail["X-Abide-Milestone"] == milestone)
            and (to is None or to in mail.envelope[1])
        ]

    def wait(self, milestone, to, ref=None, within=10):
        def probe():
            return [
                mail for mail in list(self.mails)
                if mail["X-Abide-Milestone"] == milestone and to in mail.envelope[1] and (ref is None or mail["X-Abide-Ticket"] == ref)
            ]
        return eventually(f"a mail `{milestone}` to {to}", probe, within)[0]

    def stop(self):
        self._controller.stop()


def words(mail):
    """The plain text of a mail."""
    return mail.get_body(("plain",)).get_content()


class Api:
    """The HTTP API with one person's token; each call names the status that it expects."""

    def __init__(self, base, token=None):
        self.base = base
        self.session = requests.Session()
        if token:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def call(self, method, path, expect=200, body=None, **options):
        url = path if path.startswith("http") else self.base + (path if path.startswith("/api/") else "/api/v1" + path)
        answer = self.session.request(method, url, json=body, timeout=10, **options)
        assert answer.status_code == expect, f"{method} {path}: {answer.status_code}, expected {expect}: {answer.text[:600]}"
        if expect >= 400:
            assert answer.headers["Content-Type"].startswith("application/problem+json"), answer.headers
            problem = answer.json()
            assert problem["status"] == expect and problem["type"] and problem["title"], problem
        return answer

    def get(self, path, expect=200, **options):
        return self.call("GET", path, expect, **options).json()

    def post(self, path, body=None, expect=201, **options):
        return self.call("POST", path, expect, {} if body is None else body, **options).json()

    def put(self, path, body, expect=200, **options):
        return self.call("PUT", path, expect, body, **options).json()

    def patch(self, path, body, expect=200, **options):
        return self.call("PATCH", path, expect, body, **options).json()

    def delete(self, path, expect=200, **options):
        return self.call("DELETE", path, expect, **options).json()

    def events(self, ref):
        """All events of a ticket; checks on the way that their numbers have no gap."""
        items, cursor = [], None
        while True:
            page = self.get(f"/tickets/{ref}/events", params={"cursor": cursor} if cursor else None)
            items += page["items"]
            cursor = page["next"]
            if not cursor:
                break
        assert [event["number"] for event in items] == list(range(1, len(items) + 1))
        return items


class PostgreSQL:
    """A real server of one's own, as root too; it ends with its standard input."""

    def __init__(self, *options):
        self.process = subprocess.Popen([ROOT / "scripts/postgres", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("postgres://"), "PostgreSQL did not start; what it said stands above"
        self.folder = self.url.split("host=")[1]
        self.made = 0

    def run(self, sql, url=None):
        done = subprocess.run(["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", url or self.url, "-c", sql], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def database(self):
        """The URL of a new, empty database."""
        self.made += 1
        name = f"desk{os.getpid()}_{self.made}"
        self.run(f"CREATE DATABASE {name}")
        return self.url.replace("/postgres?", f"/{name}?")

    def stop(self):
        self.process.stdin.close()
        self.process.wait(20)


class Desk:
    """One data folder, or a database with a folder of keys, and, while started, the process that serves it."""

    def __init__(self, data, *options, database=None):
        self.data = Path(data)
        self.options = options
        self.database = database
        self.process = None
        # Beside this process's own.
        self.environment = {}
        self._tokens = {}
        self._accounts = None

    # Starting and stopping

    def start(self, within=60):
        self.data.mkdir(parents=True, exist_ok=True)
        log = open(self.log, "ab")
        self.process = subprocess.Popen(
            [ABIDE, "serve", *self.place, "--http", "127.0.0.1:0", "--smtp", "127.0.0.1:0", *map(str, self.options)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, cwd=ROOT, env={**os.environ, **self.environment})
        log.close()
        os.set_blocking(self.process.stdout.fileno(), False)
        said = b""

        def ready():
            nonlocal said
            said += self.process.stdout.read() or b""
            assert self.process.poll() is None, f"ended with {self.process.returncode}: {self.last_words()}"
            return re.search(rb"^ready http=(\S+) smtp=(\S+):(\d+)\n", said, re.M)

        try:
            line = eventually(f"the ready line; log: {self.log}", ready, within)
        except BaseException:
            self.kill()
            raise
        self.http = line[1].decode()
        self.smtp = (line[2].decode(), int(line[3]))
        return self

    @property
    def place(self):
        return ["--database", self.database, "--keys", self.data / "keys"] if self.database else ["--data", self.data]

    @property
    def log(self):
        return self.data.with_name(self.data.name + ".log")

    def last_words(self):
        return self.log.read_text(errors="replace")[-1500:] if self.log.exists() else ""

    def stop(self):
        """SIGTERM; answers the seconds that it took."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError("SIGTERM did not end the desk in 15 s") from None
        assert status == 0, f"ended with {status} on SIGTERM: {self.last_words()}"
        self.process = None
        return time.monotonic() - started

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait(10)
            self.process = None

    # Commands

    def command(self, *arguments, expect=0, stdin=None, data=True):
        """Runs `abide …`, on this desk's data where `data`; answers standard output."""
        given = [ABIDE, *map(str, arguments), *(self.place if data else [])]
        done = subprocess.run(given, input=stdin if stdin is not None else b"", capture_output=True, timeout=60, cwd=ROOT)
        assert done.returncode == expect, f"abide {arguments}: status {done.returncode}, expected {expect}\n{done.stdout[-800:]!r}\n{done.stderr[-800:]!r}"
        return done.stdout.decode()

    @property
    def accounts(self):
        if self._accounts is None:
            self._accounts = [json.loads(line) for line in self.command("demo", "accounts").splitlines()]
        return self._accounts

    @property
    def clients(self):
        return sorted({account["client"] for account in self.accounts if account["client"]})

    def account(self, role, client=0):
        """An account by role; `client` counts the demo company's clients, for roles that belong to one."""
        mine = [one for one in self.accounts if one["role"] == role and one["client"] in (None, self.clients[client])]
        assert mine, f"no demo account with the role {role}"
        return mine[0]

    def api(self, role=None, client=0):
        """The API with the rights of a role; None: without a token."""
        if role is None:
            return Api(self.http)
        email = self.account(role, client)["email"]
        if email not in self._tokens:
            self._tokens[email] = self.command("token", "create", email).strip()
        return Api(self.http, self._tokens[email])

    # Mail

    @property
    def mailbox(self):
        return self.api("administrator").get("/desk")["mailbox"]

    def send(self, mail, sender, recipient=None):
        """Hands a message in by SMTP; answers when the desk has said 250."""
        with smtplib.SMTP(*self.smtp, timeout=20) as connection:
            refused = connection.send_message(mail, sender, [recipient or self.mailbox])
            assert not refused

    def find(self, subject, within=10):
        """The ticket with this subject, as the service manager sees it."""
        api = self.api("serviceManager")

        def probe():
            items = api.get("/tickets", params={"sort": "-logged", "limit": 200})["items"]
            return [ticket for ticket in items if ticket["subject"] == subject]

        return eventually(f"a ticket with the subject {subject!r}", probe, within)[0]


COMPLETE = {
    "phone": "+1 575 555 0142", "company": "Northfield Mining", "project": "Conveyor health", "site": "Sierra Alta, Pit 4",
    "environment": "Windows Server 2022, patched on Tuesday",
}


def new_ticket(api, subject="The trend page stays empty", urgency=3, fields=COMPLETE, **more):
    return api.post("/tickets", {"subject": subject, "description": "No data since the patch.", "urgency": urgency, "fields": fields, **more})


def mail(account, to, subject, body, **headers):
    message = EmailMessage()
    message["From"] = f"{account['name']} <{account['email']}>"
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = f"<{os.urandom(8).hex()}@sender.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message


def copy(template, to):
    shutil.copytree(template, to)
    return to
