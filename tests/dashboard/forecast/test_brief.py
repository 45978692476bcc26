"""A saved forecast's brief shows the starting view by the defaults of its time, or says why there is none."""

import pandas as pd

from dashboard.forecast.brief import beside_saved
from models.assumptions.setting import Assumptions
from models.change.side import Side
from models.forecast.results import make_forecast
from tests.support.values.factories import synthetic_snapshot

MOVED = {"C01": 1.8}


def test_the_starting_view_stands_beside_a_saved_move(evidence, library):
    snapshot = synthetic_snapshot(evidence, library, MOVED)
    side = Side(snapshot=snapshot, evidence=evidence, library=library)
    usual = make_forecast(evidence, library, Assumptions(knobs=side.assumptions.knobs))
    pd.testing.assert_frame_equal(beside_saved(side, 3).usual, usual.table)


def test_without_draws_it_is_said_why_there_is_none(evidence, library):
    told = beside_saved(Side(snapshot=synthetic_snapshot(evidence, library, MOVED)), 3)
    assert told.usual is None
    assert told.without.startswith("No starting view stands beside it: the snapshot")


def test_the_starting_view_itself_has_none_and_says_nothing(evidence, library):
    told = beside_saved(Side(snapshot=synthetic_snapshot(evidence, library)), 3)
    assert (told.usual, told.without) == (None, "")
