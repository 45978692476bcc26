"""Scores that a loop confirms, comparisons with the verdict of their interval, and the one that was named before."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from models.backtest import scores
from models.backtest.controls import ESSAY, NO_DRIVERS, SHUFFLES
from models.backtest.outcomes import P
from models.backtest.scores import (
    comparisons,
    control_table,
    recent_comparisons,
    reliability_table,
    scored,
    variant_table,
)
from models.backtest.yardsticks import CLIMATOLOGY, RIVAL
from models.names import HORIZONS, MODEL_M0, MODEL_M1, MODEL_MIXTURE, STATES
from models.scores.bootstrap import Interval, skill_verdict
from models.scores.rules import FLOOR
from tests.support.values.hindcasts import hindcasts, knowing


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few resamples: the roads of the numbers are tested here, not their intervals."""
    for name in ("mean_interval", "pooled_interval"):
        monkeypatch.setattr(scores, name, partial(getattr(scores, name), resamples=100))


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """A mixture that knows most, a rival that knows something, a base rate and a climatology that know little."""
    parts = [
        hindcasts(MODEL_MIXTURE, knowing(0.9)),
        hindcasts(RIVAL, knowing(0.4)),
        hindcasts(MODEL_M0, knowing(0.2)),
        hindcasts(CLIMATOLOGY),
    ]
    return scored(pd.concat(parts, ignore_index=True))


def test_scores_equal_a_loop_over_the_definitions(table: pd.DataFrame) -> None:
    for row in table.sample(60, random_state=3).itertuples():
        p = [getattr(row, name) for name in P]
        happened = [float(state == row.observed) for state in STATES]
        ranked = sum((sum(p[: k + 1]) - sum(happened[: k + 1])) ** 2 for k in range(3))
        brier = sum((a - b) ** 2 for a, b in zip(p, happened, strict=True))
        log = -np.log(max(FLOOR, p[happened.index(1.0)]))
        np.testing.assert_allclose((row.rps, row.brier, row.log), (ranked, brier, log), rtol=0, atol=1e-12)


def test_comparisons_are_mean_differences_with_the_verdict_of_their_interval(table: pd.DataFrame) -> None:
    found = comparisons(table)
    assert set(found["model_id"]) == {MODEL_MIXTURE, MODEL_M0, RIVAL}
    for row in found.itertuples():
        ours, theirs = (
            table[(table["model_id"] == name) & table["horizon"].isin([row.horizon] if row.horizon else HORIZONS)]
            for name in (row.model_id, row.reference)
        )
        assert row.difference == pytest.approx(ours[row.score].mean() - theirs[row.score].mean(), abs=1e-12)
        ends = Interval(mean=row.difference, low=row.low, high=row.high, block=5, origins=row.origins)
        assert row.verdict == skill_verdict(ends)


@pytest.mark.parametrize(("base_rate", "better"), [(0.2, RIVAL), (0.6, MODEL_M0)])
def test_one_comparison_is_primary_against_the_better_of_base_rate_and_rival(base_rate: float, better: str) -> None:
    parts = [(MODEL_MIXTURE, 0.9), (RIVAL, 0.4), (MODEL_M0, base_rate)]
    table = scored(pd.concat([hindcasts(name, knowing(share)) for name, share in parts], ignore_index=True))
    (row,) = comparisons(table).query("role == 'primary'").itertuples()
    assert (row.model_id, row.reference, row.score, row.horizon) == (MODEL_MIXTURE, better, "rps", 0)
    assert (row.origins, row.verdict) == (50, "skill")
    recent = recent_comparisons(table)
    assert set(recent["role"]) == {"secondary"}
    assert set(recent["origins"]) == {21}


def test_the_opposite_of_what_happens_is_said_to_be_worse(table: pd.DataFrame) -> None:
    rows = table[table["model_id"] == MODEL_MIXTURE]
    wrong = scored(rows.assign(**dict(zip(P, rows[P[::-1]].to_numpy().T, strict=True))))
    both = pd.concat([wrong.assign(model_id=MODEL_M1), rows.assign(model_id=MODEL_M0)])
    found = comparisons(both).query("model_id == @MODEL_M1 and horizon == 0 and score == 'rps'")
    assert set(found["verdict"]) == {"worse"}


def test_curves_have_a_verdict_from_ten_dates_on(table: pd.DataFrame) -> None:
    """Forty forecasts of eight dates are pairs enough, and outcomes too few."""
    few = table[table["target_year"].isin(range(1990, 1998))]
    assert set(reliability_table(few)["pairs"]) == {40}
    assert not reliability_table(few)["verdict"].any()
    assert reliability_table(table)["verdict"].all()


def test_the_gain_of_drivers_is_positive_when_they_help(table: pd.DataFrame) -> None:
    base = table[table["model_id"] == MODEL_M0]
    worse = base.assign(variant=NO_DRIVERS, rps=base["rps"] + 0.1)
    late = [base[base["origin"] >= 2004].assign(variant=name) for name in (ESSAY, *SHUFFLES)]
    found = control_table(pd.concat([base, worse, *late])).query("score == 'rps'").set_index("variant")
    np.testing.assert_allclose(found["gain"], 0.1, rtol=0, atol=1e-12)
    assert set(found.index) == {"as recorded", ESSAY, *SHUFFLES}


def test_a_variant_is_held_against_what_is_published_over_its_own_origins(table: pd.DataFrame) -> None:
    base = table[table["model_id"] == MODEL_M0]
    late = base[base["origin"] >= 2004].assign(variant=ESSAY)
    (row,) = variant_table(pd.concat([base, late.assign(rps=late["rps"] + 0.1)])).query("score == 'rps'").itertuples()
    assert (row.model_id, row.variant, row.origins, row.verdict) == (MODEL_M0, ESSAY, 21, "skill")
    assert row.difference == pytest.approx(-0.1, abs=1e-12)
