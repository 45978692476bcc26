"""Mixtures of the members then available, and choices that nobody could have made better at the time."""

import numpy as np
import pandas as pd
import pytest

from models.backtest.controls import AS_RECORDED, ESSAY
from models.backtest.mixture import CHOSEN, PRIOR_SHARES, chosen_by_origin, mean_mixture_table, mixture_table
from models.backtest.outcomes import OUTCOMES, QUANTILES
from models.backtest.scores import scored
from models.names import MEMBERS, MODEL_M1, MODEL_M2, MODEL_M3, MODEL_MIXTURE
from models.scores.rules import ScoreError
from tests.support.values.hindcasts import hindcasts, knowing, year_means

LATE = range(2004, 2025)


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """All members, ordered regression from 2004."""
    origins = {MODEL_M2: LATE}
    parts = [
        hindcasts(model, origins=origins.get(model, range(1975, 2025)), seed=seed) for seed, model in enumerate(MEMBERS)
    ]
    return pd.concat(parts, ignore_index=True)


def test_members_are_mixed_by_their_shares_as_far_as_they_are_there(table: pd.DataFrame) -> None:
    found = mixture_table(table).set_index(["origin", "horizon"])
    assert set(found["model_id"]) == {MODEL_MIXTURE}
    assert len(found) == len(table[table["model_id"] == MODEL_M1])
    wide = {model: table[table["model_id"] == model].set_index(["origin", "horizon"]) for model in MEMBERS}
    for place, there in (((1990, 3), set(MEMBERS) - {MODEL_M2}), ((2010, 3), set(MEMBERS))):
        total = sum(PRIOR_SHARES[model] for model in there)
        expected = sum(PRIOR_SHARES[model] / total * wide[model].loc[place, OUTCOMES] for model in there)
        np.testing.assert_allclose(found.loc[place, OUTCOMES].to_numpy(float), expected.to_numpy(float), rtol=1e-12)
        assert found.loc[place, "observed"] == wide[MODEL_M1].loc[place, "observed"]


def test_a_variant_takes_the_place_of_the_members_that_have_it(table: pd.DataFrame) -> None:
    moved = hindcasts(MODEL_M1, knowing(1.0), LATE, ESSAY)
    found = mixture_table(pd.concat([table, moved]), ESSAY)
    assert (set(found["variant"]), set(found["origin"])) == ({ESSAY}, set(LATE))
    row = found.query("origin == 2010 and horizon == 2").iloc[0]
    plain = mixture_table(table).query("origin == 2010 and horizon == 2").iloc[0]
    own, other = (
        one.query("model_id == @MODEL_M1 and origin == 2010 and horizon == 2").iloc[0] for one in (table, moved)
    )
    gained = PRIOR_SHARES[MODEL_M1] * (other["p_deeper"] - own["p_deeper"])
    assert row["p_deeper"] - plain["p_deeper"] == pytest.approx(gained, abs=1e-12)
    assert mixture_table(table, ESSAY).empty


def test_means_are_mixed_among_those_who_simulate_ledgers() -> None:
    low, high = year_means(MODEL_M1, 0.01, -50), year_means(MODEL_M3, 0.01, 50)
    found = mean_mixture_table(pd.concat([low, high]))
    assert len(found) == len(low)
    below = (found[QUANTILES].to_numpy() < 0).mean()
    assert below == pytest.approx(PRIOR_SHARES[MODEL_M1] / (PRIOR_SHARES[MODEL_M1] + PRIOR_SHARES[MODEL_M3]), abs=0.01)


@pytest.fixture(scope="module")
def candidates() -> dict[str, pd.DataFrame]:
    """One who knows until 1999 and is wrong afterwards, and one who is middling throughout."""
    early, late = hindcasts("a", knowing(0.9)), hindcasts("b", knowing(0.5))
    turned = early["target_year"] >= 2000
    early.loc[turned, OUTCOMES] = 0.25
    return {"early": scored(early), "steady": scored(late)}


def test_the_choice_at_an_origin_rests_on_what_was_known_then(candidates: dict[str, pd.DataFrame]) -> None:
    found = chosen_by_origin(candidates, "chosen").set_index("origin")
    assert set(found.loc[1975, CHOSEN]) == {"early; steady"}
    assert set(found.loc[1976:2000, CHOSEN]) == {"early"}
    assert set(found.loc[2024:, CHOSEN]) == {"steady"}
    for origin in (1985, 2005):
        cut = {key: table[table["target_year"] <= origin + 5] for key, table in candidates.items()}
        early = chosen_by_origin(cut, "chosen").set_index("origin")
        assert set(early.loc[origin, CHOSEN]) == set(found.loc[origin, CHOSEN])


def test_a_choice_is_scored_as_whoever_was_chosen(candidates: dict[str, pd.DataFrame]) -> None:
    found = chosen_by_origin(candidates, "chosen")
    picked = found[found["origin"] == 1990].set_index("horizon")[OUTCOMES]
    own = candidates["early"].query("origin == 1990").set_index("horizon")[OUTCOMES]
    pd.testing.assert_frame_equal(picked, own)
    assert set(found["variant"]) == {AS_RECORDED}


def test_candidates_without_a_common_target_cannot_be_chosen_from(candidates: dict[str, pd.DataFrame]) -> None:
    apart = {"a": candidates["early"].query("origin < 1990"), "b": candidates["steady"].query("origin >= 1990")}
    for these in ({}, apart):
        with pytest.raises(ScoreError, match="without a common target"):
            chosen_by_origin(these, "chosen")
