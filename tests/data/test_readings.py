"""Both codings of every row: each reading has its row, and a row that nobody read again says so."""

from collections import Counter

import pytest

from data.editions.edition import newest_edition
from data.errors import EvidenceError
from data.load import load_evidence
from data.provenance import check_provenance, write_receipts
from data.readings import known_ids, load_readings
from data.receipts import DATA_FOLDER

SECOND = ("intensity_2", "direction_2", "domain_2", "mechanism_2", "doubt_2")


def test_every_row_of_ledger_reserve_and_update_has_two_codings():
    readings = load_readings()
    assert len(readings) == 906
    assert {reading.id for reading in readings} == set(known_ids(DATA_FOLDER))
    assert not any(reading.read_once for reading in readings)
    assert Counter(reading.search for reading in readings) == {"first": 311, "second": 397, "third": 132, "reserve": 66}


def test_the_ledger_has_the_first_coding_unless_the_rules_decided_otherwise():
    ledger = {
        event.id: event for event in load_evidence(newest_edition().searched_until, include_unverified=True).events
    }
    held = [reading for reading in load_readings() if reading.id in ledger]
    decided = [reading for reading in held if reading.first.intensity != ledger[reading.id].intensity]
    assert 0 < len(decided) <= 16  # the rows that differed by three or in sign (codebook.md)


def test_a_row_read_once_is_accepted_and_counted(folder, spoil):
    spoil("readings.csv", 3, **dict.fromkeys(SECOND, ""))
    (once,) = [reading for reading in load_readings(folder) if reading.read_once]
    assert (once.id, once.second, once.doubt) == ("E1950-03-27-joint-companies", None, None)
    write_receipts(folder)
    findings = {one.file: one for one in check_provenance(folder) if one.check == "every reading has its row"}
    assert findings["readings.csv"].passed
    assert f"{len(load_readings(folder)) - 1} read twice, 1 read once; 0 without" in findings["readings.csv"].detail


@pytest.mark.parametrize(
    ("cells", "match"),
    [
        (
            {"id": "E1950-03-27-nobody"},
            "'id': got 'E1950-03-27-nobody', expected the id of a row of events.csv, events",
        ),
        ({"id": "E1950-02-14-alliance"}, "'id': got 'E1950-02-14-alliance' again, first in readings.csv, row 2"),
        ({"search": "fourth"}, "'search': got 'fourth'"),
        ({"intensity_1": "11"}, "'intensity_1': got 11, expected -10 to 10"),
        ({"intensity_2": ""}, "'intensity_2': got ''"),
        ({"domain_2": "moon"}, "'domain_2': got 'moon', expected one of civil_space"),
        ({"mechanism_2": ""}, "'mechanism_2': got ''"),
        ({"doubt_2": "9"}, "'doubt_2': got '9'"),
    ],
)
def test_a_bad_reading_is_named(folder, spoil, cells, match):
    spoil("readings.csv", 3, **cells)
    with pytest.raises(EvidenceError) as caught:
        load_readings(folder)
    assert f"readings.csv, row 3, column {match}" in str(caught.value)


def test_a_folder_of_the_first_edition_fails_the_check_and_says_why(folder):
    (folder / "readings.csv").unlink()
    found = [one for one in check_provenance(folder) if not one.passed]
    assert {one.file for one in found} == {"readings.csv"}
    assert any("first edition" in one.detail for one in found)
