"""Why this year, in a real browser: a click on a year in the chart, the list for the keyboard, a link, the way out."""

import re

from playwright.sync_api import Page, expect

from tests.support.page.browser import IN_A_BROWSER, settled, wait_until
from tests.support.page.widgets import selector

pytestmark = IN_A_BROWSER
WIDE = {"width": 1400, "height": 1000}
BUSY = 60_000


def click_year(page: Page, year: int, first: int, last: int) -> None:
    """Click into the chart above the list of years, at a share of its width; marks are drawn on a canvas or as SVG."""
    chart = page.locator("[data-testid=stVegaLiteChart]").first
    chart.scroll_into_view_if_needed()
    box = chart.locator("canvas, svg").first.bounding_box()
    left, right = 40, 8
    across = left + (box["width"] - left - right) * (year - first) / (last - first)
    page.mouse.click(box["x"] + across, box["y"] + 20)


def test_a_click_on_a_year_explains_it_and_the_list_and_the_link_do_too(visit):
    page = visit("evidence?why=1969", viewport=WIDE)
    panel = page.locator(".st-key-why-year")
    expect(panel).to_contain_text("Why 1969: Rupture", timeout=BUSY)
    expect(panel).to_contain_text("Chinese troops ambushed Soviet border guards")
    expect(panel.get_by_role("link", name="Clash with Soviet troops", exact=False).first).to_be_visible()
    click_year(page, 1985, 1950, 2027)
    expect(panel).to_contain_text(re.compile(r"Why 198[3-7]"), timeout=BUSY)
    wait_until(page, "/why=198[3-7]/.test(location.search)")
    settled(page)  # the list is another one after a click
    box = page.locator(selector("why")).get_by_role("combobox")
    box.click()
    page.keyboard.type("1989")
    page.keyboard.press("Enter")
    expect(panel).to_contain_text("Why 1989: Transactional", timeout=BUSY)
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_have_count(0, timeout=BUSY)
    wait_until(page, "!location.search.includes('why')")
