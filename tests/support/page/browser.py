"""The app as a reader has it: one server for all the tests of a session that drive a real page, one Chromium a file.

Chromium is the one of ``$CHROMIUM`` or the first found on the path. Without one these tests are skipped and say so,
except in CI, which installs it. The fixtures are made known by ``tests/conftest.py``, which also sends every test that
is marked ``browser`` to the same worker.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.page.watched import Watch

if TYPE_CHECKING:  # a worker without browser tests need not import it
    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM and not os.environ.get("CI"),
        reason="no Chromium here: install the package `chromium`, or set CHROMIUM to its path",
    ),
]
"""``pytestmark`` of a module that drives a real page."""

ROOT = Path(__file__).parents[3]
WAIT_SECONDS = 60.0
"""The first page imports everything; a loaded machine with two cores took fifteen seconds."""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
QUIET = "[data-testid=stApp][data-test-script-state=notRunning]"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def healthy(address: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
        return answer.read() == b"ok"
    return False


@pytest.fixture(scope="session")
def watch(tmp_path_factory) -> Watch:
    """What the server of this session does towards the network."""
    return Watch(tmp_path_factory.mktemp("watch"))


@pytest.fixture(scope="session")
def address(tmp_path_factory, watch: Watch) -> Iterator[str]:
    """Serve the app as the README says, with a folder of its own for refits. Whatever is done, it asks nobody."""
    port, home = free_port(), tmp_path_factory.mktemp("home")
    options = ["--server.headless", "true", "--server.port", str(port)]
    command = [sys.executable, "-m", "dashboard", *options]
    with (home / "log.txt").open("wb") as log:
        server = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"CONJUNCTION_HOME": str(home), **watch.environment},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        end = time.monotonic() + WAIT_SECONDS
        while not healthy(f"http://127.0.0.1:{port}"):
            assert server.poll() is None, (home / "log.txt").read_text()
            assert time.monotonic() < end, (home / "log.txt").read_text()
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        server.terminate()
        server.wait(10)
    assert watch.outside() == []


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium for one file: as long as it lives, Playwright's event loop keeps others in this thread from theirs."""
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "no Chromium: install the package `chromium`, or set CHROMIUM to its path"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def windows(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Windows by their options: pages of a file share what is fetched and compiled, which costs seconds a page."""
    opened: dict[str, BrowserContext] = {}

    def window(**options: object) -> BrowserContext:
        if repr(options) not in opened:
            opened[repr(options)] = browser.new_context(**options)
        return opened[repr(options)]

    yield window
    for context in opened.values():
        context.close()


@pytest.fixture
def new_page(windows: Callable[..., BrowserContext]) -> Iterator[Callable[..., Page]]:
    """Open empty pages; what one test leaves in a window, cookies and storage, no other finds."""
    pages: list[Page] = []

    def opened(**options: object) -> Page:
        page = windows(**options).new_page()
        page.set_default_timeout(1000 * WAIT_SECONDS)
        pages.append(page)
        return page

    yield opened
    for page in pages:
        forgotten(page)


@pytest.fixture
def visit(address: str, new_page: Callable[..., Page]) -> Callable[..., Page]:
    """Open a page of the app in a session of its own and wait until it stands still."""

    def opened(path: str = "", **options: object) -> Page:
        page = new_page(**options)
        page.goto(f"{address}/{path}")
        return settled(page)

    return opened


@pytest.fixture
def empty_page(new_page: Callable[..., Page]) -> Page:
    """A page of a session of its own, nothing opened yet."""
    return new_page(viewport={"width": 1280, "height": 1000})


def forgotten(page: Page) -> None:
    """Close a page and forget what it stored."""
    from playwright.sync_api import Error

    with contextlib.suppress(Error):  # a page that shows nothing stores nothing
        page.evaluate("localStorage.clear()")
    page.context.clear_cookies()
    page.close()


def wait_until(page: Page, expression: str, seconds: float = WAIT_SECONDS) -> object:
    """What an expression says once it says something. Playwright's own way needs `eval`, which the page forbids where a
    first look was not enough."""
    end = time.monotonic() + seconds
    while not (value := page.evaluate(expression)):
        assert time.monotonic() < end, f"not in {seconds:g} s: {expression}"
        page.wait_for_timeout(50)
    return value


def settled(page: Page) -> Page:
    page.wait_for_selector("h1")
    page.wait_for_selector(QUIET)
    wait_until(page, "!document.querySelector('[data-testid=stSkeleton]')")
    return page


def chances(page: Page) -> list[str]:
    """The four numbers of the answer in force."""
    return page.locator("[data-testid=stMetricValue]").all_inner_texts()[:4]
