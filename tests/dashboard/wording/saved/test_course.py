"""What is said of a chance over time: whose forecasts, how many, and that a hindcast foresaw nothing."""

from datetime import UTC, date, datetime

import pandas as pd

from dashboard.wording.saved.course import course_sentence
from models.record.entries import HINDCAST, LIVE
from models.track.course import COLUMNS

DAY = date(2028, 12, 31)


def table(*rows: tuple[str, str, int, float]) -> pd.DataFrame:
    """Owner, mark, day of November and chance."""
    made = [
        (owner, datetime(2026, 11, day, 23, tzinfo=UTC), date(2026, 10, 8), chance, mark, False, "Name", "Ada", str(n))
        for n, (owner, mark, day, chance) in enumerate(rows)
    ]
    return pd.DataFrame(made, columns=list(COLUMNS))


def sentence(*rows: tuple[str, str, int, float]) -> str:
    return course_sentence(table(*rows), "strain", DAY)


def test_the_project_is_quoted_first_and_newest():
    assert sentence(("project", LIVE, 3, 0.42)) == (
        "The project gave strain at the end of 2028 42 % on 3 November 2026."
    )
    assert sentence(("project", LIVE, 3, 0.42), ("project", LIVE, 9, 0.5), ("project", LIVE, 28, 0.61)) == (
        "The project gave strain at the end of 2028 42 % on 3 November 2026 and 61 % on 28 November 2026, in the "
        "newest of 3 live forecasts."
    )


def test_the_readers_own_are_a_range_and_hindcasts_are_called_so():
    told = sentence(("own", LIVE, 3, 0.42), ("own", LIVE, 4, 0.2), ("own", HINDCAST, 5, 0.9))
    assert told.startswith("2 live forecasts of strain at the end of 2028 are saved here: from 20 % to 42 %.")
    assert told.endswith("The hollow diamond is a hindcast: drawn after the fact, it foresaw nothing.")
    assert "90 %" not in told


def test_nothing_is_said_in_words():
    assert sentence() == "No saved forecast speaks about the end of 2028 yet."
