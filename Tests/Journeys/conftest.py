"""What the journeys share. Each test has a desk of its own; the demo company in it is made once and copied."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

from desk import ABIDE, FAST, Desk, PostgreSQL, Relay, copy


def pytest_configure(config):
    if not ABIDE.exists():
        raise pytest.UsageError(f"{ABIDE} is not there: build first (make test does), or name another by ABIDE=…")


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """Folders of stopped demo desks, by agreement: signing keys, accounts and a dozen tickets each."""
    made = {}

    def folder(agreement):
        if agreement not in made:
            desk = Desk(tmp_path_factory.mktemp("demo") / "data", "--demo", *(["--agreement", agreement] if agreement else []))
            desk.start()
            desk.stop()
            made[agreement] = desk.data
        return made[agreement]

    return folder


@pytest.fixture
def desks(tmp_path, demo):
    """Makes desks: `desks(agreement, *options)` starts one on a copy of the demo company and ends it with the test."""
    running = []

    def make(agreement=None, *options):
        data = copy(demo(agreement), tmp_path / f"desk{len(running) + 1}")
        desk = Desk(data, *(["--agreement", agreement] if agreement else []), *options)
        running.append(desk)
        return desk.start()

    yield make
    for desk in running:
        desk.kill()


@pytest.fixture
def desk(desks):
    """A desk under the standard agreement, without a relay."""
    return desks()


@pytest.fixture
def relay():
    relay = Relay()
    yield relay
    relay.stop()


@pytest.fixture
def fast(desks, relay):
    """A desk where hours are seconds, and its mail goes to `relay`."""
    return desks(FAST, "--relay", relay.url)


@pytest.fixture(scope="session")
def postgresql():
    """A real PostgreSQL for the run; without one the tests fail."""
    server = PostgreSQL()
    yield server
    server.stop()


@pytest.fixture
def nodes(tmp_path, postgresql):
    """Makes nodes of one desk on one database: `nodes(count, *options)`; the first one has filled it with the demo company."""
    running = []

    def make(count, *options, database=None):
        database = database or postgresql.database()
        for _ in range(count):
            first = not running
            node = Desk(tmp_path / f"node{len(running) + 1}", *options, *(["--demo"] if first else []), database=database)
            # The same keys everywhere.
            if not first:
                shutil.copytree(running[0].data / "keys", node.data / "keys")
            running.append(node)
            node.start()
        return running

    yield make
    for node in running:
        node.kill()


@pytest.fixture(params=["embedded", "postgresql"])
def fast_on_either(request, relay):
    """`fast`, on the embedded database and on PostgreSQL."""
    if request.param == "embedded":
        return request.getfixturevalue("fast")
    return request.getfixturevalue("nodes")(1, "--agreement", FAST, "--relay", relay.url)[0]


@pytest.fixture(scope="session")
def chromium():
    path = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
    assert path, "no Chromium on the PATH: make test installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def people(chromium):
    """Opens a browser for a person: `people(desk, account)` is a page, signed in; options go to the context."""
    contexts = []

    def signed_in(desk, account, **options):
        context = chromium.new_context(base_url=desk.http, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.goto("/sign-in")
        page.locator("[name=email]").fill(account["email"])
        page.locator("[name=password]").fill(account["password"])
        page.locator("form:has([name=password]) button[type=submit], form:has([name=password]) button:not([type])").first.click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    yield signed_in
    for context in contexts:
        context.close()
