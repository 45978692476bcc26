"""The archived studies answer for this evidence, rule and models, and say what their rows say when computed again."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.load import load_evidence
from data.types import Evidence
from models.assumptions.knobs import global_knobs, knobs
from models.assumptions.presets import presets
from models.assumptions.shares import WEIGHT_KNOBS
from models.backtest.controls import AS_RECORDED
from models.backtest.scores import P, comparisons
from models.base_rate.chain import BaseRate, calm_hazard
from models.library.structures import STRUCTURE_DIGESTS
from models.measures.structure import ALIGNMENT
from models.names import MEMBERS, MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3, STATES
from models.outcome.rule import RULE, yearly_codes
from models.scores.rules import FLOOR

pytestmark = pytest.mark.machine

DOCS = Path(__file__).parents[3] / "docs"
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
        codes = yearly_codes(real_evidence.events, ALIGNMENT.first_year, origin)
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
        assert not found.loc[honest, "versus_equal_low"] > 0


def test_the_preset_of_stacked_weights_is_the_archive_rounded() -> None:
    weights = table("backtest", "weights").set_index("model_id")["weight"]
    preset = presets(knobs(load_evidence().claims))["stacked"].values
    for model in MEMBERS:
        assert round(weights[model], 2) == pytest.approx(preset[WEIGHT_KNOBS[model]], abs=0.0101)


def test_published_weights_stay_the_fixed_ones_until_learned_ones_beat_them() -> None:
    """The rule of decision 6: change the defaults when this fails, not before."""
    honest = table("backtest", "stacked").set_index("forecaster").loc["stack_learned"]
    assert not honest["versus_published_high"] < 0
    defaults = {knob.key: knob.default for knob in global_knobs()}
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


NUMBER = r"([+-]\d\.\d+)"
SHORT = {"M0": MODEL_M0, "M1": MODEL_M1, "M2": MODEL_M2, "M3": MODEL_M3}
DECISION = (DOCS / "decisions" / "0006-backtest.md").read_text(encoding="utf-8")


def compared(model: str, reference: str, score: str, horizon: int) -> pd.Series:
    found = table("backtest", "comparisons").set_index(["model_id", "reference", "score", "horizon"])
    return found.loc[(model, reference, score, horizon)]


@pytest.mark.parametrize("name", SHORT)
def test_the_decision_quotes_the_archived_differences(name: str) -> None:
    (line,) = [line for line in DECISION.splitlines() if re.match(rf"\| {name} \(", line)]
    quoted = re.findall(rf"{NUMBER} \({NUMBER} to {NUMBER}\)", line)
    references = [one for one in ("climatology", "persistence", MODEL_M0) if one != SHORT[name]]
    for reference, texts in zip(references, quoted, strict=True):
        row = compared(SHORT[name], reference, "rps", 0)
        assert texts == tuple(f"{row[column]:+.2f}" for column in ("difference", "low", "high"))


def test_the_decision_and_the_readme_claim_the_skill_that_the_table_shows_and_no_other() -> None:
    found = table("backtest", "comparisons")
    skill = found[found["verdict"] == "skill"]
    harder = skill[skill["reference"] != "climatology"]
    assert {tuple(row) for row in harder[["model_id", "reference", "score", "horizon"]].to_numpy()} == {
        (MODEL_M3, MODEL_M0, "log", 1),
        (MODEL_M3, MODEL_M0, "log", 2),
    }
    assert not (found["verdict"] == "worse").any()
    assert (len(found), len(skill), len(skill) - len(harder)) == (198, 30, 28)
    assert f'Thirty say "skill", 28 of them against past frequencies; {found["low"].isna().sum()}, of M1' in DECISION
    for horizon in (1, 2):
        row = compared(MODEL_M3, MODEL_M0, "log", horizon)
        assert f"({row['difference']:+.3f}, {row['low']:+.3f} to {row['high']:+.3f})" in DECISION
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    assert "by the log score hidden regimes beat the base rate one and two years ahead" in readme


def test_the_decision_quotes_the_archived_weights_and_controls() -> None:
    text = " ".join(DECISION.split())
    for name, model in SHORT.items():
        row = table("backtest", "weights").set_index("model_id").loc[model]
        weight, low, high = (f"{100 * row[column]:.0f}" for column in ("weight", "low", "high"))
        assert f"{name} {weight} % ({low}-{high})" in text
    controls = table("backtest", "controls").query("score == 'rps' and variant == 'as recorded'").set_index("model_id")
    one, two = controls.loc[MODEL_M1], controls.loc[MODEL_M2]
    assert f"M1 would have scored {-one['gain']:.3f} better ({-one['high']:+.3f} to {-one['low']:+.3f})" in text
    assert f"M2 {-two['gain']:.3f} ({-two['high']:+.3f} to {-two['low']:+.3f})" in text
    ahead = table("backtest", "stacked").set_index("forecaster").loc["stack_prequential"]
    assert f"0.017 ahead, {-ahead['versus_equal_high']:+.3f} to {-ahead['versus_equal_low']:+.3f}" in text
    learned = table("backtest", "stacked").set_index("forecaster").loc["stack_learned"]
    assert np.isnan(learned["versus_published_low"])


def test_the_archive_follows_from_its_hindcasts_by_the_present_rule(hindcasts: pd.DataFrame) -> None:
    """The horizons of one pair of models again; all of them is `python -m models backtest --rescore`."""
    some = hindcasts[hindcasts["model_id"].isin((MODEL_M3, MODEL_M0))]
    again = comparisons(some).set_index(["model_id", "reference", "score", "horizon"])
    archived = table("backtest", "comparisons").set_index(["model_id", "reference", "score", "horizon"])
    for score in ("rps", "log"):
        for column in ("difference", "low", "high"):
            for horizon in (0, 1, 5):
                key = (MODEL_M3, MODEL_M0, score, horizon)
                assert again.loc[key, column] == pytest.approx(archived.loc[key, column], abs=1e-9)
