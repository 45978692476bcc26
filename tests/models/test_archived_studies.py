"""The archived studies answer for this evidence, rule and models, and say what their rows say when computed again."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.types import Evidence
from models.backtest_controls import AS_RECORDED
from models.backtest_scores import P
from models.base_rate import BaseRate, calm_hazard
from models.knobs import MODEL_WEIGHTS
from models.mixing import STACKED, WEIGHT_KNOBS
from models.names import MEMBERS, MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3, STATES
from models.outcome import RULE, yearly_codes
from models.scores import FLOOR
from models.structure import STRUCTURE
from models.structures import STRUCTURE_DIGESTS

pytestmark = pytest.mark.machine

DOCS = Path(__file__).parents[2] / "docs"
FIXED = (0.25, 0.35, 0.25, 0.15)


def table(study: str, name: str) -> pd.DataFrame:
    return pd.read_csv(DOCS / study / f"{name}.csv", keep_default_na=False, na_values=[""])


def about(study: str) -> dict:
    return json.loads((DOCS / study / "about.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def hindcasts() -> pd.DataFrame:
    return table("backtest", "hindcasts")


def plain(hindcasts: pd.DataFrame, model: str) -> pd.DataFrame:
    return hindcasts[(hindcasts["model_id"] == model) & (hindcasts["variant"] == AS_RECORDED)]


@pytest.mark.parametrize("study", ["backtest", "calibration", "sensitivity"])
def test_a_study_is_of_this_evidence_rule_and_models(study: str, real_evidence: Evidence) -> None:
    told = about(study)
    assert (told["evidence"], told["rule"]) == (real_evidence.digest, RULE.digest)
    structures = told.get("structures") or {MODEL_M1: told["model"]}
    assert structures.items() <= dict(STRUCTURE_DIGESTS).items()


def test_the_backtest_has_the_origins_and_horizons_it_promises(hindcasts: pd.DataFrame) -> None:
    for model, least in ((MODEL_M0, 40), (MODEL_M3, 40), (MODEL_M1, 18), (MODEL_M2, 18)):
        own = plain(hindcasts, model)
        assert own["origin"].nunique() >= least
        assert set(own["horizon"]) == {1, 2, 3, 4, 5}
    assert set(hindcasts["kind"]) == {"hindcast"}
    assert about("backtest")["failed_fits"] == 0


def test_archived_base_rates_are_the_closed_form(hindcasts: pd.DataFrame, real_evidence: Evidence) -> None:
    own = plain(hindcasts, MODEL_M0)
    for origin in (1980, 2005, 2023):
        codes = yearly_codes(real_evidence.events, STRUCTURE.first_year, origin)
        exact = BaseRate.from_history(codes, hazard=calm_hazard(0.024)).forecast(int(codes[-1])).state
        rows = own[own["origin"] == origin].sort_values("horizon")[P].to_numpy()
        np.testing.assert_allclose(rows, exact[: len(rows)], rtol=0, atol=1e-12)


def test_archived_scores_follow_from_the_archived_probabilities(
    hindcasts: pd.DataFrame, real_evidence: Evidence
) -> None:
    codes = dict(zip(range(1950, 2025), yearly_codes(real_evidence.events, 1950, 2024), strict=True))
    for row in hindcasts.sample(200, random_state=4).itertuples():
        assert row.observed == STATES[codes[row.target_year]]
        p = np.array([getattr(row, name) for name in P])
        p, happened = p / p.sum(), np.array([state == row.observed for state in STATES], dtype=float)
        ranked = sum((p[: k + 1].sum() - happened[: k + 1].sum()) ** 2 for k in range(3))
        found = ranked, ((p - happened) ** 2).sum(), -np.log(max(FLOOR, (p * happened).sum()))
        np.testing.assert_allclose((row.rps, row.brier, row.log), found, rtol=0, atol=1e-9)


def test_archived_comparisons_follow_from_the_archived_scores(hindcasts: pd.DataFrame) -> None:
    for row in table("backtest", "comparisons").itertuples():
        ours, theirs = (
            plain(hindcasts, name).set_index(["origin", "horizon"])[row.score] for name in (row.model_id, row.reference)
        )
        both = pd.concat([ours, theirs], axis=1, join="inner").dropna()
        if row.horizon:
            both = both.xs(row.horizon, level="horizon")
        difference = float((both.iloc[:, 0] - both.iloc[:, 1]).mean())
        assert row.difference == pytest.approx(difference, abs=1e-9)
        if row.horizon == 0:
            assert row.low <= difference <= row.high
        expected = "skill" if row.high < 0 else "worse" if row.low > 0 else "no evidence of skill"
        assert row.verdict == expected


def test_shuffled_drivers_gain_nothing_on_none() -> None:
    found = table("backtest", "controls").query("score == 'rps' and variant.str.startswith('shuffled')")
    assert set(found["model_id"]) == {MODEL_M1, MODEL_M2}
    assert (found["gain"] <= 0.01).all()


def test_the_stack_keeps_up_with_the_best_model_and_with_equal_weights() -> None:
    """In sample, which every stack does whose prior is weak enough; out of sample see decision 6."""
    found = table("backtest", "stacked").set_index("forecaster")
    assert found.loc["stack", "versus_best"] <= 0.02
    for honest in ("stack_left_out", "stack_prequential", "stack_learned"):
        assert found.loc[honest, "versus_equal_low"] <= 0


def test_the_preset_of_stacked_weights_is_the_archive_rounded() -> None:
    weights = table("backtest", "weights").set_index("model_id")["weight"]
    assert {model: round(weights[model], 2) for model in MEMBERS} == pytest.approx(dict(STACKED), abs=0.0101)


def test_published_weights_stay_the_fixed_ones_until_learned_ones_beat_them() -> None:
    """The rule of decision 6: change the defaults when this fails, not before."""
    honest = table("backtest", "stacked").set_index("forecaster").loc["stack_learned"]
    assert not honest["versus_published_high"] < 0
    defaults = {key: default for key, _, default, _ in MODEL_WEIGHTS}
    assert tuple(defaults[WEIGHT_KNOBS[model]] for model in MEMBERS) == FIXED


@pytest.mark.parametrize("model", MEMBERS)
def test_every_model_recovers_what_it_simulates(model: str) -> None:
    found = table("calibration", "summary")
    own = found[found["model_id"] == model]
    assert (own["simulations"] >= 200).all()
    outside = int((~own["inside"].astype(bool)).sum())
    assert outside <= np.ceil(len(own) / 20)
    assert {"parameter", "forecast", "log likelihood"} <= set(own["kind"])


def test_leaving_out_by_weights_agrees_with_refits_where_the_badge_is_green() -> None:
    found = table("sensitivity", "cases")
    green = found[found["status"].isin(("exact", "good"))]
    assert len(found) >= 30
    assert len(green) >= 30
    assert green["difference"].abs().max() <= 0.01


def test_ten_copies_of_an_indicator_move_and_narrow_nothing() -> None:
    found = table("sensitivity", "copies").query("way == 'shared'")
    assert found["change"].abs().max() <= 0.02
    assert found["narrowing"].max() <= 0.05
