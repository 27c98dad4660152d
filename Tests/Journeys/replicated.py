"""A primary of PostgreSQL and its standby, two real servers of one's own, for what happens when the primary goes."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from desk import eventually


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Server:
    """One cluster in a folder of its own. As root it runs as another user, since PostgreSQL refuses root."""

    def __init__(self, cluster, folder, binaries, user):
        self.cluster = cluster
        self.folder, self.binaries, self.user, self.port, self.process = folder, binaries, user, free_port(), None

    def command(self, name, *arguments):
        done = subprocess.run([self.binaries / name, *map(str, arguments)], user=self.user, cwd="/", capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, f"{name}: {done.stderr}"

    def start(self, *options):
        self.log = open(self.folder.with_suffix(".log"), "ab")
        # A group of its own: the whole server can be killed at once.
        self.process = subprocess.Popen(
            [self.binaries / "postgres", "-D", self.folder, "-p", str(self.port), "-k", "", "-c", "listen_addresses=127.0.0.1", *options], user=self.user, cwd="/",
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, start_new_session=True)
        ready = lambda: subprocess.run([self.binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]).returncode == 0
        eventually(f"PostgreSQL on port {self.port}; its log: {self.log.name}", ready, within=60)

    def ask(self, sql):
        done = subprocess.run(["psql", "-qAtX", f"postgres://abide@127.0.0.1:{self.port}/postgres", "-c", sql], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def kill(self):
        """As a machine goes: all of it in one moment, nothing said to anybody."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Replicated:
    """A commit is answered when both have it (`synchronous_standby_names`), as the guide for administrators sets it up."""

    def __init__(self, alone=False):
        """`alone`: without a standby."""
        binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
        assert binaries, "no PostgreSQL server is installed here: make test installs it"
        user = None
        if os.getuid() == 0:
            user = "postgres"
        self.folder = Path(tempfile.mkdtemp(prefix="abide-ha."))
        self.folder.chmod(0o755)
        if user:
            os.chown(self.folder, pwd.getpwnam(user).pw_uid, -1)
        self.primary, self.standby = (Server(self, self.folder / name, binaries, user) for name in ("primary", "standby"))
        try:
            self.primary.command("initdb", "-D", self.primary.folder, "-U", "abide", "-A", "trust", "--no-sync", "--no-locale", "-E", "UTF8")
            if alone:
                self.primary.start()
                return
            self.primary.start("-c", "synchronous_standby_names=standby", "-c", "synchronous_commit=local", "-c", "wal_level=replica")
            where = f"host=127.0.0.1 port={self.primary.port} user=abide application_name=standby"
            self.standby.command("pg_basebackup", "-D", self.standby.folder, "-d", where, "-R", "-X", "stream", "--checkpoint=fast", "--no-sync")
            self.standby.start("-c", "hot_standby=on")
            eventually("the standby in step", lambda: self.primary.ask("SELECT sync_state FROM pg_stat_replication") == "sync", within=30)
        except BaseException:
            self.stop()
            raise
        self.url = f"postgres://abide@127.0.0.1:{self.primary.port},127.0.0.1:{self.standby.port}/postgres"

    def promote(self):
        self.standby.ask("SELECT pg_promote(true, 30)")

    def stop(self):
        for server in (self.primary, self.standby):
            server.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
