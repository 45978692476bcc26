"""The four answers at the top of the Checks page in words: what `models.verdicts.rules` decides, and its numbers."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from dashboard.wording.backtest import HINDCAST_NOTE, drivers_phrase, short_name, typed
from dashboard.wording.calibration import calibration_phrase, engine_phrase
from dashboard.wording.labels import joined
from dashboard.wording.sensitivity import beliefs_sentence, copies_phrase, piece_name, points_text
from data.digest import Fields
from data.values import frozen
from models.verdicts.facts import curves_kept, reading_counts
from models.verdicts.rules import (
    UNTESTED,
    Answer,
    Verdict,
    change_verdict,
    forecast_verdict,
    models_tests,
    models_verdict,
    sampler_verdict,
)
from models.verdicts.sentences import primary_sentence, secondary_sentence

SAMPLER, MODELS, FORECAST, CHANGE = "sampler", "models", "forecast", "change"
QUESTIONS = MappingProxyType(
    {
        SAMPLER: "Can I trust the sampler?",
        MODELS: "Can I trust the models?",
        FORECAST: "Can I trust the forecast?",
        CHANGE: "What would change it?",
    }
)
"""Anchor of each section, and its question."""
NOT_TESTED = "Not tested for this version"
ALL_PASSED = "Yes: every test passed"
SHORT = MappingProxyType(
    {
        SAMPLER: {
            "every test passed": ALL_PASSED,
            "a fit failed": "No: a fit failed",
            "not every model": "Not every model tested yet",
            "a test failed": "In part: a test failed",
            "only when enlarged": "Yes, one test only when enlarged",
        },
        MODELS: {
            "every test passed": ALL_PASSED,
            "every test failed": "No: every test failed",
            "some tests failed": "In part: {passed} of {tests} tests passed",
            "reliability in doubt": "Sound on paper; reliability in doubt",
        },
        FORECAST: {
            "better than simple rules": "Better than base rate and moving average",
            "a reference did better": "No: a simple rule did better",
            "not shown": "Skill was not shown",
        },
        CHANGE: {
            "largest moves": "The largest moves, by name",
            "missed target": "Shown, but the study missed a target",
        },
    }
)
"""What the badge says of each reason that `models.verdicts.rules` gives."""


@frozen
class Card:
    """What the card of one question says.

    Attributes
    ----------
    answer : {"holds", "partly", "fails", "untested", "told"}
        Of its verdict.
    short : str
        Two to five words for the badge.
    sentence : str
        The numbers behind it.
    """

    answer: Answer
    short: str
    sentence: str


def _card(question: str, verdict: Verdict, sentence: str, **counts: int) -> Card:
    short = NOT_TESTED if verdict == UNTESTED else SHORT[question][verdict.reason].format(**counts)
    return Card(answer=verdict.answer, short=short, sentence=sentence)


def sampler_card(
    checks: tuple[int, int],
    calibration: Sequence[Fields] | None,
    engine: tuple[bool, pd.DataFrame] | None,
    first: str = "",
) -> Card:
    """Whether the computation can be trusted.

    Parameters
    ----------
    checks, calibration
        As `models.verdicts.rules.sampler_verdict` takes them.
    engine : (bool, DataFrame), optional
        Whether the held-out study reached its figures, and its settings.
    first : str
        `dashboard.wording.calibration.first_sentence`: who failed before more simulations were run.
    """
    verdict = sampler_verdict(checks, calibration, engine and engine[0], enlarged=bool(first))
    parts = [
        f"Stored fits: {checks[0]} of {checks[1]} acceptance checks passed",
        f"Simulated histories: {NOT_TESTED.lower()}" if calibration is None else calibration_phrase(calibration),
        f"Sliders against refits: {NOT_TESTED.lower()}" if engine is None else engine_phrase(engine[1]),
    ]
    more = [first] if verdict.reason == "only when enlarged" else []
    return _card(SAMPLER, verdict, " ".join([f"{'. '.join(parts)}.", *more]))


def models_card(
    gates: Mapping[str, bool], predictive: tuple[int, int], labels: tuple[int, int], curves: pd.DataFrame | None
) -> Card:
    """Whether the models say sensible things before and about the evidence.

    Parameters
    ----------
    gates, predictive, labels, curves
        As `models.verdicts.rules.models_tests` and `models.verdicts.rules.models_verdict` take them.
    """
    tests = models_tests(gates, predictive, labels)
    refused = [short_name(model) for model, passed in gates.items() if not passed]
    parts = [
        f"Priors alone are sensible for {len(gates) - len(refused)} of {len(gates)} models"
        + (f" (not {joined(refused)})" if refused else ""),
        f"the evidence looks like the model’s own: {predictive[0]} of {predictive[1]} values inside nine-in-ten ranges",
        f"{labels[0]} of {labels[1]} changes of rule or ledger flip no more labels of history than they may",
        f"reliability: {NOT_TESTED.lower()}" if curves is None else _curves_phrase(curves),
    ]
    verdict = models_verdict(tests, curves)
    return _card(MODELS, verdict, f"{'; '.join(parts)}.", passed=sum(tests), tests=len(tests))


def _curves_phrase(curves: pd.DataFrame) -> str:
    kept, judged = curves_kept(curves)
    return (
        f"not counted: {judged - kept} of {judged} reliability curves leave their bands, which are somewhat too narrow "
        "since hindcasts overlap"
    )


def forecast_card(comparisons: pd.DataFrame | None, controls: pd.DataFrame | None = None) -> Card:
    """Whether the mixture forecast the past better than simple rules, by the one comparison named before the scores.

    Parameters
    ----------
    comparisons : DataFrame, optional
        `models.backtest.scores.comparisons`; None when not of this version.
    controls : DataFrame, optional
        `models.backtest.scores.control_table`.
    """
    if comparisons is None:
        return _card(FORECAST, UNTESTED, f"Forecasts of the past: {NOT_TESTED.lower()}.")
    drivers = "" if controls is None else drivers_phrase(controls)
    parts = [typed(primary_sentence(comparisons)), typed(secondary_sentence(comparisons)), drivers, HINDCAST_NOTE]
    return _card(FORECAST, forecast_verdict(comparisons), " ".join(filter(None, parts)))


def change_card(moves: pd.DataFrame, knobs: pd.DataFrame, copies: pd.DataFrame, figures: Sequence[Fields]) -> Card:
    """What the forecast rests on.

    Parameters
    ----------
    moves, knobs, copies : DataFrame
        `models.verdicts.facts.largest_moves`, `models.sensitivity.power_scaling.by_knob`,
        `models.sampling.copies.copies_control`.
    figures : sequence of Mapping
        The study's acceptance figures.
    """
    named = [f"{piece_name(row)} ({points_text(row['refit'])})" for row in moves.head(3).to_dict("records")]
    missed = [f"{figure['measure']}: {float(figure['value']):g}" for figure in figures if not figure["passed"]]
    doubt = f" The study missed its own target: {'; '.join(missed)}." if missed else ""
    rest = f"{beliefs_sentence(reading_counts(knobs))} {copies_phrase(copies)}.{doubt}"
    sentence = f"Leaving one piece out moves a probability of the latent alignment most for {joined(named)}. {rest}"
    return _card(CHANGE, change_verdict(figures), sentence)


def change_untested() -> Card:
    """The answer when the study is not of this version."""
    return _card(CHANGE, UNTESTED, f"Pieces left out: {NOT_TESTED.lower()}.")
