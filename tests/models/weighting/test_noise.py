"""The noise of weighted sums: against the textbook's standard error, the plain batch means, and drawing again."""

import numpy as np
import pytest

from models.weighting.batch_means import mean_error
from models.weighting.mbar import mixture, solve
from models.weighting.noise import Blocks, standard_error

CHAIN = np.repeat(np.arange(4), 1000)


def test_batch_means_of_independent_draws_are_the_textbooks() -> None:
    draws = np.random.default_rng(4).beta(2, 5, (4000, 6))
    found = standard_error(Blocks.alone(CHAIN).of_mean(draws, np.full(4000, 1 / 4000)))
    # Some fifty batches estimate a standard deviation within 10 % (one sd); 4 sds.
    np.testing.assert_allclose(found, draws.std(axis=0) / np.sqrt(4000), rtol=0.4)
    np.testing.assert_allclose(found, mean_error(draws, CHAIN), rtol=1e-12)


def test_the_noise_of_a_difference_is_the_difference_of_the_noises() -> None:
    rng, blocks = np.random.default_rng(5), Blocks.alone(CHAIN)
    p, first, second = rng.random((4000, 3)), rng.dirichlet(np.ones(4000)), rng.dirichlet(np.ones(4000))
    np.testing.assert_allclose(blocks.of_sum(p) - blocks.of_sum(2 * p), -blocks.of_sum(p), rtol=1e-12, atol=1e-12)
    assert np.any(blocks.of_mean(p, first) != blocks.of_mean(p, second))
    np.testing.assert_array_equal(blocks.of_mean(p, first) - blocks.of_mean(p, first), 0.0)


def test_a_number_that_every_draw_has_carries_no_noise() -> None:
    weights = np.random.default_rng(6).dirichlet(np.ones(4000))
    np.testing.assert_allclose(Blocks.alone(CHAIN).of_mean(np.ones((4000, 2)), weights), 0.0, rtol=0, atol=1e-12)


@pytest.fixture(scope="module")
def pools() -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Two normal laws drawn anew 300 times and pooled: draws, log mixture density and shares of the fits."""

    def pool(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        x = np.concatenate([rng.normal(0, 1, 2000), rng.normal(1, 1, 2000)])
        densities = -0.5 * np.square(x[:, None] - np.array([0.0, 1.0])) - np.array([0.0, 3.0])
        return x, *mixture(densities, np.array([2000, 2000]), solve(densities, np.array([2000, 2000])))

    return [pool(np.random.default_rng([7, number])) for number in range(300)]


@pytest.mark.parametrize("at", [0.0, 1.0])
def test_pooled_fits_carry_the_noise_of_their_supports_too(pools: list, at: float) -> None:
    """Second route: the mean in every pool, supports solved each time; from 300 a sd is known within 4 %."""

    def weights_of(x: np.ndarray, log_mixture: np.ndarray) -> np.ndarray:
        ratio = -0.5 * np.square(x - at) - log_mixture
        weights = np.exp(ratio - ratio.max())
        return weights / weights.sum()

    spread = np.std([weights_of(x, log_mixture) @ x for x, log_mixture, _ in pools], ddof=1)
    x, log_mixture, share = pools[0]
    noise = Blocks.of(CHAIN, CHAIN // 2, share).of_mean(x[:, None], weights_of(x, log_mixture))
    assert standard_error(noise)[0] == pytest.approx(spread, rel=0.3)  # 100 blocks: within 7 %
