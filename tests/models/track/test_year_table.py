"""Scores of the years' own means by a second route: the score as an integral, one outcome after the other."""

import math
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from models.names import HORIZONS, MODEL_M0, MODEL_MIXTURE, QUANTILE_LEVELS, TARGET_YEAR_MEAN, TARGET_YEAR_WORD
from models.outcome.rule import RULE
from models.record.entries import NOTHING, SavedForecast
from models.record.resolutions import Resolution
from models.scores.distributions import quantile_crps
from models.track.resolution import due, questions
from models.track.scored_table import DEFAULT
from models.track.year_table import year_table

TODAY = date(2028, 6, 1)
DIGEST = "a" * 64
STATES = ((0.1, 0.2, 0.3, 0.4),) * 5
PLAIN = {
    "state_at_year_end": STATES,
    "rupture_by_year_end": (0.1,) * 5,
    "deeper_by_year_end": (0.2,) * 5,
}
QUANTILES = (-2.0, -1.0, 0.5, 2.0, 3.5, 5.0, 6.0)
CHANCES = (0.2, 0.5, 0.3)
YEARS = {**PLAIN, TARGET_YEAR_MEAN: (QUANTILES,) * 5, TARGET_YEAR_WORD: (CHANCES,) * 5}


def saved(**changes) -> SavedForecast:
    facts = {
        "sequence": 1,
        "digest": DIGEST,
        "previous": "0" * 64,
        "saved_at": datetime(2026, 11, 28, tzinfo=UTC),
        "name": "mine",
        "author": "Ada",
        "note": "",
        "kind": "live",
        "parent": "",
        "snapshot": DIGEST,
        "inputs": NOTHING,
        "reference_date": date(2025, 12, 31),
        "evidence": DIGEST,
        "library": DIGEST,
        "rule": RULE.digest,
        "model": DIGEST,
        "assumptions": DIGEST,
        "changed": ("C01",),
        "reasons": {"C01": "so"},
        "status": "good",
        "published": {MODEL_MIXTURE: YEARS, MODEL_M0: PLAIN},
        "default": {MODEL_MIXTURE: YEARS, MODEL_M0: PLAIN},
        "tone": 1.5,
    }
    return SavedForecast(**{**facts, **changes})


def answered(year: int, outcome: str, rule: str = RULE.digest, **changes) -> Resolution:
    facts = {
        "sequence": 2,
        "digest": "b" * 64,
        "previous": DIGEST,
        "saved_at": datetime(2028, 1, 2, tzinfo=UTC),
        "question": "year_mean",
        "subject": str(year),
        "status": "resolved",
        "outcome": outcome,
        "note": "by the ledger",
        "author": "rule",
        "rule": rule,
        "evidence": DIGEST,
        "as_of": date(2027, 12, 31),
    }
    return Resolution(**{**facts, **changes})


@pytest.mark.parametrize("observed", [-9.0, -1.0, 0.3, 2.0, 7.5])
def test_the_score_is_the_integral_of_pinball_losses(observed: float) -> None:
    """Each level stands for the stretch around it: a fine sum over all levels, each taken for its nearest."""
    fine = (np.arange(200_000) + 0.5) / 200_000
    nearest = np.abs(fine[:, None] - np.array(QUANTILE_LEVELS)).argmin(axis=1)
    level, error = np.array(QUANTILE_LEVELS)[nearest], observed - np.array(QUANTILES)[nearest]
    losses = np.where(error >= 0, level * error, (level - 1) * error)
    assert math.isclose(float(quantile_crps(np.array(QUANTILES), observed)), 2 * losses.mean(), rel_tol=1e-4)


def test_the_score_is_close_to_that_of_the_whole_distribution() -> None:
    """Of a normal forecast, whose score is known in closed form."""
    rng = np.random.default_rng(1)
    quantiles = np.quantile(rng.normal(0, 2, 400_000), QUANTILE_LEVELS)
    for observed in (-3.0, 0.0, 1.0, 4.0):
        z = observed / 2
        density, below = math.exp(-z * z / 2) / math.sqrt(2 * math.pi), 0.5 * (1 + math.erf(z / math.sqrt(2)))
        exact = 2 * (z * (2 * below - 1) + 2 * density - 1 / math.sqrt(math.pi))
        assert abs(float(quantile_crps(quantiles, observed)) - exact) < 0.15


def test_a_certain_and_right_forecast_costs_nothing() -> None:
    assert quantile_crps(np.full(7, 2.5), np.array(2.5)) == 0


def test_what_is_resolved_has_both_scores_and_its_word() -> None:
    table = year_table([saved()], [answered(2026, "+2.310"), answered(2027, "-0.100", sequence=3)], TODAY)
    assert set(table["model_id"]) == {MODEL_MIXTURE, DEFAULT}
    assert len(table) == 2 * len(HORIZONS)
    own = table[table["model_id"] == MODEL_MIXTURE].set_index("target_year")
    assert own.loc[[2026, 2027], "word"].tolist() == ["better", "worse"]
    assert own.loc[2026, "crps"] == pytest.approx(float(quantile_crps(np.array(QUANTILES), 2.31)))
    assert own.loc[2026, "word_rps"] == pytest.approx(0.2**2 + 0.7**2)
    assert own.loc[2027, "word_rps"] == pytest.approx(0.8**2 + 0.3**2)
    assert own["status"].tolist() == ["resolved", "resolved", "open", "open", "open"]
    assert own.loc[2028:, ["crps", "word_rps"]].isna().all(axis=None)
    assert set(own["mark"]) == {"live"}


def test_an_answer_under_another_rule_or_one_that_is_disputed_or_annulled_scores_nothing() -> None:
    for answer in (
        answered(2026, "+2.310", rule="c" * 64),
        answered(2026, "", status="disputed", author="Eve"),
        answered(2026, "", status="annulled"),
    ):
        assert year_table([saved()], [answer], TODAY)["crps"].isna().all()


def test_a_forecast_of_before_has_no_row_and_asks_no_question() -> None:
    former = saved(tone=None, published={MODEL_MIXTURE: PLAIN}, default=NOTHING)
    assert year_table([former], [answered(2026, "+2.310")], TODAY).empty
    assert not [one for one in questions(TODAY, [former], []) if one.question == "year_mean"]


def test_a_live_forecast_has_its_first_answer_after_one_year(real_evidence) -> None:
    """Asked at the end of 2024 on a ledger that ends with 2025: one year's mean has come, and the ledger has it."""
    evidence = real_evidence
    year = evidence.as_of.year
    forecast = saved(reference_date=date(year - 1, 12, 31), kind="hindcast")
    drafts = [draft for draft in due(evidence, date(year + 1, 2, 1), [forecast], []) if draft.question == "year_mean"]
    (draft,) = drafts
    weights = [(RULE.weight(e), e.intensity) for e in evidence.events if e.year == year and not e.is_context]
    mean = sum(weight * size for weight, size in weights) / sum(weight for weight, _ in weights)
    assert (draft.subject, draft.status, draft.outcome) == (str(year), "resolved", f"{mean:+.3f}")
    assert len(draft.events) == 3
    empty = replace(evidence, events=tuple(event for event in evidence.events if event.year != year))
    (draft,) = [one for one in due(empty, date(year + 1, 2, 1), [forecast], []) if one.question == "year_mean"]
    assert (draft.status, draft.outcome) == ("annulled", "")
