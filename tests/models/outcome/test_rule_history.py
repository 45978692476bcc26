"""The outcome rule on the real ledger: what historians tell, padding, and nothing from the future."""

from dataclasses import replace

import numpy as np
import pytest

from data.load import load_evidence
from data.types import Event
from models.names import Scenario
from models.outcome.rule import RULE, resolve_history, yearly_codes
from tests.support.values.year_end import YEAR_END


@pytest.fixture(scope="module")
def ledger() -> tuple[Event, ...]:
    return load_evidence(YEAR_END).events


@pytest.fixture(scope="module")
def history(ledger: tuple[Event, ...]) -> dict[int, Scenario]:
    return {label.year: label.state for label in resolve_history(ledger, 1950, 2024)}


@pytest.mark.parametrize(
    ("year", "allowed"),
    [
        (1957, {"deeper"}),
        (1960, {"rupture", "strain"}),
        (1961, {"rupture", "strain"}),
        (1969, {"rupture"}),
        (1970, {"rupture", "strain"}),
        (1995, {"deeper"}),
        *((year, {"transactional"}) for year in range(2005, 2009)),
        (2019, {"deeper", "transactional"}),
    ],
)
def test_history_is_labelled_as_historians_tell_it(history: dict[int, Scenario], year: int, allowed: set[str]) -> None:
    assert history[year] in allowed


def test_no_year_of_the_record_is_annulled(history: dict[int, Scenario]) -> None:
    assert list(history) == list(range(1950, 2025))
    assert None not in history.values()


def test_copying_any_year_of_the_real_ledger_leaves_every_label(ledger: tuple[Event, ...]) -> None:
    plain = yearly_codes(ledger, 1950, 2024)
    for year in range(1950, 2025):
        padded = [*ledger, *(replace(event, id=f"{event.id}-copy") for event in ledger if event.year == year)]
        np.testing.assert_array_equal(yearly_codes(padded, 1950, 2024), plain)


def test_the_future_of_the_real_ledger_changes_no_earlier_label(ledger: tuple[Event, ...]) -> None:
    whole = yearly_codes(ledger, 1950, 2024)
    for year in (1959, 1975, 1990, 2008):
        known = [event for event in ledger if event.year <= year]
        np.testing.assert_array_equal(yearly_codes(known, 1950, year), whole[: year - 1949])


def test_every_reason_names_its_events_and_its_band(ledger: tuple[Event, ...]) -> None:
    for label in resolve_history(ledger, 1950, 2024):
        assert label.decisive
        assert all(event.id in label.reason for event in label.decisive)
        assert all(label.year - 5 < event.year <= label.year for event in label.decisive)
        assert ("break act" in label.reason) == any(RULE.is_break(e) and e.year == label.year for e in label.decisive)
