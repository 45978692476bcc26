"""The years' own means by a second route: every simulated year counted and sorted, one by one."""

import gc
import math
from dataclasses import replace

import numpy as np
import pytest

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.errors import StaleFitError
from models.forecast import year_mean
from models.forecast.answers import answers
from models.forecast.results import make_forecast
from models.forecast.year_mean import FINENESS, Yardstick, YearOpinion
from models.library.answer import Answer
from models.library.library import Library
from models.names import (
    HORIZONS,
    MEMBERS,
    MODEL_M1,
    MODEL_M3,
    MODEL_MIXTURE,
    QUANTILE_LEVELS,
    TARGET_YEAR_MEAN,
    TARGET_YEAR_WORD,
    YEAR_TARGETS,
    YEAR_WORDS,
)
from models.outcome.rule import RULE, RULE_1, resolve
from models.weighting.noise import Blocks
from models.weighting.weights import Weights
from tests.support.values.factories import synthetic_library

MOVED = {"C08": 1.5, "driver_strength": 0.5, "stickiness": 0.83}


@pytest.fixture(scope="module")
def library(real_evidence: Evidence) -> Library:
    return synthetic_library(real_evidence)


@pytest.fixture(scope="module")
def moved(default_assumptions: Assumptions) -> Assumptions:
    return default_assumptions.replace(MOVED)


@pytest.fixture(scope="module")
def forecast(real_evidence: Evidence, library: Library, moved: Assumptions):
    return make_forecast(real_evidence, library, moved)


@pytest.fixture(scope="module")
def weighed(real_evidence: Evidence, library: Library, moved: Assumptions) -> dict[str, list[tuple[np.ndarray, ...]]]:
    """By model and horizon: every simulated year and its weight."""
    given, years = answers(real_evidence, library, moved), {}
    for model in (MODEL_M1, MODEL_M3):
        weights = np.concatenate([given[model].weights.values / 2] * 2)
        means = given[model].year_means.astype(float)
        years[model] = [(np.concatenate([means[:, 0, h], means[:, 1, h]]), weights) for h in range(len(HORIZONS))]
    return years


def chance(years: tuple[np.ndarray, np.ndarray], word: str, tone: float) -> float:
    """Chance of a word, from the definition."""
    lowest, highest = RULE.word_cuts
    total = 0.0
    for mean, weight in zip(*years, strict=True):
        said = "worse" if mean - tone < lowest else "better" if mean - tone > highest else "about_as_before"
        total += weight * (said == word)
    return total


def test_words_are_counted_against_the_tone_that_the_rule_gives(real_evidence: Evidence, forecast, weighed) -> None:
    tone = resolve(real_evidence.events, real_evidence.as_of.year).tone
    for model, years in weighed.items():
        for horizon in HORIZONS:
            for word in YEAR_WORDS:
                got = forecast.probability(TARGET_YEAR_WORD, horizon, word, model)
                assert math.isclose(got, chance(years[horizon - 1], word, tone), abs_tol=2e-6), (model, horizon, word)


def test_quantiles_are_those_of_the_sorted_years(forecast, weighed) -> None:
    for model, years in weighed.items():
        for horizon in HORIZONS:
            means, weights = years[horizon - 1]
            order = np.argsort(means)
            cumulated = np.cumsum(weights[order])
            for level, got in forecast.quantiles(horizon, model).items():
                around = means[order][np.clip(np.searchsorted(cumulated, level) + np.arange(-1, 2), 0, means.size - 1)]
                assert around[0] - FINENESS <= got <= around[-1] + FINENESS, (model, horizon, level)


def test_the_mixture_has_the_simulating_models_shares_among_themselves(forecast, weighed) -> None:
    first, third = (forecast.model_weights[model] for model in (MODEL_M1, MODEL_M3))
    both = [
        (
            np.concatenate([weighed[MODEL_M1][h][0], weighed[MODEL_M3][h][0]]),
            np.concatenate([first * weighed[MODEL_M1][h][1], third * weighed[MODEL_M3][h][1]]) / (first + third),
        )
        for h in range(len(HORIZONS))
    ]
    assert first + third < 0.999
    for horizon in HORIZONS:
        parts = [
            share * forecast.probability(TARGET_YEAR_WORD, horizon, "better", model) / (first + third)
            for model, share in ((MODEL_M1, first), (MODEL_M3, third))
        ]
        assert math.isclose(forecast.probability(TARGET_YEAR_WORD, horizon, "better"), sum(parts), abs_tol=3e-6)
        means, weights = both[horizon - 1]
        for level, got in forecast.quantiles(horizon).items():
            below, until = (weights[means <= got + step].sum() for step in (-2 * FINENESS, 2 * FINENESS))
            assert below <= level + 1e-6
            assert until >= level - 1e-6


def test_errors_of_the_words_are_the_blocks_own(library: Library, forecast, moved: Assumptions, real_evidence) -> None:
    """Each draw brings the share of its two ledgers; of the middle word too, which the engine infers."""
    tone = resolve(real_evidence.events, real_evidence.as_of.year).tone
    answer = answers(real_evidence, library, moved)[MODEL_M1]
    difference = answer.year_means.astype(float) - tone
    middle = ((difference >= RULE.word_cuts[0]) & (difference <= RULE.word_cuts[1])).mean(axis=1)
    noise = library.blocks.of_mean(middle, answer.weights.values)
    for horizon in HORIZONS:
        expected = math.sqrt(float(np.square(noise[:, horizon - 1]).sum()))
        got = forecast.mcse(TARGET_YEAR_WORD, horizon, "about_as_before", MODEL_M1)
        assert math.isclose(got, expected, abs_tol=1e-6)
        assert got > 0


def test_rows_are_there_for_models_that_simulate_ledgers_and_their_mixture_alone(forecast) -> None:
    table = forecast.table[forecast.table["target"].isin(YEAR_TARGETS)]
    assert forecast.years == tuple(dict.fromkeys(table["model_id"])) == (MODEL_MIXTURE, MODEL_M1, MODEL_M3)
    assert len(table) == 3 * len(HORIZONS) * (len(QUANTILE_LEVELS) + 2 * len(YEAR_WORDS))
    assert set(table["horizon"]) == set(HORIZONS)


def test_stored_draws_without_years_have_the_table_that_they_always_had(
    real_evidence: Evidence, moved: Assumptions, forecast
) -> None:
    former = make_forecast(real_evidence, replace(synthetic_library(real_evidence), simulated=None), moved)
    assert former.years == ()
    left = forecast.table[~forecast.table["target"].isin(YEAR_TARGETS)].reset_index(drop=True)
    assert former.table.equals(left)


def test_without_a_share_for_either_there_is_no_mixture_of_years(
    real_evidence: Evidence, library: Library, default_assumptions: Assumptions
) -> None:
    off = default_assumptions.replace({"alignment_weight": 0, "regimes_weight": 0})
    forecast = make_forecast(real_evidence, library, off)
    assert forecast.years == (MODEL_M1, MODEL_M3)
    assert set(forecast.table["model_id"]) == {MODEL_MIXTURE, *MEMBERS}


def test_published_numbers_are_on_the_scale_rounded_and_in_order(forecast) -> None:
    for model in forecast.years:
        for horizon in HORIZONS:
            values = list(forecast.quantiles(horizon, model).values())
            assert values == sorted(values)
            assert -10 <= values[0] <= values[-1] <= 10
            assert values == [round(value, 3) for value in values]
            chances = [forecast.probability(TARGET_YEAR_WORD, horizon, word, model) for word in YEAR_WORDS]
            assert round(sum(chances), 9) == 1
            assert chances == [round(value, 6) for value in chances]
    rows = forecast.table[forecast.table["target"] == TARGET_YEAR_MEAN]
    assert set(rows["output_type_id"]) == {"0.05", "0.1", "0.25", "0.5", "0.75", "0.9", "0.95"}


@pytest.mark.parametrize("tone", [-9.9, -3.27, 0.0, 1.234567, 9.9])
def test_no_cell_of_the_grid_lies_across_a_cut(tone: float) -> None:
    yardstick = Yardstick(tone=tone, cuts=(-0.8, 0.8))
    rng = np.random.default_rng(1)
    means = np.concatenate([rng.uniform(-10, 10, 5000), tone + np.array([-0.8, 0.8, 0.0]), [-10.0, 10.0]])
    cells, (first, better, size) = yardstick.cells(means), yardstick.edges
    np.testing.assert_array_equal((cells >= first).astype(int) + (cells >= better), yardstick.words(means))
    assert cells.min() >= 0
    assert cells.max() < size
    masses = np.bincount(cells, minlength=size)[:, None] / cells.size
    np.testing.assert_allclose(yardstick.quantiles(masses)[0], np.quantile(means, QUANTILE_LEVELS), atol=0.03)


def test_on_a_cut_a_year_is_about_as_before() -> None:
    yardstick = Yardstick(tone=0.0, cuts=(-0.5, 0.5))
    assert yardstick.words(np.array([-0.5 - 1e-9, -0.5, 0.5, 0.5 + 1e-9])).tolist() == [0, 1, 1, 2]


def test_equal_draws_have_the_same_quantiles_in_whichever_order_they_were_added() -> None:
    """Equal weights reach a half exactly between two years: rounding must not choose one of them."""
    yardstick, size = Yardstick(tone=0.0, cuts=(-0.8, 0.8)), 3000
    cells = yardstick.cells(np.array([-2.0] * (size // 2) + [2.0] * (size // 2)))
    for weights in (np.full(size, 1 / size), np.full(size, 1 / size) * (1 + 1e-15), np.full(size, 1 / size) - 1e-19):
        masses = np.bincount(cells, weights=weights, minlength=yardstick.edges[2])[:, None]
        assert abs(yardstick.quantiles(masses)[0, 3] + 2.0) <= 2 * FINENESS


def test_a_rule_without_words_asks_nothing_of_a_year(real_evidence: Evidence) -> None:
    assert Yardstick.of(real_evidence, RULE_1) is None
    assert Yardstick.of(real_evidence, RULE).tone == resolve(real_evidence.events, real_evidence.as_of.year).tone


def answer_of(years: np.ndarray) -> Answer:
    size = len(years)
    weights = Weights(values=np.full(size, 1 / size), pareto_k=None, ess=float(size), status="exact")
    blocks = Blocks.alone(np.repeat(np.arange(4), size // 4))
    return Answer.of(np.zeros((size, 30)), weights, blocks, years)


def test_a_simulated_year_without_a_mean_is_refused() -> None:
    years = np.full((80, 2, 5), np.nan, dtype=np.float32)
    with pytest.raises(StaleFitError, match="build the fit again"):
        YearOpinion.of(answer_of(years), Yardstick(tone=0.0, cuts=(-0.8, 0.8)))


def test_what_was_gridded_once_is_forgotten_with_its_years_and_never_mistaken() -> None:
    yardstick = Yardstick(tone=0.0, cuts=(-0.8, 0.8))
    gc.collect()
    before = len(year_mean._GRIDDED)
    years = np.zeros((80, 2, 5), dtype=np.float32)
    answer = answer_of(years)
    assert YearOpinion.of(answer, yardstick).words[0].round(9).tolist() == [0, 1, 0]
    assert YearOpinion.of(answer, Yardstick(tone=5.0, cuts=(-0.8, 0.8))).words[0].round(9).tolist() == [1, 0, 0]
    assert len(year_mean._GRIDDED) == before + 2
    del answer, years
    gc.collect()
    assert len(year_mean._GRIDDED) == before
