"""Which day it is, where a day could be refused because it has not come yet; days a horizon or some months later."""

import calendar
from datetime import UTC, date, datetime, timedelta

FIRST_ZONE = timedelta(hours=14)
"""Ahead of UTC: on Kiritimati a day begins first, six hours before Beijing."""
LONGEST = 5
"""Years after the reference date's own whose ends are forecast."""


def latest_today(now: datetime | None = None) -> date:
    """The latest day that it is anywhere on Earth: a row dated today where its author sits lies in nobody's future.

    Parameters
    ----------
    now : datetime, optional
        With its time zone; the present by default.
    """
    return ((now or datetime.now(UTC)).astimezone(UTC) + FIRST_ZONE).date()


def year_end(reference: date, horizon: int) -> date:
    """Last day of the year that many years after the reference date's."""
    return date(reference.year + horizon, 12, 31)


def months_later(day: date, months: int) -> date:
    """The same day of a later (or, below nought, an earlier) month, or the last of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def is_year_end(day: date) -> bool:
    """Whether a day is the last of its year, from which forecasts of whole years count."""
    return (day.month, day.day) == (12, 31)


def last_whole_year(day: date) -> int:
    """The last year that has ended when the day ends."""
    return day.year if is_year_end(day) else day.year - 1


def last_year_end(day: date) -> date:
    """The day itself where it ends a year, else the 31 December before it."""
    return date(last_whole_year(day), 12, 31)


def horizons_from(reference: date, longest: int = LONGEST) -> tuple[int, ...]:
    """Year-ends that a forecast from a day speaks of, as years after the day's own: from 0, the end of the year that
    has begun, or from 1 where that day is the year's last."""
    return tuple(range(1 if is_year_end(reference) else 0, longest + 1))
