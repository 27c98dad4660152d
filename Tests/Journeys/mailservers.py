"""Real mail servers for one test each: private configuration, free ports, ended with the test."""

import grp
import http.server
import imaplib
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
from pathlib import Path

from desk import eventually


def reserve_port():
    """A socket that holds a free port for a server that will ask for it by number: while it is open, nobody else is given that port."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    return held


def certificate(folder):
    """A certificate for 127.0.0.1 that signs itself: its file and its key's."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
        check=True, capture_output=True)
    return cert, key


class Authority:
    """A certificate authority of one test: its own file, and what it vouches for."""

    def __init__(self, folder):
        self.folder = folder
        self.file, self._key = folder / "authority.pem", folder / "authority.key"
        self._run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Test authority", "-keyout", self._key, "-out", self.file)

    def _run(self, *arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)

    def certificate(self, name="IP:127.0.0.1", days=2):
        """The certificate and the key of a server of that name; with -1 day it is over already."""
        base = self.folder / f"server-{name.replace(':', '-')}-{days}"
        request, cert, key, names = (base.with_suffix(end) for end in (".csr", ".pem", ".key", ".ext"))
        names.write_text(f"subjectAltName={name}")
        self._run("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=server", "-keyout", key, "-out", request)
        self._run("x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self._key, "-CAcreateserial", "-days", str(days), "-extfile", names, "-out", cert)
        return cert, key


class Dovecot:
    """An IMAP server with one user, `desk`: a password, and bearer tokens that it asks this test about."""

    password = "correct horse"

    def __init__(self, certificate_of=certificate, tls=True):
        """Without `tls` it is a server that somebody in the middle has talked out of STARTTLS: plain words, and passwords taken."""
        self.tls = tls
        program = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
        assert program, "dovecot-imapd is not installed: make test installs it"
        # Names of sockets must be short.
        folder = self.folder = Path(tempfile.mkdtemp(prefix="dv", dir="/tmp"))
        self.program = program
        self.held = reserve_port()
        self.port = self.held.getsockname()[1]
        self.tokens = set()
        self._tokens = self._token_server()
        self.cert, key = certificate_of(folder)
        me, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
        # Dovecot will not hand mail to root, so that a root's test runs it for nobody.
        user = "nobody" if os.getuid() == 0 else me
        owner = pwd.getpwnam(user)
        home = folder / "home"
        home.mkdir()
        for path in [folder, home]:
            os.chown(path, owner.pw_uid, owner.pw_gid)
        folder.chmod(0o755)
        (folder / "oauth2.conf").write_text(
            f"tokeninfo_url = http://127.0.0.1:{self._tokens.server_port}/?access_token=\nusername_attribute = email\nactive_attribute = active\nactive_value = true\n")
        self.config = folder / "dovecot.conf"
        self.config.write_text(f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = {"required" if tls else "no"}
disable_plaintext_auth = {"yes" if tls else "no"}
ssl_cert = <{self.cert}
ssl_key = <{key}
default_internal_user = {user}
default_internal_group = {group if user == me else grp.getgrgid(owner.pw_gid).gr_name}
default_login_user = {user}
auth_mechanisms = plain login xoauth2 oauthbearer
mail_location = maildir:{home}/Maildir
first_valid_uid = 1
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {0 if tls else self.port}
  }}
  inet_listener imaps {{
    port = {self.port if tls else 0}
    ssl = {"yes" if tls else "no"}
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={self.password.replace(" ", "_")}
}}
userdb {{
  driver = static
  args = uid={owner.pw_uid} gid={owner.pw_gid} home={home}
}}
""")
        self.password = self.password.replace(" ", "_")
        self.process = None

    def _token_server(self):
        known = self.tokens

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                good = any(self.path.endswith("access_token=" + token) for token in known)
                body = b'{"email":"desk","active":"true"}' if good else b'{"error":"invalid_token"}'
                self.send_response(200 if good else 400)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    def start(self):
        self.process = subprocess.Popen([self.program, "-F", "-c", self.config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        def answers():
            assert self.process.poll() is None, (self.folder / "dovecot.log").read_text()
            try:
                self.login().logout()
                return True
            except OSError:
                return False

        eventually("Dovecot answers", answers, 15)
        return self

    def login(self):
        # The test itself takes any certificate; what is tried is whether the desk does.
        client = imaplib.IMAP4_SSL("127.0.0.1", self.port, ssl_context=ssl._create_unverified_context()) if self.tls else imaplib.IMAP4("127.0.0.1", self.port)
        client.login("desk", self.password)
        return client

    def put(self, raw, flags=None, folder="INBOX"):
        client = self.login()
        status, answer = client.append(folder, flags, None, raw)
        assert status == "OK", answer
        client.logout()

    def flags(self, folder="INBOX"):
        """The flags of every message, in order."""
        client = self.login()
        client.select(folder, readonly=True)
        _, answer = client.fetch("1:*", "(FLAGS)")
        client.logout()
        return [part for part in answer if part]

    def count(self, folder="INBOX"):
        client = self.login()
        status, answer = client.select(folder, readonly=True)
        client.logout()
        return int(answer[0]) if status == "OK" else 0

    def create(self, folder):
        client = self.login()
        client.create(folder)
        client.logout()

    def url(self, **settings):
        settings = {"ca-file": self.cert, "every": 1, **{name.replace("_", "-"): value for name, value in settings.items()}}
        return f"imap{'s' if self.tls else ''}://desk@127.0.0.1:{self.port}/INBOX?" + "&".join(f"{name}={value}" for name, value in settings.items())

    def stop(self):
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)
            self.process = None

    def close(self):
        self.stop()
        self._tokens.shutdown()
        shutil.rmtree(self.folder, ignore_errors=True)


class Postfix:
    """A real relay: takes the desk's mail on loopback and hands it on by SMTP to `to`. Needs root, as Postfix does."""

    def __init__(self, to):
        assert shutil.which("postfix", path="/usr/sbin"), "postfix is not installed: make test installs it"
        assert os.getuid() == 0, "Postfix runs for root alone: run the tests as root"
        folder = self.folder = Path(tempfile.mkdtemp(prefix="pf", dir="/tmp"))
        self.held = reserve_port()
        self.port = self.held.getsockname()[1]
        for path in ("etc", "spool", "data"):
            (folder / path).mkdir(parents=True)
        folder.chmod(0o755)
        shutil.chown(folder / "data", "postfix")
        services = """
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
        (folder / "etc/master.cf").write_text(f"127.0.0.1:{self.port} inet n - n - - smtpd\n" + services.lstrip())
        (folder / "etc/main.cf").write_text(f"""
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
myhostname = relay.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
relayhost = [127.0.0.1]:{to}
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
smtp_tls_security_level = none
alias_maps =
""".lstrip())

    def _postfix(self, command):
        return subprocess.run(["/usr/sbin/postfix", "-c", self.folder / "etc", command], capture_output=True, text=True, timeout=30, env={**os.environ, "MAIL_CONFIG": str(self.folder / "etc")})

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def start(self):
        done = self._postfix("start")
        assert done.returncode == 0, done.stderr + done.stdout

        def answers():
            try:
                with socket.create_connection(("127.0.0.1", self.port), 2) as connection:
                    return connection.recv(4) == b"220 "
            except OSError:
                return False

        eventually("Postfix answers", answers, 15)
        return self

    def stop(self):
        self._postfix("stop")
        shutil.rmtree(self.folder, ignore_errors=True)
