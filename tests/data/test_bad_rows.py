"""Every kind of bad row is refused with its file, its row and its column."""

import pytest

from data.errors import EvidenceError
from data.load import load_evidence


def refused(folder, **options) -> EvidenceError:
    with pytest.raises(EvidenceError) as caught:
        load_evidence(folder=folder, **options)
    return caught.value


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("date", "14/02/1950", "YYYY-MM-DD"),
        ("date", "1950-02-30", "a date that exists"),
        ("date", "", "YYYY-MM-DD"),
        ("date", "1950-02-15", "id"),
        ("id", "E1950-02-15-alliance", "its date and precision"),
        ("intensity", "11", "from -10 to 10"),
        ("intensity", "-9", "expected above 0"),
        ("intensity", "NaN", "whole number"),
        ("intensity", "9.0", "whole number"),
        ("intensity", "99999999999999999999", "at most nine digits"),
        ("intensity", "", "whole number"),
        ("direction", "conflict", "expected below 0"),
        ("domain", "moon", "expected one of civil_space"),
        ("initiator", "RUS", "expected SUN to 1991"),
        ("target", "XXX", "expected one of SUN"),
        ("mechanism", "vibes", "expected one of balancing_us"),
        ("confidence", "sure", "expected one of high"),
        ("date_precision", "hour", "expected one of day"),
        ("source_kind", "heard", "expected one of read"),
        ("source_url", "", "expected its page"),
        ("source_url", "javascript:alert(1)", "web address"),
        ("summary", "", "expected one sentence"),
    ],
)
def test_a_bad_cell_of_the_ledger(folder, spoil, column, value, expected):
    spoil("events.csv", 2, **{column: value})
    message = str(refused(folder))
    named = "id" if value == "1950-02-15" else "intensity" if column == "direction" else column
    assert f"events.csv, row 2, column '{named}': got" in message
    assert expected in message


@pytest.mark.parametrize(("precision", "identity"), [("month", "E1950-02-alliance"), ("year", "E1950-alliance")])
def test_a_coarse_date_stands_on_the_first(folder, spoil, precision, identity):
    spoil("events.csv", 2, date_precision=precision, id=identity)
    assert "events.csv, row 2, column 'date': got 1950-02-14" in str(refused(folder))


def test_a_future_event(folder, append, last_row):
    append("events.csv", date="2999-12-01", id="E2999-12-01-vote", date_precision="day")
    message = f"events.csv, row {last_row + 1}, column 'date': got 2999-12-01, which lies in the future"
    assert message in str(refused(folder))


def test_a_repeated_id(folder, append, last_row):
    append("events.csv")
    message = str(refused(folder))
    assert f"events.csv, row {last_row + 1}, column 'id': got '" in message
    assert f"' again, first in events.csv, row {last_row}" in message


def test_an_id_of_the_ledger_repeated_in_the_reserve(folder, spoil):
    cells = {"id": "E1950-02-14-alliance", "date": "1950-02-14", "date_precision": "day"}
    spoil("events_reserve.csv", 2, **cells)
    load_evidence(folder=folder)
    assert "events_reserve.csv, row 2, column 'id'" in str(refused(folder, include_reserve=True))


def test_a_row_later_than_the_date_is_checked_too(folder, append, last_row):
    append("events.csv", id="E2026-07-02-later", date="2026-07-02", date_precision="day", domain="moon")
    assert f"events.csv, row {last_row + 1}, column 'domain'" in str(refused(folder))


def test_all_problems_are_collected_and_ten_are_spelled_out(folder, spoil):
    for row in range(2, 17):
        spoil("events.csv", row, domain="moon")
    error = refused(folder)
    assert len(error.problems) == 15
    assert str(error).count("column 'domain'") == 10
    assert str(error).endswith("... and 5 more problems")


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        (b"intensity,", b"", "row 1, column 'intensity': column missing"),
        (b"confidence,", b"confidence,opinion,", "row 1, column 'opinion': got a column that is not expected"),
        (b"summary,", b"intensity,", "row 1, column 'intensity': got the column twice"),
    ],
)
def test_a_wrong_header(folder, old, new, match):
    path = folder / "events.csv"
    path.write_bytes(path.read_bytes().replace(old, new, 1))
    assert f"events.csv, {match}" in str(refused(folder))


def test_a_row_with_too_few_cells(folder, last_row):
    with (folder / "events.csv").open("a", encoding="utf-8") as stream:
        stream.write("\nE2024-12-31-short,2024-12-31\n")
    assert f"events.csv, row {last_row + 2}: got 2 cells, expected 16" in str(refused(folder))


def test_a_stray_quotation_mark(folder, last_row):
    with (folder / "events.csv").open("a", encoding="utf-8") as stream:
        stream.write('"E2024-12-31-open,2024-12-31\n')
    place = f"events.csv, row {last_row + 1}, column 'id'"
    message = f"{place}: got 'E2024-12-31-open,202' behind a quotation mark that is never"
    assert message in str(refused(folder))


def test_a_quotation_mark_inside_a_cell(folder, last_row):
    with (folder / "events.csv").open("a", encoding="utf-8") as stream:
        stream.write('"E2024-12-31"-open,2024-12-31\n')
    assert f"events.csv, row {last_row + 1}: got a line that is not CSV" in str(refused(folder))


def test_another_encoding(folder):
    path = folder / "events.csv"
    path.write_bytes(path.read_bytes().replace(b"Moscow", b"Mosc\xf6w", 1))
    assert "events.csv, row 2: got byte 0xf6, which is not UTF-8" in str(refused(folder))


@pytest.mark.parametrize("content", [b"", b"\n"])
def test_an_empty_file(folder, content):
    (folder / "events.csv").write_bytes(content)
    assert "events.csv: got an empty file" in str(refused(folder))


def test_a_header_alone(folder):
    path = folder / "events.csv"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    assert "events.csv: got a header without rows" in str(refused(folder))


@pytest.mark.parametrize(
    "file",
    ["events.csv", "events_reserve.csv", "claims.csv", "sources.csv", "indicators.csv", "indicators/sipri_milex.csv"],
)
def test_a_missing_file(folder, file):
    (folder / file).unlink()
    assert f"{file}: got no such file" in str(refused(folder))


def test_a_huge_file(folder):
    with (folder / "events.csv").open("ab") as stream:
        stream.truncate(20_000_001)
    assert "events.csv: got 20000001 bytes" in str(refused(folder))


@pytest.mark.parametrize("value", ["nan", "inf", "1_000", "0x10", "=1+1", "about 3", "1,5"])
def test_a_value_of_an_indicator_that_is_no_number(folder, spoil, value):
    spoil("indicators/un_ideal_points.csv", 3, absdist_chn_rus=value)
    message = str(refused(folder))
    assert f"indicators/un_ideal_points.csv, row 3, column 'absdist_chn_rus': got {value!r}" in message


@pytest.mark.parametrize("value", ["1e999", "-1e16"])
def test_a_value_of_an_indicator_that_is_too_large(folder, spoil, value):
    spoil("indicators/un_ideal_points.csv", 3, absdist_chn_rus=value)
    assert "row 3, column 'absdist_chn_rus': got" in str(refused(folder))


@pytest.mark.parametrize(
    ("cells", "match"),
    [
        ({"year": "199O"}, "column 'year': got '199O'"),
        ({"year": "1990"}, "column 'year': got 1990-12-31 again, first in row 2"),
        ({"year": "2999"}, "column 'year': got 2999-12-31, which lies in the future"),
    ],
)
def test_a_bad_year_of_an_indicator(folder, spoil, cells, match):
    spoil("indicators/un_ideal_points.csv", 3, **cells)
    assert f"indicators/un_ideal_points.csv, row 3, {match}" in str(refused(folder))


def test_a_year_that_contradicts_the_date(folder, spoil):
    spoil("indicators/artemis_signatories.csv", 2, year="2021")
    message = str(refused(folder))
    assert "indicators/artemis_signatories.csv, row 2, column 'year': got 2021 beside the date 2020-10-13" in message


def test_a_value_without_a_label(folder, spoil):
    spoil("indicators/onorbit_stock_world.csv", 2, source_kind="")
    assert "indicators/onorbit_stock_world.csv, row 2, column 'source_kind'" in str(refused(folder))


@pytest.mark.parametrize(
    ("column", "value"), [("column", "absent"), ("where", "planet=Mars"), ("source_kind_column", "x")]
)
def test_a_registry_row_that_points_nowhere(folder, spoil, column, value):
    spoil("indicators.csv", 2, **{column: value})
    assert f"indicators.csv, column '{column}'" in str(refused(folder))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("odds_ratio", "NaN"),
        ("odds_ratio", "-1.4"),
        ("p_sign", "90"),
        ("direction", "up"),
        ("paragraph", "x"),
        ("id", "C1"),
    ],
)
def test_a_bad_claim(folder, spoil, column, value):
    spoil("claims.csv", 3, **{column: value})
    assert f"claims.csv, row 3, column '{column}'" in str(refused(folder))


def test_a_repeated_claim(folder, spoil):
    spoil("claims.csv", 3, id="C01")
    assert "claims.csv, row 3, column 'id': got 'C01' again" in str(refused(folder))


@pytest.mark.parametrize("file", ["second_sources.csv", "publication_lags.csv"])
def test_a_folder_of_the_first_edition_is_told_what_it_lacks(folder, file):
    (folder / file).unlink()
    message = str(refused(folder))
    assert f"{file}: got no such file" in message
    assert "first edition" in message
    assert "readings.csv from data/ of this release, keep the rows that fit" in message


def test_a_second_source_for_an_unknown_id(folder, spoil):
    spoil("second_sources.csv", 3, id="E1957-10-15-nobody-knows")
    message = "second_sources.csv, row 3, column 'id': got 'E1957-10-15-nobody-knows', expected the id of a row of"
    assert message in str(refused(folder))


@pytest.mark.parametrize(
    ("cells", "match"),
    [
        (
            {"months_after": "-1"},
            "column 'months_after': got -1 months, expected 0 to 60: below 0 a value",
        ),
        ({"months_after": "soon"}, "column 'months_after': got 'soon'"),
        ({"why": ""}, "column 'why': got nothing"),
        ({"file": "indicators/rumours.csv"}, "column 'file': got 'indicators/rumours.csv', expected a file with a row"),
    ],
)
def test_a_bad_publication_lag(folder, spoil, cells, match):
    spoil("publication_lags.csv", 2, **cells)
    assert f"publication_lags.csv, row 2, {match}" in str(refused(folder))


def test_a_series_without_a_publication_lag(folder):
    path = folder / "publication_lags.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "sipri_milex" not in line), encoding="utf-8")
    assert "got no row for indicators/sipri_milex.csv" in str(refused(folder))
