"""Indicator series: gaps stay gaps, definition breaks break, doubtful figures are marked."""

from dataclasses import replace
from datetime import date

import pytest

from dashboard.figures.evidence import indicator_series
from data.types import Observation
from tests.support.page.charts import rows


def indicator(evidence, ends, breaks=()):
    seen = tuple(Observation(period_end=end, value=i + 0.1, source_kind="opened") for i, end in enumerate(ends))
    return replace(evidence.indicator("orbital_launches.rus_attempts"), observations=seen, definition_breaks=breaks)


def test_no_line_crosses_a_gap_or_a_definition_break(evidence):
    years = [2000, 2001, 2004, 2005, 2006]
    one = indicator(evidence, [date(year, 12, 31) for year in years], ("2006: other", "1990: before it begins"))
    spec = indicator_series(one)
    drawn = rows(spec)
    assert drawn["when"].tolist() == years
    assert drawn["value"].tolist() == [o.value for o in one.observations]
    assert drawn["run"].tolist() == [0, 0, 1, 1, 2]
    assert rows(spec, "breaks")["at"].tolist() == [2005.5]
    assert spec["layer"][0]["encoding"]["y"]["title"] == one.unit


def test_dated_figures_keep_their_dates(evidence):
    one = indicator(evidence, [date(2021, 12, 1), date(2022, 1, 20), date(2022, 7, 1)], ("2022: other",))
    spec = indicator_series(one)
    drawn, rule = rows(spec), rows(spec, "breaks")["at"][0]
    assert drawn["when"][0] < rule <= drawn["when"][1] < drawn["when"][2] < 2023
    assert drawn["day"].tolist() == ["1 December 2021", "20 January 2022", "1 July 2022"]


def test_doubtful_figures_are_marked(evidence):
    ends = [date(2000, 12, 31), date(2001, 12, 31)]
    one = indicator(evidence, ends)
    doubtful = replace(one.observations[1], source_kind="unverified")
    drawn = rows(indicator_series(replace(one, observations=(one.observations[0], doubtful))))
    assert drawn["verified"].tolist() == [True, False]


@pytest.mark.parametrize("most", [0, 1])
def test_a_series_with_hardly_any_figure_still_draws(evidence, most):
    spec = indicator_series(indicator(evidence, [date(2000, 12, 31)][:most], ("2000: other",)))
    assert len(spec["datasets"]["rows"]) == most
    assert spec["datasets"]["breaks"] == []
