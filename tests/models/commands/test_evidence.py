"""`evidence check` and `agreement`: findings that cannot be overlooked, and how far two codings agree."""

import json

import pytest

from models.__main__ import main
from models.commands.options.context import Context
from tests.support.programs.commands import failed


def test_a_notice_is_printed_and_fails_nothing(later_data: Context, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "check", "--write-receipts"], later_data) == 0
    *_, notice, update, last = capsys.readouterr().out.splitlines()
    assert notice.startswith("NOTICE events.csv: ")
    assert "(E2026-09-01-row, 2026-09-01)" in notice
    assert update == "NOTICE updates/update_2026_h2.csv: rows used. 0 of 14 used; not used: 14 in a pending update"
    passed, _, total, rest = last.split(" ", 3)
    assert passed == total
    assert rest.startswith("checks passed. Nothing is wrong with what the NOTICE above names, and no forecast uses it")


def test_evidence_check_passes_on_the_committed_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "check", "--json"]) == 0
    assert all(finding["passed"] for finding in json.loads(capsys.readouterr().out))


def test_a_failed_check_is_named_and_gives_exit_code_one(own_data: Context, capsys) -> None:
    path = own_data.data / "claims.csv"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert main(["evidence", "check"], own_data) == 1
    failure, _, last = capsys.readouterr().out.splitlines()
    assert failure.startswith("FAILED claims.csv: ")
    assert failure.endswith("write the receipts again")
    passed, _, total, _ = last.split(" ", 3)
    assert int(passed) == int(total) - 1
    assert main(["evidence", "check", "--all", "--write-receipts"], own_data) == 0, "written before it is checked"
    printed = capsys.readouterr()
    assert "ok     claims.csv: " in printed.out
    assert "Wrote the digest of claims.csv." in printed.err


def test_agreement_prints_what_the_codebook_promises(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "agreement"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("906 rows read twice; none read once.")
    (whole,) = (line for line in text.splitlines() if line.startswith("all rows"))
    assert [cell for cell in whole.split() if cell.startswith("0.") and "(" not in cell and ")" not in cell] == [
        *("0.97", "0.88", "0.97", "0.94")
    ]
    assert "How late friction surfaces cannot be measured from this ledger" in text
    assert "16 rows lie 3 steps or more apart or differ in sign" in text


def test_agreement_counts_a_row_read_once_and_leaves_it_out(
    own_data: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    path = own_data.data / "readings.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    name, search, *cells = lines[1].split(",")
    kept = [cell if place % 2 == 0 else "" for place, cell in enumerate(cells[:-1])]
    path.write_text("\n".join([lines[0], ",".join([name, search, *kept, ""]), *lines[2:]]) + "\n", encoding="utf-8")
    assert main(["evidence", "agreement", "--json"], own_data) == 0
    values = json.loads(capsys.readouterr().out)
    assert (values["rows"], values["read_once"]) == (905, 1)
    assert {one["rows"] for one in values["alpha"] if one["group"] == "all rows"} == {905}


def test_a_reading_without_its_row_stops_the_command(own_data: Context, capsys: pytest.CaptureFixture[str]) -> None:
    path = own_data.data / "readings.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("E1950-02-14-alliance", "E1950-02-14-x"), encoding="utf-8")
    message = failed(capsys, ["evidence", "agreement"], own_data)
    assert "readings.csv, row 2, column 'id': got 'E1950-02-14-x', expected the id of a row of events.csv" in message


def test_a_folder_of_the_first_edition_is_explained(own_data: Context, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("readings.csv", "second_sources.csv", "publication_lags.csv"):
        (own_data.data / name).unlink()
    for command in (["evidence", "agreement"], ["resolve"]):
        message = failed(capsys, command, own_data)
        assert "One of the first edition (to 2024-12-31) does not have it" in message
        assert "readings.csv from data/ of this release, keep the rows that fit" in message
