"""S31: who answers as the mail server is asked who he is; where that fails nothing is said to him, nothing is lost, and the administrator hears of it."""

import ssl

import pytest

from desk import STANDARD, Relay, eventually, new_ticket
from mailservers import Authority, Dovecot, certificate
from test_imap import message, metrics, secret, subjects
from test_status import check

# Each makes what a server shows of itself, or nothing; the desk trusts the authority of the test.
IMPOSTORS = {
    "signed by itself": lambda authority: certificate(authority.folder),
    "of another name": lambda authority: authority.certificate("DNS:elsewhere.example"),
    "over since yesterday": lambda authority: authority.certificate(days=-1),
    "stripped of TLS": lambda authority: None,
}


def relay_with(pair):
    if pair is None:
        return Relay()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*pair)
    return Relay(tls_context=context, require_starttls=True)


@pytest.mark.parametrize("impostor", IMPOSTORS)
def test_S31_nothing_leaves_to_a_relay_that_is(impostor, desks, people, tmp_path):
    authority = Authority(tmp_path)
    false = relay_with(IMPOSTORS[impostor](authority))
    true = relay_with(authority.certificate())
    try:
        desk = desks(STANDARD, "--relay", f"{false.url}?tls=required&ca-file={authority.file}")
        administrator = people(desk, desk.account("administrator"))
        ref = new_ticket(desk.api("client"))["ref"]
        state, words = eventually("the administrator is told", lambda: (found := check(administrator, "outgoing"))[0] == "wrong" and found)
        assert "Nothing is lost" in words
        assert "abide_outbox_unreached 0" not in metrics(desk)
        # The right server at another address: what waited goes there.
        desk.stop()
        assert not false.mails
        desk.options = [true.url + f"?ca-file={authority.file}" if false.url in str(option) else option for option in desk.options]
        desk.start()
        eventually("it leaves once", lambda: len(true.about(ref, "logged")) == 1, 30)
    finally:
        false.stop()
        true.stop()


@pytest.mark.parametrize("impostor", IMPOSTORS)
def test_S31_no_password_is_said_to_a_mailbox_that_is(impostor, desks, people, tmp_path):
    authority = Authority(tmp_path)
    pair = IMPOSTORS[impostor](authority)
    dovecot = (Dovecot(lambda folder: pair) if pair else Dovecot(tls=False)).start()
    try:
        dovecot.put(message(None, "Never", sender="anna@client.example"))
        entered = (dovecot.folder / "dovecot.log").read_text().count("Login:")
        desk = desks(None, "--imap", dovecot.url(ca_file=authority.file, password_file=secret(tmp_path, dovecot.password)))
        eventually("it fails", lambda: "} 1\n" in metrics(desk).split("abide_mailbox_failing{")[-1])
        assert "Never" not in subjects(desk)
        page = people(desk, desk.account("administrator"))
        page.goto("/mail")
        assert "can't be read" in page.locator("[role=alert]").inner_text()
        assert (dovecot.folder / "dovecot.log").read_text().count("Login:") == entered
    finally:
        dovecot.close()
