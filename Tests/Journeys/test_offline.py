"""What people see without a connection: a page that says what to do, drafts that are kept, and nothing of anybody's data in a cache (S33)."""

import re
import socket


def controlled(page):
    """Waits until the worker speaks for the page."""
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def test_without_a_connection_a_page_says_what_to_do_and_comes_back_by_itself(desk, people):
    page = people(desk, desk.account("client"))
    controlled(page)
    page.goto("/portal/tickets/new")
    page.fill("[name=subject]", "Loader positions jump")
    page.fill("[name=description]", "Since this morning the positions jump by a metre.")
    page.context.set_offline(True)
    page.get_by_text("No connection since").wait_for()
    page.locator("[data-send]").click()
    page.get_by_text("Nothing is lost").first.wait_for()
    page.goto("/portal")
    page.get_by_role("heading", name="There is no connection").wait_for()
    assert page.url.endswith("/portal")
    kept = page.locator("[data-drafts]")
    assert "Since this morning the positions jump" in kept.inner_text() and "New ticket" in kept.inner_text()
    page.context.set_offline(False)
    page.get_by_role("link", name=re.compile("log a ticket|report a problem|new ticket", re.I)).first.wait_for()
    page.goto("/portal/tickets/new")
    assert page.input_value("[name=description]").startswith("Since this morning")
    page.locator("[data-send]").click()
    page.wait_for_url(re.compile(r"/portal/tickets/ABD-\d+"))


def test_a_desk_that_is_away_shows_the_same_page_which_returns_with_it(desks, people):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    desk = desks(None, "--http", f"127.0.0.1:{port}")
    page = people(desk, desk.account("agent"))
    controlled(page)
    desk.kill()
    page.goto("/my-day")
    page.get_by_role("heading", name="There is no connection").wait_for()
    desk.start()
    page.get_by_role("heading", name=re.compile("My day|day", re.I)).first.wait_for(timeout=20_000)


def test_S33_no_page_with_anybodys_data_is_ever_kept_on_the_device(desk, people):
    page = people(desk, desk.account("agent"))
    controlled(page)
    ref = desk.api("agent").get("/tickets")["items"][0]["ref"]
    for path in ("/tickets", f"/tickets/{ref}", "/my-day", "/account", "/canned-answers"):
        page.goto(path)
    kept = page.evaluate("""async () => {
        const found = [];
        for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
        return found.sort();
    }""")
    assert {"/offline", "/assets/abide.css", "/assets/app.js", "/assets/offline.js"} <= set(kept)
    assert not [path for path in kept if path != "/offline" and not path.startswith("/assets/")]
    text = page.evaluate("async () => (await (await caches.match('/offline')).text())")
    assert ref not in text and desk.account("agent")["name"] not in text and "csrf" not in text
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    page.context.set_offline(True)
    page.goto(f"/tickets/{ref}")
    page.get_by_role("heading", name="There is no connection").wait_for()
    assert ref not in page.content()
    page.context.set_offline(False)
    page.goto(f"/tickets/{ref}")
    page.wait_for_url(re.compile("/sign-in"))
