"""Scores, what decides, ranges of the count and the ranking: on answers made so that the result is known."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from models.backtest.mid_year import AIM
from models.backtest.scores import PRIMARY, SECONDARY
from models.names import STATES
from models.signpost_study import scores
from models.signpost_study.chances import SIGNPOST_MODEL
from models.signpost_study.counts import count_law, coverage
from models.signpost_study.questions import AHEAD, ORIGINS
from models.signpost_study.ranking import TARGET, history_table, tilted
from models.signpost_study.scores import FORECASTERS, calibration, comparisons, score_table
from models.signposts.yardsticks import EXPANDING, TEN_YEARS

IDS = [f"S{number:02}" for number in range(1, 21)]


def world(ours: float, theirs: float) -> pd.DataFrame:
    """Answers of a coin that falls on yes one time in five; chances so far from it, by forecaster."""
    rng = np.random.default_rng(7)
    places = [(o, h, name) for o in ORIGINS for h in AHEAD if o + h <= 2025 for name in IDS]
    table = pd.DataFrame(places, columns=["origin", "horizon", "id"])
    off = dict.fromkeys(FORECASTERS, theirs) | {SIGNPOST_MODEL: ours}
    yes, unseen = (rng.random(len(table)) < 0.2).astype(int), table["id"] == IDS[0]
    return table.assign(yes=yes, unseen=unseen, **{name: 0.2 + far for name, far in off.items()})


@pytest.fixture(autouse=True)
def _few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("mean_interval", "pooled_interval"):
        monkeypatch.setattr(scores, name, partial(getattr(scores, name), resamples=200))


@pytest.mark.parametrize(("ours", "theirs", "met"), [(0.0, 0.25, True), (0.25, 0.0, False), (0.0, 0.0, False)])
def test_the_primary_comparison_asks_for_the_whole_interval_below_nought(ours, theirs, met) -> None:
    table = comparisons(world(ours, theirs))
    deciding = table[table["role"] != SECONDARY].set_index("role")
    assert deciding["reference"].to_dict() == {PRIMARY: EXPANDING, AIM: TEN_YEARS}
    assert (deciding["score"] == "brier").all()
    assert (deciding["since"] == ORIGINS[0]).all()
    assert deciding.loc[PRIMARY, "met"] == met
    assert deciding.loc[AIM, "met"] == (ours <= theirs)  # as good is enough there
    assert deciding.loc[PRIMARY, "origins"] == 32


def test_scores_are_means_of_their_formulas() -> None:
    answers = world(0.1, 0.0)
    table = score_table(answers).set_index(["forecaster", "since", "questions", "horizon"])
    row, share = table.loc[(SIGNPOST_MODEL, 1992, "all", 0)], answers["yes"].mean()
    assert row["number"] == len(answers) == 20 * 95
    assert row["brier"] == pytest.approx(share * 0.7**2 + (1 - share) * 0.3**2)
    assert row["log"] == pytest.approx(-share * np.log(0.3) - (1 - share) * np.log(0.7))
    assert (row["expected"], row["came"]) == pytest.approx((0.3, share))
    assert table.loc[(SIGNPOST_MODEL, 2005, "unseen", 2), "number"] == 19
    bins = calibration(answers).set_index("horizon").loc[0]
    assert (bins["above"], bins["up_to"], bins["number"]) == (0.2, 0.35, 1900)


def test_the_law_of_the_count_shares_one_luck() -> None:
    np.testing.assert_allclose(count_law(np.full((6, 4), 0.3)), binom.pmf(np.arange(7), 6, 0.3), atol=1e-12)
    both = count_law(np.array([[0.0, 1.0]] * 6))
    np.testing.assert_allclose(both[[0, 6]], 0.5)


def test_calibrated_counts_lie_in_their_band_and_counts_that_are_too_tight_do_not() -> None:
    rng, origins = np.random.default_rng(3), list(ORIGINS)
    law = binom.pmf(np.arange(31), 30, 0.2)
    laws = {ahead: [law] * len(origins) for ahead in AHEAD}
    counts = rng.binomial(30, 0.2, (len(origins), 3)).astype(float)
    counts[-1, 2] = np.nan
    table = coverage(origins, laws, counts)
    assert table["within"].all()
    assert table["origins"].tolist() == [32, 32, 31]
    assert table["expected"].tolist() == pytest.approx([6.0] * 3)
    overconfident = {ahead: [binom.pmf(np.arange(31), 30, 0.02)] * len(origins) for ahead in AHEAD}
    assert not coverage(origins, overconfident, counts)["within"].any()


def test_an_answer_tilts_by_other_origins_and_not_by_its_own() -> None:
    rng, origins = np.random.default_rng(1), np.arange(1950, 2010)
    codes = rng.integers(2, 4, origins.size)
    p = np.broadcast_to(np.repeat([0.0, 0.5], len(STATES) // 2), (origins.size, len(STATES)))
    after = tilted(p, codes, codes == 3, origins)
    assert (after[np.arange(origins.size), codes] > 0.8).all()
    flipped = codes.copy()
    flipped[30] = 5 - codes[30]
    own = tilted(p, flipped, codes == 3, origins)[30]
    np.testing.assert_array_equal(own, tilted(p, codes, codes == 3, origins)[30])
    np.testing.assert_allclose(tilted(p, codes, np.zeros(origins.size, bool), origins), p, atol=0.01)


def test_a_ranking_that_history_shares_is_told_from_one_that_it_does_not() -> None:
    rng, origins = np.random.default_rng(5), np.arange(1976, 2023)
    worth = pd.Series(np.linspace(0, 0.05, len(IDS)), index=IDS)
    parts = [
        pd.DataFrame(
            {
                "origin": origins,
                "id": name,
                "yes": origins % 2,
                "change": -worth[name] + 0.005 * rng.standard_normal(origins.size),
            }
        )
        for name in IDS
    ]
    never = pd.DataFrame({"origin": origins, "id": "S99", "yes": 0, "change": 9.0})
    realised = pd.concat([*parts, never])
    table = history_table(realised, pd.concat([worth, pd.Series({"S99": 1.0})])).set_index("since")
    assert (table["rules"] == 20).all()  # an answer that never differed says nothing
    assert (table["low"] > 0.9).all()
    assert table.loc[1992, "origins"] == 2023 - 1992
    assert TARGET == 3
    turned = history_table(realised, pd.concat([-worth, pd.Series({"S99": 1.0})]))
    assert (turned["high"] < -0.9).all()
