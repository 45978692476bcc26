"""A day that stands still, for what asks which day it is: no test may wait for one, or fail once it has passed."""

from datetime import UTC, date, datetime
from types import ModuleType

import pytest

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""Before any real clock that runs these tests: a record takes no entry from before its newest one."""


class StandingDate(date):
    """As `datetime.date`, where it is always `TODAY`."""

    @classmethod
    def today(cls) -> date:
        return TODAY


def stop_the_clock(monkeypatch: pytest.MonkeyPatch, *modules: ModuleType) -> None:
    """Let these modules, which imported ``date`` by name, ask `StandingDate`."""
    for module in modules:
        monkeypatch.setattr(module, "date", StandingDate)
