"""A driver held, by the weighed base case, against fits at the setting itself with the coefficients they sampled."""

import numpy as np
import pytest

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.fits.alignment_fit import AlignmentFit, base_case
from models.fits.probabilities import StateProbabilities, by_horizon
from models.measures.readings import read_ledger
from models.measures.simulate import Draws, forecast_probabilities
from models.paths.alignment import ContinuedAlignment, FittedAlignment
from models.paths.difference import Difference
from models.paths.drivers import HeldDrivers
from models.paths.named import named_paths
from models.sampling.fit_alignment import CompiledAlignment, fit_compiled
from models.sampling.sampler import SamplerSettings

POINTS = 0.015
PATHS = 32


def chances(fit: AlignmentFit, evidence: Evidence, drivers: np.ndarray) -> np.ndarray:
    """By the simulator of the fits, under a fit's own draws."""
    beta = fit.parameters["beta"].transpose("sample", "driver").to_numpy()
    now = fit.alignment.isel(year=-1).to_numpy().astype(float)
    draws = Draws.of(fit.parameters, now, beta @ drivers.T)
    return StateProbabilities.of(forecast_probabilities(draws, read_ledger(evidence), 5, PATHS).probabilities).flat


@pytest.mark.slow
@pytest.mark.parametrize(
    "moved", [{"driver_strength": 0.4}, {"driver_strength": 0.3, "C04": 2.0, "C13": 3.0}], ids="+".join
)
def test_the_weighed_base_case_agrees_with_refits(
    compiled_model: CompiledAlignment, real_evidence: Evidence, default_assumptions: Assumptions, moved: dict
) -> None:
    setting, drivers = default_assumptions.replace(moved), HeldDrivers.of(real_evidence)
    fitted = FittedAlignment.of(real_evidence, base_case(real_evidence), drivers.table)
    weighed = ContinuedAlignment.of(fitted, setting, drivers.along())
    assert weighed.weights.status.sure
    refit = fit_compiled(compiled_model, setting, settings=SamplerSettings(draws=1000))
    without = chances(refit, real_evidence, drivers.along())
    for key in ("wolf", "no_programme", "mistrust"):
        held = drivers.along(named_paths()[key].holds(drivers.starts[0]))
        pair = weighed.without, weighed.along(held)
        told = Difference.between(pair, weighed.weights, fitted.blocks, 1)
        found = by_horizon((chances(refit, real_evidence, held) - without).mean(axis=0))
        np.testing.assert_allclose(told.mean, found, rtol=0, atol=POINTS, err_msg=key)
        assert np.abs(found).max() > POINTS, "the comparison must be able to see a wrong side"
