"""axe-core on every page, in both themes, on phone and desktop, with a moved setting and under each badge.

Nothing that it calls a violation may stand but what `EXCEPTIONS` names. Texts inside charts, which it cannot see into,
have a test of their own. The whole matrix is slow; one page in one theme is not.
"""

from collections.abc import Callable, Mapping, Sequence

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from data.values import frozen
from models.forecast.results import make_forecast
from models.weighting.status import Status
from tests.support.page.accounts import evidence, library, newest, read_link
from tests.support.page.browser import IN_A_BROWSER, settled, wait_until

pytestmark = IN_A_BROWSER

SIZES = {"desktop": {"width": 1400, "height": 900}, "phone": {"width": 390, "height": 844}}
ZOOMED = {"width": 700, "height": 450}
"""What is left of the desktop at 200 %."""
THEMES = "light", "dark"
DEEPEST_FOLDED = 6
TAKEN_MS = 300
"""Until a click has become a run of the page."""
FADE_MS = 1500
PAGES = ("", "ask", "assumptions", "evidence", "record", "track_record", "checks", "method")
FAR = {"C01": "3.00", "driver_strength": "1.0"}
BADGES: Mapping[Status, Mapping[str, str]] = {
    Status.GOOD: {"driver_strength": "0.5"},
    Status.FAIR: {**FAR, "C12": "2.35", "C13": "3.00"},
    Status.POOR: {
        **FAR,
        **dict.fromkeys(("C02", "C04"), "2.35"),
        "C03": "3.00",
        "C05": "2.10",
        "C06": "2.95",
        "C07": "3.00",
    },
}
"""A moved setting under each badge."""


@frozen
class Known:
    """A violation that stands because it is made upstream.

    Attributes
    ----------
    rule, selector : str
        Of axe-core, and what the violating element matches.
    issue : str
        Where it is reported.
    """

    rule: str
    selector: str
    issue: str


EXCEPTIONS: Sequence[Known] = (
    Known(
        rule="presentation-role-conflict",
        selector="[data-testid=stFileUploaderDropzone]",
        issue="react-dropzone inside Streamlit 1.67; no issue was found, none was filed yet",
    ),
)


def violations(page: Page) -> list[str]:
    """One line for every element that breaks a rule, but those that are known."""
    wait_until(page, "!document.querySelector('[data-stale=true]')")  # what is being drawn anew is faded
    page.wait_for_timeout(FADE_MS)
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {' '.join(node['html'].split())[:200]} | {node['failureSummary'][:300]}"
        for rule in found
        for node in rule["nodes"]
        if not _known(page, rule["id"], node["target"])
    ]


def in_both_themes(page: Page) -> dict[str, list[str]]:
    """The violations by theme; the page stands as it is while the theme turns."""
    found, grounds = {}, set()
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        if lines := violations(page):
            found[theme] = lines
        grounds.add(page.locator("[data-testid=stApp]").evaluate("one => getComputedStyle(one).backgroundColor"))
    assert len(grounds) == len(THEMES), "the theme did not turn"
    return found


def _known(page: Page, rule: str, target: Sequence[str]) -> bool:
    return any(
        page.locator(target[0]).first.evaluate("(node, selector) => node.matches(selector)", known.selector)
        for known in EXCEPTIONS
        if known.rule == rule and isinstance(target[0], str)
    )


def opened_up(page: Page) -> Page:
    """With everything that a click on the page itself unfolds, and what is folded inside it."""
    closed = page.locator("[data-testid=stMain] details:not([open]) > summary")
    for _ in range(DEEPEST_FOLDED):
        if not closed.count():
            break
        closed.evaluate_all("all => all.forEach(one => one.click())")
        page.wait_for_timeout(TAKEN_MS)
        settled(page)
    assert not closed.count()
    assert not page.locator("[data-testid=stException]").count()  # an error box may be an answer of Checks
    return page


def link(setting: Mapping[str, str]) -> str:
    return "?" + "&".join(f"{key}={value}" for key, value in {**setting, "edition": "2"}.items())


@pytest.mark.parametrize(
    "path", ["method", *(pytest.param(path, marks=pytest.mark.slow) for path in PAGES if path != "method")]
)
def test_a_page_as_it_opens_breaks_no_rule(visit, path):
    assert violations(visit(path, viewport=SIZES["desktop"], color_scheme="light")) == []


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", PAGES)
def test_nor_does_it_unfolded_in_any_theme_on_any_screen(visit, path, size):
    page = visit(f"{path}{link(BADGES[Status.GOOD])}", viewport=SIZES[size])
    assert in_both_themes(opened_up(page)) == {}


@pytest.mark.slow
@pytest.mark.parametrize("path", ["", "assumptions"])
@pytest.mark.parametrize("status", BADGES)
def test_nor_under_any_badge(visit, path, status):
    setting, _, problems = read_link({**BADGES[status], "edition": "2"}, evidence().claims, newest())
    assert (make_forecast(evidence(), library(), setting).status, problems) == (status, ())
    assert in_both_themes(visit(f"{path}{link(BADGES[status])}", viewport=SIZES["desktop"])) == {}


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES)
def test_at_200_per_cent_nothing_must_be_scrolled_sideways(visit: Callable[..., Page], path: str):
    page = visit(path, viewport=ZOOMED)
    bar, title = page.locator("[data-testid=stHeader]").bounding_box(), page.locator("h1").first.bounding_box()
    assert title["y"] >= bar["y"] + bar["height"], "the bar covers the title"
    page = opened_up(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= ZOOMED["width"]
    wide = "all => all.filter(one => one.getBoundingClientRect().right > innerWidth + 1).map(one => one.className)"
    assert (
        page.locator("[data-testid=stMain] :is(h1, h2, h3, p, [data-testid=stVegaLiteChart])").evaluate_all(wide) == []
    )


@pytest.mark.slow
def test_whoever_wants_no_motion_gets_none(visit):
    page = visit("", reduced_motion="reduce")
    moving = """all => all.filter(one => {
      const {transitionDuration, animationName} = getComputedStyle(one);
      return animationName !== 'none' || transitionDuration.split(',').some(time => parseFloat(time) > 0);
    }).map(one => one.className)"""
    chosen = ".st-key-answer, .st-key-beside, [data-testid=stMain] [data-testid=stVegaLiteChart]"
    assert page.locator(chosen).count() > 0
    assert page.locator(chosen).evaluate_all(moving) == []
