"""Plain sentences about a forecast, computed from its results table: the headline and one line under each chart."""

import math
from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from dashboard.wording.chances import rounding_step
from dashboard.wording.days import has_come
from dashboard.wording.labels import STATE_LABELS, STATE_PLAIN, STATE_SHORT, date_text, joined
from dashboard.wording.numerals import minus, sentence_case
from dashboard.wording.table import Reading, readings
from models.names import (
    MODEL_MIXTURE,
    STATES,
    TARGET_DEEPER,
    TARGET_RUPTURE,
    TARGET_STATE,
    Scenario,
)

DOTS = 50
SURE = ("likely", "very likely", "almost certain")
"""Words from which a state is called the most likely one without a doubt."""
MOST_INTENSE = 10.0
"""Ends of the codebook's scale of intensity, on either side of 0."""


def headline(table: pd.DataFrame, horizon: int, today: date) -> str:
    """The likeliest state at a year-end, said so that it does not sound surer than it is; of a day that has come,
    what was forecast then."""
    first, second = _ranked(table, horizon)[:2]
    day, label = date_text(first.date), STATE_LABELS[first.outcome]
    chance, other = _chance_text(first), _chance_text(second)
    if has_come(first.date, today):
        return f"{_looking_back(table, day)} the likeliest state was {label} ({chance})."
    if first.chance.percent == second.chance.percent:
        return f"On {day} {label} ({chance}) and {STATE_LABELS[second.outcome]} ({other}) are about equally likely."
    if first.chance.word in SURE:
        return f"On {day} the relationship will most likely stand in {label} ({chance})."
    return f"No state stands out on {day}. The likeliest is {label} ({chance})."


def likeliest(table: pd.DataFrame, horizon: int, today: date) -> str:
    """The headline that a layman repeats: the likeliest state at a year-end, said no surer than it is."""
    first, second = _ranked(table, horizon)[:2]
    when, name, other = f"end of {first.date[:4]}", STATE_PLAIN[first.outcome], STATE_PLAIN[second.outcome]
    if has_come(first.date, today):
        return f"{_looking_back(table, date_text(first.date))} the likeliest was {name}"
    if first.chance.percent == second.chance.percent:
        return f"At the {when}: {name} or {other}, about equally likely"
    if first.chance.word in SURE:
        return f"Most likely at the {when}: {name}"
    return f"Nothing stands out at the {when}: {name} is the likeliest"


def number_sentence(table: pd.DataFrame, horizon: int) -> str:
    """The number below that headline, as in “Strain: 86 in 100; the models allow anything from 68 to 98.”; that four
    rounded chances need not add to 100, where a reader would find that they do not."""
    first = _ranked(table, horizon)[0]
    said = f"{_full_name(first.outcome)}: {first.chance.in_100}"
    ends = first.chance.range.replace(" %", "").partition(" to ")
    told = f"{said}; the models allow anything from {ends[0]} to {ends[2]}." if ends[2] else f"{said}."
    written = [reading.chance.percent.removesuffix(" %") for reading in readings(table, horizon=horizon)]
    total = sum(map(int, written)) if all(map(str.isdecimal, written)) else 100
    return told if total == 100 else f"{told} Rounded: sum {total}."


def _full_name(state: str) -> str:
    """A state's name, after the headline's where that is another: so that the word on its card is declared."""
    plain, label = STATE_PLAIN[state].removeprefix("a "), STATE_LABELS[state]
    return label if plain == label.lower() else f"{sentence_case(plain)} ({STATE_SHORT[state].lower()})"


def _ranked(table: pd.DataFrame, horizon: int) -> list[Reading]:
    return sorted(readings(table, horizon=horizon), key=lambda reading: -reading.probability)


def _looking_back(table: pd.DataFrame, day: str) -> str:
    """How a sentence about a day that has come begins."""
    return f"{day} has come. As of {date_text(str(table['reference_date'].iloc[0]))}"


def state_on_day(table: pd.DataFrame, state: str, horizon: int) -> str:
    """What a chance is of, in words: “Rupture on 31 December 2027”."""
    return f"{STATE_LABELS[state]} on {date_text(outlook(table, horizon)[0].date)}"


def outlook(table: pd.DataFrame, horizon: int) -> tuple[Reading, ...]:
    """All four states at a horizon, worst first; each `Reading.chance` holds word, number, N in 100 and range."""
    return readings(table, horizon=horizon)


def states_sentence(table: pd.DataFrame) -> str:
    """What happens to the four states between the first and the last horizon."""
    first, last = (readings(table, horizon=at) for at in (table["horizon"].min(), table["horizon"].max()))
    moves = sorted(zip(first, last, strict=True), key=lambda pair: pair[1].probability - pair[0].probability)
    span = f"{first[0].date[:4]} to {last[0].date[:4]}"
    if max(abs(b.probability - a.probability) for a, b in moves) < _grid(first + last):
        return f"{span}: no state’s chance changes by more than the forecast can tell."
    loses, gains = (
        f"{STATE_SHORT[a.outcome].lower()} {a.chance.percent} → {b.chance.percent}" for a, b in (moves[0], moves[-1])
    )
    return f"{span}: {loses}, {gains}."


def dot_counts(shares: Sequence[float]) -> tuple[int, ...]:
    """Share out fifty whole dots by largest remainder: they always add up, and none is off by a whole dot.

    Raises
    ------
    ValueError
        The shares are not probabilities that add up to 1.
    """
    if min(shares) < 0 or not math.isclose(sum(shares), 1.0, abs_tol=1e-6):
        raise ValueError(f"got shares {list(shares)}, expected probabilities that add up to 1; check the table")
    exact = [share * DOTS for share in shares]
    counts = [math.floor(value) for value in exact]
    order = sorted(range(len(exact)), key=lambda i: (counts[i] - exact[i], i))
    for i in order[: DOTS - sum(counts)]:
        counts[i] += 1
    return tuple(counts)


def dots_sentence(table: pd.DataFrame, horizon: int) -> str:
    """How the fifty dots fall."""
    ranked = outlook(table, horizon)
    counts = dict(zip(STATES, dot_counts([reading.probability for reading in ranked]), strict=True))
    some = sorted((s for s in STATES if counts[s]), key=lambda s: -counts[s])
    none = [
        f"{STATE_SHORT[reading.outcome]} ({reading.chance.percent})"
        for reading in ranked
        if not counts[reading.outcome]
    ]
    text = ", ".join(f"{counts[state]} {STATE_SHORT[state].lower()}" for state in some)
    rest = f" {joined(none)} {'is' if len(none) == 1 else 'are'} too rare for a dot." if none else ""
    return f"{text[:1].upper()}{text[1:]}.{rest}"


def alignment_sentence(summary: pd.DataFrame) -> str:
    """Where the latent path was highest and lowest, where it stands and where it may go.

    Parameters
    ----------
    summary : DataFrame
        Columns ``year, kind, q05, q25, q50, q75, q95``; kind "history" or "forecast".
    """
    past = summary[summary["kind"] == "history"].set_index("year")["q50"]
    future = summary[summary["kind"] == "forecast"].sort_values("year").iloc[-1]
    now = int(past.index.max())
    ends = {name: level(float(future[name])) for name in ("q05", "q95")}
    return (
        f"Warmest {past.idxmax()} ({level(past.max())}), coldest {past.idxmin()} ({level(past.min())}), "
        f"now {level(past.loc[now])}; {int(future.year)}: nine in ten between {ends['q05']} and {ends['q95']}."
    )


def targets_sentence(table: pd.DataFrame, horizon: int) -> str:
    """The chance of at least one such year-end by then beside the chance on that day."""
    parts = []
    for target, state in ((TARGET_RUPTURE, Scenario.RUPTURE), (TARGET_DEEPER, Scenario.DEEPER)):
        ever = readings(table, target, MODEL_MIXTURE, horizon)[0]
        then = readings(table, TARGET_STATE, MODEL_MIXTURE, horizon)[state.code]
        parts.append((STATE_LABELS[state.value], ever.chance.percent, then.chance.percent))
    (first, ever_first, then_first), (second, ever_second, then_second) = parts
    return (
        f"{first} at any year-end until {ever.date[:4]}: {ever_first}; at that one: {then_first}. "
        f"{second}: {ever_second} and {then_second}."
    )


def needed_sentence(year: int, needed: Sequence[float], recent: Sequence[float], today: date) -> str:
    """What a year alone would have to bring for another label: most of its state is on the books. Of a year that is
    over, the books alone.

    Parameters
    ----------
    year : int
        The first year that was not over at the reference date.
    needed : sequence of float
        `models.outcome.rule.mean_needed`: mean intensity at which rupture, strain and transactional end.
    recent : sequence of float
        Mean intensity of the years just before it, oldest first, NaN where nothing was recorded.
    """
    rupture, strain, deeper = needed
    parts = [
        f"To be labelled deeper cooperation, {year} alone would need {_mean_from(deeper)}",
        _mean_below(strain, "strain"),
        _mean_below(rupture, "rupture"),
    ]
    means = [(year - len(recent) + i, level(mean)) for i, mean in enumerate(recent) if not math.isnan(mean)]
    books = f"On the books: {joined([f'{mean} in {then}' for then, mean in means])}." if means else ""
    if has_come(date(year, 12, 31), today):
        return books
    broken = "One act that breaks a core commitment makes it rupture whatever the mean."
    return f"{'; '.join(parts)}. {broken} {books}".strip()


def _mean_from(mean: float) -> str:
    if mean > MOST_INTENSE:
        return "more than any year can give (the scale ends at +10)"
    return "no more than any recorded act" if mean <= -MOST_INTENSE else f"a mean intensity of {level(mean)} or more"


def _mean_below(mean: float, state: str) -> str:
    if mean <= -MOST_INTENSE:
        return f"no mean is low enough to make it {state} (the scale ends at −10)"
    if mean > MOST_INTENSE:
        return f"no mean is high enough to lift it above {state} (the scale ends at +10)"
    return f"a mean below {level(mean)} would make it {state}"


WEIGHT_STATUS: Mapping[str, str] = {
    "exact": "These are the models’ own numbers: nothing had to be re-weighted.",
    "good": "The library’s draws are re-weighted to your assumptions, and that works well here.",
    "fair": (
        "The library’s draws are re-weighted to your assumptions. Usable for comparing settings; a refit will give "
        "numbers to quote."
    ),
    "poor": (
        "They are too far from all stored fits for re-weighting. Struck through: your last setting that could be "
        "answered. A refit will answer this one."
    ),
}


def weights_sentence(status: str, ess: float, pareto_k: float | None = None) -> str:
    """How far the numbers on the page can be trusted under the present assumptions, and what to do.

    Parameters
    ----------
    status : {"exact", "good", "fair", "poor"}
        Of the forecast (or of the weights alone).
    ess : float
        Effective number of draws.
    pareto_k : float, optional
        None when no re-weighting took place.
    """
    if status not in WEIGHT_STATUS:
        raise ValueError(f"got the status {status!r}, expected one of {', '.join(WEIGHT_STATUS)}")
    facts = [f"Worth {ess:,.0f} independent draws"]
    if pareto_k is not None and status != "exact":
        facts.append(minus(f"Pareto k {pareto_k:.2f}") if math.isfinite(pareto_k) else "no finite Pareto k")
    return f"{WEIGHT_STATUS[status]} ({', '.join(facts)}.)"


def level(value: float) -> str:
    """A latent level with one decimal and its sign."""
    text = minus(f"{value:+.1f}")
    return "0.0" if text[1:] == "0.0" else text


def _chance_text(reading: Reading) -> str:
    shown = reading.chance
    return f"{shown.text}; range {shown.range}" if shown.range else shown.text


def _grid(readings: Sequence[Reading]) -> float:
    return max(rounding_step(reading.mcse) for reading in readings) / 100
