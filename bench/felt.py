#!/usr/bin/env python3
"""How quick the desk feels: in Chromium, on a demo of 10,000 tickets, beside the bars that the pages must hold. Prints a table; ends with 1 where one is missed.

First views are of a browser without a cache, on a server that is warm. Keys and clicks are real ones of the browser, counted up to the next picture that it paints.
"""
import argparse
import json
import re
import selectors
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Tests/Journeys"))
from bench import Server, request  # noqa: E402
from tab import Tab  # noqa: E402

STREAMS = 500
# From the click to the first picture of the page that it opened.
SEEN = "(() => performance.timeOrigin + performance.getEntriesByName('first-contentful-paint')[0].startTime - Number(localStorage.clicked))"


class Felt:
    def __init__(self, abide, tickets):
        self.abide, self.tickets, self.rows = str(Path(abide).resolve()), tickets, []
        self.folder = Path(tempfile.mkdtemp(prefix="abide-felt-"))
        self.place = ["--data", str(self.folder / "data")]

    def command(self, *arguments):
        return subprocess.run([self.abide, *arguments, *self.place], capture_output=True, text=True, check=True).stdout

    def row(self, name, value, unit, at_most, note=""):
        self.rows.append((name, value, unit, at_most, note))
        print(f"{name:58} {value:9.1f} {unit:3} {'at most ' + format(at_most, 'g') if at_most else '':>13} {'' if not at_most else 'reached' if value <= at_most else 'ABOVE'} {note}".rstrip(), flush=True)

    def run(self):
        started = time.monotonic()
        self.command("demo", "generate", "--tickets", str(self.tickets))
        print(f"{self.tickets} tickets in {time.monotonic() - started:.0f} s", file=sys.stderr)
        accounts = [json.loads(line) for line in self.command("demo", "accounts").splitlines()]
        self.agent, self.other = [one for one in accounts if one["role"] == "agent"][:2]
        self.token = self.command("token", "create", self.other["email"]).strip()
        server = Server([self.abide, "serve", *self.place], "/health/ready", self.folder / "serve.log", smtp=True)
        path = next(found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name)))
        try:
            with sync_playwright() as playwright:
                self.browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
                self.base = f"http://127.0.0.1:{server.port}"
                self.port = server.port
                self.sign_in()
                self.first_views()
                self.clicks_and_keys()
                self.opened()
                self.other_browser()
                self.browser.close()
            self.streams(server)
        finally:
            server.stop()
            shutil.rmtree(self.folder, ignore_errors=True)
        return all(not at_most or value <= at_most for _, value, _, at_most, _ in self.rows)

    def sign_in(self):
        context = self.browser.new_context(base_url=self.base)
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("[name=email]", self.agent["email"])
        page.fill("[name=password]", self.agent["password"])
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/tickets")
        self.links = page.evaluate("[...document.querySelectorAll('.trow .what a')].map(a => a.getAttribute('href'))")
        self.state = context.storage_state()
        self.cookie = "; ".join(f"{one['name']}={one['value']}" for one in context.cookies())
        context.close()

    def window(self):
        context = self.browser.new_context(base_url=self.base, storage_state=self.state, bypass_csp=True, viewport={"width": 1280, "height": 900})
        context.add_init_script("""
            window.paints = 0;
            new PerformanceObserver(list => { for (const e of list.getEntries()) window.paints = e.startTime; }).observe({ type: 'largest-contentful-paint', buffered: true });
            // From the key itself to the next picture: the browser's own entries count a key that paints nothing up to the picture of the next one.
            window.keys = [];
            addEventListener('keydown', event => requestAnimationFrame(() => setTimeout(() => window.keys.push(performance.now() - event.timeStamp))), true);
        """)
        return context, context.new_page()

    def first_views(self):
        for name, path in (("list", "/tickets"), ("ticket", self.links[len(self.links) // 2])):
            paints, sizes = [], []
            for _ in range(9):
                context, page = self.window()
                network = context.new_cdp_session(page)
                network.send("Network.enable")
                received = []
                network.on("Network.loadingFinished", lambda told: received.append(told["encodedDataLength"]))
                page.goto(path)
                page.wait_for_load_state("load")
                page.wait_for_function("window.paints > 0")
                page.wait_for_timeout(300)
                paints.append(page.evaluate("window.paints"))
                sizes.append(sum(received) / 1000)
                context.close()
            self.row(f"first view of the {name}, transferred", max(sizes), "KB", 100)
            self.row(f"first view of the {name}, largest paint, median of 9", statistics.median(paints), "ms", 300, f"worst {max(paints):.0f}")

    def clicks_and_keys(self):
        context, page = self.window()
        page.goto("/tickets")
        times = []
        for link in self.links[:15]:
            page.evaluate("href => { localStorage.clicked = performance.timeOrigin + performance.now(); document.querySelector(`.trow .what a[href='${href}']`).click(); }", link)
            page.wait_for_url("**" + link)
            page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
            times.append(page.evaluate(SEEN))
            page.go_back()
            page.wait_for_selector(".trow")
        self.row("opening a ticket that nobody had pointed at, median of 15", statistics.median(times), "ms", 100, f"worst {max(times):.0f}")
        pages = (("/tickets", ["j", "j", "k", "x", "a", "Escape", "x", "Escape", "/", "Escape", "?", "Escape", "Control+k", "t", "Escape"]),
                 (self.links[3], ["r", "Escape", "n", "Escape", "s", "Escape", "e", "Escape", "v", "Escape", "a", "Escape", "p", "Escape", "?", "Escape", "Control+k", "r", "Escape"]))
        for path, pressed in pages:
            page.goto(path)
            page.wait_for_load_state("load")
            page.evaluate("window.keys.length = 0")
            for key in pressed:
                page.keyboard.press(key)
                page.wait_for_timeout(120)
            took = page.evaluate("window.keys")
            self.row(f"every key of the {'list' if path == '/tickets' else 'ticket'}, the slowest of {len(pressed)}", max(took), "ms", 100)
        context.close()

    def opened(self):
        """As people open a ticket: the pointer rests on its row and clicks, or the keys choose it. By a browser that is watched from its tab, since one that
        is watched from its page makes no page ready before it is opened."""
        for name, choose in (("opening a ticket with the pointer, median of 15", Tab.point), ("opening a ticket with the keyboard, median of 15", Tab.choose)):
            with Tab(self.base, self.state["cookies"]) as tab:
                times, ready = [], 0
                for link in self.links[:15]:
                    tab.open("/tickets", ".trow .what a")
                    choose(tab, link)
                    tab.until(f"location.pathname === '{link}' && performance.getEntriesByName('first-contentful-paint').length > 0")
                    times.append(tab.evaluate(SEEN + "()"))
                    ready += tab.evaluate("performance.getEntriesByType('navigation')[0].activationStart > 0")
                self.row(name, statistics.median(times), "ms", 100, f"worst {max(times):.0f}, {ready} were ready")

    def api(self, method, path, body=None):
        answer, text = request(self.port, method, "/api/v1" + path, {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}, json.dumps(body) if body else None)
        if answer.status >= 300:
            sys.exit(f"{method} {path}: {answer.status} {text[:300]}")
        return json.loads(text)

    def other_browser(self):
        context, page = self.window()
        ref = re.search(r"[A-Z]+-\d+", self.links[5])[0]
        page.goto(f"/tickets/{ref}")
        page.wait_for_load_state("load")
        page.wait_for_timeout(500)
        times = []
        for number in range(7):
            words = f"seen elsewhere {number}"
            page.evaluate("""words => { window.seen = new Promise(done => new MutationObserver(() => { if (document.body.innerText.includes(words)) done(Date.now()); }).observe(document.body, { childList: true, subtree: true })); }""", words)
            began = time.time() * 1000
            self.api("POST", f"/tickets/{ref}/messages", {"body": words, "visibility": "internal"})
            times.append(page.evaluate("window.seen") - began)
        self.row("an event of another browser is seen, the slowest of 7", max(times), "ms", 1000)
        context.close()

    def streams(self, server):
        def p99(seconds=6):
            import http.client
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            times, until = [], time.monotonic() + seconds
            while time.monotonic() < until:
                began = time.monotonic()
                connection.request("GET", "/tickets", headers={"Cookie": self.cookie})
                connection.getresponse().read()
                times.append((time.monotonic() - began) * 1000)
                time.sleep(0.005)
            return statistics.quantiles(times, n=100)[98]

        ref = re.search(r"[A-Z]+-\d+", self.links[6])[0]
        stop = threading.Event()

        def events():
            number = 0
            while not stop.wait(1):
                number += 1
                self.api("POST", f"/tickets/{ref}/messages", {"body": f"event {number}", "visibility": "internal"})

        def with_events():
            stop.clear()
            thread = threading.Thread(target=events, daemon=True)
            thread.start()
            measured = p99()
            stop.set()
            thread.join()
            return measured

        p99(2)
        before, memory = statistics.median(with_events() for _ in range(3)), server.resident_megabytes()
        selector, open_ones, told = selectors.DefaultSelector(), [], [0]
        for _ in range(STREAMS):
            line = socket.create_connection(("127.0.0.1", self.port))
            line.sendall(f"GET /live HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {self.cookie}\r\nAccept: text/event-stream\r\n\r\n".encode())
            selector.register(line, selectors.EVENT_READ)
            open_ones.append(line)
        over = threading.Event()

        def drain():
            while not over.is_set():
                for ready, _ in selector.select(0.2):
                    told[0] += ready.fileobj.recv(65536).count(b"event: ticket")

        reading = threading.Thread(target=drain, daemon=True)
        reading.start()
        time.sleep(5)
        meanwhile = statistics.median(with_events() for _ in range(3))
        grown = server.resident_megabytes() - memory
        over.set()
        reading.join()
        for line in open_ones:
            line.close()
        if told[0] < STREAMS * 5:
            sys.exit(f"{STREAMS} streams heard {told[0]} events: they were not open")
        self.row(f"memory of {STREAMS} open streams", grown, "MB", 100, f"{told[0]} events were told")
        self.row("p99 of the list without streams", before, "ms", None)
        self.row(f"p99 of the list beside {STREAMS} streams", meanwhile, "ms", 2 * before)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--abide", required=True)
    parser.add_argument("--tickets", type=int, default=10_000)
    chosen = parser.parse_args()
    sys.exit(0 if Felt(chosen.abide, chosen.tickets).run() else 1)
