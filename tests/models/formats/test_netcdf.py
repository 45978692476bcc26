"""Draws in ArviZ's form: readable there, and the weighted draws give the published numbers again."""

import dataclasses

import numpy as np
import pytest
import xarray as xr

from models.assumptions.setting import Assumptions
from models.errors import FormatError
from models.forecast.results import make_forecast
from models.formats.netcdf import OUTCOMES, drawn_and_fixed, draws_netcdf, draws_tree
from models.measures.structure import MEASUREMENT
from models.names import HORIZONS, MODEL_M1, STATES, TARGET_RUPTURE, TARGET_STATE
from tests.support.values.factories import synthetic_fit


@pytest.fixture(scope="module")
def forecast(real_evidence, library):
    setting = Assumptions.defaults(real_evidence.claims).replace({"C13": 2.4})
    return make_forecast(real_evidence, library, setting)


@pytest.fixture(scope="module")
def fit(real_evidence):
    """Made-up draws, with cut-points as a real fit has them: one is fixed at nought."""
    drawn = synthetic_fit(real_evidence, samples=40)
    cutpoints = np.random.default_rng(7).normal(size=(40, len(MEASUREMENT.band_edges)))
    cutpoints[:, MEASUREMENT.anchor_edge] = 0.0
    return dataclasses.replace(drawn, parameters=drawn.parameters.assign(cutpoints=(("sample", "edge"), cutpoints)))


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
        summaries = [arviz.summary(tree)]  # warnings are errors here
        summaries += [arviz.summary(tree[name]) for name in tree.children if "posterior" in tree[name].children]
    assert len(summaries) > 3
    assert {"level", "persistence"} <= set(summaries[0].index)
    for summary in summaries:
        assert not summary.isna().to_numpy().any()
        assert not (summary.astype(str) == "nan").to_numpy().any()
        assert (summary["ess_bulk"].astype(float) > 0).all()


def test_what_no_draw_changes_stands_among_the_constants(path, fit):
    """Of the cut-points one is fixed at nought: it is a constant, and the others keep their places."""
    with xr.open_datatree(path) as tree:
        posteriors = [node for node in tree.subtree if node.name == "posterior"]
        for posterior in posteriors:
            for array in posterior.data_vars.values():
                assert (array.std(("chain", "draw")) > 0).all()
        free, fixed = tree["posterior"]["cutpoints"], tree["constant_data"]["cutpoints"]
        edges = fit.parameters["cutpoints"].sizes["edge"]
        assert (fixed["edge"].to_numpy().tolist(), fixed.to_numpy().tolist()) == ([MEASUREMENT.anchor_edge], [0.0])
        assert sorted([*free["edge"].to_numpy(), *fixed["edge"].to_numpy()]) == list(range(edges))
        whole = np.delete(fit.parameters["cutpoints"].to_numpy(), MEASUREMENT.anchor_edge, axis=1)
        np.testing.assert_array_equal(free.to_numpy().reshape(-1, edges - 1), whole)


def test_fixed_numbers_leave_a_posterior_whatever_their_shape():
    rng = np.random.default_rng(3)
    table, vector = rng.normal(size=(2, 5, 3, 2)), rng.normal(size=(2, 5, 3))
    table[:, :, 1] = 7.0
    posterior = xr.Dataset(
        {
            "table": (("chain", "draw", "a", "b"), table),
            "vector": (("chain", "draw", "a"), vector),
            "one": (("chain", "draw"), np.full((2, 5), 4.0)),
        }
    )
    drawn, fixed = drawn_and_fixed(posterior)
    assert set(drawn.data_vars) == {"table", "vector"}
    np.testing.assert_array_equal(drawn["table"], table[:, :, [0, 2]])
    np.testing.assert_array_equal(drawn["vector"], vector)
    np.testing.assert_array_equal(fixed["table"], np.full((1, 2), 7.0))
    assert (fixed["table"]["a"].item(), fixed["one"].item()) == (1, 4.0)
    assert drawn["table"]["table_a"].to_numpy().tolist() == [0, 2]


def test_weighted_draws_give_the_published_probabilities(real_evidence, library, forecast):
    pool = draws_tree(real_evidence, library, forecast)["library"]
    mean = (pool["weight"] * pool["probability"]).sum("pool_draw")
    for horizon in HORIZONS:
        asked = [(TARGET_STATE, state, state) for state in STATES] + [(TARGET_RUPTURE, "yes", OUTCOMES[4])]
        for target, outcome, name in asked:
            found = float(mean.sel(horizon=horizon, outcome=name))
            told = forecast.probability(target, horizon, outcome, MODEL_M1)
            assert found == pytest.approx(told, abs=2.5e-6)  # single precision; the likeliest is what the others leave


def test_the_setting_is_among_the_constants(real_evidence, library, forecast):
    constants = draws_tree(real_evidence, library, forecast)["constant_data"]
    assert float(constants["knob_value"].sel(knob="C13")) == 2.4
    assert float(constants["knob_default"].sel(knob="C13")) == 2.2


def test_draws_of_another_record_are_refused(real_evidence, library, forecast, fit):
    other = dataclasses.replace(fit, evidence_digest="0" * 64)
    with pytest.raises(FormatError, match="fit on other evidence"):
        draws_tree(real_evidence, library, forecast, other)
    stale = dataclasses.replace(forecast, library_key="0" * 64)
    with pytest.raises(FormatError, match="forecast on other evidence"):
        draws_tree(real_evidence, library, stale)
