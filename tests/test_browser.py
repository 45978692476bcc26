"""The app in a real browser: move, follow a link, export, import, on a phone and in the dark.

Chromium is the one of ``$CHROMIUM`` or the first found on the path. Without one these tests are skipped and say so,
except in CI, which installs it.
"""

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
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from dashboard.benchmark_browser import PROBE, STILL_MS
from models.snapshot_archive import read_snapshot

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM and not os.environ.get("CI"),
        reason="no Chromium here: install the package `chromium`, or set CHROMIUM to its path",
    ),
]

ROOT = Path(__file__).parents[1]
WAIT_SECONDS = 60.0
"""The first page imports everything; a loaded machine with two cores took fifteen seconds."""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
QUIET = "[data-testid=stApp][data-test-script-state=notRunning]"
PHONE = {"width": 390, "height": 844}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def healthy(address: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
        return answer.read() == b"ok"
    return False


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    """Serve the app as the README says, with a folder of its own for refits."""
    port, home = free_port(), tmp_path_factory.mktemp("home")
    options = ["--server.headless", "true", "--server.port", str(port), "--server.address", "127.0.0.1"]
    command = [sys.executable, "-m", "dashboard", *options]
    with (home / "log.txt").open("wb") as log:
        server = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"CONJUNCTION_HOME": str(home), "CONJUNCTION_RECORD": ""},
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "no Chromium: install the package `chromium`, or set CHROMIUM to its path"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def visit(address: str, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page of the app in a session of its own and wait until it stands still."""
    contexts = []

    def opened(path: str = "", **options: object) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(1000 * WAIT_SECONDS)
        page.goto(f"{address}/{path}")
        return settled(page)

    yield opened
    for context in contexts:
        context.close()


def settled(page: Page) -> Page:
    page.wait_for_selector("h1")
    page.wait_for_selector(QUIET)
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")
    return page


def chances(page: Page) -> list[str]:
    """The four numbers of the headline."""
    return page.locator("[data-testid=stMetricValue]").all_inner_texts()


def moved(page: Page, knob: str, presses: int) -> Page:
    """Move a slider with the keyboard and wait until the address follows."""
    group = page.locator("[data-testid=stSidebar] summary", has_text="The whole model")
    group.click()
    handle = page.locator(f".st-key-slider-{knob} input[type=range]")
    handle.focus()
    for _ in range(presses):
        handle.press("ArrowRight")
    page.wait_for_function(f"location.search.includes('{knob}=')")
    return settled(page)


def test_a_slider_moves_the_number_and_the_link_repeats_it(visit):
    page = visit()
    before = chances(page)
    assert len(before) == 4
    moved(page, "driver_strength", 4)
    page.wait_for_function("location.search === '?driver_strength=0.8'")  # every press has arrived
    expect(page.locator("[data-testid=stMetricValue]").first).not_to_have_text(before[0])
    after, link = chances(settled(page)), urlsplit(page.evaluate("location.href")).query
    assert chances(visit(f"?{link}")) == after
    page.locator("[data-testid=stSidebarNavLink]", has_text="Evidence").click()
    page.wait_for_selector("h1:has-text('Evidence')")
    page.wait_for_function(f"location.search === '?{link}'")
    page.reload()
    settled(page).locator("[data-testid=stSidebarNavLink]", has_text="Forecast").click()
    page.wait_for_selector("h1:has-text('Forecast')")
    assert chances(settled(page)) == after


def test_a_move_repaints_the_charts_that_stand(visit):
    page = visit()
    charts = page.locator("[data-testid=stVegaLiteChart] svg")
    expect(charts).to_have_count(5)
    charts.evaluate_all("all => all.forEach(one => { one.stands = true; })")
    page.evaluate(PROBE, STILL_MS)
    moved(page, "driver_strength", 1)
    move = page.wait_for_function("() => settledMove()").json_value()
    assert move["seen"]
    assert not move["empty"]
    assert move["repainted"] > 0
    assert charts.evaluate_all("all => all.map(one => one.stands === true)") == [True] * 5


@pytest.mark.slow
def test_a_snapshot_goes_out_and_comes_back(visit, tmp_path):
    page = visit("?C01=1.70&rupture_hazard=0.030&years=2")
    page.locator("summary", has_text="Snapshot: export and import").click()
    with page.expect_download() as caught:
        page.get_by_role("button", name="Snapshot (zip)").click()
    file = tmp_path / "snapshot.zip"
    caught.value.save_as(file)
    snapshot = read_snapshot(file.read_bytes())
    assert snapshot.assumptions.changed == ("C01", "rupture_hazard")
    other = visit("?years=2")
    assert chances(other) != chances(page)
    other.locator("summary", has_text="Snapshot: export and import").click()
    other.locator("input[type=file]").set_input_files(file)
    expect(other.get_by_text("The same settings give the same numbers here.")).to_be_visible()
    other.get_by_role("button", name="Use these settings").click()
    other.wait_for_function("location.search.includes('C01=1.70')")
    assert chances(settled(other)) == chances(page)


def test_a_broken_upload_is_refused_and_nothing_is_lost(visit, tmp_path):
    page = visit("?C01=1.70")
    before = chances(page)
    page.locator("summary", has_text="Snapshot: export and import").click()
    file = tmp_path / "broken.zip"
    file.write_bytes(b"PK\x03\x04 cut off")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("damaged or cut off")).to_be_visible()
    assert chances(settled(page)) == before
    assert "C01=1.70" in page.evaluate("location.search")


OTHER_NAMES = ("assumptions", "evidence", "record", "checks", "method")
OTHER_PAGES = [pytest.param(path, marks=pytest.mark.slow) for path in OTHER_NAMES]


@pytest.mark.parametrize("path", ["", *OTHER_PAGES])
def test_every_page_fits_a_phone_and_asks_nobody_else(visit, address, path):
    page = visit("method", viewport=PHONE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/{path}")
    settled(page)
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    outside = [url for url in asked if not url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))]
    assert outside == []
    for chart in page.locator("[data-testid=stVegaLiteChart]:visible").all():
        assert chart.bounding_box()["width"] <= PHONE["width"]


def test_every_chart_has_words_for_those_who_cannot_see_it(visit):
    page = visit()
    charts = page.locator("[data-testid=stVegaLiteChart]")
    expect(charts.nth(4)).to_be_visible()
    for chart in charts.all():
        assert chart.get_attribute("role") == "graphics-document"
        assert len(chart.get_attribute("aria-label")) > 40


def test_the_dark_page_is_dark(visit):
    colour = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    assert visit("method", color_scheme="dark").evaluate(colour) == "rgb(17, 22, 29)"
    assert visit("method", color_scheme="light").evaluate(colour) == "rgb(255, 255, 255)"
