"""A tab of a browser that is watched from outside its pages: a browser that is watched from a page, as Playwright does, makes no page ready before it is opened."""

import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import websocket

# Notes when somebody clicks or presses Enter.
NOTE = "(() => { for (const kind of ['click', 'keydown']) addEventListener(kind, event => { if (kind === 'click' || event.key === 'Enter') localStorage.clicked = performance.timeOrigin + event.timeStamp; }, true); })()"


class Tab:
    """One tab of a browser of its own, by the DevTools protocol."""

    def __init__(self, base, cookies):
        self.base, self.cookies = base, cookies

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="abide-felt-browser-")
        path = next(found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name)))
        self.process = subprocess.Popen(
            [path, "--headless", "--no-sandbox", "--remote-debugging-port=0", "--no-first-run", "--window-size=1280,900", f"--user-data-dir={self.folder}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port = Path(self.folder) / "DevToolsActivePort"
        while not port.exists() or len(port.read_text().splitlines()) < 2:
            time.sleep(0.05)
        number, place = port.read_text().splitlines()[:2]
        self.line = websocket.create_connection(f"ws://127.0.0.1:{number}{place}", suppress_origin=True, timeout=2)
        self.number, self.pages = 0, []
        tab = next(one["targetId"] for one in self.call("Target.getTargets", {"filter": [{"type": "tab"}]}, None)["targetInfos"])
        self.tab = self.call("Target.attachToTarget", {"targetId": tab, "flatten": True}, None)["sessionId"]
        self.call("Target.setAutoAttach", {"autoAttach": True, "waitForDebuggerOnStart": False, "flatten": True}, self.tab)
        self.call("Storage.setCookies", {"cookies": [{"name": one["name"], "value": one["value"], "url": self.base, "httpOnly": True} for one in self.cookies]}, None)
        return self

    def __exit__(self, *_):
        self.line.close()
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def hear(self):
        try:
            told = json.loads(self.line.recv())
        except websocket.WebSocketTimeoutException:
            raise RuntimeError("no answer")
        if told.get("method") == "Target.attachedToTarget" and told["params"]["targetInfo"]["type"] == "page":
            self.pages.append(told["params"]["sessionId"])
        if told.get("method") == "Target.detachedFromTarget" and told["params"]["sessionId"] in self.pages:
            self.pages.remove(told["params"]["sessionId"])
        return told

    def call(self, method, params, session):
        self.number += 1
        mine = self.number
        self.line.send(json.dumps({"id": mine, "method": method, "params": params, **({"sessionId": session} if session else {})}))
        while (told := self.hear()).get("id") != mine:
            if told.get("method") == "Target.detachedFromTarget" and told["params"]["sessionId"] == session:
                raise RuntimeError("the page is gone")
        if "error" in told:
            raise RuntimeError(f"{method}: {told['error']}")
        return told["result"]

    def evaluate(self, script, session=None):
        answer = self.call("Runtime.evaluate", {"expression": script, "returnByValue": True}, session or self.shown())
        return answer["result"].get("value")

    def shown(self):
        """The page in the tab: not one that is only made ready."""
        for _ in range(200):
            for session in list(self.pages):
                try:
                    if self.call("Runtime.evaluate", {"expression": "!document.prerendering", "returnByValue": True}, session)["result"].get("value"):
                        return session
                except RuntimeError:
                    if session in self.pages:
                        self.pages.remove(session)
            time.sleep(0.01)
        raise AssertionError("the tab has no page")

    def until(self, script):
        for _ in range(500):
            try:
                if self.evaluate(script):
                    return
            except RuntimeError:
                pass
            time.sleep(0.01)
        raise AssertionError(f"never: {script}")

    def open(self, path, selector):
        self.call("Page.navigate", {"url": self.base + path}, self.shown())
        self.until(f"location.pathname === '{path}' && document.readyState === 'complete' && document.querySelector('{selector}') !== null")
        self.evaluate(NOTE)
        time.sleep(0.3)

    def hover(self, link):
        session = self.shown()
        self.x, self.y = self.evaluate(f"(() => {{ const a = document.querySelector(`.trow .what a[href='{link}']`); a.scrollIntoView({{ block: 'center' }}); const b = a.getBoundingClientRect(); return [b.x + 20, b.y + b.height / 2]; }})()", session)
        for at in range(5):
            self.call("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": self.x - 40 + 10 * at, "y": self.y}, session)

    def click(self):
        session = self.shown()
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", {"type": kind, "x": self.x, "y": self.y, "button": "left", "clickCount": 1}, session)

    def point(self, link):
        """Rests on it for as long as it takes to decide, and clicks."""
        self.hover(link)
        time.sleep(0.4)
        self.click()

    def choose(self, link):
        session = self.shown()
        for _ in range(60):
            self.press("j", session)
            if self.evaluate("document.querySelector('.trow.current .what a').getAttribute('href')", session) == link:
                break
        time.sleep(0.5)
        try:
            self.press("Enter", session)
        except RuntimeError:
            # The page is gone before the key is up.
            pass

    def press(self, key, session):
        code = {"j": 74, "Enter": 13}[key]
        text = {"j": "j", "Enter": "\r"}[key]
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", {"type": kind, "key": key, "windowsVirtualKeyCode": code, **({"text": text} if kind == "keyDown" else {})}, session)
