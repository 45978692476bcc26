"""Words for the nearest year-end: its chances, what is on the books of it, and how much of its year is seen. Pure."""

from datetime import date

import pandas as pd

from dashboard.wording.days import HINDCAST_MARK, day_of, has_come, until
from dashboard.wording.forecast import level
from dashboard.wording.labels import STATE_LABELS, STATE_SHORT, date_text
from dashboard.wording.numerals import share
from dashboard.wording.table import Reading, readings
from models.outcome.rule import Label

LEAST_ROWS = 4
"""Rows below which a year that has begun is *thin*: with two or three the later year-ends were forecast worse than
without any (the study of any-day origins)."""


def nowcast_headline(table: pd.DataFrame, today: date) -> str:
    """Which year-end is the nearest, and how near it is."""
    nearest = nearest_readings(table)[0]
    day, begun = date_text(nearest.date), nearest.horizon == 0
    if has_come(nearest.date, today):
        return f"{HINDCAST_MARK} Hindcast of {day}"
    return f"{'Nowcast for' if begun else 'Nearest year-end,'} {day}, {until(nearest.date, today)}"


def nearest_readings(table: pd.DataFrame) -> tuple[Reading, ...]:
    """The four states at the nearest year-end, worst first."""
    return readings(table, horizon=int(table["horizon"].min()))


def nowcast_line(table: pd.DataFrame) -> str:
    """All four chances: “deeper 34 %, transactional 65 %, strain <1 %, rupture 1 %”."""
    chances = [f"{STATE_SHORT[one.outcome].lower()} {one.chance.percent}" for one in reversed(nearest_readings(table))]
    return ", ".join(chances)


def booked_sentence(booked: float) -> str:
    """How much of the nearest year-end the years before it decide."""
    return f"{share(booked)} of the tone that decides it is on the books: the years before it count too."


def resolved_sentence(label: Label, reference: date) -> str:
    """What the rule says of the reference date itself, where that is a year-end: settled, and no forecast."""
    if day_of(reference) != date(label.year, 12, 31):
        return ""
    state = "no state, since nothing was recorded" if label.state is None else STATE_LABELS[label.state.value].lower()
    return f"Settled by the rule, {date_text(reference)}: {state}."


def rows_sentence(rows: int, mean: float, expected: float, usual: float, reference: date) -> str:
    """How many acts of the year that has begun are seen, how warm they were, and how many there usually are by then.

    Parameters
    ----------
    rows : int
        That carry tone, up to the reference date.
    mean : float
        Their weighted mean intensity, -10 to 10.
    expected, usual : float
        As many as the last years had, by that day and in a whole year.
    """
    acts = "1 act" if rows == 1 else f"{rows} acts"
    warmth = f" (mean intensity {level(mean)})" if rows else ""
    return (
        f"{acts} of {reference.year} seen up to {date_text(reference)}{warmth}; the last years had about "
        f"{expected:.0f} by that day and {usual:.0f} in all."
    )


def late_sentence(rows: int, expected: float) -> str:
    """A warning where fewer than half of the acts expected by now are seen; empty elsewhere."""
    if rows >= expected / 2:
        return ""
    return (
        "That is fewer than half: more likely a lag in recording than calm. Friction surfaces late, so that an early "
        "year leans warm."
    )


def thin_sentence(rows: int, start: pd.DataFrame | None) -> str:
    """What is said of a year of which fewer than four acts are seen: the answer at its start stands beside.

    Parameters
    ----------
    start : DataFrame or None
        Results table as of the last year-end; None where there is no fit for it.
    """
    if rows >= LEAST_ROWS:
        return ""
    thin = "Thin: so few acts move the later year-ends for the worse as often as for the better."
    if start is None:
        return thin
    day = date_text(str(start["reference_date"].iloc[0]))
    return f"{thin} As of {day} the answer was: {nowcast_line(start)}."
