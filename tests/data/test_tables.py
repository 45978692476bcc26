"""Files that are lists come whole, with their labels and no later row."""

from datetime import date

import pytest

from data.errors import EvidenceError
from data.receipts import load_receipts
from data.tables import load_table


def test_every_indicator_file_is_a_table():
    names = [
        one.file[len("indicators/") : -len(".csv")] for one in load_receipts() if one.file.startswith("indicators/")
    ]
    assert len(names) == 28
    for name in names:
        assert len(load_table(name, include_unverified=True)) > 0


def test_unverified_rows_are_left_out_unless_asked():
    assert load_table("space_sanctions_events")["verified"].all()
    everything = load_table("space_sanctions_events", include_unverified=True)
    assert (~everything["verified"]).sum() == 1


def test_a_label_of_any_column_counts():
    assert load_table("joint_exercises_annual").empty


def test_rows_later_than_the_date_are_left_out():
    table = load_table("un_space_votes_list", date(2015, 6, 30))
    assert table["date"].max() <= "2015-06-30"
    assert len(table) < len(load_table("un_space_votes_list"))


def test_numbers_are_numbers_and_blanks_are_missing():
    table = load_table("active_satellites_snapshots")
    assert table["leo"].dtype == "float64"
    assert table["leo"].isna().sum() == 3
    assert table["country"].str.isalpha().all()


def test_an_unknown_table_names_the_known_ones():
    with pytest.raises(EvidenceError, match="space_sanctions_events"):
        load_table("rumours")
