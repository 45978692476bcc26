"""The four answers at the top of the Checks page in words: what `models.verdicts.rules` decides, and its numbers."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from dashboard.wording.backtest import HINDCAST_NOTE, REFERENCES, drivers_phrase, short_name, typed
from dashboard.wording.calibration import calibration_phrase, engine_phrase, first_sentence, green_error
from dashboard.wording.labels import joined
from dashboard.wording.numerals import sentence_case
from dashboard.wording.sensitivity import beliefs_sentence, copies_phrase, piece_name, points_text
from data.digest import Fields
from data.values import frozen
from models.backtest.yardsticks import PERSISTENCE
from models.names import MODEL_MIXTURE
from models.verdicts.facts import NAMED_MOVE, NONE, chosen_rows, curves_kept, reading_counts
from models.verdicts.rules import (
    LEAST_INSIDE,
    UNTESTED,
    Answer,
    Verdict,
    change_verdict,
    forecast_verdict,
    models_tests,
    models_verdict,
    sampler_verdict,
)
from models.verdicts.sentences import primary_row, primary_sentence, secondary_sentence

SAMPLER, MODELS, FORECAST, CHANGE = "sampler", "models", "forecast", "change"
QUESTIONS = MappingProxyType(
    {
        SAMPLER: "Is it computed right?",
        MODELS: "Are the models sound?",
        FORECAST: "Has it forecast well?",
        CHANGE: "What would change it?",
    }
)
"""Anchor of each section, and its question."""
STEPS = MappingProxyType(
    {
        SAMPLER: "Have your own setting computed again",
        MODELS: "Read the limits",
        FORECAST: "See how saved forecasts have done",
        CHANGE: "See what each assumption can move",
    }
)
"""The one next step of each question, as its link says it."""
MOST_NAMED = 3
NOT_TESTED = "Not tested for this version"
SHORT = MappingProxyType(
    {
        SAMPLER: {
            "every test passed": "Yes",
            "a fit failed": "No: a fit failed",
            "not every model": "Not every model tested yet",
            "a test failed": "In part: a test failed",
            "only when enlarged": "Yes; one borderline test needed more runs",
        },
        MODELS: {
            "every test passed": "Yes",
            "every test failed": "No: every test failed",
            "some tests failed": "In part: {passed} of {tests} tests passed",
            "reliability in doubt": "Sound on paper; reliability in doubt",
        },
        FORECAST: {
            "better than simple rules": "Better than simple rules",
            "a reference did better": "No: a simple rule did better",
            "not shown": "Not shown",
        },
        CHANGE: {
            "largest moves": "{size}",
            "missed target": "{size}; the study missed an aim of its own",
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
        The verdict in a few words, for the badge.
    sentence : str
        One plain sentence with one number.
    details : tuple of str
        Every number behind it, for those who open the tests.
    """

    answer: Answer
    short: str
    sentence: str
    details: tuple[str, ...] = ()


def _card(question: str, verdict: Verdict, sentence: str, details: Sequence[str] = (), **told: object) -> Card:
    short = NOT_TESTED if verdict == UNTESTED else SHORT[question][verdict.reason].format(**told)
    return Card(answer=verdict.answer, short=short, sentence=sentence, details=tuple(filter(None, details)))


def sampler_card(
    checks: tuple[int, int],
    calibration: Sequence[Fields] | None,
    engine: tuple[bool, pd.DataFrame] | None,
    first: Sequence[Fields] = (),
) -> Card:
    """Whether the computation can be trusted.

    Parameters
    ----------
    checks, calibration
        As `models.verdicts.rules.sampler_verdict` takes them.
    engine : (bool, DataFrame), optional
        Whether the held-out study reached its figures, and its settings.
    first : sequence of Mapping
        The calibration's verdicts before more simulations were run.
    """
    enlarged = first_sentence(first)
    verdict = sampler_verdict(checks, calibration, engine and engine[0], enlarged=bool(enlarged))
    details = [
        f"Stored fits: {checks[0]} of {checks[1]} acceptance checks passed.",
        f"Simulated histories: {NOT_TESTED.lower()}." if calibration is None else f"{calibration_phrase(calibration)}.",
        f"Sliders against refits: {NOT_TESTED.lower()}." if engine is None else f"{engine_phrase(engine[1])}.",
        enlarged,
    ]
    return _card(SAMPLER, verdict, _sampler_sentence(verdict, checks, calibration or (), engine), details)


def _sampler_sentence(
    verdict: Verdict,
    checks: tuple[int, int],
    calibration: Sequence[Fields],
    engine: tuple[bool, pd.DataFrame] | None,
) -> str:
    if verdict.reason == "a fit failed":
        return f"The stored fits failed {checks[1] - checks[0]} of their acceptance checks: do not quote the numbers."
    failed = [short_name(str(model["model_id"])) for model in calibration if not model["passed"]]
    if verdict.reason == "a test failed" and failed:
        return f"Fitted to histories that were simulated, {joined(failed)} did not find what had been put in."
    error = None if engine is None else green_error(engine[1])
    if error is None:
        return "The sliders have not been held against full refits yet."
    return f"Where the badge is green, the sliders were never more than {error:.1f} points off a full refit."


def models_card(
    gates: Mapping[str, bool], predictive: tuple[int, int], labels: tuple[int, int], curves: pd.DataFrame | None
) -> Card:
    """Whether the models say sensible things before and about the evidence.

    Parameters
    ----------
    gates, predictive, labels, curves
        As `models.verdicts.rules.models_tests` and `models.verdicts.rules.models_verdict` take them.
    """
    tests, (inside, seen) = models_tests(gates, predictive, labels), predictive
    refused = [short_name(model) for model, passed in gates.items() if not passed]
    details = [
        f"Priors alone are sensible for {len(gates) - len(refused)} of {len(gates)} models"
        + (f" (not {joined(refused)})." if refused else "."),
        f"The evidence looks like the model’s own: {inside} of {seen} values inside nine-in-ten ranges.",
        f"{labels[0]} of {labels[1]} changes of rule or ledger flip no more labels of history than they may.",
        f"Reliability: {NOT_TESTED.lower()}." if curves is None else _curves_sentence(curves),
    ]
    verdict = models_verdict(tests, curves)
    sentence = _models_sentence(refused, predictive, labels, curves)
    return _card(MODELS, verdict, sentence, details, passed=sum(tests), tests=len(tests))


def _models_sentence(
    refused: Sequence[str], predictive: tuple[int, int], labels: tuple[int, int], curves: pd.DataFrame | None
) -> str:
    """The gravest of what failed, or that nothing did."""
    inside, seen = predictive
    if refused:
        return f"Before any evidence, under your setting, {joined(refused)} would forecast something absurd."
    if inside < LEAST_INSIDE * seen:
        return f"Only {inside} of {seen} recorded values look like what the main model would have written itself."
    if labels[0] < labels[1]:
        return (
            f"Priors and evidence pass; what history is called depends on the rule in {labels[1] - labels[0]} of "
            f"{labels[1]} ways of changing it."
        )
    kept, judged = (0, 0) if curves is None else curves_kept(curves)
    if 2 * kept < judged:
        return f"Chances of the past did not come true as often as stated in {judged - kept} of {judged} comparisons."
    return f"{inside} of {seen} recorded values look like what the main model would have written itself."


def _curves_sentence(curves: pd.DataFrame) -> str:
    kept, judged = curves_kept(curves)
    return (
        f"Not counted: {judged - kept} of {judged} reliability curves leave their bands, which are somewhat too narrow "
        "since hindcasts overlap."
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
    verdict, row = forecast_verdict(comparisons), primary_row(comparisons)
    drivers = "" if controls is None else drivers_phrase(controls)
    details = [typed(primary_sentence(comparisons)), typed(secondary_sentence(comparisons)), drivers, HINDCAST_NOTE]
    if row is None:
        return _card(FORECAST, verdict, details[0], details)
    claim = {
        "better than simple rules": f"better than {REFERENCES[row['reference']]}",
        "a reference did better": f"worse than {REFERENCES[row['reference']]}",
    }.get(verdict.reason)
    origins = f"In hindcasts from {int(row['origins'])} past year-ends"
    if claim:
        return _card(FORECAST, verdict, f"{origins} it forecast {claim}.", details)
    rules = " or ".join(_not_beaten(comparisons, str(row["reference"])))
    return _card(FORECAST, verdict, f"{origins} it was not shown to be better than {rules}.", details)


def _not_beaten(comparisons: pd.DataFrame, primary: str) -> list[str]:
    """The rule of the primary comparison, and “nothing changes” where the mixture was not shown to beat that either."""
    own = chosen_rows(comparisons)
    own = own[(own["model_id"] == MODEL_MIXTURE) & (own["reference"] == PERSISTENCE)]
    names = [*own.loc[own["verdict"] == NONE, "reference"], primary]
    return [REFERENCES[name] for name in dict.fromkeys(names)]


def change_card(
    moves: pd.DataFrame, pieces: pd.DataFrame, knobs: pd.DataFrame, copies: pd.DataFrame, figures: Sequence[Fields]
) -> Card:
    """What the forecast rests on.

    Parameters
    ----------
    moves, pieces : DataFrame
        `models.verdicts.facts.largest_moves` and `piece_moves`.
    knobs, copies : DataFrame
        `models.sensitivity.power_scaling.by_knob`, `models.sampling.copies.copies_control`.
    figures : sequence of Mapping
        The study's acceptance figures.
    """
    named = [f"{piece_name(row)} ({points_text(row['refit'])})" for row in moves.head(3).to_dict("records")]
    missed = [f"{figure['measure']}: {float(figure['value']):g}" for figure in figures if not figure["passed"]]
    details = [
        f"Of what was fitted again without it, a probability of the latent alignment moves most for {joined(named)}.",
        beliefs_sentence(reading_counts(knobs)),
        f"{copies_phrase(copies)}.",
        f"The study missed its own target: {'; '.join(missed)}." if missed else "",
    ]
    large = pieces[pieces["change"].abs() >= NAMED_MOVE].head(MOST_NAMED)
    size = "No single piece of evidence" if large.empty else "A few pieces of evidence"
    return _card(CHANGE, change_verdict(figures), _change_sentence(pieces, large), details, size=size)


def _change_sentence(pieces: pd.DataFrame, large: pd.DataFrame) -> str:
    sizes = 100 * pieces["change"].abs()
    if large.empty:
        return (
            f"Leaving out any one of {len(pieces)} acts and claims moves a chance of the main model by "
            f"{sizes.max():.1f} points at most."
        )
    names = joined([piece_name(row) for row in large.to_dict("records")])
    low, high = (f"{size:.0f}" for size in (sizes[large.index].min(), sizes[large.index].max()))
    return f"{sentence_case(names)}: without it a chance moves by {low if low == high else f'{low} to {high}'} points."


def change_untested() -> Card:
    """The answer when the study is not of this version."""
    return _card(CHANGE, UNTESTED, f"Pieces left out: {NOT_TESTED.lower()}.")
