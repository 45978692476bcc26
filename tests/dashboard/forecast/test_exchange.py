"""What leaves the page and comes back: the same numbers, the settings and reasons of the moment."""

import io
import zipfile

import pandas as pd
import pytest

from dashboard.cache import forecasts as cache
from dashboard.forecast import exchange
from dashboard.frame import page as frame
from dashboard.tables.forecast import comparison_table
from data.load import load_evidence
from models.assumptions.setting import Assumptions
from models.change.compare import compare
from models.snapshot.archive import read_snapshot
from models.snapshot.value import restore_assumptions
from tests.support.values.year_end import YEAR_END

EVIDENCE = load_evidence(YEAR_END)
MOVED = Assumptions.defaults(EVIDENCE.claims).replace({"rupture_hazard": 0.03}, {"rupture_hazard": "Newer treaties."})


def test_export_holds_the_numbers_on_screen_and_restores_the_setting():
    forecast = cache.forecast(MOVED)
    content = exchange.archive(forecast, MOVED.reasons)
    read = read_snapshot(content)
    pd.testing.assert_frame_equal(read.table, forecast.table, check_exact=True, check_dtype=False)
    restored, problems = restore_assumptions(read, EVIDENCE.claims)
    assert problems == ()
    assert (dict(restored.values), dict(restored.reasons)) == (dict(MOVED.values), dict(MOVED.reasons))
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert {"charts/states.png", "charts/states.svg"} <= set(names)


def test_export_twice_gives_the_same_bytes():
    forecast = cache.forecast(MOVED)
    assert exchange.archive(forecast, {}) == exchange.archive(forecast, {})


def test_reasons_are_those_of_the_moment_and_not_those_of_the_cache():
    cache.forecast(MOVED)
    bare = Assumptions(knobs=MOVED.knobs, values=MOVED.values)
    assert dict(exchange.snapshot_of(cache.forecast(bare), {}).assumptions.reasons) == {}


def test_comparison_shows_the_largest_move_first():
    before = exchange.snapshot_of(cache.forecast(Assumptions(knobs=MOVED.knobs)), {})
    after = exchange.snapshot_of(cache.forecast(MOVED), {})
    shown = comparison_table(compare(before, after).rows)
    moves = (shown["Here"] - shown["Snapshot"]).abs()
    assert moves.iloc[0] > 0
    assert moves.is_monotonic_decreasing


@pytest.mark.parametrize("text", ["![x](y)", "[a](b)", "<b>", "# head", "`code`", "$x$", ":red[x]"])
def test_markup_from_outside_is_shown_as_it_is(text):
    shown = frame.plain(text)
    assert shown.replace("\\", "") == text
    assert all(shown[place - 1] == "\\" for place, sign in enumerate(shown) if sign in "[]()<>#`$:!")
