"""The log likelihood in NumPy against plain loops, and against the PyMC model itself."""

import dataclasses

import numpy as np
import pytest
from scipy.special import expit

from data.types import Evidence
from models.alignment.likelihood import log_likelihood, log_likelihood_change
from models.fits.alignment_fit import AlignmentFit
from models.leave_out.cases import Basis, Case
from models.measures.structure import MEASUREMENT
from tests.support.values.factories import synthetic_fit
from tests.support.values.likelihood_fits import readable


@pytest.fixture(scope="module")
def basis(real_evidence: Evidence) -> Basis:
    return Basis.of(real_evidence)


@pytest.fixture(scope="module")
def fit(real_evidence: Evidence) -> AlignmentFit:
    return readable(synthetic_fit(real_evidence, samples=40))


def by_loop(fit: AlignmentFit, basis: Basis, sample: int, index: int) -> float:
    p, alignment = fit.parameters.isel(sample=sample), float(fit.alignment[sample, index])
    total = 0.0
    for domain, shift in enumerate((0.0, float(p["space_offset"]))):
        below = [0.0, *(float(expit(cut - alignment - shift)) for cut in p["cutpoints"].to_numpy()), 1.0]
        for band in range(MEASUREMENT.bands):
            total += basis.readings.counts[index, domain, band] * np.log(below[band + 1] - below[band])
    chance = expit(float(p["break_log_odds"]) - float(p["break_slope"]) * (alignment - MEASUREMENT.break_alignment))
    return total + float(np.log(chance if basis.readings.breaks[index] else 1 - chance))


@pytest.mark.parametrize("year", [1950, 1960, 1969, 1993, 2024])
def test_every_year_equals_a_plain_loop(fit: AlignmentFit, basis: Basis, year: int) -> None:
    index = year - 1950
    found = log_likelihood(fit, basis.readings)[:, index]
    expected = [by_loop(fit, basis, sample, index) for sample in range(0, 40, 13)]
    np.testing.assert_allclose(found[::13], expected, rtol=1e-9)  # differences of float64 probabilities near 0.01


@pytest.mark.parametrize("name", ["event:E1960-07-16-advisers", "event:E1950-02-14-alliance", "domain:diplomacy"])
def test_the_change_is_the_difference_of_the_two_whole_sums(fit: AlignmentFit, basis: Basis, name: str) -> None:
    left = basis.without(Case.of(name))
    expected = (log_likelihood(fit, left.readings) - log_likelihood(fit, basis.readings)).sum(axis=1)
    found = log_likelihood_change(fit, basis.readings, left.readings)
    np.testing.assert_allclose(found, expected, atol=1e-9)  # sums of 75 terms of size 10
    assert np.ptp(found) > 0.01


def test_nothing_left_out_changes_nothing(fit: AlignmentFit, basis: Basis) -> None:
    same = dataclasses.replace(basis.readings)
    np.testing.assert_array_equal(log_likelihood_change(fit, basis.readings, same), 0.0)


@pytest.mark.slow
def test_the_pymc_model_says_the_same(fit: AlignmentFit, basis: Basis) -> None:
    import pytensor

    from models.alignment.priors import prior_parameters
    from models.sampling.alignment_model import build_model

    model = build_model(basis.readings, basis.drivers.lagged, prior_parameters(basis.assumptions))
    names = ("alignment", "space_offset", "cutpoints", "break_log_odds", "break_slope")
    potentials = [model["readings"], model["break_acts"]]
    both = pytensor.function([model[name] for name in names], potentials, on_unused_input="ignore")
    expected = []
    for sample in range(5):
        p = fit.parameters.isel(sample=sample)
        values = {name: p[name].to_numpy() for name in names[1:]}
        expected.append(sum(map(float, both(fit.alignment[sample].to_numpy(), *values.values()))))
    np.testing.assert_allclose(log_likelihood(fit, basis.readings).sum(axis=1)[:5], expected, rtol=1e-9)
