"""How long a reader of the record waits: a thousand saved forecasts listed, searched and opened in a real Chromium."""

import contextlib
import json
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dashboard.benchmarks.browser import IDLE, NoBrowser, Report, opened_page, waited
from dashboard.benchmarks.served import served
from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.benchmarks.engine import SEED, random_settings
from models.benchmarks.timing import Row, seconds_of
from models.forecast.results import make_forecast
from models.library.files import committed_library
from models.record import chain, contents
from models.record.bodies import body_text, default_of, forecast_body
from models.record.database import RECORD_VARIABLE
from models.record.entries import FORECAST, Draft
from models.record.listing import read_listing
from models.record.store import Record
from models.snapshot.value import Snapshot, build_snapshot

if TYPE_CHECKING:
    from playwright.sync_api import Page

FORECASTS = 1000
SETTINGS = 20
"""Different forecasts among the thousand; the rest differ in name, author and reasons only."""
AUTHORS = 12
VISITS = 5
FIRST_DAY = datetime(2025, 1, 1, tzinfo=UTC)


def measure(evidence: Evidence, *, quick: bool = False, report: Report = lambda _: None) -> list[Row]:
    """Rows (measure, value, unit, note) for the benchmark's table.

    Parameters
    ----------
    quick : bool
        Leave out the browser.
    report : callable
        Report what is being measured.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "record.db"
        report(f"writing a record of {FORECASTS} forecasts")
        fill(file, evidence)
        rows = [_read(file)]
        if quick:
            return rows
        report("the record in the browser")
        return rows + _browsed(file)


def fill(file: Path, evidence: Evidence, count: int = FORECASTS) -> None:
    """Write a record of so many forecasts in one transaction: saved one by one, each would wait for the disk."""
    snapshots = list(_snapshots(evidence))
    default, documents = default_of(snapshots[0].table), [contents.pack(snapshot.json) for snapshot in snapshots]
    with Record.open(str(file)) as record, record.writing() as connection:
        head = None
        for i in range(count):
            snapshot, packed = snapshots[i % SETTINGS], documents[i % SETTINGS]
            draft = Draft(name=f"Forecast {i} of the thousand", author=f"Author {i % AUTHORS}", note=f"Number {i}.")
            body = forecast_body(draft, snapshot.document, default) | {"snapshot": packed.sha256}
            head = chain.next_entry(head, FORECAST, FIRST_DAY + i * timedelta(hours=12), body_text(body))
            chain.add(connection, head, {packed.sha256: packed} if i < SETTINGS else {})


def _snapshots(evidence: Evidence) -> Iterator[Snapshot]:
    library, defaults = committed_library(evidence), Assumptions.defaults(evidence.claims)
    for setting in (defaults, *random_settings(defaults, SETTINGS - 1, SEED)):
        reasons = {key: f"Why {key} was moved, in a sentence of a usual length." for key in setting.changed}
        forecast = make_forecast(evidence, library, setting)
        yield build_snapshot(evidence, library, forecast, setting.replace({}, reasons))


def _read(file: Path) -> Row:
    from dashboard.record.listing import table

    started = time.perf_counter()
    with Record.open(str(file)) as record:
        listing = read_listing(record, record.head)
        rows = table(listing, {})
    note = f"{len(rows)} forecasts on the server: record opened, every entry's digest checked, rows of the list made"
    return ("record of a thousand listed", time.perf_counter() - started, "s", note)


def _browsed(file: Path) -> list[Row]:
    with contextlib.ExitStack() as stack:
        try:
            page = opened_page(stack)
        except NoBrowser as error:
            return _unmeasured(str(error))
        address = stack.enter_context(served({RECORD_VARIABLE: str(file)}))
        page.goto(address)  # not measured: imports, evidence and library, read once a server
        page.wait_for_selector("[data-testid=stVegaLiteChart] svg")
        return _visits(page, address)


def _visits(page: "Page", address: str) -> list[Row]:
    first = seconds_of(lambda: _listed(page, f"{address}/record"))
    again = [_turned(page) for _ in range(VISITS)]
    search = [seconds_of(lambda text=text: _searched(page, text)) for text in ("Author 7", "Number 9", "Forecast 11")]
    page.get_by_role("textbox", name="Search").fill("")
    page.get_by_role("textbox", name="Search").press("Enter")
    page.wait_for_selector(f"text={FORECASTS} saved forecasts")
    opened = seconds_of(lambda: _opened(page))
    return [
        ("record page of a thousand, first visit", first, "s", "the record is read and checked; browser load included"),
        ("record page of a thousand, from the menu", float(np.median(again)), "s", f"median of {VISITS}"),
        ("record searched", float(np.median(search)), "s", "median; from the Enter key to the new count on screen"),
        ("saved forecast opened from the list", opened, "s", "from the click to the entry with its four charts"),
    ]


def _listed(page: "Page", address: str) -> None:
    page.goto(address)
    _shown(page)


def _shown(page: "Page") -> None:
    page.wait_for_selector(f"text={FORECASTS} saved forecasts")
    page.wait_for_selector("[data-testid=stDataFrame] canvas")
    page.wait_for_selector(IDLE)


def _turned(page: "Page") -> float:
    """Seconds from the click in the menu to the list, coming from another page."""
    menu = page.locator("[data-testid=stSidebarNavLink]")
    menu.filter(has_text="Method").click()
    page.wait_for_selector("h1:has-text('Method')")
    page.wait_for_selector(IDLE)

    def turn() -> None:
        menu.filter(has=page.get_by_text("Record", exact=True)).click()
        _shown(page)

    return seconds_of(turn)


def _searched(page: "Page", text: str) -> None:
    box = page.get_by_role("textbox", name="Search")
    before = page.get_by_text("saved forecasts. Tick").inner_text()
    box.fill(text)
    box.press("Enter")
    waited(page, f"![...document.querySelectorAll('p')].some(one => one.textContent === {json.dumps(before)})")
    page.wait_for_selector(IDLE)


def _opened(page: "Page") -> None:
    page.locator("[data-testid=stDataFrame]").click(position={"x": 18, "y": 52})  # the first row’s box
    page.wait_for_selector("text=All saved forecasts")
    waited(page, "document.querySelectorAll('[data-testid=stVegaLiteChart] svg').length === 4")
    page.wait_for_selector(IDLE)


def _unmeasured(why: str) -> list[Row]:
    return [("record page of a thousand", 0.0, "s", f"not measured: {why}")]
