"""`python -m models evidence update`: what a person and a program are told, and what is refused at once."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from models.__main__ import main
from models.commands.options.context import Context
from models.update import explaining, running
from models.update.project import Project
from tests.support.programs.commands import OneThread, failed
from tests.support.programs.updates import FORMER, NEW, in_force, small_project, small_sampling

UNTIL = ["--searched-until", str(NEW)]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return small_project(tmp_path_factory.mktemp("update"))[0]


@pytest.fixture
def context(project: Project, monkeypatch: pytest.MonkeyPatch) -> Context:
    monkeypatch.setattr(running, "project_sampling", small_sampling)
    monkeypatch.setattr(explaining, "rows_that_moved", lambda *_: None)
    given = partial(Project, fits=project.fits, docs=project.docs)
    return Context(data=project.data, workers=OneThread(), project=given)


@pytest.fixture
def update(project: Project) -> list[str]:
    rows, work = project.data.parent / "rows.csv", project.data.parent / "work"
    return ["evidence", "update", str(rows), *UNTIL, "--work", str(work)]


def test_a_dry_run_tells_rows_first_answer_and_what_would_move(project, context, update, capsys, tmp_path):
    progress = tmp_path / "progress.jsonl"
    publish = ["--publish", "--author", "A. Tester", "--progress", str(progress)]
    assert main([*update, "--dry-run", *publish], context) == 0
    out, err = capsys.readouterr()
    assert "3 rows would join the ledger; 3 of them would count." in err
    assert "First answer (one fit of each model at the defaults" in err
    assert err.index("would join") < err.index("First answer") < err.index("end of 2028")
    assert "Would be published (with the numbers of the whole library) as entry" in out
    assert out.endswith("Nothing was changed; the same command without --dry-run goes on from here.\n")
    steps = [json.loads(line) for line in progress.read_text().splitlines()]
    assert (steps[0]["phase"], steps[-1]["phase"]) == ("staging", "done")
    assert in_force(project).as_of == FORMER


def test_a_run_says_what_it_did_to_programs_and_that_the_check_was_missed(project, context, update, capsys):
    assert main([*update, "--json"], context) == 1
    told = json.loads(capsys.readouterr().out)
    assert in_force(project).as_of == NEW
    assert told["removed"] == [str(FORMER)]
    assert told["published"] is None
    assert told["check"]["passed"] is False
    assert {row["state"] for row in told["chances"]} == {"rupture", "strain", "transactional", "deeper"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--author", "A. Tester"], "got --author without --publish"),
        (["--publish"], "author: got a blank text"),
    ],
)
def test_an_author_and_a_publication_belong_together(context, update, options, message, capsys):
    assert message in failed(capsys, [*update, *options], context)


def test_a_missing_file_is_told_by_name(context, capsys):
    other = ["evidence", "update", str(Path("nowhere") / "rows.csv"), "--searched-until", "2026-01-31"]
    assert "rows.csv" in failed(capsys, other, context)
