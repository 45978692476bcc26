"""The project's own forecasts: added whole or not at all, never twice by accident, and refused once altered."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from data.load import load_evidence
from models.errors import RecordError
from models.published import place
from models.published.changelog import HEADING, changelog_line, noted_heads, with_lines
from models.published.place import ProjectRecord
from models.published.publishing import publish, published_before, resolve_published
from models.record.entries import LIVE, Draft
from models.record.listing import Listing, read_listing
from models.record.store import Record
from models.record.transfer import export_record
from models.snapshot.value import Snapshot
from models.storage.disk import FileError
from tests.support.values.factories import synthetic_library, synthetic_snapshot
from tests.support.values.projects import CHANGELOG, TODAY, new_project
from tests.support.values.saved import archived, saved


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    """A light one at the defaults."""
    evidence = load_evidence(date(2025, 12, 31))
    return synthetic_snapshot(evidence, synthetic_library(evidence, samples=40))


@pytest.fixture
def project(tmp_path: Path) -> ProjectRecord:
    """A project that has published nothing yet."""
    return new_project(tmp_path)


def listing(project: ProjectRecord) -> Listing:
    with project.read() as opened:
        return read_listing(opened, opened.head)


def states(project: ProjectRecord) -> tuple[bytes, bytes]:
    return project.file.read_bytes(), project.changelog.read_bytes()


def test_what_is_published_stands_in_the_record_and_in_the_changelog(project, snapshot):
    done = publish(project, snapshot, "A. Reader", "The first.")
    (entry,) = listing(project).forecasts
    assert entry == done.saved
    assert (entry.author, entry.note, entry.kind, entry.inputs) == ("A. Reader", "The first.", LIVE, {})
    assert done.head == entry.digest
    text = project.changelog.read_text(encoding="utf-8")
    assert noted_heads(text) == (done.head,)
    assert text.index(HEADING) < text.index("## Unreleased")
    assert text.replace(f"{HEADING}\n{done.line}\n\n", "") == CHANGELOG
    with project.read() as opened:
        assert opened.snapshot(entry) == snapshot


@pytest.mark.parametrize(("reference", "count"), [(date(2026, 10, 8), 6), (date(2025, 12, 31), 5)])
def test_the_line_gives_the_third_year_end_ahead_of_the_reference_date(reference: date, count: int):
    even = (0.25,) * 4
    states = (even, even, (0.021, 0.11, 0.6, 0.269), *(even,) * (count - 3))
    chances = {"state_at_year_end": states, "rupture_by_year_end": (0.1,) * count, "deeper_by_year_end": (0.5,) * count}
    line = changelog_line(saved(1, 2026, published={"mixture": chances}, default={}, reference_date=reference))
    told = "rupture 2.1 %, strain 11.0 %, transactional 60.0 %, deeper 26.9 %"
    assert f"as of {reference.day} {reference:%B %Y}: at the end of 2028 {told}" in line


def test_the_same_forecast_is_published_twice_only_when_asked(project, snapshot):
    first = publish(project, snapshot, "A. Reader")
    before = states(project)
    assert published_before(project, snapshot) == first.saved
    with pytest.raises(RecordError, match=f"as entry 1 .{first.head[:12]}.*ask for it again"):
        publish(project, snapshot, "A. Reader")
    assert states(project) == before
    second = publish(project, snapshot, "A. Reader", again=True)
    assert (second.previous, second.saved.parent) == (first.saved, first.head)
    assert noted_heads(project.changelog.read_text(encoding="utf-8")) == (second.head, first.head)


def test_other_evidence_is_another_forecast(project, snapshot):
    publish(project, snapshot, "A. Reader")
    other = replace(snapshot, evidence=replace(snapshot.evidence, digest="a" * 64))
    assert published_before(project, other) is None
    publish(project, other, "A. Reader")
    assert [entry.sequence for entry in listing(project).forecasts] == [2, 1]


def test_a_rehearsal_tells_everything_and_writes_nothing(project, snapshot):
    before = states(project)
    told = publish(project, snapshot, "A. Reader", dry=True)
    assert states(project) == before
    assert publish(project, snapshot, "A. Reader").line == told.line


def test_only_a_light_forecast_at_the_defaults_is_published(project, snapshot):
    evidence = load_evidence(date(2025, 12, 31))
    library = synthetic_library(evidence, samples=40)
    moved = synthetic_snapshot(evidence, library, {"C01": 1.8}, {"C01": "They bite."})
    with pytest.raises(RecordError, match=r"moved assumptions .C01.*record of your own"):
        publish(project, moved, "A. Reader")
    with pytest.raises(RecordError, match="expected a light one"):
        publish(project, replace(snapshot, inputs={"evidence.json": "a" * 64}), "A. Reader")
    assert listing(project).forecasts == ()


def test_a_clock_behind_the_evidence_publishes_nothing(project, snapshot):
    early = replace(project, clock=lambda: datetime(2025, 6, 1, tzinfo=UTC))
    before = states(project)
    with pytest.raises(RecordError, match="set the clock right"):
        publish(early, snapshot, "A. Reader")
    assert states(project) == before


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flipped(content: bytes) -> bytes:
    place = content.index(b"A. Reader")
    return content[:place] + b"B" + content[place + 1 :]


@pytest.mark.parametrize("damage", [cut, flipped, lambda _: b"", lambda _: b"not a zip" * 99])
def test_a_damaged_record_is_refused_with_what_to_do(project, snapshot, damage: Callable[[bytes], bytes]):
    publish(project, snapshot, "A. Reader")
    project.file.write_bytes(damage(project.file.read_bytes()))
    before = states(project)
    for act in (project.read, lambda: publish(project, snapshot, "A. Reader", again=True)):
        with pytest.raises(RecordError, match=r"not as it was published.*git checkout -- docs/record"):
            act()
    assert states(project) == before


def test_entries_cut_off_or_replaced_are_missed_by_the_changelog(project, snapshot, tmp_path):
    empty = project.file.read_bytes()
    head = publish(project, snapshot, "A. Reader").head
    project.file.write_bytes(empty)
    with pytest.raises(RecordError, match=f"names the entry {head[:12]}, which was cut off"):
        project.read()
    with Record.open(str(tmp_path / "forged.db"), lambda: TODAY + timedelta(days=1)) as forged:
        forged.save(somebody_elses(snapshot), snapshot)
        export_record(forged, project.file)
    with pytest.raises(RecordError, match="cut off or replaced"):
        publish(project, snapshot, "A. Reader")
    project.file.unlink()
    with pytest.raises(RecordError, match="is missing; bring it back"):
        project.read()


def somebody_elses(snapshot: Snapshot) -> Draft:
    return Draft(name=f"As of {snapshot.reference_date}", author="Somebody else")


def test_a_line_that_a_kill_left_out_is_written_by_the_next_attempt(project, snapshot, monkeypatch):
    def killed(path: Path, content: bytes) -> None:
        if path == project.changelog:
            raise KeyboardInterrupt
        path.write_bytes(content)

    with monkeypatch.context() as patch:
        patch.setattr(place, "write_atomically", killed)
        with pytest.raises(KeyboardInterrupt):
            publish(project, snapshot, "A. Reader")
    (entry,) = listing(project).forecasts
    assert project.changelog.read_text(encoding="utf-8") == CHANGELOG
    with pytest.raises(RecordError, match="was published on"):
        publish(project, snapshot, "A. Reader")
    assert noted_heads(project.changelog.read_text(encoding="utf-8")) == (entry.digest,)


def test_a_full_disk_leaves_the_old_record(project, snapshot, monkeypatch):
    def full(path: Path, _: bytes) -> None:
        raise FileError(f"{path.name} could not be written: the disk is full")

    before = states(project)
    monkeypatch.setattr(place, "write_atomically", full)
    with pytest.raises(FileError, match="full"):
        publish(project, snapshot, "A. Reader")
    assert states(project) == before


def test_one_publication_at_a_time(project, snapshot, monkeypatch):
    monkeypatch.setattr(place, "LOCK_SECONDS", 0.01)
    with FileLock(project.file.with_name(".lock")), pytest.raises(RecordError, match="another process is adding"):
        publish(project, snapshot, "A. Reader")


def test_questions_that_have_come_due_are_resolved_in_the_projects_record(project):
    early = replace(project, clock=lambda: datetime(2024, 1, 3, tzinfo=UTC))
    publish(early, archived(2023)[2023], "A. Reader")
    evidence, today = load_evidence(date(2025, 12, 31)), date(2026, 1, 2)
    rehearsed = resolve_published(project, evidence, today, dry=True)
    assert {"2024", "2025"} <= {resolution.subject for resolution in rehearsed}
    assert listing(project).resolutions == ()
    done = resolve_published(project, evidence, today)
    assert listing(project).resolutions == done
    assert resolve_published(project, evidence, today) == ()


def test_the_shipped_record_is_whole_and_every_forecast_in_it_has_its_line():
    project = ProjectRecord()
    forecasts = listing(project).forecasts
    assert [entry.digest for entry in forecasts] == list(noted_heads(project.changelog.read_text(encoding="utf-8")))
    assert {entry.kind for entry in forecasts} <= {LIVE}


def test_a_changelog_without_a_section_is_refused():
    with pytest.raises(RecordError, match="without any section"):
        with_lines("# Changelog\n", [saved(1, 2025)])
