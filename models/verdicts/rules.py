"""The four verdicts, each by rule: can sampler, models and forecast be trusted, and what would change it."""

from collections.abc import Mapping, Sequence
from typing import Literal

import pandas as pd

from data.digest import Fields
from data.values import frozen
from models.names import MEMBERS
from models.verdicts.facts import SKILL, WORSE, curves_kept
from models.verdicts.sentences import primary_row

type Answer = Literal["holds", "partly", "fails", "untested", "told"]

LEAST_INSIDE = 0.80
"""Share of observed values that must lie in the range of nine in ten simulations: twice as many may lie outside as
chance leaves there, as with `models.verdicts.facts.MOST_OUTSIDE`."""


@frozen
class Verdict:
    """One question's answer, and which rule gave it.

    Attributes
    ----------
    answer : {"holds", "partly", "fails", "untested", "told"}
        "told" where the question has no yes or no.
    reason : str
        In a few words of code; unique among the verdicts on one question.
    """

    answer: Answer
    reason: str


UNTESTED = Verdict(answer="untested", reason="not tested")
"""No archive is of the present version."""


def sampler_verdict(
    checks: tuple[int, int], calibration: Sequence[Fields] | None, engine: bool | None, enlarged: bool
) -> Verdict:
    """Whether the computation can be trusted.

    Parameters
    ----------
    checks : (int, int)
        Acceptance checks passed and made, over the stored fits of the models that are sampled.
    calibration : sequence of Mapping, optional
        `models.calibration.study.verdicts`, one a model; None when not of this version.
    engine : bool, optional
        Whether the held-out study reached its figures; None when not of this version.
    enlarged : bool
        Whether a model failed before more simulations were run.
    """
    passed, count = checks
    if passed < count:
        return Verdict(answer="fails", reason="a fit failed")
    if calibration is None or engine is None:
        return UNTESTED
    if {model["model_id"] for model in calibration} != set(MEMBERS):
        return Verdict(answer="untested", reason="not every model")
    if not (engine and all(model["passed"] for model in calibration)):
        return Verdict(answer="partly", reason="a test failed")
    if enlarged:
        return Verdict(answer="partly", reason="only when enlarged")
    return Verdict(answer="holds", reason="every test passed")


def models_tests(
    gates: Mapping[str, bool], predictive: tuple[int, int], labels: tuple[int, int]
) -> tuple[bool, bool, bool]:
    """Which of three tests the models pass: sensible priors, evidence like their own, labels that stand.

    Parameters
    ----------
    gates : Mapping[str, bool]
        Whether each model's priors alone forecast something sensible.
    predictive : (int, int)
        Observed values inside the range of nine in ten simulations, and all.
    labels : (int, int)
        Changes of rule or ledger that flip no more labels than they may (`models.outcome.robustness.within_limits`),
        and all.
    """
    inside, seen = predictive
    return all(gates.values()), inside / seen >= LEAST_INSIDE, labels[0] == labels[1]


def models_verdict(tests: Sequence[bool], curves: pd.DataFrame | None) -> Verdict:
    """Whether the models say sensible things before and about the evidence.

    Parameters
    ----------
    tests : sequence of bool
        `models_tests`.
    curves : DataFrame, optional
        `models.verdicts.facts.curve_shares`; None when the backtest is not of this version.
    """
    if curves is None:
        return UNTESTED
    kept, judged = curves_kept(curves)
    if not any(tests):
        return Verdict(answer="fails", reason="every test failed")
    if not all(tests):
        return Verdict(answer="partly", reason="some tests failed")
    if 2 * kept < judged:
        return Verdict(answer="partly", reason="reliability in doubt")
    return Verdict(answer="holds", reason="every test passed")


def forecast_verdict(comparisons: pd.DataFrame | None) -> Verdict:
    """Whether the mixture forecast the past better than the better of base rate and moving average.

    The one comparison that was named before any score decides (docs/decisions/0016); all others are told beside it.

    Parameters
    ----------
    comparisons : DataFrame, optional
        `models.backtest.scores.comparisons`; None when not of this version.
    """
    row = primary_row(comparisons)
    if row is None:
        return UNTESTED
    if row["verdict"] == WORSE:
        return Verdict(answer="fails", reason="a reference did better")
    if row["verdict"] == SKILL:
        return Verdict(answer="holds", reason="better than simple rules")
    return Verdict(answer="partly", reason="not shown")


def change_verdict(figures: Sequence[Fields]) -> Verdict:
    """What the forecast rests on is told, unless the study missed an acceptance figure of its own."""
    if all(figure["passed"] for figure in figures):
        return Verdict(answer="told", reason="largest moves")
    return Verdict(answer="partly", reason="missed target")
