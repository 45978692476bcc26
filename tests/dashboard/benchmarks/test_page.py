"""What the benchmark says about the browser: its numbers, and why there are none."""

import sys

import pytest

from dashboard.benchmarks import browser, page
from dashboard.benchmarks.browser import measure_browser, moves_told
from models.assumptions.setting import Assumptions

KNOBS: dict = {}


def move(repainted: float, last: float, **seen: bool) -> dict:
    return {"seen": True, "empty": False, "repainted": repainted, "last": last, "cpu": 50.0, "bytes": 2000, **seen}


def test_rows_are_the_middle_and_the_slow_end_of_the_moves():
    moves = [move(100.0 + number, 400.0 + number) for number in range(101)]
    rows = {name: (value, unit) for name, value, unit, _ in moves_told(moves)}
    assert rows == {
        "slider to repainted chart, median": (150.0, "ms"),
        "slider to repainted chart, 95th percentile": (195.0, "ms"),
        "page settled, median": (450.0, "ms"),
        "server time a move, median": (50.0, "ms"),
        "sent a move, median": (2.0, "kB"),
        "sent a move, largest": (2.0, "kB"),
    }
    assert all("moves" in note for *_, note in moves_told(moves))


def test_moves_without_a_new_picture_are_told_and_do_not_count():
    rows = moves_told([move(100.0, 300.0), move(0.0, 200.0, seen=False), move(140.0, 400.0, empty=True)])
    assert rows[0][1] == 120.0
    assert "2 moves by key" in rows[0][3]
    assert "1 moves changed nothing visible" in rows[0][3]
    assert "the chart stood empty in 1" in rows[0][3]


def test_nothing_to_see_is_no_measurement():
    ((_, value, unit, note),) = moves_told([move(0.0, 200.0, seen=False)])
    assert (value, unit) == (0.0, "moves")
    assert note == "not measured: none of 1 moves changed the first chart"


def test_without_playwright_a_row_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    ((_, value, unit, note),) = measure_browser(KNOBS)
    assert (value, unit) == (0.0, "moves")
    assert note == "not measured: Playwright is not installed (requirements-dev.txt)"


def test_without_chromium_a_row_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "missing"))
    ((_, _, _, note),) = measure_browser(KNOBS)
    assert note.startswith("not measured: Chromium did not start, set $CHROMIUM to its path")


@pytest.mark.parametrize(("quick", "told"), [(True, []), (False, ["moves"])])
def test_quick_leaves_the_browser_out(monkeypatch, evidence, quick, told):
    def measured(knobs, report):
        assert "C01" in knobs
        report("moves")
        return [("browser", 1.0, "ms", "")]

    monkeypatch.setattr(page, "_moves", lambda _: [("server", 1.0, "ms", "")])
    monkeypatch.setattr(page, "_cold_start", lambda: ("start", 1.0, "s", ""))
    monkeypatch.setattr(page, "measure_browser", measured)
    heard: list[str] = []
    names = [name for name, *_ in page.measure(evidence, quick=quick, report=heard.append)]
    assert names == ["server", "start", *["browser"] * (not quick)]
    assert heard == told


def test_every_slider_has_room_for_its_steps(evidence):
    for knob in Assumptions.defaults(evidence.claims).knobs.values():
        room = max(knob.high - knob.default, knob.default - knob.low)
        assert room >= (browser.STEPS - 0.5) * knob.step
