"""The app in a real browser: move, follow a link, export, import, on a phone and in the dark."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from dashboard.benchmarks.browser import PROBE, STILL_MS
from models.snapshot.archive import read_snapshot
from tests.support.page.browser import IN_A_BROWSER, chances, settled, wait_until

pytestmark = IN_A_BROWSER

PHONE = {"width": 390, "height": 844}


def moved(page: Page, knob: str, presses: int) -> Page:
    """Move a slider with the keyboard and wait until the address follows."""
    group = page.locator("[data-testid=stSidebar] summary", has_text="The whole model")
    group.click()
    handle = page.locator(f".st-key-slider-{knob} input[type=range]")
    handle.focus()
    for _ in range(presses):
        handle.press("ArrowRight")
    wait_until(page, f"location.search.includes('{knob}=')")
    return settled(page)


@pytest.mark.slow
def test_a_slider_moves_the_number_and_the_link_repeats_it(visit):
    page = visit()
    before = chances(page)
    assert len(before) == 4
    moved(page, "driver_strength", 4)
    wait_until(page, "location.search === '?driver_strength=0.5&edition=2'")  # every press has arrived
    expect(page.locator("[data-testid=stMetricValue]").first).not_to_have_text(before[0])
    after, link = chances(settled(page)), urlsplit(page.evaluate("location.href")).query
    assert chances(visit(f"?{link}")) == after
    page.locator("[data-testid=stSidebarNavLink]", has_text="Evidence").click()
    page.wait_for_selector("h1:has-text('Evidence')")
    wait_until(page, f"location.search === '?{link}'")
    page.reload()
    settled(page).locator("[data-testid=stSidebarNavLink]", has_text="Forecast").click()
    page.wait_for_selector("h1:has-text('Forecast')")
    assert chances(settled(page)) == after


@pytest.mark.slow
def test_a_move_repaints_the_charts_that_stand(visit):
    page = visit()
    charts = page.locator("[data-testid=stVegaLiteChart] svg")
    expect(charts).to_have_count(6)
    charts.evaluate_all("all => all.forEach(one => { one.stands = true; })")
    page.evaluate(PROBE, STILL_MS)
    moved(page, "driver_strength", 1)
    move = wait_until(page, "settledMove()")
    assert move["seen"]
    assert not move["empty"]
    assert move["repainted"] > 0
    assert charts.evaluate_all("all => all.map(one => one.stands === true)") == [True] * 6


@pytest.mark.slow
def test_a_snapshot_goes_out_and_comes_back(visit, tmp_path):
    page = visit("?C01=1.70&rupture_hazard=0.030&edition=2&years=2")
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
    wait_until(other, "location.search.includes('C01=1.70')")
    assert chances(settled(other)) == chances(page)


SLOW_UPLOAD = 60_000
"""Milliseconds: on a busy machine an upload waits for the first forecast of the page."""


@pytest.mark.slow
def test_a_broken_upload_is_refused_and_nothing_is_lost(visit, tmp_path):
    page = visit("?C01=1.70&edition=2")
    before = chances(page)
    page.locator("summary", has_text="Snapshot: export and import").click()
    file = tmp_path / "broken.zip"
    file.write_bytes(b"PK\x03\x04 cut off")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("damaged or cut off")).to_be_visible(timeout=SLOW_UPLOAD)
    assert chances(settled(page)) == before
    assert "C01=1.70" in page.evaluate("location.search")


OTHER_NAMES = ("ask", "assumptions", "evidence", "record", "checks", "method")
OTHER_PAGES = [pytest.param(path, marks=pytest.mark.slow) for path in OTHER_NAMES]


@pytest.mark.parametrize("path", ["", *OTHER_PAGES])
def test_every_page_fits_a_phone_and_asks_nobody_else(visit, address, path):
    page = visit("method", viewport=PHONE)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{address}/{path}")
    settled(page)
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    outside = [
        url for url in requests if not url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))
    ]
    assert outside == []
    for chart in page.locator("[data-testid=stVegaLiteChart]:visible").all():
        assert chart.bounding_box()["width"] <= PHONE["width"]


@pytest.mark.slow
def test_every_chart_has_words_for_those_who_cannot_see_it(visit):
    page = visit()
    charts = page.locator("[data-testid=stVegaLiteChart]")
    expect(charts.nth(5)).to_be_visible()
    for chart in charts.all():
        assert chart.get_attribute("role") == "graphics-document"
        assert len(chart.get_attribute("aria-label")) > 40


@pytest.mark.slow
def test_the_dark_page_is_dark(visit):
    colour = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    assert visit("method", color_scheme="dark").evaluate(colour) == "rgb(17, 22, 29)"
    assert visit("method", color_scheme="light").evaluate(colour) == "rgb(255, 255, 255)"
