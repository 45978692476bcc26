"""`record published` and `track score --published`: the project's own forecasts, checked before they are shown."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from data.load import load_evidence
from models.__main__ import main
from models.published import place
from models.published.place import ProjectRecord
from models.published.publishing import publish, resolve_published
from tests.support.programs.commands import failed
from tests.support.values.projects import new_project
from tests.support.values.saved import archived


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> ProjectRecord:
    """A forecast from the end of 2023, live for 2024 and 2025, which have been answered."""
    early = new_project(tmp_path_factory.mktemp("project"), lambda: datetime(2024, 1, 3, tzinfo=UTC))
    publish(early, archived(2023)[2023], "A. Reader")
    late = replace(early, clock=lambda: datetime(2026, 1, 3, tzinfo=UTC))
    resolve_published(late, load_evidence(date(2025, 12, 31)), date(2026, 1, 3))
    return late


@pytest.fixture(autouse=True)
def found(project: ProjectRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "ProjectRecord", lambda: project)


def test_they_are_listed_with_the_head_that_they_end_in(project: ProjectRecord, capsys: pytest.CaptureFixture[str]):
    assert main(["record", "published"]) == 0
    told = capsys.readouterr().out
    with project.read() as opened:
        count, head = opened.head
    assert "As of 31 December 2023" in told
    assert f"Nothing was altered. Entries: {count}, head: {head}" in told
    assert main(["record", "published", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert (values["entries"], values["head"]) == (count, head)
    assert [each["author"] for each in values["forecasts"]] == ["A. Reader"]
    assert {"2024", "2025"} <= {each["subject"] for each in values["resolutions"]}


def test_they_are_scored_as_live(capsys: pytest.CaptureFixture[str]):
    assert main(["track", "score", "--published", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert {row["mark"] for row in values["scores"]} == {"live"}
    assert {row["dates"] for row in values["scores"]} == {2}
    assert "give one of them" in failed(capsys, ["track", "score", "--published", "--record", "other.db"])


def test_an_altered_record_is_not_listed(
    project: ProjectRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    altered = new_project(tmp_path)
    altered.file.write_bytes(project.file.read_bytes().replace(b"A. Reader", b"B. Reader"))
    monkeypatch.setattr(place, "ProjectRecord", lambda: altered)
    for command in (["record", "published"], ["track", "score", "--published"]):
        assert "git checkout -- docs/record" in failed(capsys, command)
