"""`python -m models members`: what is stored, shown with every check; new fits are stored together or not at all."""

import json
from pathlib import Path

import pytest

from data.load import load_evidence
from data.types import Evidence
from models.__main__ import main
from models.commands.options.context import Context
from models.errors import SamplerError
from models.fits.member_fit import save_member
from models.library.members import Members, committed_members
from models.sampling import fit_members
from tests.support.programs.commands import failed
from tests.support.values.factories import synthetic_members


@pytest.fixture(scope="session")
def real_evidence() -> Evidence:
    """What commands read without being asked for a day."""
    return load_evidence()


@pytest.fixture(scope="module")
def members(real_evidence: Evidence) -> Members:
    return synthetic_members(real_evidence)


@pytest.fixture(scope="module")
def stored(members: Members, tmp_path_factory: pytest.TempPathFactory) -> Context:
    """A folder that holds these fits."""
    folder = tmp_path_factory.mktemp("stored")
    for name, fit in members.fits.items():
        save_member(fit, folder, name)
    return Context(fits=lambda _: folder)


def test_show_lists_every_fit_with_its_checks(members: Members, stored: Context, capsys) -> None:
    assert main(["members", "show"], stored) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head == f"members {members.key[:12]}"
    assert lines[::2] == [f"{name}: 200 draws, 1 checks passed, 0 failed" for name in members.fits]
    assert set(lines[1::2]) == {"  rhat: 1.001 (<= 1.01)"}


def test_show_for_programs(members: Members, stored: Context, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["members", "show", "--json"], stored) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["key"] == members.key
    assert shown["fits"] == {name: json.loads(json.dumps(fit.certificate)) for name, fit in members.fits.items()}


def test_missing_fits_are_told_with_what_to_do(tmp_path: Path, capsys) -> None:
    message = failed(capsys, ["members", "show"], Context(fits=lambda _: tmp_path / "member_fits"))
    assert ".json in member_fits/, expected a stored fit" in message
    assert "`python -m models members fit`" in message


def test_fit_stores_all_and_tells_progress(members, real_evidence, tmp_path: Path, monkeypatch, capsys) -> None:
    def fitted(evidence: Evidence, on_fit) -> Members:
        assert evidence.digest == real_evidence.digest
        for name in members.fits:
            on_fit(name)
        return members

    monkeypatch.setattr(fit_members, "fit_members", fitted)
    assert main(["members", "fit"], Context(fits=lambda _: tmp_path)) == 0
    out, err = capsys.readouterr()
    assert out == f"4 fits, members {members.key[:12]}\n"
    assert all(f"Fitted {name}." in err for name in members.fits)
    assert committed_members(real_evidence, tmp_path).key == members.key


def test_a_fit_that_failed_stores_nothing(tmp_path: Path, monkeypatch, capsys) -> None:
    def refused(_: Evidence, on_fit) -> Members:
        on_fit("m2_ordered_regression")
        raise SamplerError("m3_hidden_regimes_60: the fit failed its checks; nothing was stored")

    monkeypatch.setattr(fit_members, "fit_members", refused)
    assert main(["members", "fit"], Context(fits=lambda _: tmp_path)) == 2
    assert "nothing was stored" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["members"], ["members", "rebuild"]])
def test_a_wrong_call_is_refused_with_the_usage(arguments: list[str], capsys) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: python -m models members" in capsys.readouterr().err
