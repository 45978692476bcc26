"""`python -m models members`: what is stored, shown with every check; new fits are stored together or not at all."""

import json
from pathlib import Path

import pytest

from data.types import Evidence
from models.__main__ import main
from models.commands import members as command_members
from models.errors import MissingFitError, SamplerError
from models.library.members import Members, committed_members
from models.sampling import fit_members
from tests.support.programs.commands import failed
from tests.support.values.factories import synthetic_members


@pytest.fixture(scope="module")
def members(real_evidence: Evidence) -> Members:
    return synthetic_members(real_evidence)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(command_members, "MEMBER_FITS", tmp_path)
    return tmp_path


@pytest.fixture
def shown(members: Members, monkeypatch: pytest.MonkeyPatch) -> Members:
    monkeypatch.setattr(command_members, "committed_members", lambda _: members)
    return members


def test_show_lists_every_fit_with_its_checks(shown: Members, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["members", "show"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head == f"members {shown.key[:12]}"
    assert lines[::2] == [f"{name}: 200 draws, 1 checks passed, 0 failed" for name in shown.fits]
    assert set(lines[1::2]) == {"  rhat: 1.001 (<= 1.01)"}


def test_show_for_programs(shown: Members, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["members", "show", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["key"] == shown.key
    assert found["fits"] == {name: json.loads(json.dumps(fit.certificate)) for name, fit in shown.fits.items()}


def test_missing_fits_are_told_with_what_to_do(monkeypatch, capsys) -> None:
    def missing(_: Evidence) -> Members:
        raise MissingFitError("no m2.json in member_fits/, expected a stored fit; rebuild it with `...`")

    monkeypatch.setattr(command_members, "committed_members", missing)
    assert failed(capsys, ["members", "show"]).startswith("error: no m2.json in member_fits/")


def test_fit_stores_all_and_tells_progress(members, real_evidence, shelf: Path, monkeypatch, capsys) -> None:
    def fitted(evidence: Evidence, on_fit) -> Members:
        assert evidence.digest == real_evidence.digest
        for name in members.fits:
            on_fit(name)
        return members

    monkeypatch.setattr(fit_members, "fit_members", fitted)
    assert main(["members", "fit"]) == 0
    out, err = capsys.readouterr()
    assert out == f"4 fits, members {members.key[:12]}\n"
    assert all(f"Fitted {name}." in err for name in members.fits)
    assert committed_members(real_evidence, shelf).key == members.key


def test_a_fit_that_failed_stores_nothing(shelf: Path, monkeypatch, capsys) -> None:
    def refused(_: Evidence, on_fit) -> Members:
        on_fit("m2_ordered_regression")
        raise SamplerError("m3_hidden_regimes_60: the fit failed its checks; nothing was stored")

    monkeypatch.setattr(fit_members, "fit_members", refused)
    assert main(["members", "fit"]) == 2
    assert "nothing was stored" in capsys.readouterr().err
    assert list(shelf.iterdir()) == []


@pytest.mark.parametrize("arguments", [["members"], ["members", "rebuild"]])
def test_a_wrong_call_is_refused_with_the_usage(arguments: list[str], capsys) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: python -m models members" in capsys.readouterr().err
