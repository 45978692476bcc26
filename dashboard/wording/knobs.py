"""Words for one knob: what its numbers mean, what the evidence did to it, where its driver stands, how far it moves a
chance. Pure."""

from collections.abc import Mapping, Sequence

import pandas as pd

from dashboard.wording.chances import percent
from dashboard.wording.numerals import minus, sentence_case
from dashboard.wording.sensitivity import BELIEFS
from data.digest import Fields
from data.values import frozen
from models.assumptions.knobs import Knob
from models.assumptions.setting import Assumptions

ESSAY = "The essay: R. Lincoln Hines on reasons to cooperate and fault lines."
"""Said where a page cites it first."""
MOST_MOVES = 3
"""Moves of a preset that are named in a table: a preset moves up to a dozen."""


@frozen
class Unit:
    """What the numbers of a knob mean.

    Attributes
    ----------
    low, high : str
        What its lowest and its highest value say, in two words at most: they stand at the slider's ends.
    name : str
        Of the quantity, in few words: it stands along an axis.
    meaning : str
        What a number says.
    """

    low: str
    high: str
    name: str
    meaning: str


UNITS: Mapping[str, Unit] = {
    "odds ratio per +1 sd of the driver": Unit(
        low="opposite",
        high="decisive",
        name="strength (1: none)",
        meaning="How strongly this pushes: 1 not at all, 2 doubles the odds, below 1 the other way",
    ),
    "odds multiplier of a sudden break": Unit(
        low="rarer",
        high="far likelier",
        name="times as likely as usual",
        meaning="How many times likelier a sudden break is than usual: 1 just as likely",
    ),
    "latent points": Unit(
        low="hostile",
        high="friendly",
        name="level (0: neither hostile nor friendly)",
        meaning="Where the relationship settles when nothing pushes it: at 0 acts are as often hostile as cooperative",
    ),
    "times the default prior width": Unit(
        low="trusting",
        high="doubtful",
        name="times the usual doubt",
        meaning="How wide the doubt about every claim is: 1 as its words suggest, 2 twice",
    ),
    "factor g": Unit(
        low="hardly",
        high="very much",
        name="strength (0: none)",
        meaning="How much all measured drivers count together: 0 would be not at all",
    ),
    "share of the gap kept each year": Unit(
        low="fade fast",
        high="last long",
        name="share kept a year",
        meaning="How much of a good or bad spell is left a year later: 1 all of it",
    ),
    "latent points (median)": Unit(
        low="calm",
        high="stormy",
        name="size of a shock",
        meaning="How far an unexplained shock moves the relationship in a usual year",
    ),
    "probability per calm year": Unit(
        low="very rare",
        high="1 in 10",
        name="chance a year",
        meaning="The chance that a calm year is followed by rupture: 0.01 is 1 in 100",
    ),
    "chance that a regime lasts another year": Unit(
        low="brief",
        high="long",
        name="chance to go on",
        meaning="The chance that a hostile, middle or friendly spell goes on for another year",
    ),
    "relative weight": Unit(
        low="off",
        high="full",
        name="weight",
        meaning="How much the forecast listens to this model, beside the others: 0 not at all",
    ),
}
"""By the unit of a knob: one kind of number is explained once, for all the knobs that have it."""


def unit_of(knob: Knob) -> Unit:
    """What a knob's numbers mean."""
    return UNITS[knob.unit]


def value_text(knob: Knob, value: float) -> str:
    """A knob's value with the decimals of its step."""
    return minus(f"{value:.{knob.decimals}f}")


def slider_format(knob: Knob, value: float) -> str:
    """The number over a slider's handle, as a printf format: what it is, and what it was before it was moved."""
    now = f"%.{knob.decimals}f"
    return now if value == knob.default else f"{value_text(knob, knob.default)} → {now}"


def moved_text(knob: Knob, value: float) -> str:
    """One moved knob: “Balancing the United States 1.60 → 2.00”."""
    return f"{knob.label} {value_text(knob, knob.default)} → {value_text(knob, value)}"


def moved_sentence(assumptions: Assumptions) -> str:
    """What was moved away from the starting view."""
    knobs = assumptions.knobs
    moved = [moved_text(knobs[key], assumptions.values[key]) for key in assumptions.changed]
    if not moved:
        return f"The starting view: none of {len(knobs)} assumptions is moved."
    return f"{len(moved)} of {len(knobs)} assumptions moved: {'; '.join(moved)}."


def moves_text(assumptions: Assumptions, most: int = MOST_MOVES) -> str:
    """The first few moves of a setting, and how many there are besides."""
    moved = [moved_text(assumptions.knobs[key], assumptions.values[key]) for key in assumptions.changed]
    rest = f" and {len(moved) - most} more" if len(moved) > most else ""
    return "; ".join(moved[:most]) + rest if moved else "nothing"


def knob_help(knob: Knob) -> str:
    """What stands behind a slider's question mark: meaning first, then where it may stand and why it starts there."""
    start = f"{start_sentence(knob, knob.default)} It is marked on the slider."
    return f"{unit_of(knob).meaning}.\n\n{knob.help}\n\n{start} {knob.reason}"


SETTING = "A setting that no evidence speaks to: it says how the models work, not what is the case."
_SHIFTS = ((0.1, "leaves it at {after}"), (0.5, "says a little {side} ({after})"), (1.0, "says {side} ({after})"))
_DOUBTS = (
    (-0.05, "adds to the doubt"),
    (0.1, "leaves nearly all the doubt"),
    (0.33, "takes some of the doubt away"),
    (0.66, "takes much of the doubt away"),
)
"""By the share of the doubt that is gone, each up to its limit."""


def common_meaning(knobs: Sequence[Knob]) -> str:
    """What the numbers of several knobs mean, where one sentence says it of all; else nothing."""
    meanings = {unit_of(knob).meaning for knob in knobs}
    return f"{meanings.pop()}." if len(meanings) == 1 else ""


def start_sentence(knob: Knob, value: float) -> str:
    """Where a knob starts, between which values it may stand, where it stands now, and where the essay says so."""
    where = f" Essay, paragraph {knob.paragraph.replace(';', ' and ')}." if knob.paragraph else ""
    moved = f" You have it at {value_text(knob, value)}." if value != knob.default else ""
    low, start, high = (value_text(knob, at) for at in (knob.low, knob.default, knob.high))
    return f"Starting view {start}, from {low} ({unit_of(knob).low}) to {high} ({unit_of(knob).high}).{moved}{where}"


def learning_sentence(row: Fields) -> str:
    """What the evidence did to one knob: a row of `models.forecast.learning.knob_learning`."""
    verdict = str(row["verdict"])
    if verdict not in BELIEFS:
        return SETTING
    before, after = float(row["prior_centre"]), float(row["posterior_centre"])
    width, gone = float(row["prior_sd"]), 1 - float(row["posterior_sd"]) / float(row["prior_sd"])
    side = "more" if after > before else "less"
    far = abs(after - before) / width
    shift = next((words for limit, words in _SHIFTS if far < limit), "says much {side} ({after})")
    doubt = next((words for limit, words in _DOUBTS if gone < limit), "takes most of the doubt away")
    told = minus(f"{shift} and {doubt}".format(side=side, after=f"{after:.2f}"))
    if far < _SHIFTS[0][0] and abs(gone) < _DOUBTS[1][0]:
        told = minus(f"hardly changes it ({after:.2f})")
    return f"The evidence {told}. {sentence_case(verdict)}: {BELIEFS[verdict]}."


def driver_sentence(title: str, value: float, note: str, direction: int) -> str:
    """Where a claim's driver stands at the reference date, and so which way a stronger claim pushes.

    Parameters
    ----------
    value : float
        Standard deviations from its 1992-2020 mean, as the forecast uses it.
    note : str
        "observed", "carried from YEAR" or "masked" (`models.measures.drivers.DriverTable.origin_note`).
    direction : int
        +1 or -1, the claimed sign.
    """
    if note == "masked":
        return f"Driver: {title}. It is not observed near the reference date and pushes nothing now."
    when = "" if note == "observed" else f" ({note})"
    push = "up" if value * direction > 0 else "down"
    side = "above" if value > 0 else "below"
    return (
        f"Driver: {title}. It stands {abs(value):.1f} standard deviations {side} its usual value{when}, "
        f"so a stronger claim pushes the relationship {push} now."
    )


def knobs_sentence(effects: pd.DataFrame, base: float, what: str) -> str:
    """Which knob moves a probability most over its whole range.

    Parameters
    ----------
    effects : DataFrame
        Columns ``key, label, low, high``: the probability with the knob at its lowest and highest value.
    base : float
        The probability under the present assumptions.
    what : str
        The outcome in words, such as “Rupture on 31 December 2027”.
    """
    width = (effects["high"] - effects["low"]).abs()
    top = effects.loc[width.idxmax()]
    idle = int((width < 0.01).sum())
    quiet = f" {idle} of {len(effects)} assumptions move it by less than one point." if idle else ""
    return (
        f"{what} stands at {percent(base)}. “{top['label']}” moves it most: from {percent(top['low'])} at the slider’s "
        f"lowest value to {percent(top['high'])} at its highest.{quiet}"
    )
