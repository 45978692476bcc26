"""Sliders, address and numbers never disagree unmarked: seeded walks over the real page, all ways between pages."""

import itertools
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page

from dashboard.settings.link import View, write_link
from models.assumptions.presets import presets
from models.assumptions.setting import Assumptions
from tests.support.page.accounts import Accounts, evidence
from tests.support.page.browser import IN_A_BROWSER, settled, wait_until
from tests.support.page.walk import PAGES, Walk
from tests.support.page.widgets import selector

pytestmark = IN_A_BROWSER
ACTIONS = 25
DESKTOP = {"width": 1280, "height": 1000}
SNAPSHOT = Path(__file__).parent / "support" / "values" / "small_snapshot.zip"
BUSY = "import os; mine = os.getppid()\nwhile os.getppid() == mine: sum(range(10_000))"
"""Ends with the tests, also where these are killed."""


@contextmanager
def load(processes: int) -> Iterator[None]:
    """Keep that many cores busy."""
    workers = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(processes)]
    try:
        yield
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


def walked(page: Page, address: str, seed: int, actions: int = ACTIONS) -> tuple[Walk, float]:
    """A whole walk from the first page, and how long the accounts took to agree after it."""
    walk = Walk(page, address, seed, SNAPSHOT)
    page.goto(address)
    settled(page)
    for _ in range(actions):
        walk.act()
    seconds = walk.settle()
    walk.page.wait_for_timeout(300)  # and they stay so
    walk.look()
    assert not walk.lies, "\n".join(walk.lies)
    return walk, seconds


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_short_walk_ends_in_one_account(empty_page: Page, address, seed):
    walk, _ = walked(empty_page, address, seed, actions=8)
    assert len(walk.done) >= 6


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("busy", [0, 2], ids=["quiet", "busy"])
@pytest.mark.parametrize("seed", range(100, 120))
def test_a_long_walk_ends_in_one_account(empty_page: Page, address, seed, busy):
    with load(busy):
        walk, seconds = walked(empty_page, address, seed)
    print(f"all accounts agreed {seconds:.2f} s after the last action")  # seen with -rP: a measure, no test
    assert len(walk.done) >= 20


def circuit(names: tuple[str, ...]) -> list[str]:
    """A way that takes every ordered pair of pages exactly once and comes back (Hierholzer)."""
    ways = {name: [other for other in names if other != name] for name in names}
    road, stack = [], [names[0]]
    while stack:
        if ways[stack[-1]]:
            stack.append(ways[stack[-1]].pop())
        else:
            road.append(stack.pop())
    return road[::-1]


def toured(page: Page, names: tuple[str, ...]) -> None:
    """Turn from every page to every other one; on each the accounts agree as soon as nothing is marked."""
    for name in circuit(names)[1:]:
        page.locator("[data-testid=stSidebarNavLink]", has_text=name).first.click()
        page.wait_for_selector(f"h1:has-text('{name}')")
        settled(page)
        agreed(page)


def agreed(page: Page) -> Accounts:
    """Accounts of a page that has come to rest; they agree."""
    wait_until(page, "!document.documentElement.hasAttribute('data-computing')")
    accounts = Accounts.of(settled(page))
    assert accounts.disagreements == []
    return accounts


def test_a_circuit_takes_every_ordered_pair_once():
    road = circuit(PAGES)
    assert sorted(itertools.pairwise(road)) == sorted(itertools.permutations(PAGES, 2))


LINK = write_link(Assumptions.defaults(evidence().claims).replace({"C02": 1.15, "volatility": 0.7}), View(year=2027))


def opened(page: Page, address: str, way: str) -> Page:
    """The first page, untouched, by a link, or after a move of its first slider."""
    link = "&".join(f"{key}={text}" for key, text in LINK.items())
    page.goto(f"{address}/?{link}" if way == "link" else address)
    settled(page)
    if way == "move":
        page.locator(selector("slider:C01")).locator("input[type=range]").press("ArrowRight")
        wait_until(page, "location.search === '?C01=1.65&edition=2'")
    agreed(page)
    return page


@pytest.mark.slow
@pytest.mark.parametrize("way", ["link", "move"])
def test_pages_with_sliders_show_what_is_in_force_on_every_way_in(empty_page, address, way):
    toured(opened(empty_page, address, way), ("Forecast", "Assumptions", "Method") if way == "move" else PAGES[:2])
    accounts = agreed(empty_page)
    assert len(accounts.sliders) == len(Assumptions.defaults(evidence().claims).knobs)
    query = "C01=1.65&edition=2" if way == "move" else "C02=1.15&volatility=0.70&edition=2&year=2027"
    assert accounts.address.endswith(f"?{query}")


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("way", ["untouched", "link", "move"])
def test_every_ordered_pair_of_pages(empty_page, address, way):
    toured(opened(empty_page, address, way), PAGES)


def clicked(page: Page, gap: float) -> dict[str, tuple[float, ...]]:
    """Three sliders clicked one after the other; what they show when all is done."""
    boxes = [box.bounding_box() for box in page.locator("[data-testid=stSlider] [role=group]").all()[:3]]
    for box in boxes:
        page.mouse.click(box["x"] + 0.85 * box["width"], box["y"] + 0.35 * box["height"])
        page.wait_for_timeout(gap)
    wait_until(page, "location.search.includes('C03=')")
    return dict(agreed(page).sliders)


def kept(page: Page, address: str, gap: float) -> bool:
    """Whether all three moves were kept, from a fresh visit."""
    page.goto(address)
    settled(page)
    sliders = clicked(page, gap)
    return [sliders[knob] for knob in ("C01", "C02", "C03")] == [(3.0,), (2.15,), (2.8,)]


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("gap", [50, 100, 150, 300, 450])
def test_no_move_is_lost_at_any_gap(empty_page, address, gap):
    assert sum(kept(empty_page, address, gap) for _ in range(10)) == 10


@pytest.mark.slow
def test_back_leaves_the_page_and_the_setting_stays(empty_page, address):
    page = opened(empty_page, address, "move")
    entries = page.evaluate("history.length")
    page.locator(selector("slider:C01")).locator("input[type=range]").press("ArrowRight")
    wait_until(page, "location.search === '?C01=1.70&edition=2'")
    assert page.evaluate("history.length") == entries
    page.locator("[data-testid=stSidebarNavLink]", has_text="Assumptions").click()
    page.wait_for_selector("h1:has-text('Assumptions')")
    agreed(page)
    page.locator(selector("slider:C02")).locator("input[type=range]").press("ArrowRight")
    wait_until(page, "location.search === '?C01=1.70&C02=1.45&edition=2'")
    page.go_back()
    page.wait_for_selector("h1:has-text('Forecast')")
    wait_until(page, "location.search === '?C01=1.70&C02=1.45&edition=2'")
    agreed(page)


@pytest.mark.slow
def test_two_moves_behind_a_computation_survive_a_turn_of_the_page(empty_page, address):
    page = opened(empty_page, address, "untouched")
    handles = [page.locator(selector(f"slider:{knob}")).locator("input[type=range]") for knob in ("C01", "C02")]
    for handle in handles:
        handle.press("ArrowRight")
    page.locator("[data-testid=stSidebarNavLink]", has_text="Assumptions").click()
    page.wait_for_selector("h1:has-text('Assumptions')")
    wait_until(page, "location.search === '?C01=1.65&C02=1.45&edition=2'")
    agreed(page)


@pytest.mark.slow
def test_a_preset_shows_on_every_slider_and_undo_takes_it_back(empty_page, address):
    page = opened(empty_page, address, "move")
    label = presets(Assumptions.defaults(evidence().claims).knobs)["outside_view"].label
    page.locator(selector("preset")).locator("input").click()
    page.get_by_role("option", name=label).click()
    wait_until(page, "location.search !== '?C01=1.65&edition=2'")
    assert agreed(page).preset == label
    page.locator(selector("undo")).locator("button:visible").first.click()
    wait_until(page, "location.search === '?C01=1.65&edition=2'")
    agreed(page)
