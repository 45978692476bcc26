"""The build of the library: what it fits, in which order, with which seeds, and when it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.errors import FitError
from models.fits.alignment_fit import base_case, load_fit
from models.fits.dated import dated
from models.library import anchors
from models.library.anchors import CORNERS, Design, corner_candidates, first_design
from models.library.files import load_library
from models.library.library import Library
from models.library.reweighting import reweight
from models.sampling import library_build
from models.sampling.library_build import ANCHOR_SEED, Builder, BuildStep, build_committed, worst_served
from tests.support.programs.commands import with_failed_check
from tests.support.values.anchor_work import Pretender

FEW = 30
"""Candidates for corners; three hundred, and all of the design, would cost seconds."""


def some_designs(defaults: Assumptions) -> tuple[Design, ...]:
    """The base and every fourth of the others."""
    return first_design(defaults)[::4]


@pytest.fixture(scope="module")
def work(real_evidence: Evidence, tmp_path_factory: pytest.TempPathFactory) -> Pretender:
    return Pretender.of(real_evidence, tmp_path_factory.mktemp("work") / "fake")


@pytest.fixture(scope="module")
def executor() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture(scope="module")
def built(real_evidence, work, executor, tmp_path_factory) -> tuple[Library, list[BuildStep], Builder]:
    steps: list[BuildStep] = []
    builder = Builder(
        evidence=real_evidence,
        base=load_fit(work.folder / "template"),
        folder=tmp_path_factory.mktemp("fits"),
        executor=executor,
        on_step=steps.append,
        work=work,
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(anchors, "CORNER_CANDIDATES", FEW)
        patched.setattr(library_build, "first_design", some_designs)
        return builder.build(), steps, builder


def test_the_base_is_first_then_the_design_then_the_corners(default_assumptions, built):
    designs = [design.name for design in some_designs(default_assumptions)]
    corners = [f"corner {index + 1}" for index in range(CORNERS)]
    assert [one.name for one in built[0].anchors] == [*designs, *corners]
    assert built[0].base.fit_key == built[2].base.key


def test_every_anchor_but_the_base_is_fitted_once_with_its_own_seed(default_assumptions, built, work):
    names = [one.name for one in built[0].anchors][1:]
    assert work.calls == sorted(names)
    assert [one.seed for one in built[0].anchors][1:] == [ANCHOR_SEED + 10 * index for index in range(len(names))]
    planned = {design.name: dict(design.assumptions.values) for design in some_designs(default_assumptions)}
    assert all(dict(one.values) == planned.get(one.name, dict(one.values)) for one in built[0].anchors)


def test_progress_counts_to_the_planned_number(built):
    fits = len(built[0].anchors) - 1
    assert [(step.done, step.planned) for step in built[1]] == [(index + 1, fits) for index in range(fits)]
    assert built[1][-1].message == f"Fitted corner {CORNERS}."


def test_corners_are_settings_that_were_served_worst(default_assumptions, built, monkeypatch):
    monkeypatch.setattr(anchors, "CORNER_CANDIDATES", FEW)
    library = built[0]
    candidates = corner_candidates(default_assumptions, 1)
    first, second = worst_served(library, default_assumptions, 1)
    worth = sorted(reweight(library, one).ess for one in candidates)
    assert [reweight(library, one.assumptions).ess for one in (first, second)] == worth[:2]
    assert (first.name, second.name) == ("corner 1", "corner 2")
    offered = {one.digest for seed in (1, 3, 5) for one in corner_candidates(default_assumptions, seed)}
    corners = [default_assumptions.replace(one.values).digest for one in library.anchors[-CORNERS:]]
    assert set(corners) <= offered
    assert len(set(corners)) == CORNERS


def test_a_second_build_repeats_nothing_and_finds_the_same_corners(built, work, monkeypatch):
    monkeypatch.setattr(anchors, "CORNER_CANDIDATES", FEW)
    monkeypatch.setattr(library_build, "first_design", some_designs)
    before = work.calls
    again = built[2].build(corners=1)
    assert work.calls == before
    assert [one.fit_key for one in again.anchors] == [one.fit_key for one in built[0].anchors[: 1 - CORNERS]]


def test_a_base_that_failed_its_checks_is_not_pooled(built, monkeypatch):
    monkeypatch.setattr(library_build, "first_design", lambda defaults: some_designs(defaults)[:2])
    with pytest.raises(FitError, match="anchor base failed its checks"):
        replace(built[2], base=with_failed_check(built[2].base)).build(corners=0)


@pytest.fixture
def ready(built, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that finds its library ready."""
    monkeypatch.setattr(library_build, "base_case", lambda *_: built[2].base)
    monkeypatch.setattr(Builder, "build", lambda _: built[0])


@pytest.mark.usefixtures("ready")
def test_the_library_is_stored_where_it_belongs(real_evidence, built, executor, tmp_path):
    made = build_committed(real_evidence, tmp_path / "work", executor, lambda _: None, tmp_path / "library")
    assert load_library(tmp_path / "library").key == made.key == built[0].key


@pytest.mark.usefixtures("ready")
def test_one_too_large_is_refused_and_the_old_one_stays(real_evidence, executor, tmp_path, monkeypatch):
    (tmp_path / "library.json").write_text("the old one")
    monkeypatch.setattr(library_build, "MAX_BYTES", 1000)
    with pytest.raises(FitError, match="expected at most 1000; keep fewer draws an anchor"):
        build_committed(real_evidence, Path("unused"), executor, lambda _: None, tmp_path)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["the old one"]


def test_the_base_case_is_the_committed_one(real_evidence, executor, tmp_path, monkeypatch):
    monkeypatch.setattr(Builder, "build", lambda builder: pytest.fail(builder.base.key))
    with pytest.raises(pytest.fail.Exception, match=base_case(real_evidence).key):
        build_committed(real_evidence, tmp_path, executor, lambda _: None, dated(real_evidence.as_of))
