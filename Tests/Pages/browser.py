"""A Chromium window on the portal, and what people do in it."""

import base64
import contextlib
import gzip
import os
import pathlib
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator

from axe_core_python.selenium import Axe
from portal import Portal
from selenium import webdriver
from selenium.common.exceptions import (
    StaleElementReferenceException,
    WebDriverException,
)
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

HEIGHT = 900
WIDE, NARROW = 1280, 375
# Each width and each scheme once; every pair of them takes `make test-pages`.
LOOKS = [(WIDE, False), (NARROW, True)]
LOOKS_AT_ALL = os.environ.get("CARETAKER_LOOKS") == "all"
if LOOKS_AT_ALL:
    LOOKS += [(WIDE, True), (NARROW, False)]
WITHIN_S = 30
LOOK_EVERY_S = 0.1
# The browser's own idea of what can be read: Selenium's `text` takes a hundred times as long.
READ = """
return [...document.querySelectorAll(arguments[0])]
  .map(e => e.checkVisibility() && e.innerText || "");
"""
# How far things have moved by themselves, and when the largest of them was there, in milliseconds.
PAINTED = """
const done = arguments[arguments.length - 1];
const painted = { shift: 0, largest_ms: 0 };
const look = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take))
  .observe({ type, buffered: true });
look("layout-shift", (entry) => (painted.shift += entry.hadRecentInput ? 0 : entry.value));
look("largest-contentful-paint", (entry) => (painted.largest_ms = entry.startTime));
setTimeout(() => done(painted), 50);
"""
# What is in order is not told, which takes axe longer than finding out what is not.
AXE = {"resultTypes": ["violations"]}
FLAGS = [
    "--headless",
    "--no-sandbox",  # Chromium will not start as root with it
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    # loopback and nothing else
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


class Browser:
    """A window on the portal; `driver` is Selenium's, for everything not named here."""

    def __init__(self, portal: Portal, javascript: bool = True):
        self.driver = _driver()
        self.width = WIDE
        self.allow_scripts(javascript)
        self.portal = portal

    def allow_scripts(self, allowed: bool) -> None:
        """Pages' own scripts alone: what these tests ask of a page is answered either way."""
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not allowed})
        self.javascript = allowed

    # Looking

    def open(self, path: str) -> None:
        self.driver.get(self.portal.url + path)

    @property
    def path(self) -> str:
        return urllib.parse.urlsplit(self.driver.current_url).path

    def find(self, selector: str):
        return self.driver.find_element("css selector", selector)

    def find_all(self, selector: str) -> list:
        return self.driver.find_elements("css selector", selector)

    def text(self, selector: str = "main") -> str:
        """What can be read there; read again if the page goes on to the next meanwhile."""
        texts = self._wait_while_moving(lambda: self.driver.execute_script(READ, selector))
        lines = (" ".join(line.split()) for text in texts for line in text.splitlines())
        return "\n".join(line for line in lines if line)

    def wait_for(self, text: str, selector: str = "main", within_s: float = WITHIN_S) -> None:
        """Waits until the page, left to itself, says so."""
        self._wait(lambda: text in self.text(selector), text, selector, within_s)

    def wait_until_gone(self, selector: str) -> None:
        """Waits until the page, left to itself, has nothing of the kind any more."""
        WebDriverWait(self.driver, WITHIN_S, LOOK_EVERY_S).until(
            lambda _: not self.find_all(selector)
        )

    def reload_until(self, path: str, text: str, selector: str = "main") -> None:
        """Opens a page again and again until it says so."""

        def says() -> bool:
            self.open(path)
            return text in self.text(selector)

        self._wait(says, text, selector, WITHIN_S)

    def _wait_while_moving(self, act: Callable, moved: type[Exception] = WebDriverException):
        """What `act` gives, once what it looks at stays."""
        wait = WebDriverWait(self.driver, WITHIN_S, LOOK_EVERY_S, [moved])
        return wait.until(lambda _: (act(),))[0]

    def _wait(self, says: Callable[[], bool], text: str, selector: str, within_s: float) -> None:
        deadline = time.monotonic() + within_s
        while not says():
            if time.monotonic() > deadline:
                raise AssertionError(f"no “{text}” on {self.path}:\n{self.text(selector)}")
            time.sleep(LOOK_EVERY_S)

    # Acting

    def press(self, selector: str) -> None:
        """Presses a button of a form, or a link; returns on the page that answers."""
        with self.leaving():
            # A live page may replace what was found; then nothing was clicked.
            self._wait_while_moving(
                lambda: self.find(selector).click(), StaleElementReferenceException
            )

    def follow(self, element) -> None:
        """Clicks on what leads to another page; returns there."""
        with self.leaving():
            element.click()

    def type_and_send(self, selector: str, text: str) -> None:
        """Types in a field and presses Enter; returns on the page that answers."""
        with self.leaving():
            self.find(selector).send_keys(text, Keys.ENTER)

    @contextlib.contextmanager
    def leaving(self) -> Iterator[None]:
        """What is done in it leads to another page, which is there afterwards."""
        document = self.find("html")
        yield
        wait = WebDriverWait(self.driver, WITHIN_S, LOOK_EVERY_S, [WebDriverException])
        wait.until(lambda _: self.find("html") != document)

    def sign_in(self, login: str) -> None:
        """Signs a person in by the form, as they would."""
        self.open("/sign-in")
        self.login = login
        self.find("#login").send_keys(login)
        self.find("#password").send_keys(self.portal.passwords[login])
        self.press("form button")

    def sign_out(self) -> None:
        self.find("details.user summary").click()
        self.press("form[action='/session/end'] button")

    def preview_size(self, size: str) -> None:
        self.reload_until("/scaling", "Preview the task size")
        self.find(f"#size option[value='{size}']").click()
        self.press("form:has(#size) button")

    def propose(self, reason: str) -> str:
        """Proposes what is previewed; the path of the change."""
        self.find("#reason").send_keys(reason)
        self.press("form[action='/changes'] button")
        return self.path

    def approve(self, change: str, password: str | None = None) -> None:
        self.open(change)
        self.find("#password").send_keys(password or self.portal.passwords["ben"])
        self.press("form[action$='/approval'] button.primary")

    def run(self, change: str) -> None:
        self.open(change)
        self.press_run()

    def press_run(self) -> None:
        """Runs the change on the page, with the password where that is asked for."""
        self._press_confirmed("execution")

    def press_resume(self) -> None:
        """Goes on with the unknown run on the page."""
        self._press_confirmed("resumption")

    def _press_confirmed(self, act: str) -> None:
        for field in self.find_all(f"form[action$='/{act}'] #password"):
            field.send_keys(self.password)
        self.press(f"form[action$='/{act}'] button")

    @property
    def password(self) -> str:
        """The password of who is signed in."""
        return self.portal.passwords[self.login]

    def forge(self, path: str, **fields: str) -> tuple[int, str]:
        """Posts what the page has no form for, with this session's cookie and form token.

        Answers the status and the page.
        """
        token = self.find("input[name='form_token']").get_attribute("value")
        cookie = self.driver.get_cookie("caretaker")["value"]
        request = urllib.request.Request(
            self.portal.url + path,
            data=urllib.parse.urlencode({"form_token": token} | fields).encode(),
            headers={"Cookie": f"caretaker={cookie}", "Sec-Fetch-Site": "same-origin"},
        )
        try:
            with urllib.request.urlopen(request, timeout=WITHIN_S) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()

    # The look of it

    def zoom(self) -> None:
        """Everything twice as large, in a window that stays."""
        self.width = WIDE // 2
        size = {"width": WIDE // 2, "height": HEIGHT // 2, "deviceScaleFactor": 2, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def emulate(self, width: int, dark: bool) -> None:
        """Sets the size by emulation, since a window cannot be as narrow as a telephone."""
        self.width = width
        size = {"width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": width <= NARROW}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        # Nothing fades in: what is there can be read at once.
        motion = {"name": "prefers-reduced-motion", "value": "reduce"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme, motion]})

    def overflow_px(self) -> int:
        """How far the page is wider than the window, which on a telephone would grow with it."""
        metrics = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})
        window = min(metrics["cssLayoutViewport"]["clientWidth"], self.width)
        return metrics["cssContentSize"]["width"] - window

    def errors(self) -> list[str]:
        """What the console has called an error since it was last asked."""
        return [e["message"] for e in self.driver.get_log("browser") if e["level"] == "SEVERE"]

    def painted(self) -> dict[str, float]:
        """How the page came up: `shift` and `largest_ms`, as the browser measures them."""
        return self.driver.execute_async_script(PAINTED)

    def fetch(self, path: str) -> urllib.request.Request:
        """A request as this window would make it, for what no window shows."""
        cookies = "; ".join(f"{c['name']}={c['value']}" for c in self.driver.get_cookies())
        fields = {"Cookie": cookies, "Accept-Encoding": "gzip", "Sec-Fetch-Site": "same-origin"}
        return urllib.request.Request(self.portal.url + path, headers=fields)

    def keep(self, name: str, path: str) -> None:
        """The page as it was sent, where CARETAKER_HTML says."""
        folder = os.environ.get("CARETAKER_HTML")
        if folder:
            (pathlib.Path(folder) / f"{name}.html").write_bytes(gzip.decompress(self.sent(path)))

    def sent(self, path: str) -> bytes:
        """What comes over the wire for an address, packed, whatever its status."""
        try:
            with urllib.request.urlopen(self.fetch(path), timeout=WITHIN_S) as answer:
                return answer.read()
        except urllib.error.HTTPError as refusal:
            return refusal.read()

    def screenshot(self, name: str) -> None:
        """The whole page, where CARETAKER_SCREENSHOTS says."""
        folder = os.environ.get("CARETAKER_SCREENSHOTS")
        if not folder:
            return
        size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        whole = {"clip": size | {"scale": 1}, "captureBeyondViewport": True}
        picture = self.driver.execute_cdp_cmd("Page.captureScreenshot", whole)["data"]
        pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
        (pathlib.Path(folder) / f"{name}.png").write_bytes(base64.b64decode(picture))


def fits(browser: Browser):
    """The page fits its window, and has its landmarks once."""
    assert browser.overflow_px() <= 0
    assert len(browser.find_all("h1")) == 1
    assert len(browser.find_all("main#main")) == 1
    assert len(browser.find_all("body > header")) == len(browser.find_all("body > footer")) == 1
    assert browser.find("body > :first-child").get_attribute("class") == "skip"
    assert browser.find("a.skip").get_attribute("href").endswith("#main")


def is_sound(browser: Browser):
    """The page fits, and axe finds nothing."""
    fits(browser)
    found = Axe().run(browser.driver, options=AXE)["violations"]
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in found] == []


def pictures(browser: Browser, name: str):
    """The page is sound in every look; taken, for whoever wants to see it."""
    for width, dark in LOOKS:
        browser.emulate(width, dark)
        is_sound(browser)
        browser.screenshot(f"{name}-{width}-{'dark' if dark else 'light'}")
    browser.emulate(WIDE, False)


def opens_soundly(browser: Browser, path: str, name: str):
    """The page is sound in every look that it is opened in, and nothing is called an error."""
    for width, dark in LOOKS:
        browser.emulate(width, dark)
        browser.open(path)
        is_sound(browser)
        browser.screenshot(f"{name}-{width}-{'dark' if dark else 'light'}")
    browser.emulate(WIDE, False)
    assert browser.errors() == []


def _driver() -> webdriver.Chrome:
    options = webdriver.ChromeOptions()
    # Chromium without what is around its pages, at half the cost. Itself, not the script in
    # /usr/bin, which would be ended without it.
    options.binary_location = "/usr/lib/chromium/chromium-headless-shell"
    options.accept_insecure_certs = True
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in FLAGS:
        options.add_argument(flag)
    service = webdriver.ChromeService(executable_path="/usr/bin/chromedriver")
    return webdriver.Chrome(options=options, service=service)
