"""CSV that a spreadsheet opens without running anything and that reads back to the last digit.

Read with the standard library, not with pandas: another reader than the writer.
"""

import csv
import io

import numpy as np
import pandas as pd
import pytest

from data.load import load_evidence
from models.storage.safe_csv import FORMULA_STARTS, safe_csv


def read(content: bytes) -> dict[str, list[str]]:
    header, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    return {name: [row[index] for row in rows] for index, name in enumerate(header)}


@pytest.mark.parametrize("start", FORMULA_STARTS)
@pytest.mark.parametrize("before", ["", "  "])
def test_every_start_of_a_formula_is_marked(start: str, before: str) -> None:
    cell = f"{before}{start}cmd|' /C calc'!A0"
    assert read(safe_csv(pd.DataFrame({"text": [cell, "plain"]}))) == {"text": ["'" + cell, "plain"]}


def test_headers_categories_and_dates() -> None:
    table = pd.DataFrame({"=A1": pd.Categorical(["@x", "y", "@x"]), "when": pd.to_datetime(["2024-12-31"] * 3)})
    assert safe_csv(table).decode().splitlines() == ["'=A1,when", "'@x,2024-12-31", "y,2024-12-31", "'@x,2024-12-31"]


def test_numbers_stay_numbers_and_read_back_exactly() -> None:
    rng = np.random.default_rng(1)
    awkward = [0.1, 1 / 3, 5e-324, 1.7976931348623157e308, -0.0, -12.5, 2**53 + 2.0]
    values = np.concatenate([rng.random(500), 10.0 ** rng.uniform(-300, 300, 500), awkward])
    table = pd.DataFrame({"value": values, "count": np.arange(values.size) - 5})
    found = read(safe_csv(table))
    np.testing.assert_array_equal([float(text) for text in found["value"]], values)
    np.testing.assert_array_equal([int(text) for text in found["count"]], table["count"].to_numpy())


def test_missing_values_are_blank_and_lines_end_alike() -> None:
    table = pd.DataFrame({"a": [1.5, np.nan], "b": ["x", None], "c": [True, False]})
    assert safe_csv(table) == b"a,b,c\n1.5,x,True\n,,False\n"


def test_separators_quotes_and_line_ends_inside_texts_survive() -> None:
    texts = ['a,"b"', "two\nlines", "carriage\rreturn", "naïve 中国", "quote'", ""]
    assert read(safe_csv(pd.DataFrame({"t": texts, "n": 1})))["t"] == texts


def test_the_table_that_was_given_is_not_changed() -> None:
    table = pd.DataFrame({"t": ["=1"]})
    safe_csv(table)
    assert table["t"].tolist() == ["=1"]


def test_the_whole_ledger_reads_back() -> None:
    ledger = load_evidence(include_unverified=True, include_reserve=True).ledger()
    found = read(safe_csv(ledger))
    assert [text.removeprefix("'") for text in found["summary"]] == ledger["summary"].tolist()
    assert [int(text) for text in found["intensity"]] == ledger["intensity"].tolist()
    texts = [cell for name, column in found.items() if name != "intensity" for cell in column]
    assert not any(cell.startswith(FORMULA_STARTS) for cell in texts)
