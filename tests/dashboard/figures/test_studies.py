"""Charts of the archived studies draw the tables' own numbers, compile, and never look like a live forecast."""

import json

import pandas as pd
import pytest
import vl_convert

from dashboard.figures.backtest import (
    FULL,
    coverage_shares,
    given_to_outcome,
    hindcast_strip,
    score_differences,
    stacking_weights,
)
from dashboard.figures.calibration import rank_deviation, reliability_curve
from dashboard.figures.colours import HINDCAST_COLOUR, MODEL_COLOURS, STATE_COLOURS
from dashboard.figures.sensitivity import leave_one_out_bars
from models.names import MEMBERS
from models.verdicts.facts import largest_moves
from tests.support.page.charts import rows
from tests.support.values import studies

OUTCOMES = ((0.82, True), (0.5, False))
STRAYS = studies.summary().iloc[1].to_dict()


def ranks_of(model: str, quantity: str):
    table = studies.ranks()
    return table.loc[(table["model_id"] == model) & (table["quantity"] == quantity), "rank"]


@pytest.fixture(scope="module")
def specs():
    return {
        "skill": score_differences(studies.comparisons()),
        "strip": hindcast_strip(given_to_outcome(studies.hindcasts())),
        "weights": stacking_weights(studies.weights(), dict.fromkeys(MEMBERS, 0.25), studies.stacked()),
        "reliability": reliability_curve(studies.curve(MEMBERS[0], "strain", 2)),
        "ranks": rank_deviation(ranks_of(MEMBERS[0], "rupture in 5 years"), STRAYS),
        "moves": leave_one_out_bars(largest_moves(studies.cells())),
    }


NAMES = ("skill", "strip", "weights", "reliability", "ranks", "moves")


@pytest.mark.parametrize("name", NAMES)
def test_every_chart_compiles_with_all_its_rows_and_says_what_it_is(specs, name):
    spec = specs[name]
    vega = vl_convert.vegalite_to_vega(spec)
    named = {one["name"]: one for one in vega["data"]}
    for data, values in spec["datasets"].items():
        assert values
        assert data in named
    assert spec["description"].startswith(spec["usermeta"]["kind"])


@pytest.mark.parametrize("name", ["skill", "strip", "weights", "reliability"])
def test_hindcasts_are_hollow_and_wear_no_colour_of_a_forecast(specs, name):
    text = json.dumps({**specs[name], "datasets": {}})
    live = {*STATE_COLOURS.values(), *MODEL_COLOURS.values()}
    assert not [colour for colour in live if colour in text]
    assert HINDCAST_COLOUR in text
    points = [layer["mark"] for layer in specs[name]["layer"] if layer["mark"]["type"] == "point"]
    assert points
    assert not any(mark["filled"] for mark in points)


def test_every_comparison_has_its_row_and_a_missing_interval_is_not_drawn():
    table = studies.comparisons()
    found = rows(score_differences(table.assign(low=float("nan")), "brier", 3))
    assert len(found) == 4 * 5 - 1  # four references of five, and the base rate is not held against itself
    assert found["low"].isna().all()
    assert set(found["shown"]) == {"+0.000 (interval unknown)"}


def test_a_lane_holds_its_own_model(specs):
    found = rows(specs["strip"])
    inside = found["at"] - found["lane"]
    assert inside.between(0, FULL).all()
    assert found.groupby("model")["lane"].nunique().eq(1).all()


def test_coverage_draws_each_share_with_the_band_of_calibrated_ranges():
    row = {"horizon": 0, "forecasts": 40, "low": 0.7, "high": 0.9}
    table = pd.DataFrame([{**row, "level": 0.8, "inside": share, "within": within} for share, within in OUTCOMES])
    spec = coverage_shares(table, "Shares.")
    assert rows(spec)["inside"].tolist() == [0.82, 0.5]
    assert rows(spec)["shown"].tolist() == ["82 % of 40", "50 % of 40"]
    assert rows(spec)["verdict"].nunique() == 2
    vl_convert.vegalite_to_vega(spec)


def test_few_pairs_draw_dots_only():
    found = rows(reliability_curve(studies.curve(MEMBERS[0], "strain", 2, enough=False)))
    assert found["low"].isna().all()
    assert len(found) == 10


def test_even_ranks_stay_in_the_band_and_low_ones_leave_it(specs):
    even = rows(rank_deviation(ranks_of(MEMBERS[0], "log_likelihood"), studies.summary().iloc[0].to_dict()))
    assert even["curve"].between(even["low"], even["high"]).all()
    low = rows(specs["ranks"])
    assert (low["curve"] > low["high"]).any()


def test_bars_are_ten_pieces_by_both_routes(specs):
    found = rows(specs["moves"])
    assert len(found) == 20
    assert found["change"].iloc[0] == pytest.approx(6.2, abs=1e-9)
    assert specs["moves"]["height"] == 360
