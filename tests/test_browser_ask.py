"""The Ask page in a real browser: find a signpost, pin it, move a slider, read the change, share the link, unpin."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.support.page.browser import IN_A_BROWSER, settled, wait_until
from tests.support.page.widgets import selector

pytestmark = IN_A_BROWSER

WIDE, PHONE = {"width": 1400, "height": 1000}, {"width": 390, "height": 844}
BUSY = 60_000
"""Milliseconds: on a busy machine what follows from a pin waits for all else on the page."""


def supposed(page: Page) -> list[str]:
    """The four chances with what is supposed, as they are written."""
    return page.locator(".st-key-supposed [data-testid=stMetricValue]").all_inner_texts()


def test_a_link_with_a_pin_opens_on_what_follows(visit):
    page = visit("ask?pin=S03=yes&pin=x&signpost=S03", viewport=WIDE)
    expect(page.locator(".st-key-supposed [data-testid=stMetricValue]")).to_have_count(4)
    expect(page.get_by_text("such as S03=yes")).to_be_visible()
    expect(page.locator(".st-key-card")).to_contain_text("supposed: yes")
    wait_until(page, "location.search === '?signpost=S03&pin=S03%3Dyes'")


@pytest.mark.slow
def test_a_signpost_is_found_pinned_shared_and_unpinned(visit):
    page = visit("ask", viewport=WIDE)
    page.get_by_label("Find a question").fill("antisatellite")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-questions input[type=radio]")).to_have_count(1, timeout=BUSY)
    page.get_by_role("button", name="Suppose yes").click()
    wait_until(page, "location.search.includes('pin=S09%3Dyes')")
    before = supposed(settled(page))
    assert len(before) == 4
    page.locator("[data-testid=stSidebar] summary", has_text="The whole model").click()
    slider = page.locator(selector("slider:driver_strength")).locator("input[type=range]")
    slider.focus()
    for _ in range(4):
        slider.press("ArrowRight")
    wait_until(page, "location.search.includes('driver_strength=0.5')")
    expect(page.locator(".st-key-supposed [data-testid=stMetricValue]").first).not_to_have_text(before[0], timeout=BUSY)
    after = supposed(settled(page))
    assert supposed(visit(f"ask?{urlsplit(page.url).query}")) == after
    page.locator("[data-testid=stSidebarNavLink]", has_text="Forecast").click()
    expect(page.locator(".st-key-supposed-card [data-testid=stMetricValue]")).to_have_count(4, timeout=BUSY)
    assert page.locator(".st-key-supposed-card [data-testid=stMetricValue]").all_inner_texts() == after
    page.get_by_role("button", name="Take all away").click()
    wait_until(page, "!location.search.includes('pin=')")
    expect(page.locator(".st-key-supposed-card")).to_have_count(0, timeout=BUSY)


@pytest.mark.slow
def test_the_page_fits_a_phone_with_pins_and_acts(visit):
    page = visit("ask?pin=S03=yes&do=S09@2027&signpost=S09", viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for chart in page.locator("[data-testid=stVegaLiteChart]:visible").all():
        assert chart.bounding_box()["width"] <= PHONE["width"]
