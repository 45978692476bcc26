"""The committed ledger to the end of 2024, as the limits on the rule count its labels."""

from datetime import date

import pytest

from data.load import load_evidence
from models.outcome.ledger import Ledger
from models.outcome.robustness import Editions

LAST_DAY = date(2024, 12, 31)
YEARS = (1950, 2024)


@pytest.fixture(scope="session")
def editions() -> Editions:
    from data.readings import load_readings

    return Editions(
        default=load_evidence(LAST_DAY),
        with_unverified=load_evidence(LAST_DAY, include_unverified=True),
        with_reserve=load_evidence(LAST_DAY, include_reserve=True),
        readings=load_readings(),
    )


@pytest.fixture(scope="session")
def toned(editions: Editions) -> Ledger:
    return Ledger.of(editions.default.events, editions.readings, YEARS)
