"""A rule's rate follows its rows and how much was recorded: closed forms, exposure, memory, and nothing from later."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy.stats import gamma, poisson

from models.outcome.signpost_list import Rule
from models.signposts.constants import SIGNPOSTS_1
from models.signposts.rates import Rates, YearlyRows, yes_of
from tests.support.values.signpost_rows import PATROL, event_of, ledger, patrol_question

ONE_POINT = replace(SIGNPOSTS_1, least=0.3, most=0.3, points=1)
YEARS = range(2010, 2020)
END = date(2019, 12, 31)
QUESTION = patrol_question()


def record(patrols=(2012, 2015), rows: int = 10, day: date = END) -> YearlyRows:
    return YearlyRows.of(ledger(dict.fromkeys(YEARS, rows), patrols), (QUESTION,), day)


def rates(own: YearlyRows, structure=SIGNPOSTS_1) -> Rates:
    return Rates.of(own, ("cooperation",), structure)


def test_at_one_rate_chances_are_poissons() -> None:
    known, exposure = rates(record(), ONE_POINT), np.array([0.0, 0.5, 1.0, 3.0])
    for count in (1, 2, 3):
        expected = poisson.cdf(count - 1, 0.3 * exposure)  # the table's step of 0.08 in log x, squared, over 16
        np.testing.assert_allclose(known.fewer(0, exposure, count), expected, atol=4e-4)


def test_the_posterior_is_prior_times_fading_presence() -> None:
    known, grid = rates(record()), SIGNPOSTS_1.grid
    prior = np.log(grid) + gamma(SIGNPOSTS_1.shape, scale=0.12 / SIGNPOSTS_1.shape).logpdf(grid)
    year = np.array([grid if y not in (2012, 2015) else -np.log1p(-np.exp(-grid)) for y in YEARS])
    fading = 0.95 ** (2019 - np.array(YEARS))
    expected = np.exp(prior - fading @ year)
    np.testing.assert_allclose(known.weights[0], expected / expected.sum(), rtol=1e-9)


def test_a_year_counts_by_presence_and_not_by_how_often() -> None:
    np.testing.assert_array_equal(rates(record((2012, 2012, 2015))).weights, rates(record((2012, 2015))).weights)


def test_rows_after_the_day_say_nothing_and_those_of_it_count() -> None:
    events = ledger(dict.fromkeys(YEARS, 10), (2012,))
    planted = event_of(date(2020, 1, 1), "planted", "joint_patrol")
    coarse = event_of(date(2019, 1, 1), "some-day", "joint_patrol", precision="year")
    before = rates(YearlyRows.of(events, (QUESTION,), END))
    np.testing.assert_array_equal(rates(YearlyRows.of([*events, planted], (QUESTION,), END)).weights, before.weights)
    known_in_june = YearlyRows.of([*events, coarse], (QUESTION,), date(2019, 6, 30))
    assert not known_in_june.present[0, -1]
    assert YearlyRows.of([*events, coarse], (QUESTION,), END).present[0, -1]


def test_a_year_of_twice_the_rows_moves_the_rate_by_its_exposure_alone() -> None:
    events = ledger(dict.fromkeys(YEARS, 10), (2012, 2019))
    again = [replace(event, id=f"{event.id}-again") for event in events if event.year == 2019]
    twice = YearlyRows.of([*events, *again], (QUESTION,), END)
    once = YearlyRows.of(events, (QUESTION,), END)
    np.testing.assert_array_equal(twice.present, once.present)
    exposed = replace(once, rows=np.where(once.years == 2019, 2 * once.rows, once.rows))
    np.testing.assert_array_equal(rates(twice).weights, rates(exposed).weights)
    assert rates(twice).quantile(0, 0.5) < rates(once).quantile(0, 0.5)
    assert twice.depth() == once.depth() == 10.5


def test_context_counts_for_presence_and_not_for_depth() -> None:
    rule = Rule(event_types=("sanction",), context_counts=True)
    third = event_of(date(2019, 5, 1), "sanction", "sanction", initiator="USA", direction="context", intensity=0)
    own = YearlyRows.of([third], (patrol_question(rule),), END)
    assert own.present[0, -1]
    assert own.rows[-1] == 0
    assert np.isfinite(rates(own).weights).all()


@pytest.mark.parametrize("none_expected", [False, True])
def test_more_rows_to_come_make_a_row_likelier_and_its_absence_less(none_expected: bool) -> None:
    question = patrol_question(replace(PATROL, none_expected=none_expected))
    exposure = np.concatenate([[0.0], np.geomspace(1e-5, 1e4, 60)])
    chance = yes_of(question, rates(record()).fewer(0, exposure, 1))
    assert ((chance >= 0) & (chance <= 1)).all()
    assert (np.diff(chance) * (-1 if none_expected else 1) >= -1e-12).all()
    assert chance[0] == none_expected


def test_two_rows_are_asked_more_than_one() -> None:
    known, exposure = rates(record()), np.array([0.5, 2.0, 8.0])
    assert (known.fewer(0, exposure, 2) > known.fewer(0, exposure, 1)).all()
