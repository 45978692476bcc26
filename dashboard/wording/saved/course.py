"""How the chance of one state at one year-end has moved with each saved forecast, in words. Pure."""

from datetime import date, datetime

import pandas as pd

from dashboard.wording.chances import percent
from dashboard.wording.labels import STATE_LABELS, date_text
from models.published.owners import OWN, PROJECT
from models.record.entries import HINDCAST, LIVE

PROJECTS, HERE, AFTERWARDS = "Live, the project’s", "Live, saved here", "Hindcast, drawn after the fact"
KINDS = (PROJECTS, HERE, AFTERWARDS)


def kind_of(owner: str, mark: str) -> str:
    """Whose point it is; a hindcast is nobody's foresight."""
    return AFTERWARDS if mark == HINDCAST else {PROJECT: PROJECTS, OWN: HERE}[owner]


def course_title(state: str, day: date) -> str:
    """As in “Strain at the end of 2028, forecast by forecast”."""
    return f"{STATE_LABELS[state]} at the end of {day.year}, forecast by forecast"


def course_sentence(table: pd.DataFrame, state: str, day: date) -> str:
    """What the project and the forecasts saved here said of it, and how much was drawn after the fact.

    Parameters
    ----------
    table : DataFrame
        `models.track.course.course`.
    """
    live = table[table["mark"] == LIVE]
    after = int((table["mark"] == HINDCAST).sum())
    parts = (
        _projects(live[live["owner"] == PROJECT], state, day),
        _own(live[live["owner"] == OWN], state, day),
        _afterwards(after),
    )
    return " ".join(filter(None, parts)) or f"No saved forecast speaks about the end of {day.year} yet."


def _projects(rows: pd.DataFrame, state: str, day: date) -> str:
    if rows.empty:
        return ""
    first, newest = rows.iloc[0], rows.iloc[-1]
    gave = f"The project gave {STATE_LABELS[state].lower()} at the end of {day.year} {_said(first)}"
    if len(rows) == 1:
        return f"{gave}."
    return f"{gave} and {_said(newest)}, in the newest of {len(rows)} live forecasts."


def _own(rows: pd.DataFrame, state: str, day: date) -> str:
    if rows.empty:
        return ""
    about = f"{STATE_LABELS[state].lower()} at the end of {day.year}"
    if len(rows) == 1:
        return f"One live forecast of {about} is saved here: {_said(rows.iloc[0])}."
    low, high = percent(rows["chance"].min()), percent(rows["chance"].max())
    range_ = low if low == high else f"from {low} to {high}"
    return f"{len(rows)} live forecasts of {about} are saved here: {range_}."


def _afterwards(count: int) -> str:
    if not count:
        return ""
    if count == 1:
        return "The hollow diamond is a hindcast: drawn after the fact, it foresaw nothing."
    return f"The {count} hollow diamonds are hindcasts: drawn after the fact, they foresaw nothing."


def _said(row: pd.Series) -> str:
    return f"{percent(row['chance'])} on {date_text(day_of(row['saved_at']))}"


def day_of(moment: datetime) -> date:
    """The day of saving, in UTC, as the record counts days."""
    return pd.Timestamp(moment).tz_convert("UTC").date()
