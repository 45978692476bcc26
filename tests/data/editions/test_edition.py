"""Which edition a folder stands at, and what is wrong with a list of editions that cannot be."""

from datetime import date, timedelta

import pytest

from data.days import latest_today
from data.editions.edition import DATA_FOLDER, EDITIONS_FILE, editions, newest_edition
from data.errors import EvidenceError
from data.load import knowledge_date, load_evidence
from data.unused import later_rows

HEADER = "searched_until,as_of,note\n"
TOMORROW = latest_today() + timedelta(days=1)


@pytest.fixture
def written(folder):
    """The editions file of a folder, with the rows that are given."""

    def write(*rows: str):
        (folder / EDITIONS_FILE).write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
        return folder

    return write


def test_the_editions_of_the_project_are_known():
    first, second, *_ = editions()
    assert (first.searched_until, first.as_of) == (date(2024, 12, 31), date(2024, 12, 31))
    assert (second.searched_until, second.as_of) == (date(2026, 6, 30), date(2025, 12, 31))
    assert newest_edition() == newest_edition(DATA_FOLDER) == editions()[-1]


def test_the_newest_edition_gives_both_days_of_the_evidence(written):
    folder = written("2024-12-31,2024-12-31,a", "2026-06-30,2025-12-31,b")
    before = load_evidence(folder=folder)
    assert (before.as_of, before.known_on) == (date(2025, 12, 31), date(2026, 6, 30))
    written("2024-12-31,2024-12-31,a", "2026-06-30,2025-12-31,b", "2026-10-08,2026-10-08,c")
    after = load_evidence(folder=folder)
    assert (after.as_of, after.known_on) == (date(2026, 10, 8), date(2026, 10, 8)), "a running program sees it"
    assert load_evidence(before.as_of, folder=folder) == before, "the day before keeps its knowledge date"


@pytest.mark.parametrize(("day", "known"), [("2025-12-31", "2026-08-31"), ("2026-03-01", "2026-03-01")])
def test_a_day_is_known_as_by_the_last_edition_that_counts_from_it(written, day, known):
    folder = written("2026-06-30,2025-12-31,b", "2026-08-31,2025-12-31,c")
    assert knowledge_date(date.fromisoformat(day), folder) == date.fromisoformat(known)


def test_a_row_counts_once_the_ledger_was_searched_so_far(written, append):
    append("events.csv", id="E2026-07-04-planted", date="2026-07-04", date_precision="day")
    folder = written("2026-06-30,2025-12-31,b")
    assert [row.name for row in later_rows(folder)] == ["E2026-07-04-planted"]
    written("2026-06-30,2025-12-31,b", "2026-10-08,2026-10-08,c")
    assert later_rows(folder) == ()
    assert "E2026-07-04-planted" in {event.id for event in load_evidence(folder=folder).events}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "editions.csv: got a header without rows"),
        (["2026-06-30,2026-07-01,x"], "row 2, column 'as_of': got 2026-07-01, after the 2026-06-30"),
        ([f"{TOMORROW},2025-12-31,x"], f"row 2, column 'searched_until': got {TOMORROW}, which has come nowhere"),
        (["30/06/2026,2025-12-31,x"], "row 2, column 'searched_until': got '30/06/2026'"),
        (["2026-06-30,2025-12-31,x"] * 2, "row 3, column 'searched_until': got 2026-06-30, expected a day after"),
        (["2026-06-30,2025-12-31,x", "2026-07-30,2024-12-31,x"], "row 3, column 'as_of': got 2024-12-31"),
    ],
)
def test_a_bad_list_of_editions_is_refused(written, rows, said):
    folder = written(*rows)
    with pytest.raises(EvidenceError) as caught:
        load_evidence(date(2020, 12, 31), folder=folder)
    assert said in str(caught.value)


def test_an_older_copy_without_editions_says_what_to_do(folder):
    (folder / EDITIONS_FILE).unlink()
    with pytest.raises(EvidenceError, match=r"editions\.csv: got no such file in .*an older copy.*Copy editions\.csv"):
        load_evidence(folder=folder)
