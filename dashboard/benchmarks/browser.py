"""How long a reader waits: from a key pressed on a slider to the repainted chart, in a real Chromium.

Needs Playwright and a Chromium (`$CHROMIUM`, one on the path, or Playwright's own); without them a row says why nothing
was measured.
"""

import contextlib
import os
import shutil
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from dashboard.benchmarks.served import START_SECONDS, Meter, serving
from models.assumptions.knobs import Knob, Knobs
from models.benchmarks.timing import Row

if TYPE_CHECKING:
    from playwright.sync_api import Page

NAME = "slider to repainted chart"
STEPS = 5
"""Moves of each slider, each to a value not seen before: no answer comes from a cache."""
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
WIDE = {"width": 1300, "height": 1000}
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
POLL_MS = 50
STILL_MS = 300
"""A page that changed nothing for so long, its script done, has settled; longer than any gap between two answers."""
PROBE = """
(still) => {
  const first = () => document.querySelector('[data-testid=stVegaLiteChart]');
  const drawn = () => [...first().querySelectorAll('svg path, svg text')]
    .map(mark => mark.getAttribute('d') ?? mark.textContent).join();
  const idle = () => document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning';
  const painted = told => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = told;
    channel.port2.postMessage(0);
  });
  let move = {}, before = '';
  const since = () => performance.now() - move.start;
  document.addEventListener('keydown', () => {
    before = drawn();
    move = {start: performance.now(), ran: false, seen: false, empty: false, repainted: 0, last: 0};
  }, true);
  new MutationObserver(changes => {
    if (!move.start) return;
    move.last = since();
    move.ran ||= !idle();
    if (move.seen || !changes.some(change => first().contains(change.target))) return;
    const now = drawn();
    move.empty ||= !now;
    if (!now || now === before) return;
    move.seen = true;
    const one = move;
    painted(() => { one.repainted = performance.now() - one.start; });
  }).observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
  window.settledMove = () => (move.ran || move.seen) && idle() && since() - move.last > still ? move : null;
}
"""
"""Watches the first chart: a move is done when its marks are others than before and their frame is out. A run that
begins and ends between two frames of a busy browser is not seen running."""

type Report = Callable[[str], None]


def measure_browser(knobs: Knobs, report: Report = lambda _: None) -> list[Row]:
    """Rows (measure, value, unit, note) of moves of every slider on the Forecast page.

    Parameters
    ----------
    knobs : mapping of str to Knob
        The sliders to move, `STEPS` steps each.
    report : callable
        Report how many moves are done.
    """
    with contextlib.ExitStack() as stack:
        try:
            page = opened_page(stack)
        except NoBrowser as error:
            return _unmeasured(str(error))
        server = stack.enter_context(serving())
        meter = Meter.of(page, server.process.pid)
        page.goto(server.address)
        return moves_told(_moved(page, meter, knobs, report))


class NoBrowser(RuntimeError):
    """Nothing can be measured here; the message says what is missing."""


def opened_page(stack: contextlib.ExitStack) -> "Page":
    """An empty page of a Chromium of its own, closed with the stack.

    Raises
    ------
    NoBrowser
    """
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise NoBrowser("Playwright is not installed (requirements-dev.txt)") from None
    playwright = stack.enter_context(sync_playwright())
    try:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
    except Error as error:
        reason = error.message.splitlines()[0]
        raise NoBrowser(f"Chromium did not start, set $CHROMIUM to its path ({reason})") from error
    stack.callback(browser.close)
    page = browser.new_page(viewport=WIDE)
    page.set_default_timeout(1000 * START_SECONDS)
    return page


def chromium() -> str | None:
    """Path of the browser; None lets Playwright take its own."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def _moved(page: "Page", meter: Meter, knobs: Knobs, report: Report) -> list[dict]:
    """Move every slider by key, waiting each time until the page has settled."""
    page.wait_for_selector("[data-testid=stVegaLiteChart] svg")
    page.wait_for_selector(IDLE)
    groups = page.locator("[data-testid=stSidebar] summary")
    groups.evaluate_all("all => all.filter(one => !one.parentElement.open).forEach(one => one.click())")
    page.wait_for_timeout(3000)  # fonts, and what the server still loads behind its first page
    page.evaluate(PROBE, STILL_MS)
    moves: list[dict] = []
    for knob in knobs.values():
        moves += _knob_moved(page, meter, knob)
        report(f"slider moves in the browser: {len(moves)} of {STEPS * len(knobs)}")
    return moves


def _knob_moved(page: "Page", meter: Meter, knob: Knob) -> list[dict]:
    handle = page.locator(f".st-key-slider-{knob.key} input[type=range]")
    key = "ArrowRight" if knob.high - knob.default >= knob.default - knob.low else "ArrowLeft"
    moves = []
    for _ in range(STEPS):
        before = meter.read()
        handle.press(key)
        move = waited(page, "settledMove()")
        moves.append(move | {name: value - before[name] for name, value in meter.read().items()})
    page.get_by_role("button", name="Reset", exact=True).click()  # not measured; the next slider starts at the defaults
    waited(page, f"!location.search.includes('{knob.key}=')")
    page.wait_for_selector(IDLE)
    page.wait_for_timeout(STILL_MS)
    return moves


def waited(page: "Page", expression: str) -> object:
    """What an expression says once it says something. Playwright's own way needs `eval`, which the page forbids.

    Raises
    ------
    TimeoutError
        It did not in time.
    """
    end = time.monotonic() + START_SECONDS
    while not (value := page.evaluate(expression)):
        if time.monotonic() > end:
            raise TimeoutError(
                f"got nothing from {expression} in {START_SECONDS:g} s, expected it true; look at the page"
            )
        page.wait_for_timeout(POLL_MS)
    return value


def moves_told(moves: list[dict]) -> list[Row]:
    """What the moves that `PROBE` watched add up to, in milliseconds since the key, and what they cost."""
    repainted = [move["repainted"] for move in moves if move["seen"]]
    if not repainted:
        return _unmeasured(f"none of {len(moves)} moves changed the first chart")
    emptied = sum(move["empty"] for move in moves)
    note = f"{len(repainted)} moves by key, every slider; from the key to the frame with the new chart in Chromium"
    also = f"; {len(moves) - len(repainted)} moves changed nothing visible" if len(repainted) < len(moves) else ""
    also += f"; the chart stood empty in {emptied}" if emptied else ""
    settled = [move["last"] for move in moves]
    return [
        (f"{NAME}, median", float(np.median(repainted)), "ms", note + also),
        (f"{NAME}, 95th percentile", float(np.quantile(repainted, 0.95)), "ms", note),
        ("page settled, median", float(np.median(settled)), "ms", "the same moves, until nothing on the page changes"),
        (
            "server time a move, median",
            _median(moves, "cpu"),
            "ms",
            "the same moves: processor time until the page has settled",
        ),
        (
            "sent a move, median",
            _median(moves, "bytes") / 1000,
            "kB",
            "the same moves: on the wire, before compression",
        ),
        ("sent a move, largest", max(move["bytes"] for move in moves) / 1000, "kB", "the same moves"),
    ]


def _median(moves: list[dict], name: str) -> float:
    return float(np.median([move[name] for move in moves]))


def _unmeasured(why: str) -> list[Row]:
    return [(NAME, 0.0, "moves", f"not measured: {why}")]
