"""The administrators' status page: what is wrong and what to do, in a browser, while it happens."""

import requests

from desk import STANDARD, eventually, new_ticket


def check(page, name):
    """State and words of one line of the page, looked at anew."""
    page.goto("/settings/status")
    line = page.locator(f"[data-check={name}]")
    return line.get_attribute("class"), line.inner_text()


def test_a_relay_that_goes_away_is_told_and_told_right_again_once_it_is_back(desks, relay, people, tmp_path):
    desk = desks(STANDARD, "--relay", relay.url, "--backups", tmp_path / "backups")
    administrator = people(desk, desk.account("administrator"))
    eventually("nothing wrong", lambda: check(administrator, "outgoing")[0] == "good")
    assert "Nothing waits" in check(administrator, "outgoing")[1]
    assert check(administrator, "store")[0] == check(administrator, "timers")[0] == check(administrator, "backup")[0] == "good"
    administrator.goto("/settings/users")
    assert not administrator.locator(".trouble").count()

    relay.stop()
    client = desk.api("client")
    ref = new_ticket(client)["ref"]
    state, words = eventually("told", lambda: (found := check(administrator, "outgoing"))[0] == "wrong" and found)
    assert "The relay does not answer" in words and "Nothing is lost" in words
    # The first line of the page, with a word for those who see no colours.
    assert administrator.locator(".condition li").first.get_attribute("data-check") == "outgoing"
    assert administrator.locator(".condition li .badge").first.inner_text() == "Wrong"
    administrator.goto("/settings/clients")
    assert "Mail that leaves" in administrator.get_by_role("alert").inner_text()
    administrator.get_by_role("link", name="What to do").click()
    administrator.wait_for_url("**/settings/status")
    # The same for programs.
    assert "abide_outbox_unreached 0" not in requests.get(desk.http + "/metrics", timeout=10).text

    relay.start_again()
    # The next mail finds it, and brings the others with it.
    other = new_ticket(client)["ref"]
    eventually("told right", lambda: check(administrator, "outgoing")[0] == "good", within=20)
    assert relay.about(ref) and relay.about(other)
    # The line on the other pages may be some seconds old.
    def quiet():
        administrator.goto("/settings/clients")
        return not administrator.locator(".trouble").count()
    eventually("no line any more", quiet)
