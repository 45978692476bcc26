"""What changed since the last saved forecast, in one sentence."""

from datetime import date

from dashboard.wording.forecast import outlook
from dashboard.wording.saved.since import since_sentence
from models.published.owners import OWN, PROJECT
from tests.support.values.results import STATES_H1, table

SAVED = date(2024, 12, 1)


def test_only_chances_that_read_otherwise_are_named():
    now = outlook(table(), 1)
    assert since_sentence(PROJECT, SAVED, STATES_H1, now) == (
        "Starting view: unchanged since its publication on 1 December 2024."
    )
    rupture, strain, transactional, deeper = STATES_H1
    before = (rupture, strain, transactional - 0.05, deeper + 0.05)
    told = since_sentence(OWN, SAVED, before, now)
    assert told == (
        "Starting view: changed since you saved it on 1 December 2024: "
        "deeper cooperation 33 % → 28 % and transactional status quo 57 % → 62 %."
    )
