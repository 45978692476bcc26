"""The course of a chance: one year-end across forecasts of any reference date, each once, marked for that day."""

from datetime import UTC, date, datetime

import numpy as np

from models.names import TARGET_DEEPER, TARGET_RUPTURE, TARGET_STATE
from models.outcome.rule import RULES
from models.record.entries import HINDCAST, LIVE
from models.track.course import course
from tests.support.values.saved import saved

DAY = date(2026, 12, 31)


def forecast(sequence: int, reference: date, made: datetime, count: int, **fields: object):
    """Strain gets 0.1 at its first year-end, 0.11 at the second, and so on."""
    states = tuple((0.0, 0.1 + place / 100, 0.9 - place / 100, 0.0) for place in range(count))
    body = {TARGET_STATE: states, TARGET_RUPTURE: (0.0,) * count, TARGET_DEEPER: (0.0,) * count}
    given = {"published": {"mixture": body}, "default": {}, "reference_date": reference, "saved_at": made}
    return saved(sequence, reference.year, **given, **fields)


def test_one_year_end_is_found_at_any_distance_in_the_order_of_saving():
    autumn = forecast(2, date(2026, 10, 8), datetime(2026, 11, 28, tzinfo=UTC), 6)
    before = forecast(1, date(2023, 12, 31), datetime(2024, 2, 1, tzinfo=UTC), 5)
    table = course({"project": (autumn, before)}, "strain", DAY)
    assert [day.year for day in table["saved_at"]] == [2024, 2026]
    np.testing.assert_allclose(table["chance"], [0.12, 0.10])  # the third year-end of the one, the first of the other
    assert list(table["mark"]) == [LIVE, LIVE]


def test_what_was_saved_on_the_day_or_after_is_a_hindcast_for_it_alone():
    late = forecast(1, date(2026, 10, 8), datetime(2026, 12, 31, tzinfo=UTC), 6)
    assert list(course({"own": (late,)}, "strain", DAY)["mark"]) == [HINDCAST]
    assert list(course({"own": (late,)}, "strain", date(2027, 12, 31))["mark"]) == [LIVE]


def test_other_days_and_other_rules_are_other_questions():
    made = datetime(2026, 1, 3, tzinfo=UTC)
    first = forecast(1, date(2025, 12, 31), made, 5)
    former = forecast(2, date(2025, 12, 31), made, 5, rule=RULES[0].digest)
    assert len(course({"own": (first, former)}, "strain", DAY)) == 1
    assert course({"own": (first, former)}, "strain", date(2025, 12, 31)).empty
    assert course({"own": (first, former)}, "strain", date(2031, 12, 31)).empty


def test_what_stands_in_both_records_counts_once_for_the_first():
    first = forecast(1, date(2025, 12, 31), datetime(2026, 1, 3, tzinfo=UTC), 5)
    other = forecast(2, date(2025, 12, 31), datetime(2026, 1, 4, tzinfo=UTC), 5)
    assert list(course({"project": (first,), "own": (first, other)}, "strain", DAY)["owner"]) == ["project", "own"]
