"""Variants: the drivers as they were, none, the essay's strength and shuffled years."""

from datetime import date

import numpy as np
import pytest

from data.types import Evidence
from models.backtest.controls import AS_RECORDED, FIRST_DRIVEN, NO_DRIVERS, SHUFFLES, drivers_of, shuffled
from models.errors import FitError


def test_shuffled_drivers_are_the_same_rows_in_another_order(real_evidence: Evidence) -> None:
    table = drivers_of(real_evidence, AS_RECORDED)
    moved = shuffled(table, 0)
    rows = [sorted(map(tuple, np.nan_to_num(one.standardised.to_numpy()).tolist())) for one in (table, moved)]
    assert rows[0] == rows[1]
    assert not np.array_equal(moved.lagged, table.lagged)
    np.testing.assert_array_equal(moved.origin, moved.standardised.iloc[-1].fillna(0.0))
    assert not np.array_equal(drivers_of(real_evidence, SHUFFLES[1]).lagged, moved.lagged)


def test_no_drivers_push_nothing(real_evidence: Evidence) -> None:
    table = drivers_of(real_evidence, NO_DRIVERS)
    assert not table.lagged.any()
    assert not table.origin.any()


def test_no_origin_has_drivers_before_they_are_measured(real_evidence: Evidence) -> None:
    before, after = (
        drivers_of(real_evidence.visible(date(year, 12, 31)), AS_RECORDED) for year in (FIRST_DRIVEN - 1, FIRST_DRIVEN)
    )
    assert before.lagged.dtype == float
    assert not before.lagged.any()
    assert not before.origin.any()
    assert after.origin.any()


def test_an_unknown_variant_is_refused(real_evidence: Evidence) -> None:
    with pytest.raises(FitError, match="correct its name"):
        drivers_of(real_evidence, "upside down")
