"""The first screen for a reader in a hurry: the answer, the tour, a move against the starting view, and back."""

import itertools
import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.page.browser import IN_A_BROWSER, chances, settled, wait_until

pytestmark = IN_A_BROWSER

WIDE, PHONE = {"width": 1400, "height": 900}, {"width": 390, "height": 844}
MOST_WORDS, LONGEST_SENTENCE, MOST_SHIFT = 350, 30, 5
BUSY = 60_000
"""Milliseconds."""
TEXTS = """() => {
  const main = document.querySelector('[data-testid=stMain]'), found = [];
  const walk = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  for (let text = walk.nextNode(); text; text = walk.nextNode()) {
    if (text.parentElement.closest('svg, style, script')) continue;
    if (getComputedStyle(text.parentElement).fontFamily.includes('Material Symbols')) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    if (box.width > 1 && box.height > 1 && getComputedStyle(text.parentElement).visibility !== 'hidden')
      found.push([text.textContent.trim(), box.top]);
  }
  return found.filter(([text]) => text);
}"""
"""Every text that is seen beside the sidebar, without icons and what charts draw, and how far down it stands."""
TOPS = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  const charts = main.querySelectorAll('[data-testid=stVegaLiteChart]');
  return [...charts].map(one => one.getBoundingClientRect().top + main.scrollTop);
}"""


def words(text: str) -> list[str]:
    """What has a letter or a digit: signs alone are no words."""
    return [part for part in text.split() if re.search(r"\w", part)]


def test_the_first_screen_says_what_may_not_be_folded_away_in_few_words(visit):
    page = visit(viewport=WIDE)
    expect(page.locator(".st-key-beside [data-testid=stMetricValue]")).to_have_count(4, timeout=BUSY)
    settled(page)
    assert page.title() == "Forecast – Conjunction"
    seen = page.evaluate(TEXTS)
    told = " ".join(text for text, _ in seen).replace("\N{NO-BREAK SPACE}", " ")
    for part in (
        "the models allow anything from",
        "computed reliably",
        "Evidence searched up to",
        "hindcasts",
        "Nowcast",
    ):
        assert part in told
    assert len(words(told)) <= MOST_WORDS
    first = [text for text, top in seen if top < WIDE["height"]]
    sentences = [sentence for text in first for sentence in re.split(r"[.:;?] ", text)]
    assert max(len(words(sentence)) for sentence in sentences) <= LONGEST_SENTENCE
    headings = page.locator("[data-testid=stMain] :is(h1, h2, h3, h4, h5, h6)")
    levels = [int(one[1]) for one in headings.evaluate_all("all => all.map(one => one.tagName)")]
    assert levels[:2] == [1, 2]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_the_tour_comes_once_is_skipped_and_opens_again(visit, address):
    page = visit(viewport=WIDE)
    tour = page.locator(".st-key-tour")
    before = page.evaluate(TOPS)
    for at in range(1, 5):
        expect(tour).to_contain_text(f"{at} of 5", timeout=BUSY)
        page.get_by_role("button", name="Next", exact=True).press("Enter")
    expect(tour).to_contain_text("5 of 5", timeout=BUSY)
    page.get_by_role("button", name="Skip", exact=True).click()
    expect(tour).to_have_count(0, timeout=BUSY)
    assert page.evaluate(TOPS) == pytest.approx(before, abs=MOST_SHIFT)
    page.goto(address)
    expect(settled(page).locator("h2").first).to_contain_text("the end of", timeout=BUSY)
    expect(tour).to_have_count(0)
    page.get_by_role("button", name="Tour", exact=True).click()
    expect(tour).to_contain_text("1 of 5", timeout=BUSY)


def moved(page: Page) -> Page:
    """The base rate of rupture at its highest."""
    page.locator("[data-testid=stSidebar] summary", has_text="The whole model").click()
    page.locator("[class*=st-key-slider-rupture_hazard] input[type=range]").first.press("End")
    wait_until(page, "location.search.includes('rupture_hazard=')")
    expect(page.locator(".st-key-answer [data-testid=stMetricDelta]")).to_have_count(4, timeout=BUSY)
    return settled(page)


def test_a_move_is_told_against_the_starting_view_and_nothing_jumps(visit):
    page = visit(viewport=WIDE)
    expect(page.locator(".st-key-beside [data-testid=stMetricValue]")).to_have_count(4, timeout=BUSY)
    before, tops = chances(settled(page)), page.evaluate(TOPS)
    after = chances(moved(page))
    assert page.evaluate(TOPS) == pytest.approx(tops, abs=MOST_SHIFT)
    told = page.locator(".st-key-answer [data-testid=stMetricDelta]").last.inner_text()
    assert f"up: {before[-1]} → {after[-1]}" in told
    sentence = "You moved 1 of 24 assumptions: Base rate of rupture 0.024 → 0.1"
    expect(page.locator(".st-key-moved")).to_contain_text(sentence)
    expect(page.locator(".st-key-trust")).to_contain_text(re.compile("The evidence (speaks|can’t tell)"))
    link = page.evaluate("location.search")
    page.locator("[data-testid=stSidebarNavLink]", has_text="Evidence").click()
    page.wait_for_selector("h1:has-text('Evidence')")
    assert page.title() == "Evidence – Conjunction"
    page.go_back()
    page.wait_for_selector("h1:has-text('Forecast')")
    expect(page.locator(".st-key-answer [data-testid=stMetricDelta]")).to_have_count(4, timeout=BUSY)
    assert chances(settled(page)) == after
    assert page.evaluate("location.search") == link


@pytest.mark.slow
def test_the_first_chart_begins_on_the_second_screen_of_a_phone(visit):
    page = visit(viewport=PHONE)
    expect(page.locator(".st-key-beside [data-testid=stMetricValue]")).to_have_count(4, timeout=BUSY)
    assert page.evaluate(TOPS)[0] < 2 * PHONE["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.slow
def test_the_questions_set_the_page_and_the_buttons_open_what_they_name(visit):
    page = visit(viewport=WIDE)
    page.get_by_role("button", name="Why was 1969 a rupture?").click()
    expect(page.locator(".st-key-why-year")).to_contain_text("1969", timeout=BUSY)
    page.get_by_role("button", name="What would make a rupture by").click()
    page.get_by_role("button", name="Cancel the search").click()
    expect(page.locator(".st-key-inverse")).to_contain_text("at least once by", timeout=BUSY)
    page.get_by_role("button", name="A sceptic’s view").click()
    wait_until(page, "location.search.includes('driver_strength=')")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_text("What is saved")).to_be_visible(timeout=BUSY)
