"""Which day it is, where a day could be refused because it has not come yet, and the day that a horizon ends on."""

from datetime import UTC, date, datetime, timedelta

FIRST_ZONE = timedelta(hours=14)
"""Ahead of UTC: on Kiritimati a day begins first, six hours before Beijing."""


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
