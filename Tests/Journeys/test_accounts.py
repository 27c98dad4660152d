"""Accounts through the browser, the mail and the command line (K4, L8, I5): invitation, reset, second factor, sessions, contacts, first set-up."""

import base64
import hashlib
import hmac
import io
import json
import re
import struct
import time

import pytest
import requests
import zxingcpp
from PIL import Image

from desk import Desk, eventually, words


def link(mail, path):
    return re.search(rf"http://\S+/{path}/[0-9a-f]{{64}}", words(mail))[0]


def code(secret, step=None):
    """RFC 6238, as an authenticator makes it."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 if step is None else step), hashlib.sha1).digest()
    at = mac[19] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1_000_000:06d}"


def mailed(relay, milestone, to):
    return eventually(f"a mail {milestone} to {to}", lambda: [one for one in list(relay.mails) if one["X-Abide-Milestone"] == milestone and to in one.envelope[1]])[-1]


@pytest.fixture
def posting(desks, relay):
    return desks(None, "--relay", relay.url)


def signed_in(browser, desk, email, password):
    page = browser.new_context(base_url=desk.http).new_page()
    page.set_default_timeout(10_000)
    page.goto("/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: not url.endswith("/sign-in"))
    return page


def test_K4_an_administrator_invites_somebody_who_sets_a_password_changes_role_and_is_disabled(posting, relay, people, chromium):
    admin = people(posting, posting.account("administrator"))
    admin.goto("/settings/users/new")
    admin.fill("[name=name]", "Ida Berg")
    admin.fill("[name=email]", "ida.berg@larkfield.example")
    admin.select_option("[name=role]", "agent")
    admin.get_by_role("button", name="Invite").click()
    admin.wait_for_url(re.compile(r"/settings/users/\d+"))
    account = admin.url.split("?")[0]

    address = link(mailed(relay, "invitation", "ida.berg@larkfield.example"), "invitation")
    guest = chromium.new_context().new_page()
    guest.goto(address)
    guest.fill("[name=password]", "password12")
    guest.get_by_role("button", name="Set the password").click()
    guest.get_by_text("tried first").wait_for()
    guest.fill("[name=password]", "four quiet words here")
    guest.get_by_role("button", name="Set the password").click()
    guest.get_by_text("Your password is set").wait_for()
    assert requests.get(address).status_code == 404, "a link that was used opens nothing"
    ida = signed_in(chromium, posting, "ida.berg@larkfield.example", "four quiet words here")
    assert ida.url.endswith("/tickets")

    admin.goto(account)
    admin.get_by_role("button", name="Disable").click()
    admin.get_by_text("Disabled.").first.wait_for()
    eventually("the session's end", lambda: "/sign-in" in (ida.goto("/tickets"), ida.url)[1], within=6)
    posted = posting.command("user", "list")
    assert [one["disabled"] for one in map(json.loads, posted.splitlines()) if one["email"] == "ida.berg@larkfield.example"] == [True]


def test_links_of_mails_are_not_in_the_database_nor_in_the_outbox(posting, relay, people):
    posting.command("user", "create", "eva@larkfield.example", "--name", "Eva", "--role", "agent")
    address = link(mailed(relay, "invitation", "eva@larkfield.example"), "invitation")
    secret = address.rsplit("/", 1)[1]
    stored = b"".join(file.read_bytes() for file in posting.data.glob("abide.sqlite*"))
    assert secret.encode() not in stored
    agent = people(posting, posting.account("agent"))
    agent.goto("/outbox")
    agent.locator("a", has_text="Your account at").first.click()
    assert secret not in agent.content() and "shown to its recipient alone" in agent.content()


def test_a_password_is_reset_by_mail_and_nobody_learns_who_has_an_account(posting, relay, people, chromium):
    account = posting.account("client")
    open_page = people(posting, account)
    answers = {requests.post(posting.http + "/password-reset", data={"email": email}).text for email in (account["email"], "nobody@northfield.example")}
    assert len(answers) == 1
    address = link(mailed(relay, "passwordReset", account["email"]), "password-reset")
    page = chromium.new_context().new_page()
    page.goto(address)
    page.fill("[name=password]", "another long password of mine")
    page.get_by_role("button", name="Change the password").click()
    page.get_by_text("Your password is set").wait_for()
    assert requests.post(address, data={"password": "yet another long one"}).status_code == 404
    eventually("the old session's end", lambda: "/sign-in" in (open_page.goto("/portal"), open_page.url)[1], within=6)
    assert "/portal" in signed_in(chromium, posting, account["email"], "another long password of mine").url


def test_a_role_that_must_have_a_second_factor_sets_one_up_and_a_code_works_once(desk, people, chromium):
    admin = people(desk, desk.account("administrator"))
    admin.goto("/settings/security")
    admin.check("[name='role.serviceManager']")
    admin.get_by_role("button", name="Save").click()
    admin.get_by_text("Saved.").wait_for()
    account = desk.account("serviceManager")
    page = signed_in(chromium, desk, account["email"], account["password"])
    assert "/sign-in/second-factor" in page.url
    secret = page.locator("[data-secret]").get_attribute("data-secret")
    assert page.locator(".secret").inner_text().replace(" ", "") == secret
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.locator(".qr").screenshot())))
        assert found.text == f"otpauth://totp/Larkfield%20Systems:{account['email'].replace('@', '%40').replace('.', '%2E')}?secret={secret}&issuer=Larkfield%20Systems", f"as a telephone reads it, {scheme}"
    assert page.goto("/tickets").url.split("?")[0].endswith("/sign-in"), "nothing opens before"
    page.goto("/sign-in/second-factor")
    first = int(time.time()) // 30
    page.fill("[name=code]", code(secret, first))
    page.get_by_role("button", name="Turn it on").click()
    recovery = page.locator(".codes li").all_inner_texts()
    assert len(recovery) == 10
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url("**/tickets")

    other = signed_in(chromium, desk, account["email"], account["password"])
    other.fill("[name=code]", code(secret, first))
    other.get_by_role("button", name="Sign in").click()
    other.get_by_text("not right, or was used already").wait_for()
    other.fill("[name=code]", recovery[0])
    other.get_by_role("button", name="Sign in").click()
    other.wait_for_url("**/tickets")
    third = signed_in(chromium, desk, account["email"], account["password"])
    third.fill("[name=code]", recovery[0])
    third.get_by_role("button", name="Sign in").click()
    third.get_by_text("not right, or was used already").wait_for()


def test_sessions_are_listed_and_ended_elsewhere(desk, people, chromium):
    account = desk.account("agent")
    here, there = people(desk, account), people(desk, account)
    here.goto("/account")
    assert here.locator(".sessions li").count() == 2
    here.get_by_role("button", name="Sign out everywhere else").click()
    here.get_by_text("Ended.").wait_for()
    eventually("the other session's end", lambda: "/sign-in" in (there.goto("/tickets"), there.url)[1], within=6)
    assert here.goto("/tickets").status == 200


def test_a_new_address_is_taken_when_its_link_is_opened(posting, relay, people, chromium):
    account = posting.account("agent")
    page = people(posting, account)
    page.goto("/account")
    page.fill("[name=email]", "maya.new@larkfield.example")
    page.fill("#f-address-current", account["password"])
    page.get_by_role("button", name="Send the link").click()
    page.get_by_text("on its way to the new address").wait_for()
    address = link(mailed(relay, "newAddress", "maya.new@larkfield.example"), "new-address")
    guest = chromium.new_context().new_page()
    guest.goto(address)
    guest.get_by_role("button", name="Yes, take it").click()
    guest.get_by_text("Your address is changed").wait_for()
    mailed(relay, "accountChanged", account["email"])
    assert signed_in(chromium, posting, "maya.new@larkfield.example", account["password"]).url.endswith("/tickets")


def test_L8_the_client_names_another_primary_contact_at_once_the_agreement_manager_is_told_and_the_former_undoes_it(posting, relay, people):
    primary, other = posting.account("primaryContact"), posting.account("client")
    page = people(posting, primary)
    page.goto("/portal/contacts")
    page.select_option("#f-primary", label=other["name"])
    page.locator("form", has=page.locator("#f-primary")).get_by_role("button").click()
    page.wait_for_url("**/portal/contacts?done=contacts")
    mailed(relay, "contactChanged", posting.account("agreementManager")["email"])
    api = lambda email: requests.get(posting.http + "/api/v1/me", headers={"Authorization": "Bearer " + posting.command("token", "create", email).strip()}).json()["role"]
    assert (api(other["email"]), api(primary["email"])) == ("primaryContact", "client")
    page.get_by_role("button", name="Undo this").click()
    page.wait_for_url("**/portal/contacts?done=undone")
    assert (api(other["email"]), api(primary["email"])) == ("client", "primaryContact")


def test_I5_a_nominated_contact_reads_the_reports(desk, people):
    user = people(desk, desk.account("client"))
    assert user.goto("/reports").status == 403
    primary = people(desk, desk.account("primaryContact"))
    primary.goto("/portal/contacts")
    row = primary.locator(".contact-row", has_text=desk.account("client")["name"])
    row.get_by_role("button", name="Let read reports").click()
    primary.get_by_text("Saved.").wait_for()
    eventually("the right to read", lambda: user.goto("/reports").status == 200, within=6)
    assert people(desk, desk.account("client", client=1)).goto("/reports").status == 403


def test_K4_a_client_with_domains_and_a_contact_who_has_only_a_telephone(desk, people):
    admin = people(desk, desk.account("administrator"))
    admin.goto("/settings/clients/new")
    admin.fill("[name=name]", "Calder Steel")
    admin.fill("[name=domains]", "calder.example\nsteel.calder.example")
    admin.get_by_role("button", name="Save").click()
    admin.wait_for_url(re.compile(r"/settings/clients/\d+"))
    admin.get_by_role("link", name="Add a contact").click()
    admin.fill("[name=name]", "Otto Brandt")
    admin.fill("[name=phone]", "+1 219 555 0177")
    admin.get_by_role("button", name="Invite").click()
    admin.wait_for_url(re.compile(r"/settings/users/\d+"))
    assert "is called, and does not sign in" in admin.content()
    listed = [json.loads(line) for line in desk.command("client", "list").splitlines()]
    calder = next(one for one in listed if one["name"] == "Calder Steel")
    assert calder["domains"] == ["calder.example", "steel.calder.example"] and calder["shareTickets"] is False


def test_K4_a_contact_who_is_two_accounts_becomes_one_with_two_addresses(desk, people):
    admin = people(desk, desk.account("administrator"))
    client = desk.account("client")
    desk.command("user", "create", "home@dana.example", "--name", "Dana at home", "--role", "client", "--client", client["client"])
    admin.goto("/settings/users?q=home@dana.example")
    admin.get_by_role("link", name=re.compile("Dana at home")).click()
    admin.fill("[name=into]", "nobody@nowhere.example")
    admin.get_by_role("button", name="Merge into it").click()
    admin.get_by_text("There is no account with this address.").wait_for()
    admin.fill("[name=into]", client["email"])
    admin.get_by_role("button", name="Merge into it").click()
    admin.get_by_text("Merged. This account has no access any more.").first.wait_for()
    admin.goto("/settings/users?q=" + client["email"])
    admin.locator("table a.person").first.click()
    row = admin.locator("li.split", has_text="home@dana.example")
    row.wait_for()
    row.get_by_role("button").click()
    admin.get_by_text("Saved.").first.wait_for()
    assert admin.locator("li.split").count() == 0
    # The same by program and by command.
    api = desk.api("administrator")
    contact = next(one for one in api.get("/contacts")["items"] if one["email"] == client["email"])
    assert api.post(f"/contacts/{contact['id']}/addresses", {"address": "again@dana.example"}, expect=201)["items"] == ["again@dana.example"]
    assert desk.command("user", "address", client["email"], "--add", "third@dana.example", "--remove", "again@dana.example").split() == ["third@dana.example"]
    assert api.delete(f"/contacts/{contact['id']}/addresses/third@dana.example")["items"] == []
    desk.command("user", "create", "twice@dana.example", "--name", "Dana twice", "--role", "client", "--client", client["client"])
    desk.command("user", "merge", "twice@dana.example", "--into", client["email"])
    assert api.get(f"/contacts/{contact['id']}/addresses")["items"] == ["twice@dana.example"]
    desk.api("client").post(f"/contacts/{contact['id']}/merging", {"into": client["email"]}, expect=403)
    admin.fill("[name=address]", desk.account("client", 1)["email"])
    admin.get_by_role("button", name="Add", exact=True).click()
    admin.get_by_text("merge the two accounts").wait_for()


def test_others_do_not_administer(desk, people):
    for role in ("agent", "serviceManager", "client", "primaryContact"):
        page = people(desk, desk.account(role))
        for path in ("/settings/users", "/settings/clients", "/settings/security", "/settings/log", "/settings/departments", "/settings/users/1"):
            assert page.goto(path).status == 403, f"{role} {path}"
    manager = people(desk, desk.account("agreementManager"))
    assert manager.goto("/settings/clients").status == 200
    assert desk.account("administrator")["email"] not in (manager.goto("/settings/users"), manager.content())[1]


def test_the_first_start_in_a_browser_sets_the_desk_up(tmp_path, chromium):
    desk = Desk(tmp_path / "new").start()
    try:
        page = chromium.new_context(base_url=desk.http).new_page()
        page.goto("/")
        assert page.url.endswith("/set-up")
        for name, value in {
            "company": "Brightwater: Services", "place": "Chicago", "zone": "America/Chicago", "mailbox": "help@brightwater.example", "name": "Anna Reed", "email": "anna@brightwater.example",
            "password": "seven small boats",
        }.items():
            page.fill(f"[name={name}]", value)
        # What is promised is said before the desk opens: the agreement's own terms.
        assert re.search(r"Critical: a first answer within \d", page.locator("fieldset", has_text="The agreement").inner_text())
        page.get_by_role("button", name="Open the desk").click()
        page.wait_for_url("**/settings/first-steps*")
        assert page.locator(".first li").count() == 6 and "5 things are left." in page.content()
        page.get_by_role("link", name="New client").click()
        page.fill("[name=name]", "Tidewater Paper")
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Saved.").wait_for()
        page.goto("/settings/first-steps")
        assert "4 things are left." in page.content()
        assert requests.get(desk.http + "/set-up", allow_redirects=False).status_code == 303
        assert requests.post(desk.http + "/set-up", data={"company": "Evil"}, allow_redirects=False).status_code == 303
        token = desk.command("token", "create", "anna@brightwater.example").strip()
        answer = requests.get(desk.http + "/api/v1/desk", headers={"Authorization": f"Bearer {token}"}).json()
        assert (answer["mailbox"], answer["name"]) == ("help@brightwater.example", "Brightwater: Services")
        desk.stop()
        desk.start()
        answer = requests.get(desk.http + "/api/v1/desk", headers={"Authorization": f"Bearer {token}"}).json()
        assert answer["mailbox"] == "help@brightwater.example"
    finally:
        desk.kill()
