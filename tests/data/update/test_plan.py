"""What an update would change is known before anything does, and what is wrong with it all at once."""

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from data.csv.rows import read_rows
from data.days import latest_today
from data.errors import EvidenceError
from data.event import EVENT_COLUMNS
from data.load import EVENTS_FILE, load_evidence
from data.provenance import write_receipts
from data.readings import UPDATE
from data.receipts import load_receipts
from data.update.parts import LATER, UNVERIFIED
from data.update.plan import plan_update
from data.update.words import preview
from tests.data.update.conftest import cells
from tests.support.values.second_edition import PENDING

UNTIL = date(2026, 10, 8)


def refused(folder: Path, file: Path | None, until: object = UNTIL, **options: bool) -> str:
    with pytest.raises(EvidenceError) as caught:
        plan_update(folder, file, until, **options)
    return "\n".join(map(str, caught.value.problems))


def ledger(folder: Path) -> list[dict[str, str]]:
    return [row.cells for row in read_rows(folder, EVENTS_FILE, EVENT_COLUMNS)]


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(content.decode().splitlines()))


def test_the_pending_update_of_the_second_edition(folder):
    update = plan_update(folder, folder / PENDING, UNTIL)
    before = load_evidence(folder=folder)
    assert len(update.added) == 14
    assert {event.id for event in update.counted} == {
        "E2026-07-01-cbrn-training",
        "E2026-07-02-germany-protest",
        "E2026-08-24-change7-postponed",
    }
    assert {one.reason for one in update.uncounted} == {UNVERIFIED}
    assert all(before.as_of < event.latest_date <= update.before.searched_until for event in update.waiting)
    assert update.waiting
    assert (update.held, update.near, update.revisions, update.past) == ((), (), (), ())
    assert set(update.files) == {EVENTS_FILE, "editions.csv", "sources.csv", "datapackage.json", PENDING}
    assert update.files[PENDING] is None
    assert PENDING not in {row["file"] for row in rows_of(update.files["sources.csv"])}


def test_what_is_planned_changes_nothing_yet(folder, found):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    plan_update(folder, found(cells("2026-07-04")), UNTIL)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_rows_join_in_the_ledgers_order_and_are_read_once(folder, found):
    file = found(cells("2026-09-02"), cells("2026-07-04"), cells("2026-07-03", source_kind="unverified"))
    update = plan_update(folder, file, UNTIL, note="Three")
    written = rows_of(update.files[EVENTS_FILE])
    assert written[: -len(update.added)] == ledger(folder)
    assert [row["date"] for row in written[-3:]] == ["2026-07-03", "2026-07-04", "2026-09-02"]
    assert [event.date.day for event in update.counted] == [4, 2]
    read = rows_of(update.files["readings.csv"])[-3:]
    assert {(row["search"], row["intensity_1"], row["intensity_2"]) for row in read} == {(UPDATE, "5", "")}
    assert rows_of(update.files["editions.csv"])[-1] == {
        "searched_until": "2026-10-08",
        "as_of": "2026-10-08",
        "note": "Three",
    }
    period = {row["file"]: row["period"] for row in rows_of(update.files["sources.csv"])}
    assert period[EVENTS_FILE].endswith("to 2026-09-02")


def test_nothing_found_is_news_too(folder):
    update = plan_update(folder, None, UNTIL)
    assert update.added == ()
    assert update.edition.as_of == UNTIL
    assert "No new row" in "\n".join(preview(update))
    assert update.evidence_digest != load_evidence(folder=folder).digest


def test_rows_that_wait_elsewhere_leave_the_pending_file(folder, found):
    pending = [row.cells for row in read_rows(folder, PENDING, EVENT_COLUMNS)]
    update = plan_update(folder, found(*pending[:2]), UNTIL)
    assert [row["id"] for row in rows_of(update.files[PENDING])] == [row["id"] for row in pending[2:]]
    assert [event.id for event in update.added] == [row["id"] for row in pending[:2]]
    assert "readings.csv" not in update.files, "the pending rows were read already"


def test_a_row_of_a_month_that_is_not_over_waits(folder, found):
    row = cells("2026-10-01", date_precision="month") | {"id": "E2026-10-found"}
    (one,) = plan_update(folder, found(row), UNTIL).uncounted
    assert (one.event.id, one.reason) == ("E2026-10-found", LATER)


def test_a_row_that_is_held_word_for_word_is_skipped(folder, found):
    last = ledger(folder)[-1]
    update = plan_update(folder, found(last, cells("2026-07-04")), UNTIL)
    assert [event.id for event in update.held] == [last["id"]]
    assert [event.id for event in update.added] == ["E2026-07-04-found"]
    assert f"word for word: {last['id']}." in "\n".join(preview(update))


@pytest.mark.parametrize(("days", "near"), [(10, True), (11, False)])
def test_the_same_act_in_similar_words_is_shown(folder, found, days, near):
    first = cells("2026-07-04", summary="Rocket engineers signed the docking standard for lunar relay satellites.")
    later = (date(2026, 7, 4) + timedelta(days=days)).isoformat()
    second = cells(later, "again", summary="A docking standard for relay satellites was signed by engineers in Harbin.")
    update = plan_update(folder, found(first, second), UNTIL)
    assert [(one.event.id, one.other.id) for one in update.near] == (
        [(f"E{later}-again", "E2026-07-04-found")] if near else []
    )
    assert len(update.added) == 2, "a person decides"
    assert ("are they one act?" in "\n".join(preview(update))) is near


def test_a_row_in_words_of_a_held_one_is_shown(folder, found):
    held = ledger(folder)[-1]
    row = cells("2026-07-01", summary=held["summary"].replace("The", "An"))
    (near,) = plan_update(folder, found(row), UNTIL).near
    assert near.other.id == held["id"]
    assert near.alike == 1


def test_another_content_for_an_id_needs_to_be_asked_for(folder, found):
    held = ledger(folder)[-1]
    file = found(held | {"intensity": "7", "coding_note": "Seen again."})
    said = refused(folder, file)
    assert f"found.csv, row 2, column 'intensity': got '7' for the id '{held['id']}', which events.csv, row" in said
    assert "1 more columns differ" in said
    assert "--revise" in said
    update = plan_update(folder, file, UNTIL, revise=True)
    (revision,) = update.revisions
    assert (revision.before.intensity, revision.after.intensity) == (int(held["intensity"]), 7)
    assert revision.changed == ("intensity", "coding_note")
    assert update.changes_the_past
    assert update.added == ()
    assert len(rows_of(update.files[EVENTS_FILE])) == len(ledger(folder))
    assert f"Revised: {held['id']}: intensity '7' instead of '{held['intensity']}'" in "\n".join(preview(update))


def test_a_page_that_was_found_since_is_a_revision_and_no_row_that_waited(folder, found, append):
    row = cells("2025-11-03", source_kind="unverified")
    append(EVENTS_FILE, **row)
    write_receipts(folder)
    update = plan_update(folder, found(row | {"source_kind": "read"}), UNTIL, revise=True)
    assert [one.changed for one in update.revisions] == [("source_kind",)]
    assert row["id"] not in {event.id for event in update.waiting}


def test_a_row_of_a_day_that_was_searched_already_needs_to_be_asked_for(folder, found):
    file = found(cells("2026-06-30"))
    assert "row 2, column 'date': got 2026-06-30, expected a day after 2026-06-30" in refused(folder, file)
    update = plan_update(folder, file, UNTIL, revise=True)
    assert [event.id for event in update.past] == ["E2026-06-30-found"]
    assert update.changes_the_past


def test_every_fault_is_told_at_once(folder, found):
    tomorrow = latest_today() + timedelta(days=1)
    reserve = next(row.cells for row in read_rows(folder, "events_reserve.csv", EVENT_COLUMNS))
    file = found(
        cells("2026-10-09"),
        cells(tomorrow.isoformat()),
        cells("2026-07-04"),
        cells("2026-07-04"),
        cells("2026-07-05", intensity="-4"),
        reserve | {"intensity": "1"},
    )
    said = refused(folder, file)
    for part in (
        "row 2, column 'date': got 2026-10-09, expected a day up to --searched-until 2026-10-08",
        f"row 3, column 'date': got {tomorrow}, which lies in the future",
        "row 5, column 'id': got 'E2026-07-04-found' again, first in found.csv, row 4",
        "row 6, column 'intensity': got -4 with direction cooperation",
        "row 7, column 'id'",
    ):
        assert part in said


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (date(2026, 6, 30), "expected a day after 2026-06-30, to which the ledger was searched already"),
        (latest_today() + timedelta(days=1), "which has come nowhere on earth"),
        (datetime(2026, 10, 8), "expected a calendar date without a time"),
        ("soon", "got 'soon', expected a calendar date"),
    ],
)
def test_a_wrong_day_is_told_beside_the_faults_of_rows(folder, found, until, said):
    told = refused(folder, found(cells("2026-07-04", intensity="x")), until)
    assert f"--searched-until': got {until!r}" in told or f"--searched-until': got {until}" in told
    assert said in told
    assert "row 2, column 'intensity': got 'x'" in told


def test_a_file_in_another_shape_is_told(folder, found, tmp_path):
    text = found(cells("2026-07-04")).read_text(encoding="utf-8")
    (tmp_path / "semicolons.csv").write_text(text.replace(",", ";"), encoding="utf-8")
    assert "separated by semicolons" in refused(folder, tmp_path / "semicolons.csv")
    (tmp_path / "columns.csv").write_text(text.replace("intensity", "strength", 1), encoding="utf-8")
    said = refused(folder, tmp_path / "columns.csv")
    assert "column 'intensity': column missing" in said
    assert "column 'strength': got a column that is not expected" in said
    assert "correct the path" in refused(folder, tmp_path / "nowhere.csv")


def test_a_file_that_was_changed_unseen_gets_no_new_receipt(folder, found, spoil):
    spoil("indicators/un_ideal_points.csv", 35, absdist_chn_rus="9.5")
    said = refused(folder, found(cells("2026-07-04")))
    assert "indicators/un_ideal_points.csv: got other bytes than its receipt says" in said
    assert len(load_receipts(folder)) > 1
