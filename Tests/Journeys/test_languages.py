"""The pages in other languages, and with a writing that runs from right to left."""

import subprocess

import pytest

from desk import ABIDE

WHERE = {
    "serviceManager": ["/tickets", "/now", "/my-day", "/canned-answers", "/reports", "/agreement", "/outbox", "/notifications"],
    "administrator": ["/settings/users", "/settings/clients", "/settings/departments", "/settings/security", "/settings/status", "/account"],
    "primaryContact": ["/portal", "/portal/tickets/new", "/portal/contacts", "/portal/agreement", "/account"],
}
# What people press or read as one piece and that lies over another such piece, though it is not inside of it.
OVERLAPS = """() => {
  const all = [...document.querySelectorAll('button, a.btn, h1, h2, h3, input:not([type=hidden]), select, textarea, summary, nav a')].filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && one.getBoundingClientRect().width > 1);
  const found = [];
  for (const [index, one] of all.entries()) for (const other of all.slice(index + 1)) {
    if (one.contains(other) || other.contains(one)) continue;
    const a = one.getBoundingClientRect(), b = other.getBoundingClientRect();
    if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2) found.push(`${one.outerHTML.slice(0, 60)} and ${other.outerHTML.slice(0, 60)}`);
  }
  return found;
}"""


def sideways(page):
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("language, words", [("de", ["Als Nächstes zugesagt", "Ihre Tickets", "Passwort"]), ("es", ["Próximas promesas", "Sus tickets", "Contraseña"])])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_fits_in_the_longer_words_of_other_languages(desk, people, chromium, width, language, words):
    locale = {"de": "de-DE", "es": "es-ES"}[language]
    for role, paths in WHERE.items():
        page = people(desk, desk.account(role), viewport={"width": width, "height": 900}, locale=locale)
        if role == "serviceManager":
            paths = paths + [page.locator(".trow .what a").first.get_attribute("href")]
        for path in paths:
            assert page.goto(path).status == 200, path
            assert page.locator("html").get_attribute("lang") == language
            assert not sideways(page), f"{path} at {width} scrolls sideways"
            if path == "/tickets":
                page.get_by_role("heading", name=words[0]).first.wait_for()
            if path == "/portal":
                assert words[1] in page.title()
    visitor = chromium.new_context(base_url=desk.http, viewport={"width": width, "height": 900}, locale=locale).new_page()
    visitor.goto("/sign-in")
    visitor.get_by_label(words[2]).wait_for()
    assert not sideways(visitor)
    visitor.context.close()


def test_somebody_chooses_a_language_that_comes_before_the_browsers_and_the_script_speaks_it(desk, people):
    page = people(desk, desk.account("agent"), locale="es-ES")
    page.goto("/account")
    page.get_by_label("Idioma").select_option("de")
    page.get_by_role("button", name="Guardar").first.click()
    page.get_by_text("Gespeichert.").wait_for()
    page.goto("/tickets")
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Tasten").get_by_text("Nächstes Ticket").wait_for()
    page.keyboard.press("Escape")
    page.locator(".trow .what a").first.click()
    page.locator("#composer textarea").press_sequentially("Wir sehen nach.")
    page.get_by_text("Entwurf gesichert").wait_for()


def test_a_command_sets_the_language_of_an_account(desk, people):
    account = desk.account("agent")
    desk.stop()
    for language, done in (("es", 0), ("tlh", 1)):
        assert bool(subprocess.run([ABIDE, "user", "language", "--data", desk.data, account["email"], language], capture_output=True, timeout=30).returncode) == bool(done)
    desk.start()
    page = people(desk, account, locale="de-DE")
    page.goto("/account")
    assert page.locator("html").get_attribute("lang") == "es"


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_breaks_where_the_writing_runs_from_right_to_left(desk, people, width):
    for role, paths in WHERE.items():
        page = people(desk, desk.account(role), viewport={"width": width, "height": 900})
        if role == "serviceManager":
            paths = paths + [page.locator(".trow .what a").first.get_attribute("href")]
        for path in paths:
            page.goto(path)
            usual = page.evaluate(OVERLAPS)
            page.evaluate("document.documentElement.dir = 'rtl'")
            assert not sideways(page), f"{path} at {width} scrolls sideways"
            assert len(page.evaluate(OVERLAPS)) <= len(usual), f"{path} at {width}: {page.evaluate(OVERLAPS)}"
            out = page.evaluate("[...document.querySelectorAll('h1, h2, button, .btn, main p')].filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest('.hidden, .skip, .scroll, .hours-chart, details:not([open]), [class*=acts], nav')).filter((one) => { const box = one.getBoundingClientRect(); return box.width > 1 && (box.left < -1 || box.right > innerWidth + 1); }).map((one) => one.outerHTML.slice(0, 80))")
            assert not out, f"{path} at {width}: {out}"
        if role == "serviceManager" and width == 1280:
            assert page.evaluate("document.querySelector('#nav').getBoundingClientRect().left > document.querySelector('main').getBoundingClientRect().left"), "the sidebar is where reading begins"
