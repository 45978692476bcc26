"""A planned update is put in whole or not at all, and a reader never sees half of it."""

import threading
from datetime import date

import pytest

from data.csv.unchanged import read_once
from data.errors import UpdateError
from data.load import EVENTS_FILE, load_evidence, read_pending
from data.provenance import check_provenance
from data.swap.journal import JOURNAL_FILE, replace_files
from data.swap.lock import LOCK_FILE
from data.update.apply import apply_update, write_updated
from data.update.plan import plan_update
from tests.data.update.conftest import cells, write_found
from tests.support.programs.stops import stopped_at

UNTIL = date(2026, 10, 8)


@pytest.fixture(scope="module")
def update(short_folder, tmp_path_factory):
    """Planned once: a copy of the folder has the same bytes."""
    file = write_found(tmp_path_factory.mktemp("found") / "found.csv", cells("2026-07-04"), cells("2026-09-02"))
    return plan_update(short_folder, file, UNTIL)


def files(folder):
    kept = [path for path in folder.rglob("*") if path.suffix in (".csv", ".json")]
    return {path.relative_to(folder): path.read_bytes() for path in kept}


def test_an_update_counts_once_it_is_put_in(folder, update):
    before = load_evidence(folder=folder)
    apply_update(folder, update)
    after = load_evidence(folder=folder)
    assert (after.as_of, after.known_on, after.digest) == (UNTIL, UNTIL, update.evidence_digest)
    assert {event.id for event in after.events} - {event.id for event in before.events} == {
        event.id for event in (*update.counted, *update.waiting)
    }
    assert load_evidence(before.as_of, folder=folder) == before, "the past stays as it was"
    assert all(finding.passed for finding in check_provenance(folder))
    assert not list(folder.rglob("*.staged"))


def test_a_copy_with_the_update_is_what_it_will_be(folder, update, tmp_path):
    write_updated(folder, update, tmp_path / "copy")
    assert load_evidence(folder=tmp_path / "copy").digest == update.evidence_digest
    apply_update(folder, update)
    assert files(folder) == files(tmp_path / "copy")


def test_an_update_planned_on_other_files_is_refused(folder, update, append):
    append(EVENTS_FILE, id="E2026-07-09-by-hand", date="2026-07-09", date_precision="day")
    before = files(folder)
    with pytest.raises(UpdateError, match=r"got another events\.csv.*plan it again"):
        apply_update(folder, update)
    assert files(folder) == before


@pytest.mark.parametrize("step", [0, 3, 6, 7, 9])
def test_stopped_at_any_step_a_reader_finds_the_old_or_the_new(folder, update, monkeypatch, step):
    before = load_evidence(folder=folder).digest
    stopped_at(monkeypatch, step, lambda: apply_update(folder, update))
    committed = (folder / JOURNAL_FILE).exists()
    assert load_evidence(folder=folder).digest == (update.evidence_digest if committed else before)
    assert all(finding.passed for finding in check_provenance(folder))
    read_pending(folder)
    assert committed == (step > len(update.files) + 1), "one rename decides"


def test_a_reader_in_the_midst_of_an_update_reads_again(folder):
    """The writer changes both files after the reader has seen one of them."""
    replace_files(folder, {"a.csv": b"1", "b.csv": b"1"})
    looks = []

    def look(place):
        first = (place / "a.csv").read_bytes()
        if not looks:
            writer = threading.Thread(target=replace_files, args=(place, {"a.csv": b"2", "b.csv": b"2"}))
            writer.start()
            writer.join()
        looks.append((first, (place / "b.csv").read_bytes()))
        return looks[-1]

    assert read_once(look, folder_of=lambda place: place)(folder) == (b"2", b"2")
    assert looks == [(b"1", b"2"), (b"2", b"2")]
    assert (folder / LOCK_FILE).is_file()
