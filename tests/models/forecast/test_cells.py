"""The results table by what its rows are about."""

import pandas as pd
import pytest

from models.forecast.cells import cells
from models.names import MCSE, PMF, TABLE_COLUMNS, TARGET_STATE


def table(value: float = 0.25) -> pd.DataFrame:
    start = ("mixture", "2025-12-31", TARGET_STATE, 1, "2026-12-31")
    rows = [(*start, PMF, "deeper", value), (*start, PMF, "strain", 0.75), (*start, MCSE, "deeper", 0.01)]
    return pd.DataFrame(rows, columns=list(TABLE_COLUMNS))


def test_a_value_is_where_its_row_says():
    known = cells(table())
    assert known.part("mixture", TARGET_STATE, 1) == {PMF: {"deeper": 0.25, "strain": 0.75}, MCSE: {"deeper": 0.01}}
    assert (known.part("mixture", TARGET_STATE, 2), dict(known.ends), known.worst_error) == (
        {},
        {1: "2026-12-31"},
        0.01,
    )


def test_columns_are_read_once_and_again_when_a_value_changes():
    told = table()
    assert cells(told) is cells(told)
    told.loc[0, "value"] = 0.5
    assert cells(told).part("mixture", TARGET_STATE, 1)[PMF]["deeper"] == 0.5
    assert cells(table()).part("mixture", TARGET_STATE, 1)[PMF]["deeper"] == 0.25


def test_two_rows_about_the_same_are_refused():
    with pytest.raises(ValueError, match="got two rows"):
        cells(pd.concat([table(), table()], ignore_index=True))
