"""Tables of the evidence: how each row was checked, and how far its two codings agree."""

from dashboard.tables.evidence import agreement_table, disagreement_table, ledger_table, search_table
from data.editions.edition import newest_edition
from data.load import load_evidence
from data.readings import load_readings
from models.coding.agreement import agreements, disagreements
from models.coding.searches import search_tallies


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
