"""Draws in ArviZ's form: readable there, and the weighted draws give the published numbers again."""

import dataclasses

import numpy as np
import pytest
import xarray as xr

from models.assumptions import Assumptions
from models.errors import FormatError
from models.forecast import make_forecast
from models.formats.netcdf import OUTCOMES, draws_netcdf, draws_tree
from models.names import HORIZONS, MODEL_M1, STATES, TARGET_RUPTURE, TARGET_STATE
from tests.factories import synthetic_fit


@pytest.fixture(scope="module")
def forecast(real_evidence, library):
    setting = Assumptions.defaults(real_evidence.claims).replace({"C13": 2.4})
    return make_forecast(real_evidence, library, setting)


@pytest.fixture(scope="module")
def fit(real_evidence):
    return synthetic_fit(real_evidence, samples=40)


@pytest.fixture(scope="module")
def path(tmp_path_factory, real_evidence, library, forecast, fit):
    content = draws_netcdf(real_evidence, library, forecast, fit)
    assert content == draws_netcdf(real_evidence, library, forecast, fit)
    path = tmp_path_factory.mktemp("draws") / "draws.nc"
    path.write_bytes(content)
    return path


def test_the_file_holds_chains_seeds_and_digests(path, real_evidence, fit):
    with xr.open_datatree(path) as tree:  # what `arviz.from_netcdf` is
        posterior, other = tree["posterior"], tree["m2_ordered_regression"]["predictions"]
        assert posterior.sizes["chain"] == 4
        np.testing.assert_array_equal(posterior["level"].to_numpy().ravel(), fit.parameters["level"].to_numpy())
        assert other["state_probability"].dims == ("chain", "draw", "horizon", "state")
        assert tree.attrs["evidence_digest"] == real_evidence.digest
        assert posterior.attrs["seed"] == fit.seed
        assert tree["observed_data"]["state_code"].sel(year=1960).item() in range(len(STATES))


@pytest.mark.slow
def test_arviz_reads_the_file_and_judges_its_chains(path):
    import arviz

    with arviz.from_netcdf(path) as tree:
        summary = arviz.summary(tree, var_names=["level", "persistence"])
    assert list(summary.index) == ["level", "persistence"]
    assert (summary["ess_bulk"].astype(float) > 0).all()


def test_weighted_draws_give_the_published_probabilities(real_evidence, library, forecast):
    pool = draws_tree(real_evidence, library, forecast)["library"]
    mean = (pool["weight"] * pool["probability"]).sum("pool_draw")
    for horizon in HORIZONS:
        asked = [(TARGET_STATE, state, state) for state in STATES] + [(TARGET_RUPTURE, "yes", OUTCOMES[4])]
        for target, outcome, name in asked:
            found = float(mean.sel(horizon=horizon, outcome=name))
            told = forecast.probability(target, horizon, outcome, MODEL_M1)
            assert found == pytest.approx(told, abs=1e-6)  # stored in single precision


def test_the_setting_is_among_the_constants(real_evidence, library, forecast):
    constants = draws_tree(real_evidence, library, forecast)["constant_data"]
    assert float(constants["knob_value"].sel(knob="C13")) == 2.4
    assert float(constants["knob_default"].sel(knob="C13")) == 2.2


def test_draws_of_another_record_are_refused(real_evidence, library, forecast, fit):
    other = dataclasses.replace(fit, evidence_digest="0" * 64)
    with pytest.raises(FormatError, match="fit on another record"):
        draws_tree(real_evidence, library, forecast, other)
    stale = dataclasses.replace(forecast, library_key="0" * 64)
    with pytest.raises(FormatError, match="forecast on another record"):
        draws_tree(real_evidence, library, stale)
