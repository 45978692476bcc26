"""The held-out study: a right engine passes, a wrong one fails, and every figure means what its name says."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from data.types import Evidence
from models.assumptions.knobs import knobs_of
from models.assumptions.setting import Assumptions
from models.engine_study.held_out import ATTEMPTS, HeldOut, compare, per_setting, summary
from models.errors import FitError
from models.fits.alignment_fit import AlignmentFit, base_case
from models.fits.probabilities import OUTCOMES
from models.library.anchors import Design, first_design
from models.library.library import Library
from models.library.reweighting import reweight
from models.names import HORIZONS, MODEL_M1, STATES
from models.sampling.anchor_fits import AnchorTask, fit_all, task_of
from models.sampling.library_build import ANCHOR_SEED
from models.weighting.batch_means import mean_error
from tests.support.values.anchor_work import Pretender, library_of_fits
from tests.support.values.closed_fits import closed_fit
from tests.support.values.factories import synthetic_fit
from tests.support.values.weighted import weighted_mcse

ANCHORS = ({}, {"C13": 0.65}, {"C13": 7.0}, {"persistence": 0.5}, {"persistence": 0.9})
HELD_OUT = [{"C13": odds, "persistence": kept} for odds in (0.9, 1.5, 3.5, 5.5) for kept in (0.55, 0.68, 0.86)]
DRAWS = 1600
SETTINGS = 12


@pytest.fixture(scope="module")
def template(real_evidence: Evidence) -> AlignmentFit:
    return synthetic_fit(real_evidence, samples=40)


@pytest.fixture(scope="module")
def held_out(real_evidence, default_assumptions, template) -> tuple[list[AnchorTask], list[AlignmentFit]]:
    settings = [default_assumptions.replace(values) for values in HELD_OUT]
    designs = [Design(name=f"single {n + 1}", assumptions=one) for n, one in enumerate(settings)]
    tasks = [task_of(design, real_evidence, 5000 + n) for n, design in enumerate(designs)]
    return tasks, [closed_fit(template, one, DRAWS, task.seed) for one, task in zip(settings, tasks, strict=True)]


def library(evidence: Evidence, defaults: Assumptions, template: AlignmentFit, shift: float = 0.0) -> Library:
    settings = [defaults.replace(values) for values in ANCHORS]
    return library_of_fits(
        evidence, [closed_fit(template, one, DRAWS, 60 + n, shift) for n, one in enumerate(settings)]
    )


@pytest.fixture(scope="module")
def right(real_evidence, default_assumptions, template) -> Library:
    return library(real_evidence, default_assumptions, template)


@pytest.fixture(scope="module")
def cells(real_evidence, right, held_out) -> pd.DataFrame:
    return compare(real_evidence, right, *held_out)


def figures(table: pd.DataFrame) -> dict[str, tuple[float, bool | None]]:
    return {row.measure: (row.value, row.passed) for row in table.itertuples()}


def test_a_right_engine_is_within_its_errors_and_passes(cells):
    """Twelve settings with thirty probabilities each; a probability of one setting shares odds and persistence with
    the others, so the mean square of z has about 150 degrees of freedom: sd 0.12."""
    assert len(cells) == len(HELD_OUT) * len(HORIZONS) * len(OUTCOMES)
    assert 0.6 < np.square(cells["z"]).mean() < 1.5
    assert cells["z"].abs().max() < 4.5
    found = figures(summary(cells))
    assert found["largest error of a green setting"][0] < 1.5
    assert all(passed in (True, None) for _, passed in found.values())
    assert set(per_setting(cells)["status"]) == {"good"}


@pytest.mark.slow
def test_a_wrong_engine_fails(real_evidence, default_assumptions, template, held_out):
    wrong = library(real_evidence, default_assumptions, template, shift=0.2)
    found = figures(summary(compare(real_evidence, wrong, *held_out)))
    for measure in (
        "largest error of a green setting",
        "mean error of the green settings",
        "cells with |z| up to 3",
        "green settings with an error above 2.5",
        "not green among settings with an error above 2",
    ):
        assert found[measure][1] == False, measure  # noqa: E712 (None is no failure)
    assert found["green among single-knob settings"] == (100.0, True), "no badge shows a library that is wrong"


def test_every_column_is_what_it_says(default_assumptions, right, held_out, cells):
    tasks, fits = held_out
    for task, fit in zip(tasks[:2], fits[:2], strict=True):
        weights = reweight(right, default_assumptions.replace(task.values))
        own = cells[cells["setting"] == task.name]
        errors = weighted_mcse(right.probabilities, weights, right)
        p = fit.probabilities
        for index, row in enumerate(own.itertuples()):
            year, outcome = divmod(index, len(OUTCOMES))
            name = {4: "any_rupture", 5: "any_deeper"}.get(outcome)
            draws = p[name][:, year] if name else p["state_probability"][:, year, outcome]
            assert (row.horizon, row.outcome) == (HORIZONS[year], (*STATES, "any rupture", "any deeper")[outcome])
            engine = sum(weights.values * right.counts[:, index] / right.ledgers)
            refit, error = float(draws.mean()), float(mean_error(draws.to_numpy(), fit.chain))
            gap = engine - refit
            expected = (engine, errors[index], refit, error, max(0, gap**2 - error**2) ** 0.5)
            found = (row.engine, row.engine_mcse, row.refit, row.refit_mcse, row.error)
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
            np.testing.assert_allclose(row.z, gap / (errors[index] ** 2 + error**2) ** 0.5, rtol=1e-9)
        assert set(own["seed"]) == {fit.seed}
        assert set(own["changed"]) == {"; ".join(f"{key}={task.values[key]:g}" for key in ("C13", "persistence"))}
        np.testing.assert_allclose(own["ess"], weights.ess)
        np.testing.assert_allclose(own["pareto_k"], weights.pareto_k)


def test_outcomes_that_never_happen_are_no_contradiction(real_evidence, default_assumptions, template, held_out):
    def without(fit: AlignmentFit) -> AlignmentFit:
        p, kept = fit.probabilities, xr.DataArray([0.0, 1.0, 1.0, 1.0], dims="state")
        states = (p["state_probability"] * kept).transpose("sample", "horizon", "state")
        states[..., 1] += p["state_probability"][..., 0]
        return replace(fit, probabilities=p.assign(state_probability=states, any_rupture=0 * p["any_rupture"]))

    some = [without(closed_fit(template, default_assumptions, 400, seed)) for seed in (1, 2)]
    found = compare(real_evidence, library_of_fits(real_evidence, some), held_out[0][:1], [without(held_out[1][0])])
    never = found[found["outcome"] == "any rupture"]
    assert (never[["engine", "refit", "error", "z"]] == 0).all(axis=None)


def test_a_setting_that_needed_no_weights_is_not_lost(real_evidence, default_assumptions, template):
    alone = library_of_fits(real_evidence, [closed_fit(template, default_assumptions, 400, 1)])
    task = task_of(Design(name="single 1", assumptions=default_assumptions), real_evidence, 2)
    found = compare(real_evidence, alone, [task], [closed_fit(template, default_assumptions, 400, 2)])
    assert found["pareto_k"].isna().all()
    assert list(per_setting(found)["status"]) == ["exact"]


def table_of(rows: list[tuple[str, str, float, float]]) -> pd.DataFrame:
    """Cells of settings with one probability each: kind, status, error, z."""
    frame = pd.DataFrame(rows, columns=["kind", "status", "error", "z"])
    names = [f"{kind} {index}" for index, kind in enumerate(frame["kind"])]
    return frame.assign(setting=names, changed="", seed=1, pareto_k=0.1, ess=2000.0, engine_mcse=0.001)


RULES = [
    ("largest error of a green setting", [("single", "good", 0.015, 0)], [("single", "good", 0.0151, 0)]),
    ("mean error of the green settings", [("single", "good", 0.006, 0)], [("single", "good", 0.0061, 0)]),
    (
        "cells with |z| up to 3",
        [("all", "fair", 0, -3.0)] * 100,
        [("all", "fair", 0, 3.0)] * 98 + [("all", "fair", 0, -3.1)] * 2,
    ),
    ("green settings with an error above 2.5", [("all", "poor", 0.03, 0)], [("all", "good", 0.026, 0)]),
    (
        "green among single-knob settings",
        [("single", "good", 0, 0)] * 19 + [("single", "fair", 0, 0)],
        [("single", "fair", 0, 0)],
    ),
    (
        "green among three-knob settings",
        [("triple", "good", 0, 0)] * 4 + [("triple", "fair", 0, 0)],
        [("triple", "poor", 0, 0)],
    ),
    ("green among all-knob settings", [("all", "poor", 0, 0)], None),
    (
        "flagged among settings with an error up to 0.5",
        [("all", "good", 0.005, 0)] * 4 + [("all", "fair", 0.005, 0)],
        [("all", "good", 0.005, 0)] * 3 + [("all", "fair", 0.005, 0)],
    ),
    (
        "not green among settings with an error above 2",
        [("all", "fair", 0.021, 0)] * 19 + [("all", "good", 0.021, 0)],
        [("all", "fair", 0.021, 0)] * 18 + [("all", "good", 0.021, 0)],
    ),
]


@pytest.mark.parametrize(("measure", "passes", "fails"), RULES, ids=[rule[0] for rule in RULES])
def test_every_threshold_lies_where_the_acceptance_puts_it(measure, passes, fails):
    assert figures(summary(table_of(passes)))[measure][1] == True  # noqa: E712 (of numpy's kind)
    if fails is not None:
        assert figures(summary(table_of(fails)))[measure][1] == False  # noqa: E712


def test_what_there_is_nothing_to_count_for_is_neither_passed_nor_failed():
    found = figures(summary(table_of([("single", "fair", 0.01, 1.0)])))
    for measure in ("largest error of a green setting", "green among three-knob settings"):
        assert np.isnan(found[measure][0])
        assert found[measure][1] is None
    assert found["cells with |z| up to 3"] == (100.0, True)


def test_a_study_moves_as_many_knobs_as_it_says(default_assumptions):
    designs = HeldOut(counts={"single": 20, "triple": 10, "all": 5}).designs(default_assumptions)
    keys = knobs_of(MODEL_M1, default_assumptions.knobs)
    expected = {"single": 1, "triple": 3, "all": len(keys)}
    assert [one.name.split()[0] for one in designs] == ["single"] * 20 + ["triple"] * 10 + ["all"] * 5
    for one in designs:
        assert len(one.assumptions.changed) == expected[one.name.split()[0]]
        assert set(one.assumptions.changed) <= set(keys)
    assert len({one.assumptions.changed for one in designs[:20]}) > 5


def test_a_study_is_its_seed(default_assumptions):
    counts = {"single": 4, "triple": 3, "all": 2}
    first, again, other = (HeldOut(counts=counts, seed=seed).designs(default_assumptions) for seed in (7, 7, 8))
    assert [one.assumptions.digest for one in first] == [one.assumptions.digest for one in again]
    assert not {one.assumptions.digest for one in first} & {one.assumptions.digest for one in other}
    shorter = HeldOut(counts={**counts, "single": 2}, seed=7).designs(default_assumptions)
    assert {one.assumptions.digest for one in shorter} < {one.assumptions.digest for one in first}


def test_no_refit_shares_a_seed_with_the_library_or_another_refit(real_evidence, default_assumptions):
    tasks = HeldOut(counts={"single": 40, "triple": 30, "all": 30}).tasks(real_evidence)
    used = [task.seed + attempt for task in tasks for attempt in range(len(task.settings))]
    anchors = len(first_design(default_assumptions)) + 100
    of_library = {ANCHOR_SEED + 10 * index + attempt for index in range(anchors) for attempt in (0, 1)}
    assert len(set(used)) == len(used) == 200
    assert not set(used) & (of_library | {base_case(real_evidence).seed, base_case(real_evidence).seed + 1})
    assert all(task.settings == ATTEMPTS for task in tasks)


@pytest.mark.parametrize(
    ("counts", "seed"), [({}, 1), ({"single": 0}, 1), ({"single": -1}, 1), ({"double": 3}, 1), ({"single": 1}, -1)]
)
def test_a_study_of_nothing_is_refused(counts, seed):
    with pytest.raises(FitError, match="expected at least one setting of single, triple, all and no negative number"):
        HeldOut(counts=counts, seed=seed)


def test_refits_are_made_once(real_evidence, tmp_path):
    study, work = HeldOut(counts={"single": 2, "all": 1}), Pretender.of(real_evidence, tmp_path / "work")
    with ThreadPoolExecutor(1) as executor:
        fits = fit_all(study.tasks(real_evidence), tmp_path / "fits", executor, lambda *_: None, work)
        fit_all(study.tasks(real_evidence), tmp_path / "fits", executor, lambda *_: None, work)
    assert [fit.seed for fit in fits] == [task.seed for task in study.tasks(real_evidence)]
    assert work.calls == ["all 1", "single 1", "single 2"]
