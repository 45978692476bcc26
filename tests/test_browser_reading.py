"""What somebody meets who goes through the Forecast page by keyboard, or hears it read: docs/accessibility.md.

The page changes with the day and the evidence, so what is compared leaves numbers and dates out. ``REDRAW=1`` before
pytest writes the file anew.
"""

import calendar
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from tests.support.page.browser import IN_A_BROWSER

pytestmark = [*IN_A_BROWSER, pytest.mark.slow]

FILE = Path(__file__).parents[1] / "docs" / "accessibility.md"
DESKTOP = {"width": 1400, "height": 900}
MOST_STOPS = 250
STOPS, READ = "## Tab order", "## What a screen reader reads"
HEAD = f"""# The Forecast page by keyboard and by ear

Written by `REDRAW=1 python -m pytest tests/test_browser_reading.py` from Chromium's accessibility tree, and compared
with it by the same test without `REDRAW`. As a first visitor meets it at 1400 × 900.

{STOPS}

"""
_MONTHS = re.compile("|".join(calendar.month_name[1:]))


def stops(page: Page) -> list[str]:
    """Every stop of the Tab key, as role and name, from the top of the page to where it begins again."""
    found: list[str] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if not focused.count():
            return found
        found.append(_stop(focused.first))
        if len(found) > 2 and found[-2:] == found[:2]:
            return found[:-2]
    return found


def _stop(focused: Locator) -> str:
    """“button "Undo"”; what unfolds is called by what a reader calls it."""
    if focused.evaluate("one => one.tagName") == "SUMMARY":
        return f'disclosure "{focused.inner_text().strip().splitlines()[-1]}"'
    return focused.aria_snapshot().partition("\n")[0].removeprefix("- ").rstrip(":").strip("'")


def reading(page: Page) -> list[str]:
    """The lines of the accessibility tree of what is not the sidebar."""
    return page.locator("[data-testid=stMain]").aria_snapshot().splitlines()


def shape(line: str) -> str:
    """A line without what changes from day to day: of running text only that it is there, and no numbers."""
    if match := re.match(r"(\s*)- (text|paragraph|strong|listitem):", line):
        return f"{match[1]}- {match[2]}"
    named = re.sub(r'"Help: .*"', '"Help: …"', line)
    return re.sub(r"\d+(?:[.,]\d+)*", "N", _MONTHS.sub("month", named))


def shapes(text: str, title: str) -> list[str]:
    """The lines of one part of the file."""
    part = text.partition(title)[2].partition("\n## ")[0]
    return [shape(line.removeprefix("    ")) for line in part.splitlines() if line.strip()]


def test_keyboard_and_ear_meet_what_is_written_down(visit):
    page = visit("", viewport=DESKTOP)
    told = reading(page)
    found = [f"{number}. `{stop}`" for number, stop in enumerate(stops(page), start=1)]
    text = f"{HEAD}{'\n'.join(found)}\n\n{READ}\n\n{'\n'.join(f'    {line}' for line in told)}\n"
    if os.environ.get("REDRAW"):
        FILE.write_text(text, encoding="utf-8")
    kept = FILE.read_text(encoding="utf-8")
    for title in (STOPS, READ):
        assert shapes(kept, title) == shapes(text, title)
    nameless = [stop for stop in found if '"' not in stop and not stop.endswith("`main`")]
    assert nameless == [], "a stop without a name"
