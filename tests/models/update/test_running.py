"""One command for news: what is in force afterwards, what is told, and that a stop at any moment loses nothing."""

from __future__ import annotations

import hashlib
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from data.csv.rows import read_rows
from data.editions.edition import newest_edition
from data.errors import ConjunctionError, EvidenceError, UpdateError
from data.event import EVENT_COLUMNS
from data.swap.lock import alone
from models.errors import RecordError
from models.fits.dated import fitted_dates
from models.published.changelog import noted_heads
from models.update import explaining
from models.update.building import FIRST
from models.update.project import Project, Step
from models.update.publishing import Author
from models.update.running import Request, Result, rehearse, run
from tests.support.programs.updates import FORMER, NEW, in_force, small_project, worker


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Project, Request]:
    """Nobody updates this one."""
    folder = tmp_path_factory.mktemp("update") / "project"
    folder.mkdir()
    return folder, *small_project(folder)


@pytest.fixture
def copy(pristine, tmp_path: Path) -> tuple[Project, Request]:
    return copied(pristine, tmp_path / "copy")


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are not asked about one by one."""
    monkeypatch.setattr(explaining, "rows_that_moved", lambda *_: None)


@pytest.fixture(scope="module")
def done(pristine, tmp_path_factory) -> tuple[Project, Request, Result, list[Step], list]:
    project, request = copied(pristine, tmp_path_factory.mktemp("done") / "copy")
    steps, told = [], []
    result = run(project, request, worker(report=steps.append, on_plan=told.append, on_first=told.append))
    return project, request, result, steps, told


def copied(pristine: tuple[Path, Project, Request], to: Path) -> tuple[Project, Request]:
    shutil.copytree(pristine[0], to)
    project = Project(data=to / "data", fits=to / "fits", docs=to / "docs", home=to / "home")
    return project, replace(pristine[2], file=to / "rows.csv")


def content(project: Project) -> dict[str, str]:
    """Digest of every file of the project, its work apart."""
    paths = [path for root in (project.data, project.fits, project.docs) for path in root.rglob("*") if path.is_file()]
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths if not path.name.endswith(".lock")
    }


def test_the_new_rows_are_in_force_with_fits_that_answer_to_them(done):
    project, request, result, *_ = done
    evidence = in_force(project)
    added = {row.text("id") for row in read_rows(request.file.parent, request.file.name, EVENT_COLUMNS)}
    assert added <= {event.id for event in evidence.events}
    assert (evidence.as_of, newest_edition(project.data).searched_until) == (NEW, NEW)
    assert evidence.digest == result.update.evidence_digest
    assert (fitted_dates(project.fits), result.removed) == ((NEW,), (FORMER,))


@pytest.mark.usefixtures("quickly")
def test_the_forecast_is_published_once_and_the_changelog_names_its_head(done):
    project, request, result, *_ = done
    publication = result.published.publication
    assert publication.saved.evidence == in_force(project).digest
    assert noted_heads(project.record.changelog.read_text())[0] == publication.saved.digest
    again = run(project, request, worker())
    assert (again.update, again.published.publication) == (None, None)
    assert again.published.before.digest == publication.saved.digest


def test_the_change_is_told_by_rows_and_adds_up(done):
    result = done[2]
    moved = set(result.explanation.rows.table["name"])
    assert {event.id for event in result.update.added} & moved
    table = result.explanation.parts.table
    assert (table["old"] + table["total"] - table["new"]).abs().max() < 1e-9
    assert set(result.explanation.chances["target_end_date"].str[:4]) == {"2026", "2027", "2028", "2029", "2030"}


def test_first_the_plan_then_a_first_answer_then_the_library(done):
    *_, steps, (plan, first) = done
    assert plan.added
    assert first.unchecked == FIRST
    assert not first.status.sure
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert steps[-1].phase == "done"


def test_a_library_without_a_passed_check_shows_no_green(done):
    _, _, result, *_ = done
    assert not result.check.passed
    assert len(result.check.settings) == 3


@pytest.mark.usefixtures("quickly")
def test_a_rehearsal_changes_nothing_and_the_run_goes_on_from_it(copy):
    project, request = copy
    before, steps = content(project), []
    rehearsed = rehearse(project, request, worker())
    assert content(project) == before
    assert rehearsed.published.publication.saved.evidence == rehearsed.update.evidence_digest
    result = run(project, request, worker(report=steps.append))
    assert "compiling" not in [step.phase for step in steps]
    assert result.first.table.equals(rehearsed.first.table)


@pytest.mark.usefixtures("quickly")
def test_stopped_at_any_step_the_project_is_old_or_new_and_the_same_command_finishes(copy):
    project, request = copy
    former, states = in_force(project).digest, []
    for phase in ("library", "swapping", "explaining", "publishing"):
        with pytest.raises(KeyboardInterrupt):
            run(project, request, worker(report=_stop_at(phase)))
        states.append(in_force(project).digest)
    result = run(project, request, worker())
    assert states == [former] * 2 + [in_force(project).digest] * 2
    assert result.published.publication is not None


@pytest.mark.usefixtures("quickly")
def test_a_file_that_is_gone_is_known_by_the_days_that_it_was_for(done):
    project, request, *_ = done
    assert run(project, replace(request, file=request.file.with_name("gone.csv"), author=None), worker()).update is None


def test_another_file_for_the_same_days_is_refused(done, tmp_path):
    project, request, *_ = done
    other = tmp_path / "rows.csv"
    other.write_bytes(request.file.read_bytes().replace(b"Xi", b"Xy"))
    with pytest.raises(EvidenceError, match="searched already"):
        run(project, replace(request, file=other), worker())


def test_a_second_update_during_the_first_is_told(copy):
    project, request = copy
    entered, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with alone(project.data):
            entered.set()
            leave.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    entered.wait(30)
    try:
        with pytest.raises(UpdateError, match="another update"):
            run(project, request, worker())
    finally:
        leave.set()
        holder.join()


def test_a_damaged_record_is_told_before_anything_is_fitted(copy):
    project, request = copy
    project.record.file.write_bytes(b"no zip")
    steps = []
    with pytest.raises(RecordError, match="is not as it was published"):
        run(project, request, worker(report=steps.append))
    assert steps == []


@pytest.mark.usefixtures("quickly")
def test_rows_that_do_not_count_may_change_while_the_update_waits(copy):
    project, request = copy
    with pytest.raises(KeyboardInterrupt):
        run(project, request, worker(report=_stop_at("library")))
    rows = request.file.read_text().splitlines()
    rows.append(rows[1].replace("-teamt5", "-teamt5-again").replace(",read,", ",unverified,"))
    request.file.write_text("\n".join([*rows, ""]))
    result = run(project, request, worker())
    assert len(result.update.uncounted) == 1
    assert run(project, request, worker()).update is None


def test_an_author_without_a_name_is_refused_before_anything_is_fitted():
    with pytest.raises(ConjunctionError, match="author: got a blank text"):
        Author(name=" ")


def _stop_at(phase: str):
    def report(step: Step) -> None:
        if step.phase == phase:
            raise KeyboardInterrupt

    return report
