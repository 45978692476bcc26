"""Fits come into force whole or not at all, and only those go that nothing needs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from data.types import Evidence
from models.errors import FitError
from models.fits.dated import fitted_dates
from models.update.project import Project
from models.update.staging import Staged
from models.update.swapping import COMING, LEAVING, install, tidy

EDITIONS = (date(2023, 12, 31), date(2024, 6, 30), date(2024, 12, 31), date(2025, 3, 31), date(2025, 6, 30))
BY_HAND = date(2019, 5, 1)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Five editions with fits, and fits of a day that was none; the study is of the second edition."""
    rows = [f"{day},{day},an edition" for day in EDITIONS]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "editions.csv").write_text("\n".join(["searched_until,as_of,note", *rows, ""]))
    for day in (BY_HAND, *EDITIONS):
        (tmp_path / "fits" / str(day)).mkdir(parents=True)
        (tmp_path / "fits" / str(day) / "fit.json").write_text(json.dumps({"evidence_digest": f"of {day}"}))
    (tmp_path / "docs" / "backtest").mkdir(parents=True)
    (tmp_path / "docs" / "backtest" / "about.json").write_text(json.dumps({"evidence": f"of {EDITIONS[1]}"}))
    return Project(data=tmp_path / "data", fits=tmp_path / "fits", docs=tmp_path / "docs", home=tmp_path / "home")


@pytest.fixture
def newest() -> Evidence:
    return Evidence(as_of=EDITIONS[-1], events=())


def test_the_newest_the_newest_year_end_those_of_studies_and_those_made_by_hand_stay(project, newest):
    assert tidy(project, newest) == (EDITIONS[0], EDITIONS[3])
    assert fitted_dates(project.fits) == (BY_HAND, *(EDITIONS[place] for place in (1, 2, 4)))
    assert tidy(project, newest) == ()


def test_what_a_kill_left_half_written_or_half_removed_goes(project, newest):
    for name in (COMING, LEAVING):
        (project.fits / f"{name}1a2b").mkdir()
        (project.fits / f"{name}1a2b" / "draws.npz").write_bytes(b"half")
    tidy(project, newest)
    assert [path.name for path in project.fits.iterdir() if path.name.startswith(".")] == []


def test_fits_that_are_not_whole_are_never_put_beside_the_others(project, newest, tmp_path):
    staged = Staged(folder=tmp_path / "staged", evidence=newest, former=newest)
    staged.fits.mkdir(parents=True)
    (staged.fits / "library.npz").write_bytes(b"half")
    before = {path: path.stat().st_mtime_ns for path in project.fits.rglob("*")}
    with pytest.raises(FitError):
        install(project, staged)
    assert {path: path.stat().st_mtime_ns for path in project.fits.rglob("*")} == before
