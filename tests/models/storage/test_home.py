"""Where a person's own results live."""

import os
from pathlib import Path

import platformdirs
import pytest

from dashboard.refits.jobs import Refits
from models.__main__ import main
from models.errors import FitError
from models.library.local import join_refits
from models.record.database import RECORD_VARIABLE
from models.storage.disk import FileError
from models.storage.home import HOME_VARIABLE, home, keep
from models.storage.tasks import JsonShelf


def test_the_variable_decides(monkeypatch, tmp_path):
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "mine"))
    assert home() == tmp_path / "mine"


def test_without_it_or_with_an_empty_one_the_platform_decides(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    found = home()
    assert found.name == "conjunction"
    assert found != Path()
    monkeypatch.setenv(HOME_VARIABLE, "")
    assert home() == found


def test_what_cannot_be_made_again_lies_in_no_cache(monkeypatch, tmp_path):
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    assert keep() not in (home(), *home().parents)
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    assert keep() == home() == tmp_path


@pytest.fixture
def unusable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder that nobody can make, since a part of its path is a file; not even root can."""
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "file" / "mine"))
    return home()


def test_a_record_that_has_no_place_is_told_with_the_path_and_the_variable(
    unusable: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["record", "list"]) == 2
    said = capsys.readouterr().err
    assert f"{unusable} could not be made: a part of the path is a file" in said
    assert f"set {HOME_VARIABLE} to a folder that may be written" in said


def test_the_platforms_own_place_is_told_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    monkeypatch.setattr(platformdirs, "user_data_dir", lambda name: str(tmp_path / "file" / "share" / name))
    assert main(["record", "list"]) == 2
    said = capsys.readouterr().err
    assert f"{tmp_path / 'file' / 'share' / 'conjunction'} could not be made" in said
    assert HOME_VARIABLE in said


def test_a_place_that_may_not_be_written_is_told_before_a_database_is_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    monkeypatch.setattr(os, "access", lambda *_: False)  # as for a user with fewer rights than the one who tests
    assert main(["record", "list"]) == 2
    said = capsys.readouterr().err
    assert f"{tmp_path} could not be made: this user may not do that here" in said
    assert HOME_VARIABLE in said
    assert list(tmp_path.iterdir()) == []


def test_the_local_library_finished_work_and_the_pages_refits_are_told_so(unusable: Path) -> None:
    with pytest.raises(FileError, match=f"{unusable / 'library'} could not be written.*{HOME_VARIABLE}"):
        join_refits(None, None, unusable)
    with pytest.raises(FileError, match=f"{unusable / 'calibration'} could not be made.*{HOME_VARIABLE}"):
        JsonShelf(folder=unusable / "calibration").write(None, {})
    with pytest.raises(FitError, match=f"{unusable}.*{HOME_VARIABLE}"):
        Refits(unusable).start("a" * 64, {})


def test_the_variable_is_documented() -> None:
    """Whoever meets it in a message finds it in a document."""
    page = (Path(__file__).parents[3] / "docs" / "formats.md").read_text(encoding="utf-8")
    assert f"`{HOME_VARIABLE}`" in page
    assert f"`{RECORD_VARIABLE}`" in page
