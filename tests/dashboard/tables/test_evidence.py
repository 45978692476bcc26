"""Tables of the evidence: how each row was checked, and how far its two codings agree."""

import csv
from datetime import date
from io import StringIO

import pytest

from dashboard.tables.evidence import (
    agreement_table,
    disagreement_table,
    in_order,
    ledger_csv,
    ledger_table,
    search_table,
)
from dashboard.wording.evidence import used_sentence
from data.editions.edition import newest_edition
from data.load import load_evidence
from data.readings import load_readings
from models.coding.agreement import agreements, disagreements
from models.coding.searches import search_tallies


@pytest.fixture(scope="module")
def everything():
    """Every row of the files, and which of them the forecast uses."""
    edition = newest_edition()
    whole = load_evidence(edition.searched_until, include_unverified=True, include_reserve=True)
    return ledger_table(whole, (), [event.id for event in load_evidence(edition.as_of).events])


def test_dates_sort_as_texts_and_a_year_that_is_searched_comes_first(everything):
    latest = in_order(everything, "")
    assert latest["date"].is_monotonic_decreasing
    assert latest["iso"].str[:4].astype(int).is_monotonic_decreasing
    precise = latest[latest["date_precision"] == "day"]["iso"].tolist()
    assert precise == sorted(precise, reverse=True)
    asked = in_order(everything, "1960 aid")
    own = int((everything["year"] == 1960).sum())
    assert asked["year"].head(own).eq(1960).all()
    assert not asked["year"].iloc[own:].eq(1960).any()


def test_the_download_has_iso_dates_and_runs_nowhere(everything):
    rows = list(csv.DictReader(StringIO(ledger_csv(everything.assign(coding_note="=1+1")))))
    assert len(rows) == len(everything)
    lengths = {len(row["date"]) - {"day": 10, "month": 7, "year": 4}[row["date_precision"]] for row in rows}
    assert lengths == {0}
    first = next(row for row in rows if row["id"] == "E1950-02-14-alliance")
    assert (first["date"], first["intensity"], first["used"], first["coding_note"]) == (
        *("1950-02-14", "9", "True"),
        "'=1+1",
    )


def test_what_is_used_and_what_is_only_shown_add_up(everything):
    used = len(load_evidence(newest_edition().as_of).events)
    told = used_sentence(everything, newest_edition().as_of)
    assert told.startswith(f"{used} rows used, {len(everything) - used} shown but not used (")
    assert "without a page" in told
    assert "in reserve" in told
    earlier = used_sentence(everything.assign(used=everything["date"].dt.year < 2026), date(2025, 12, 31))
    assert "after 31 December 2025" in earlier
    assert used_sentence(everything[everything["used"]].head(1), newest_edition().as_of) == "1 row used."


def test_every_row_says_how_it_was_checked():
    evidence, readings = load_evidence(newest_edition().searched_until), load_readings()
    table = ledger_table(evidence, readings).set_index("id")
    assert table.loc["E1950-02-14-alliance", "checks"] == "coded twice, second page"
    assert table.loc["E1950-03-27-joint-companies", "checks"] == "coded twice"
    once = [one for one in readings if one.id != "E1950-03-27-joint-companies"]
    table = ledger_table(evidence, once).set_index("id")
    assert table.loc["E1950-03-27-joint-companies", "checks"] == "read once"


def test_the_agreement_has_a_line_for_all_rows_each_domain_and_each_search():
    table = agreement_table(agreements(load_readings())).set_index("Rows")
    assert list(table.index[[0, -1]]) == ["All rows", "Reserve"]
    assert len(table) == 13
    assert table.loc["Civil space", "Domain"] == ""
    assert table.loc["All rows", "Mechanism"].startswith("0.94 (")


def test_disagreements_show_what_the_ledger_holds_now():
    ledger = ledger_table(load_evidence(newest_edition().searched_until, include_unverified=True, include_reserve=True))
    table = disagreement_table(disagreements(load_readings()), ledger).set_index("Row")
    assert len(table) == 16
    row = table.loc["E1992-11-30-technicians-hired"]
    assert (row["First"], row["Second"]) == (4, 0)
    held = load_evidence(newest_edition().searched_until).ledger().set_index("id")
    assert row["Ledger"] == held.loc["E1992-11-30-technicians-hired", "intensity"]


def test_the_searches_are_shown_by_sign():
    events = load_evidence(newest_edition().searched_until, include_unverified=True).events
    table = search_table(search_tallies(events, load_readings()))
    assert list(table["Rows"]) == [311, 397, 128, 59]
    assert list(table["Hostile share"]) == ["32 %", "30 %", "16 %", "10 %"]
