"""A series says what it knows and nothing else."""

from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pytest

from data.errors import EvidenceError
from data.indicator import Indicator, Observation


def seen(year: int, value: float, kind: str = "opened", month: int = 12) -> Observation:
    return Observation(period_end=date(year, month, 28), value=value, source_kind=kind)


INDICATOR = Indicator(
    name="a.b",
    file="indicators/a.csv",
    column="b",
    title="Something counted",
    unit="pieces",
    observations=(seen(2001, 1.0), seen(2003, 2.0, month=3), seen(2003, 5.0), seen(2004, 9.0, "opened; unverified")),
    citation="Somebody",
    licence="MIT",
)


def test_annual_takes_the_last_of_a_year_and_skips_years_without_one():
    series = INDICATOR.annual()
    assert list(series.index) == [2001, 2003]
    np.testing.assert_array_equal(series.to_numpy(), [1.0, 5.0])
    assert (series.name, series.index.name, series.dtype) == ("a.b", "year", np.float64)


def test_annual_shows_unverified_figures_only_when_asked():
    assert list(INDICATOR.annual(include_unverified=True).index) == [2001, 2003, 2004]


def test_an_indicator_without_observations_has_an_empty_series():
    series = replace(INDICATOR, observations=()).annual()
    assert series.empty
    assert series.dtype == np.float64


@pytest.mark.parametrize(
    ("value", "kind", "match"),
    [
        (float("nan"), "opened", "got nan"),
        (float("inf"), "opened", "got inf"),
        (1e16, "opened", "at most"),
        (1.0, " ", "source_kind"),
    ],
)
def test_an_observation_is_finite_and_labelled(value, kind, match):
    with pytest.raises(EvidenceError, match=match):
        seen(2001, value, kind)


def test_an_observation_has_a_day_and_no_hour():
    with pytest.raises(EvidenceError, match="period_end"):
        Observation(period_end=datetime(2001, 1, 1), value=1.0, source_kind="opened")


def test_nothing_is_known_of_a_period_before_it_has_ended():
    given = {"period_end": date(2001, 12, 31), "value": 1.0, "source_kind": "opened"}
    assert Observation(**given).known_from == date(2001, 12, 31)
    assert Observation(**given, known_from=date(2002, 4, 30)).known_from == date(2002, 4, 30)
    with pytest.raises(EvidenceError, match="'known_from': got 2001-12-30 for a period that ends on 2001-12-31"):
        Observation(**given, known_from=date(2001, 12, 30))
    with pytest.raises(EvidenceError, match=r"'known_from': got .*, expected a date"):
        Observation(**given, known_from=datetime(2002, 1, 1))


@pytest.mark.parametrize(
    "observations", [(seen(2003, 1.0), seen(2001, 2.0)), (seen(2001, 1.0), seen(2001, 2.0))], ids=["order", "twice"]
)
def test_observations_are_in_order_and_one_a_date(observations):
    with pytest.raises(EvidenceError, match="in order and one a date"):
        replace(INDICATOR, observations=observations)


@pytest.mark.parametrize("column", ["name", "title", "unit", "citation", "licence"])
def test_an_indicator_can_be_cited(column):
    with pytest.raises(EvidenceError, match=f"no {column}"):
        replace(INDICATOR, **{column: ""})
