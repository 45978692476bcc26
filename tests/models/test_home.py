"""Where a person's own results live."""

from pathlib import Path

from models.home import HOME_VARIABLE, home, keep


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
