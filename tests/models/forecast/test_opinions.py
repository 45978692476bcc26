"""What each model says and what the mixture says, by a second route: plain weighted sums and sorted draws."""

from collections.abc import Mapping

import numpy as np
import pytest

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.base_rate.chain import BaseRate, calm_hazard
from models.forecast.answers import answers
from models.forecast.opinions import (
    BASE_RATE_DRAWS,
    BASE_RATE_SEED,
    LEVELS,
    Opinion,
    masses_of,
    nearest,
    pooled,
    range_of,
    weighted_quantiles,
)
from models.forecast.opinions import opinions as opinions_of
from models.library.answer import Answer
from models.library.library import Library
from models.library.members import Members
from models.library.reweighting import reweight
from models.measures.structure import ALIGNMENT
from models.names import HORIZONS, INTERVAL_LEVELS, MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3
from models.outcome.rule import resolve_history
from tests.support.values.factories import synthetic_library, synthetic_members

GRID = 1 / (LEVELS - 1)
SHAPE = (len(HORIZONS), 6)
SHARES = {MODEL_M0: 0.2, MODEL_M1: 0.3, MODEL_M2: 0.1, MODEL_M3: 0.4}


@pytest.fixture(scope="module")
def library(real_evidence: Evidence) -> Library:
    return synthetic_library(real_evidence)


@pytest.fixture(scope="module")
def members(real_evidence: Evidence) -> Members:
    return synthetic_members(real_evidence)


@pytest.fixture(scope="module")
def setting(default_assumptions: Assumptions) -> Assumptions:
    """Off every default, so that every sampled model has to weigh."""
    moved = {"C08": 1.5, "driver_strength": 0.5, "stickiness": 0.83, "rupture_hazard": 0.03}
    return default_assumptions.replace(moved)


@pytest.fixture(scope="module")
def codes(real_evidence: Evidence) -> tuple[int, ...]:
    labels = resolve_history(real_evidence.events, ALIGNMENT.first_year, real_evidence.as_of.year)
    return tuple(label.state.code for label in labels)


@pytest.fixture(scope="module")
def given(real_evidence: Evidence, library: Library, members: Members, setting: Assumptions) -> Mapping[str, Answer]:
    return answers(real_evidence, library.joined_by(members), setting)


@pytest.fixture(scope="module")
def draws(
    library: Library, members: Members, setting: Assumptions, codes: tuple[int, ...]
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Per-draw probabilities of each model, and what each draw weighs."""
    ordered, regimes = members.answer_ordered(setting), members.answer_regimes(setting)
    chain = BaseRate.from_history(np.array(codes), hazard=calm_hazard(0.03))
    return {
        MODEL_M0: (
            chain.draws(codes[-1], BASE_RATE_DRAWS, BASE_RATE_SEED).flat,
            np.full(BASE_RATE_DRAWS, 1 / BASE_RATE_DRAWS),
        ),
        MODEL_M1: (library.probabilities, reweight(library, setting).values),
        MODEL_M2: (ordered.probabilities, ordered.weights.values),
        MODEL_M3: (regimes.probabilities, regimes.weights.values),
    }


@pytest.fixture(scope="module")
def opinions(real_evidence: Evidence, library: Library, setting: Assumptions, given) -> Mapping[str, Opinion]:
    return opinions_of(real_evidence, library, setting, given)


def sorted_ends(values: np.ndarray, weights: np.ndarray) -> list[float]:
    """5 and 95 % quantiles of one column, one draw after the other."""
    pairs, found = sorted(zip(values.tolist(), weights.tolist(), strict=True)), []
    for level in INTERVAL_LEVELS:
        reached = 0.0
        for value, weight in pairs:
            reached += weight
            if reached >= level * weights.sum():
                found.append(value)
                break
    return found


@pytest.mark.parametrize("model", [MODEL_M1, MODEL_M2, MODEL_M3])
def test_a_sampled_models_answer_is_its_draws_weighted_mean(opinions, draws, model: str) -> None:
    probabilities, weights = draws[model]
    assert np.ptp(weights) > 0
    expected = sum(weight * row for weight, row in zip(weights, probabilities, strict=True))
    np.testing.assert_allclose(opinions[model].mean, expected.reshape(SHAPE), rtol=0, atol=1e-12)


def test_the_base_rates_answer_is_exact_and_its_draws_agree(opinions, draws, given, codes) -> None:
    exact = BaseRate.from_history(np.array(codes), hazard=calm_hazard(0.03)).forecast(codes[-1])
    found = opinions[MODEL_M0]
    np.testing.assert_array_equal(found.mean, exact.outcomes)
    np.testing.assert_array_equal(found.mcse, 0.0)
    drawn = draws[MODEL_M0][0]
    error = (drawn.std(axis=0) / np.sqrt(BASE_RATE_DRAWS)).reshape(SHAPE)
    assert np.all(np.abs(drawn.mean(axis=0).reshape(SHAPE) - found.mean) < 4 * error)
    assert given[MODEL_M0].status == "exact"


@pytest.mark.parametrize("model", [MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3])
def test_a_models_range_is_that_of_its_sorted_draws_within_a_step(opinions, draws, model: str) -> None:
    probabilities, weights = draws[model]
    found = np.stack([opinions[model].low, opinions[model].high], axis=-1).reshape(30, 2)
    for column in range(0, 30, 7):
        np.testing.assert_allclose(
            found[column], sorted_ends(probabilities[:, column], weights), rtol=0, atol=GRID + 1e-12
        )


def test_masses_are_distributions_over_the_grid(opinions) -> None:
    for model, opinion in opinions.items():
        assert opinion.masses.min() >= 0
        np.testing.assert_allclose(opinion.masses.sum(axis=0), 1, rtol=0, atol=1e-9)
        values = np.linspace(0, 1, len(opinion.masses))
        # Every draw is moved by half a step of its model's grid at most, and so is their mean.
        half = 0.5 / (len(opinion.masses) - 1)
        if model != MODEL_M0:
            shown = opinion.mean.ravel()
            np.testing.assert_allclose(values @ opinion.masses, shown, rtol=0, atol=half + 1e-9)


def test_the_pool_is_a_sum_of_means_and_variances(opinions) -> None:
    found = pooled(opinions, SHARES)
    mean = sum(SHARES[model] * opinion.mean for model, opinion in opinions.items())
    variance = sum((SHARES[model] * opinion.mcse) ** 2 for model, opinion in opinions.items())
    np.testing.assert_allclose(found.mean, mean, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.mcse, np.sqrt(variance), rtol=1e-12)
    assert np.all(found.mcse > 0)


def test_the_pools_range_is_that_of_all_draws_together_within_a_step(opinions, draws) -> None:
    found = pooled(opinions, SHARES)
    both = np.stack([found.low, found.high], axis=-1).reshape(30, 2)
    weights = np.concatenate([SHARES[model] * heavy for model, (_, heavy) in draws.items()])
    together = np.concatenate([probabilities for probabilities, _ in draws.values()])
    for column in range(0, 30, 7):
        np.testing.assert_allclose(both[column], sorted_ends(together[:, column], weights), rtol=0, atol=GRID + 1e-12)


@pytest.mark.parametrize("alone", [MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3])
def test_a_model_without_a_share_has_no_say(opinions, alone: str) -> None:
    found = pooled(opinions, {model: float(model == alone) for model in opinions})
    np.testing.assert_allclose(found.mean, opinions[alone].mean, rtol=0, atol=1e-15)
    np.testing.assert_allclose(found.low, opinions[alone].low, rtol=0, atol=GRID + 1e-12)
    np.testing.assert_allclose(found.high, opinions[alone].high, rtol=0, atol=GRID + 1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_masses_and_their_range_against_sorting_what_lies_on_the_grid(seed: int) -> None:
    """On the grid nothing is rounded, so the two routes agree to the last bit."""
    rng = np.random.default_rng(seed)
    values, weights = rng.integers(0, LEVELS, (300, 3)) / (LEVELS - 1), rng.dirichlet(np.full(300, 0.5))
    masses = masses_of(weights, nearest(values))
    assert masses.shape == (LEVELS, 3)
    for column in range(3):
        for level in (0, 100, LEVELS - 1):
            here = weights[values[:, column] == level / (LEVELS - 1)].sum()
            assert masses[level, column] == pytest.approx(here, abs=1e-15)
    np.testing.assert_allclose(range_of(masses), weighted_quantiles(values, weights, INTERVAL_LEVELS), atol=1e-15)


def test_the_ends_of_the_scale_have_cells_of_their_own() -> None:
    values = np.array([[0.0], [1.0], [0.4 * GRID], [1 - 0.4 * GRID]])
    masses = masses_of(np.array([0.1, 0.2, 0.3, 0.4]), nearest(values))
    assert masses[0, 0] == pytest.approx(0.4, abs=1e-15)
    assert masses[-1, 0] == pytest.approx(0.6, abs=1e-15)
