"""The committed fit answers to this code: digests fit, checks passed, and its draws still lead to its forecast."""

import numpy as np
import pytest

from data.load import load_evidence
from models.assumptions.knobs import knobs_of
from models.assumptions.setting import Assumptions
from models.fits.alignment_fit import base_case
from models.measures.drivers import DRIVER_CLAIMS, driver_table
from models.measures.ledgers import Scale
from models.measures.readings import read_ledger
from models.measures.simulate import Draws, forecast_probabilities
from models.names import MODEL_M1
from tests.support.values.year_end import YEAR_END

pytestmark = pytest.mark.machine


def test_it_is_current_publishable_and_made_at_the_defaults() -> None:
    evidence = load_evidence(YEAR_END)
    fit = base_case(evidence)
    assert fit.diagnostics.passed, [check.name for check in fit.diagnostics.failures]
    defaults = Assumptions.defaults(evidence.claims)
    acting = set(knobs_of(MODEL_M1, defaults.knobs))
    made = {key: value for key, value in fit.assumptions_values.items() if key in acting}
    assert made == {key: defaults.values[key] for key in acting}


def test_this_code_makes_the_stored_forecast_of_the_stored_draws() -> None:
    """A changed simulator, driver or reading makes the base case stale even if nobody raised a version."""
    evidence = load_evidence(YEAR_END)
    fit, readings = base_case(evidence), read_ledger(evidence)
    beta = fit.parameters["beta"].sel(driver=list(DRIVER_CLAIMS)).to_numpy()
    drift = beta @ driver_table(evidence).origin.to_numpy()
    draws = Draws.of(fit.parameters, fit.alignment.to_numpy()[:, -1].astype(float), drift)
    found = forecast_probabilities(draws, readings, fit.seed)
    years = found.ledgers.year_means(Scale.of(readings))
    assert np.mean(years == fit.year_means) > 0.999, "the base case is stale; run `make base-case`"
    for name, values in found.probabilities.items():
        stored = fit.probabilities[name].to_numpy()
        # The stored alignment is rounded to float32, which moves a chance of a break act by as much, and one simulated
        # path in a million across a threshold.
        same = np.abs(values - stored) < 1e-6
        assert same.mean() > 0.999, f"{name}: the base case is stale; run `make base-case`"
        np.testing.assert_allclose(values.mean(axis=0), stored.mean(axis=0), atol=1e-5)
