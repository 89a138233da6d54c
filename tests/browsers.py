"""Pages in a real browser, and axe-core to check them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from tests.programs import path_of

AXE = Path(__file__).parent / "vendored" / "axe.min.js"
SECONDS = 120


@contextmanager
def chromium() -> Iterator[Chrome]:
    """Chromium without a window, that can reach nothing but files."""
    options = ChromeOptions()
    options.binary_location = path_of("chromium", "chromium")
    offline = ("--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking")
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", *offline):
        options.add_argument(argument)
    browser = Chrome(options=options, service=Service(path_of("chromedriver", "chromium-driver")))
    browser.set_script_timeout(SECONDS)
    try:
        yield browser
    finally:
        browser.quit()


def violations(browser: Chrome) -> list[str]:
    """What axe-core finds wrong with the page that is open: the rule and the element."""
    browser.execute_script(AXE.read_text(encoding="utf-8"))
    found = browser.execute_async_script(
        "const told = arguments[0];"
        "axe.run({resultTypes: ['violations']}).then((run) => told(run.violations.flatMap("
        "(rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 200)}`))));"
    )
    return [str(each) for each in found]


def set_width(browser: Chrome, width: int) -> None:
    """Make the page so wide: 320 is a window of 1,280 at 400% zoom."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
