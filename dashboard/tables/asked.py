"""What is asked of the forecast, as tables: shown ones, and the same rows as they go out, as CSV and JSON. Pure."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from dashboard.wording.ask.signposts import mechanism_text, question_text
from dashboard.wording.chances import percent, points
from dashboard.wording.labels import STATE_SHORT
from dashboard.wording.table import readings
from models.names import STATES
from models.outcome.signpost_list import Signpost
from models.outcome.signposts import SignpostResolution
from models.signposts.ask import Asked
from models.signposts.value import SHOWN_AS, Values

WITHOUT, SUPPOSED = "without", "supposed"
"""Kinds of rows: the published forecast, and what follows from pins and acts."""
SORTS: Mapping[str, str] = {
    "value": "What it would teach",
    "pull": "How far yes and no differ",
    "chance": "Chance",
    "moved": "How far its chance has moved",
    "deadline": "Deadline",
}
_RISING = ("deadline",)


def signpost_rows(
    signposts: Sequence[Signpost], chances: np.ndarray, before: np.ndarray, values: Values, titles: Mapping[str, str]
) -> pd.DataFrame:
    """Every open signpost with what it can be found and sorted by.

    Parameters
    ----------
    chances, before : ndarray, shape (signpost,)
        Chance of a recorded yes with what is supposed, and without it.
    titles : mapping of str to str
        Of the essay's claims, by id.
    """
    return pd.DataFrame(
        {
            "id": [one.id for one in signposts],
            "question": [question_text(one) for one in signposts],
            "family": [one.family for one in signposts],
            "about": [mechanism_text(one, titles) for one in signposts],
            "deadline": [one.deadline.year for one in signposts],
            "chance": chances,
            "before": before,
            "moved": np.abs(chances - before),
            "pull": np.abs(values.yes - values.no).sum(axis=1) / 2,
            "value": values.value,
        }
    )


def sorted_rows(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """Most first, or the nearest deadline; equal ones in the list's order."""
    return rows.sort_values(by, ascending=by in _RISING, kind="stable")


def value_table(rows: pd.DataFrame, values: Values) -> pd.DataFrame:
    """What each answer would teach about one year-end, the most telling first."""
    ranked = sorted_rows(rows, "value")
    at = ranked.index.to_numpy()
    return pd.DataFrame(
        {
            "Signpost": ranked["id"],
            "Question": ranked["question"],
            "By the end of": ranked["deadline"],
            "Chance": 100 * ranked["chance"],
            "Value × 1000": SHOWN_AS * ranked["value"],
            "Rupture or strain, yes / no": [_both(values.yes[i, :2].sum(), values.no[i, :2].sum()) for i in at],
            "Deeper, yes / no": [_both(values.yes[i, -1], values.no[i, -1]) for i in at],
        }
    )


def _both(yes: float, no: float) -> str:
    return f"{percent(float(yes))} / {percent(float(no))}"


def answer_rows(table: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """The four states at every year-end, without and with what is supposed: what the picture draws and files hold.

    Parameters
    ----------
    table : DataFrame
        The forecast's results table.
    asked : Asked
        Its answer to the pins and acts.

    Returns
    -------
    DataFrame
        Columns ``kind, year, state, chance, error``; chances as published.
    """
    ends = {f"{year}-12-31": at for at, year in enumerate(asked.years)}
    rows = []
    for reading in readings(table):
        at, code = ends[reading.date], STATES.index(reading.outcome)
        year = asked.years[at]
        rows.append((WITHOUT, year, reading.outcome, reading.probability, reading.mcse))
        chance, error = float(asked.published[at, code]), float(asked.mixture.mcse[at, code])
        rows.append((SUPPOSED, year, reading.outcome, chance, error))
    return pd.DataFrame(rows, columns=["kind", "year", "state", "chance", "error"])


def answer_table(rows: pd.DataFrame) -> pd.DataFrame:
    """The same in words: one row a year-end, each state with what is supposed, without it, and the difference."""
    table = []
    for year, group in rows.groupby("year"):
        cells = {(row["kind"], row["state"]): row for row in group.to_dict("records")}
        line = {"Year-end": int(year)}
        for state in reversed(STATES):
            with_, without = cells[SUPPOSED, state], cells[WITHOUT, state]
            error = max(with_["error"], without["error"])
            line[STATE_SHORT[state]] = (
                f"{percent(with_['chance'], error)} (without {percent(without['chance'], error)}, "
                f"{points(with_['chance'] - without['chance'], error)})"
            )
        table.append(line)
    return pd.DataFrame(table)


def settled_table(answers: Sequence[SignpostResolution]) -> pd.DataFrame:
    """Questions that the ledger has answered, and what answered them; then those that wait for rows of their day."""
    rows = [
        {
            "Signpost": one.signpost.id,
            "Question": one.signpost.question,
            "Answer": one.status,
            "Row": one.event.id if one.event else "no row came",
            "What settled it": one.note,
        }
        for one in answers
        if one.status != "open"
    ]
    return pd.DataFrame(rows, columns=["Signpost", "Question", "Answer", "Row", "What settled it"])
