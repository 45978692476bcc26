"""The committed fit answers to this code: digests fit, checks passed, and its draws still lead to its forecast."""

import dataclasses

import numpy as np
import pytest

from data.load import load_evidence
from models.assumptions.knobs import knobs_of
from models.assumptions.setting import Assumptions
from models.fits.alignment_fit import base_case
from models.measures.drivers import DRIVER_CLAIMS, driver_table
from models.measures.readings import read_ledger
from models.measures.simulate import Draws, forecast_probabilities
from models.names import MODEL_M1

pytestmark = pytest.mark.machine


def test_it_is_current_publishable_and_made_at_the_defaults() -> None:
    evidence = load_evidence()
    fit = base_case(evidence)
    assert fit.diagnostics.passed, [check.name for check in fit.diagnostics.failures]
    defaults = Assumptions.defaults(evidence.claims)
    acting = set(knobs_of(MODEL_M1, defaults.knobs))
    made = {key: value for key, value in fit.assumptions_values.items() if key in acting}
    assert made == {key: defaults.values[key] for key in acting}


def test_this_code_makes_the_stored_forecast_of_the_stored_draws() -> None:
    """A changed simulator, driver or reading makes the base case stale even if nobody raised a version."""
    evidence = load_evidence()
    fit, readings = base_case(evidence), read_ledger(evidence)
    p = fit.parameters
    scalars = {field.name for field in dataclasses.fields(Draws)} - {"alignment", "drift", "cutpoints"}
    draws = Draws(
        alignment=fit.alignment.to_numpy()[:, -1].astype(float),
        drift=p["beta"].sel(driver=list(DRIVER_CLAIMS)).to_numpy() @ driver_table(evidence).origin.to_numpy(),
        cutpoints=p["cutpoints"].to_numpy(),
        **{name: p[name].to_numpy() for name in scalars},
    )
    found, _ = forecast_probabilities(draws, readings, fit.seed)
    for name, values in found.items():
        same = values.astype("float32") == fit.probabilities[name].to_numpy()
        # The stored alignment is rounded to float32, so a simulated path may cross a threshold about once in a million.
        assert same.mean() > 0.999, f"{name}: the base case is stale; run `make base-case`"
        np.testing.assert_allclose(values.mean(axis=0), fit.probabilities[name].to_numpy().mean(axis=0), atol=1e-5)
