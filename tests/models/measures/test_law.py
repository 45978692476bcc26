"""The shared laws of readings and break acts: SciPy's logistic law, and numbers far out in its tails."""

import numpy as np
from scipy import stats

from models.measures.law import (
    SMALLEST_CHANCE,
    ReadingLaw,
    break_log_chance,
    break_logit,
    break_probability,
    cutpoints_of,
    log_chances,
)
from models.measures.structure import MEASUREMENT


def some_law(seed: int, size: int) -> ReadingLaw:
    rng = np.random.default_rng(seed)
    gaps = rng.lognormal(size=(size, len(MEASUREMENT.band_edges) - 1))
    return ReadingLaw(space_offset=rng.normal(size=size), cutpoints=cutpoints_of(gaps))


def test_cutpoints_keep_their_gaps_around_the_anchor() -> None:
    gaps = np.random.default_rng(1).lognormal(size=(4, len(MEASUREMENT.band_edges) - 1))
    found = cutpoints_of(gaps)
    np.testing.assert_allclose(np.diff(found, axis=1), gaps, rtol=1e-12)
    np.testing.assert_array_equal(found[:, MEASUREMENT.anchor_edge], 0.0)


def test_bands_have_the_chances_of_a_logistic_law_by_domain() -> None:
    law, location = some_law(2, 3), np.random.default_rng(3).normal(size=(3, 4))
    found = law.band_chances(location)
    np.testing.assert_allclose(found.sum(axis=-1), 1.0, rtol=1e-12)
    for sample, place, domain in np.ndindex(3, 4, 2):
        centre = location[sample, place] + domain * law.space_offset[sample]
        below = stats.logistic.cdf([-np.inf, *law.cutpoints[sample], np.inf], loc=centre)
        np.testing.assert_allclose(found[sample, place, domain], np.diff(below), rtol=1e-9, atol=1e-15)


def test_a_band_out_of_reach_has_the_floor() -> None:
    found = log_chances(some_law(4, 1).band_chances(np.array([[80.0]])))
    assert found[0, 0, 0, 0] == np.log(SMALLEST_CHANCE)
    assert found[0, 0, 0, -1] == 0.0


def test_break_acts_follow_a_logistic_law_that_falls_with_the_location() -> None:
    location, odds, slope = np.linspace(-3, 3, 7), np.full(7, -3.5), np.full(7, 0.7)
    chance = break_probability(location, odds, slope)
    np.testing.assert_allclose(chance, stats.logistic.cdf(-3.5 - 0.7 * (location - MEASUREMENT.break_alignment)))
    logit = break_logit(location, odds, slope)
    for flag in (True, False):
        expected = stats.bernoulli.logpmf(flag, chance)
        np.testing.assert_allclose(break_log_chance(np.full(7, flag), logit, 1.0), expected, rtol=1e-9)


def test_a_year_that_has_not_ended_says_less_when_calm_and_as_much_when_broken() -> None:
    hazard = np.array([0.002, 0.01, 0.05])
    found = [break_log_chance(np.full(3, flag), stats.logistic.ppf(hazard), 0.25) for flag in (False, True)]
    np.testing.assert_allclose(found[0], 0.25 * np.log1p(-hazard), rtol=1e-9)
    # A quarter of a year hides log 4 of the hazard, the same for all: what is left is hazard times 0.75 at most.
    np.testing.assert_allclose(found[1] - np.log(1 - (1 - hazard) ** 0.25), np.log(4), rtol=0, atol=0.05)
