"""The four answers at the top of the Checks page, each by a rule from numbers. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import pandas as pd

from dashboard.studies.facts import LEAST_INSIDE, MOST_OUTSIDE
from dashboard.wording.backtest import (
    HINDCAST_NOTE,
    SKILL,
    WORSE,
    chosen_rows,
    drivers_phrase,
    short_name,
    single_skill_phrase,
    skill_phrases,
)
from dashboard.wording.calibration import calibration_phrase, engine_phrase
from dashboard.wording.evidence import MOST_FLIPS, share
from dashboard.wording.labels import joined
from dashboard.wording.sensitivity import copies_phrase, piece_name, points_text, readings_phrase
from models.names import MEMBERS, MODEL_M0

type Verdict = Literal["holds", "partly", "fails", "untested", "told"]

SAMPLER, MODELS, FORECAST, CHANGE = "sampler", "models", "forecast", "change"
QUESTIONS: Mapping[str, str] = MappingProxyType(
    {
        SAMPLER: "Can I trust the sampler?",
        MODELS: "Can I trust the models?",
        FORECAST: "Can I trust the forecast?",
        CHANGE: "What would change it?",
    }
)
"""Anchor of each section, and its question."""
SIMPLE_REFERENCES = ("climatology", "persistence")
NOT_TESTED = "Not tested for this version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One answer.

    Attributes
    ----------
    verdict : {"holds", "partly", "fails", "untested", "told"}
        "told" where the question has no yes or no.
    short : str
        Two to five words for the badge.
    sentence : str
        The numbers behind it.
    """

    verdict: Verdict
    short: str
    sentence: str


def sampler_answer(
    checks: tuple[int, int],
    verdicts: Sequence[Mapping[str, object]] | None,
    engine: tuple[bool, pd.DataFrame] | None,
    first: str = "",
) -> Verdict:
    """Whether the computation can be trusted.

    Parameters
    ----------
    checks : (int, int)
        Acceptance checks passed and made, over the stored fits of the models that are sampled.
    verdicts : sequence of Mapping, optional
        Of simulation-based calibration, one a model; None when not of this version.
    engine : (bool, DataFrame), optional
        Whether the held-out study reached its figures, and its settings.
    first : str
        `dashboard.wording.calibration.first_sentence`: who failed before more simulations were run.
    """
    passed, made = checks
    told = [f"Stored fits: {passed} of {made} acceptance checks passed"]
    told.append(f"Simulated records: {NOT_TESTED.lower()}" if verdicts is None else calibration_phrase(verdicts))
    told.append(f"Sliders against refits: {NOT_TESTED.lower()}" if engine is None else engine_phrase(engine[1]))
    sentence = ". ".join(told) + "."
    if passed < made:
        return Verdict(verdict="fails", short="No: a fit failed", sentence=sentence)
    if verdicts is None or engine is None:
        return Verdict(verdict="untested", short=NOT_TESTED, sentence=sentence)
    if {one["model_id"] for one in verdicts} != set(MEMBERS):
        return Verdict(verdict="untested", short="Not every model tested yet", sentence=sentence)
    sound = engine[0] and all(one["passed"] for one in verdicts)
    if sound and not first:
        return Verdict(verdict="holds", short="Yes: every test passed", sentence=sentence)
    if sound:
        return Verdict(verdict="partly", short="Yes, one test only when enlarged", sentence=f"{sentence} {first}")
    return Verdict(verdict="partly", short="In part: a test failed", sentence=sentence)


def models_answer(
    gates: Mapping[str, bool], predictive: tuple[int, int], flips: float, curves: pd.DataFrame | None
) -> Verdict:
    """Whether the models say sensible things before and about the record.

    Parameters
    ----------
    gates : Mapping[str, bool]
        Whether each model's priors alone forecast something sensible.
    predictive : (int, int)
        Observed values inside the range of nine in ten simulations, and all.
    flips : float
        Share of labels that the worst change of rule or record flips.
    curves : DataFrame, optional
        `dashboard.studies.facts.curve_shares`; None when the backtest is not of this version.
    """
    refused = [short_name(model) for model, passed in gates.items() if not passed]
    inside = predictive[0] / predictive[1]
    tests = [not refused, inside >= LEAST_INSIDE, flips <= MOST_FLIPS]
    told = [
        f"Priors alone are sensible for {len(gates) - len(refused)} of {len(gates)} models"
        + (f" (not {joined(refused)})" if refused else ""),
        f"the record looks like the model’s own: {predictive[0]} of {predictive[1]} values inside nine-in-ten ranges",
        f"at worst {share(flips)} of the labels change under another rule or record ({share(MOST_FLIPS)} allowed)",
    ]
    if curves is None:
        sentence = f"{'; '.join(told)}; reliability: {NOT_TESTED.lower()}."
        return Verdict(verdict="untested", short=NOT_TESTED, sentence=sentence)
    judged = curves[curves["verdict"]]
    kept = int((judged["outside"] <= MOST_OUTSIDE).sum())
    told.append(
        f"not counted: {kept} of {len(judged)} reliability curves keep to their bands, which are too narrow since "
        "hindcasts overlap"
    )
    sentence = f"{'; '.join(told)}."
    if all(tests) and 2 * kept < len(judged):
        return Verdict(verdict="partly", short="Sound on paper; reliability in doubt", sentence=sentence)
    return _tallied(tests, sentence)


def _tallied(tests: Sequence[bool], sentence: str) -> Verdict:
    if all(tests):
        return Verdict(verdict="holds", short="Yes: every test passed", sentence=sentence)
    if not any(tests):
        return Verdict(verdict="fails", short="No: every test failed", sentence=sentence)
    return Verdict(verdict="partly", short=f"In part: {sum(tests)} of {len(tests)} tests passed", sentence=sentence)


def forecast_answer(comparisons: pd.DataFrame | None, controls: pd.DataFrame | None = None) -> Verdict:
    """Whether the models forecast the past better than simple references, by the primary score over all horizons.

    Parameters
    ----------
    comparisons : DataFrame, optional
        `models.backtest.scores.comparisons`; None when not of this version.
    controls : DataFrame, optional
        `models.backtest.scores.control_table`.
    """
    if comparisons is None:
        return Verdict(verdict="untested", short=NOT_TESTED, sentence=f"Forecasts of the past: {NOT_TESTED.lower()}.")
    rows = chosen_rows(comparisons)
    simple = rows[rows["reference"].isin(SIMPLE_REFERENCES)]
    origins = sorted({int(one) for one in rows["origins"]})
    span = f"{origins[0]}" if len(origins) == 1 else f"{origins[0]} to {origins[-1]}"
    drivers = "" if controls is None else f"{drivers_phrase(controls)} "
    single = single_skill_phrase(comparisons)
    told = ". ".join([*skill_phrases(rows), f"Each compared over {span} past years", *([single] if single else [])])
    sentence = f"{told}. {drivers}{HINDCAST_NOTE}"
    if (rows["verdict"] == WORSE).any():
        return Verdict(verdict="fails", short="No: a reference did better", sentence=sentence)
    harder = rows[rows["reference"] != "climatology"]
    if not (harder["verdict"] == SKILL).any():
        short = "Skill in single comparisons only" if single else "No evidence of skill"
        return Verdict(verdict="partly", short=f"{short}, past frequencies aside", sentence=sentence)
    if not (simple["verdict"] == SKILL).all():
        return Verdict(verdict="partly", short="No evidence of skill against some references", sentence=sentence)
    inside = rows[(rows["reference"] == MODEL_M0) & (rows["verdict"] != SKILL)]
    if len(inside):
        return Verdict(verdict="partly", short="No evidence of skill beyond the base rate", sentence=sentence)
    return Verdict(verdict="holds", short="Yes: better than every reference", sentence=sentence)


def change_answer(
    moves: pd.DataFrame, knobs: pd.DataFrame, copies: pd.DataFrame, figures: Sequence[Mapping[str, object]]
) -> Verdict:
    """What the forecast rests on.

    Parameters
    ----------
    moves, knobs, copies : DataFrame
        `dashboard.studies.facts.largest_moves`, `models.sensitivity.power_scaling.by_knob`,
        `models.sampling.copies.copies_control`.
    figures : sequence of Mapping
        The study's acceptance figures.
    """
    named = [f"{piece_name(row)} ({points_text(row['refit'])})" for row in moves.head(3).to_dict("records")]
    missed = [f"{one['measure']}: {float(one['value']):g}" for one in figures if not one["passed"]]
    doubt = f" The study missed its own target: {'; '.join(missed)}." if missed else ""
    rest = f"{readings_phrase(knobs)}. {copies_phrase(copies)}.{doubt}"
    sentence = f"Leaving one piece out moves a probability of the latent alignment most for {joined(named)}. {rest}"
    short = "Shown, but the study missed a target" if missed else "The largest moves, by name"
    return Verdict(verdict="partly" if missed else "told", short=short, sentence=sentence)


def change_untested() -> Verdict:
    """The answer when the study is not of this version."""
    return Verdict(verdict="untested", short=NOT_TESTED, sentence=f"Pieces left out: {NOT_TESTED.lower()}.")
