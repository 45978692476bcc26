"""A day that has begun somewhere on Earth is no future day, whatever the clock and the time zone of this machine."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from data.days import latest_today
from data.errors import EvidenceError
from data.load import load_events
from data.series import load_indicators

pytestmark = pytest.mark.machine


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 11, 28, 9, 59, tzinfo=UTC), date(2026, 11, 28)),
        (datetime(2026, 11, 28, 10, 0, tzinfo=UTC), date(2026, 11, 29)),
        (datetime(2026, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-12))), date(2027, 1, 2)),
        (datetime(2026, 11, 29, 0, 30, tzinfo=timezone(timedelta(hours=8))), date(2026, 11, 29)),  # Beijing
    ],
)
def test_it_is_the_day_of_the_first_time_zone(now: datetime, expected: date) -> None:
    assert latest_today(now) == expected


@pytest.fixture
def yesterday_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[date]:
    """A machine in the last time zone, where it is always the day before the latest one, or the one before that."""
    monkeypatch.setenv("TZ", "Etc/GMT+12")
    time.tzset()
    yield date.today()
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="only POSIX systems can change their zone while they run")
def test_rows_dated_today_elsewhere_load_and_those_of_tomorrow_do_not(yesterday_here: date, folder, append) -> None:
    day = latest_today()
    assert yesterday_here < day
    append("events.csv", date=day.isoformat(), id=f"E{day}-today-in-beijing", date_precision="day")
    assert load_events(folder, include_reserve=False)[-1].date == day
    tomorrow = day + timedelta(days=1)
    append("events.csv", date=tomorrow.isoformat(), id=f"E{tomorrow}-tomorrow", date_precision="day")
    with pytest.raises(EvidenceError, match=f"got {tomorrow}, which lies in the future"):
        load_events(folder, include_reserve=False)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="only POSIX systems can change their zone while they run")
def test_a_figure_dated_today_elsewhere_loads_and_one_of_tomorrow_does_not(yesterday_here: date, folder, spoil) -> None:
    day = latest_today()
    assert yesterday_here < day
    cells = {"year": str(day.year), "date": day.isoformat()}
    spoil("indicators/artemis_signatories.csv", 2, **cells)
    load_indicators(folder, day, day, include_unverified=True)
    tomorrow = day + timedelta(days=1)
    spoil("indicators/artemis_signatories.csv", 2, year=str(tomorrow.year), date=tomorrow.isoformat())
    with pytest.raises(EvidenceError, match=f"got {tomorrow}, which lies in the future"):
        load_indicators(folder, day, day, include_unverified=True)
