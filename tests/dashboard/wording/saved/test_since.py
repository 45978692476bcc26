"""What changed since the last saved forecast, in one sentence."""

from datetime import date

from dashboard.wording.forecast import outlook
from dashboard.wording.saved.since import since_sentence
from models.published.owners import OWN, PROJECT
from tests.support.values.results import STATES_H1, table

SAVED, TODAY = date(2024, 12, 1), date(2024, 12, 15)


def test_only_chances_that_read_otherwise_are_named():
    now = outlook(table(), 1)
    assert since_sentence(PROJECT, SAVED, STATES_H1, now, TODAY) == (
        "Unchanged since the forecast published on 1 December 2024, 2 weeks ago."
    )
    rupture, strain, transactional, deeper = STATES_H1
    before = (rupture, strain, transactional - 0.05, deeper + 0.05)
    told = since_sentence(OWN, SAVED, before, now, TODAY)
    assert told == (
        "Changed since your forecast saved on 1 December 2024, 2 weeks ago: "
        "deeper cooperation 33 % → 28 % and transactional status quo 57 % → 62 %."
    )
