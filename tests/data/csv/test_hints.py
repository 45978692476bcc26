"""What other programs do to a table is named in the message: separators, signs, empty rows, letters that hide."""

import pytest

from data.csv.hints import invisible_letter, number_hint, separator_hint
from data.csv.rows import Row, plain_number, read_rows
from data.errors import EvidenceError
from data.load import load_evidence
from data.provenance import write_receipts

COLUMNS = ("name", "year", "value")
TABLE = "name,year,value\na,1990,1.5\nb,1991,-2\n"


def read(tmp_path, content: str | bytes) -> list[Row]:
    (tmp_path / "t.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    return read_rows(tmp_path, "t.csv", COLUMNS)


def refused(tmp_path, content: str | bytes) -> str:
    with pytest.raises(EvidenceError) as caught:
        read(tmp_path, content)
    return str(caught.value)


@pytest.mark.parametrize(
    "file",
    ["events.csv", "claims.csv", "sources.csv", "second_sources.csv", "indicators.csv", "indicators/sipri_milex.csv"],
)
def test_every_file_of_the_evidence_is_read_by_this_reader(folder, file):
    path = folder / file
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], b"\0" + lines[1], *lines[2:]]))
    with pytest.raises(EvidenceError, match=f"{file}, row 2, column '[a-z_]+': got the invisible character U.0000"):
        load_evidence(folder=folder)


def test_a_cut_last_row_gets_no_receipt(folder, last_row):
    path = folder / "events.csv"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(EvidenceError, match=rf"row {last_row}, column 'coding_note': got '.*' as the end of the"):
        write_receipts(folder)


@pytest.mark.parametrize(("sign", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_another_separator(tmp_path, sign, name):
    message = refused(tmp_path, TABLE.replace(",", sign))
    assert message.startswith("t.csv, row 1: got the one column")
    assert f"separated by {name}; save the table as comma-separated CSV" in message


@pytest.mark.parametrize("note", ["sep=,", "sep=;", "SEP=\t"])
def test_a_note_to_excel_about_the_separator(tmp_path, note):
    assert "the first line is a note to Excel" in refused(tmp_path, f"{note}\n{TABLE}")


def test_empty_rows_of_a_spreadsheet_are_one_problem_each(tmp_path):
    message = refused(tmp_path, f"{TABLE},,\n , ,\n")
    for row, line in zip((4, 5), message.splitlines(), strict=True):
        assert line == f"t.csv, row {row}: got a row without content, as spreadsheets leave them; delete the row"


def test_empty_columns_of_a_spreadsheet(tmp_path):
    message = refused(tmp_path, TABLE.replace("\n", ",,\n"))
    assert message == "t.csv, row 1: got a column without a name, as spreadsheets leave them; delete the empty columns"


@pytest.mark.parametrize(
    ("letter", "name"),
    [
        ("\0", "U+0000"),
        ("\u202e", "RIGHT-TO-LEFT OVERRIDE"),
        ("\u200b", "U+200B"),
        ("\ufeff", "U+FEFF"),
        ("\x1b", "U+001B"),
    ],
)
@pytest.mark.parametrize(("cell", "row", "column"), [("b,", 3, "name"), ("-2", 3, "value"), ("value", 1, "value")])
def test_a_letter_that_nobody_sees(tmp_path, letter, name, cell, row, column):
    message = refused(tmp_path, TABLE.replace(cell, f"{cell[:1]}{letter}{cell[1:]}"))
    assert f"t.csv, row {row}, column '{column}': got the invisible character" in message
    assert name in message
    assert "remove it" in message


@pytest.mark.parametrize(
    ("content", "column"),
    [(TABLE[:-1], "value"), (TABLE[:-3], "value"), (TABLE[:-6], "year"), (TABLE[:-9], "name"), (f'{TABLE}"c', "name")],
)
def test_a_cut_last_row(tmp_path, content, column):
    message = refused(tmp_path, content)
    row = 4 if content.endswith("c") else 3
    assert f"t.csv, row {row}, column '{column}': got " in message
    assert "the file may be cut off" in message


def test_a_byte_order_mark_and_line_ends_of_other_systems_are_read(tmp_path):
    plain = [row.cells for row in read(tmp_path, TABLE)]
    for content in ("\ufeff" + TABLE, TABLE.replace("\n", "\r\n"), TABLE.replace("\n", "\r")):
        assert [row.cells for row in read(tmp_path, content)] == plain


def test_a_table_in_utf_16_is_told(tmp_path):
    assert "the file is UTF-16; save it as UTF-8" in refused(tmp_path, TABLE.encode("utf-16"))


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("\u22120.5", "write the hyphen -"),
        ("\u20130.5", "write the hyphen -"),
        ("0,5867", "write a decimal point"),
        ("1.234,5", "write a decimal point"),
        ("1 234", "take the space out"),
        ("1\u202f234", "take the space out"),
        ("12 %", "without the per cent sign"),
        ("#REF!", "a spreadsheet wrote its error"),
        ("\u0661\u0662", "write the digits 0 to 9"),
    ],
)
def test_a_number_of_another_program(value, hint):
    assert plain_number(value) is None
    row = Row("t.csv", 2, {"value": value})
    assert row.number_in("value") is row.whole("value") is None
    assert all(str(problem).startswith("t.csv, row 2, column 'value': got") for problem in row.problems)
    assert all(hint in problem.detail for problem in row.problems)


@pytest.mark.parametrize("text", ["\u0661\u0669\u0669\u0660", "\u0661\u0669\u0669\u0660-01-01"])
def test_other_digits_are_no_date(text):
    row = Row("t.csv", 2, {"date": text})
    assert row.day("date") is row.period_end("date") is None


def test_plain_things_get_no_hint():
    assert number_hint("about three") == number_hint("nan") == number_hint("") == ""
    assert separator_hint(["id", "date"]) == separator_hint(["id"]) == ""
    assert invisible_letter("Zürich, 10\u00a0%\n\tsecond line — “quoted”") == ""
