"""A table on a page hands nothing out that a spreadsheet would run."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from dashboard.figures.forecast import model_contributions, states_over_horizons
from dashboard.frame.grid import cells, safe_rows, shown_cell

TODAY = date(2024, 12, 31)


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+A1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\tx", " =1", "＝1"])
def test_what_a_spreadsheet_would_run_is_marked_as_text(text: str) -> None:
    assert shown_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "value",
    ["A. Reader", "−0.3", "+0.042 (−0.081 to +0.003)", "-1.5 points", "+12 %", "+0.1 (interval unknown)", 5, 0.1, None],
)
def test_numbers_and_plain_words_are_left(value: object) -> None:
    assert shown_cell(value) == value


def test_rows_behind_a_chart_are_made_safe_and_our_own_words_are_left(path, forecast) -> None:
    assert safe_rows([{"a": "=1", "b": 2.5}]) == [{"a": "'=1", "b": 2.5}]
    *_, drawn = path
    for spec in (drawn, states_over_horizons(forecast.table, TODAY), model_contributions(forecast.table, 1, TODAY)):
        for rows in spec["datasets"].values():
            assert safe_rows(rows) == rows


def test_every_column_and_its_name_is_made_safe_and_no_value_changes_its_type() -> None:
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    table = pd.DataFrame({"=Name": ["=1", "A\u200b"], "Day": [date(2026, 1, 1)] * 2, "At": [moment] * 2, "N": [1.5, 2]})
    table["Kind"] = pd.Categorical(["@a", "b"])
    safe = cells(table)
    assert list(safe.columns) == ["'=Name", "Day", "At", "N", "Kind"]
    assert list(safe["'=Name"]) == ["'=1", "A⟨U+200B⟩"]
    assert list(safe["Kind"]) == ["'@a", "b"]
    pd.testing.assert_frame_equal(safe[["Day", "At", "N"]], table[["Day", "At", "N"]])
    assert list(table["=Name"]) == ["=1", "A\u200b"]
