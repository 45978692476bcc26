"""Simple forecasts at every origin: they know the past alone, and each is the formula it is named for."""

import dataclasses
from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.types import Evidence
from models.backtest.outcomes import QUANTILES, P
from models.backtest.yardsticks import MEAN_YARDSTICKS, YARDSTICKS, mean_reference_table, reference_table
from models.measures.structure import ALIGNMENT
from models.outcome.rule import RULE, RULE_1, OutcomeRule, yearly_codes, yearly_readings

ORIGINS = (1980, 2010)


@pytest.mark.parametrize("rule", [RULE, RULE_1])
def test_references_know_only_the_past(real_evidence: Evidence, rule: OutcomeRule) -> None:
    found = reference_table(real_evidence, ORIGINS, rule)
    codes = yearly_codes(real_evidence.events, ALIGNMENT.first_year, 2025, rule)
    for origin in ORIGINS:
        rows = found[found["origin"] == origin]
        assert set(rows["model_id"]) == set(YARDSTICKS)
        known = codes[: origin - ALIGNMENT.first_year + 1]
        for name, seen in (("climatology", known), ("climatology_30", known[-30:])):
            shares = (np.bincount(seen[seen >= 0], minlength=4) + 0.25) / (np.sum(seen >= 0) + 1)
            climate = rows[rows["model_id"] == name][P].to_numpy()
            np.testing.assert_allclose(climate, np.tile(shares, (len(climate), 1)), rtol=0, atol=1e-12)
        stay = rows[rows["model_id"] == "persistence"][P].to_numpy()
        np.testing.assert_array_equal(stay, np.tile(np.eye(4)[known[-1]], (len(stay), 1)))


def test_no_later_row_changes_a_reference(real_evidence: Evidence) -> None:
    """Forecasts of 2010 stand when everything after it is taken away; only what came true is missing."""
    early = dataclasses.replace(
        real_evidence, events=tuple(event for event in real_evidence.events if event.latest_date <= date(2011, 12, 31))
    )
    for table, columns in ((reference_table, P), (mean_reference_table, QUANTILES)):
        whole, cut = (
            table(evidence, (2010,)).set_index(["model_id", "horizon"])[columns] for evidence in (real_evidence, early)
        )
        shared = whole.index.intersection(cut.index)
        assert len(shared) >= len(MEAN_YARDSTICKS)
        pd.testing.assert_frame_equal(whole.loc[shared], cut.loc[shared])


def test_means_are_those_of_the_years_before(real_evidence: Evidence) -> None:
    found = mean_reference_table(real_evidence, (2010,)).set_index(["model_id", "horizon"])
    means, _ = yearly_readings(real_evidence.events, 1950, 2010)
    for name, years in (("climatology_15", 15), ("climatology_30", 30)):
        expected = np.quantile(means[-years:], np.arange(1, 100) / 100)
        np.testing.assert_allclose(found.loc[(name, 5), QUANTILES].to_numpy(float), expected, rtol=1e-12)
