"""A picture taken from the page and opened: it says what it shows, of when, under which setting, and from where."""

import struct
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.support.page.browser import IN_A_BROWSER, settled

pytestmark = IN_A_BROWSER
SVG = "{http://www.w3.org/2000/svg}"
MOVED = "?C01=3&edition=2"


@pytest.fixture(scope="module")
def page(address, browser) -> Page:
    """The Forecast page with one assumption moved, and the ways out of its first chart open."""
    opened = browser.new_page(viewport={"width": 1400, "height": 1000})
    opened.set_default_timeout(60_000)
    opened.goto(f"{address}/{MOVED}#forecast-states")
    settled(opened)
    opened.locator(".st-key-share-forecast-states button").first.click()
    opened.get_by_role("button", name="SVG").wait_for()
    yield opened
    opened.close()


def taken(page: Page, kind: str) -> tuple[str, bytes]:
    with page.expect_download() as waited:
        page.get_by_role("button", name=kind, exact=False).last.click()
    return waited.value.suggested_filename, Path(waited.value.path()).read_bytes()


def test_a_picture_opened_elsewhere_says_what_it_is(page, address):
    name, content = taken(page, "SVG")
    root = ElementTree.fromstring(content)
    shown = " ".join("".join(node.itertext()) for node in root.iter(f"{SVG}text"))
    for said in ("Four states at each year-end", "Evidence as of ", "instead of", "Conjunction", address, "C01=3"):
        assert said in shown
    assert root.find(f"{SVG}title").text == "Four states at each year-end"
    assert "Starting view" in shown
    assert name.startswith("conjunction-forecast-states-20")
    assert name.endswith(".svg")


def test_a_png_has_the_shape_of_a_slide(page):
    _, content = taken(page, "PNG")
    assert struct.unpack(">II", content[16:24]) == (1600, 900)


def test_the_link_leads_to_the_chart_under_this_setting(page, address):
    link = page.locator("[data-testid=stCode]").last.inner_text()
    assert link.startswith(address)
    assert "C01=3" in link
    assert link.endswith("#forecast-states")


def test_a_chart_is_a_figure_with_its_name_and_sentence_and_no_marks(page):
    figure = page.locator(".st-key-chart-forecast-states")
    assert figure.get_attribute("role") == "figure"
    name, says = (figure.get_attribute(f"aria-{part}") for part in ("labelledby", "describedby"))
    assert "Four states" in page.locator(f"[id='{name}']").inner_text()
    assert " → " in page.locator(f"[id='{says}']").inner_text()
    assert figure.locator("[role=graphics-symbol]").count() == 0
    assert figure.locator("svg [aria-label], svg[aria-label]").count() <= 1


def test_only_the_pages_own_picture_is_offered(page):
    page.locator(".st-key-chart-forecast-states [data-testid=stVegaLiteChart]").hover()
    for label in ("Download as PNG", "Copy Vega-Lite spec"):
        for button in page.locator(f"button[aria-label^='{label}']").all():
            assert not button.is_visible()
