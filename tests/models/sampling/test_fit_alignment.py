"""Real, short fits: progress, cancelling, failing, reproducing, and what a fit certifies. One compilation for all."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from data.evidence import Evidence
from models.assumptions.setting import Assumptions
from models.errors import FitCancelled, SamplerError
from models.fits.alignment_fit import AlignmentFit
from models.fits.dated import FITS
from models.library.reweighting import reweight
from models.measures.drivers import DRIVER_CLAIMS
from models.measures.ledgers import LEDGERS
from models.measures.simulate import PARAMETERS, Draws, forecast_probabilities
from models.measures.structure import ALIGNMENT
from models.names import HORIZONS, STATES
from models.outcome.rule import RULE
from models.sampling.fit_alignment import (
    CompiledAlignment,
    Progress,
    SamplerSettings,
    fit_compiled,
    fit_latent_alignment,
    forward_draws,
)
from tests.support.values.factories import library_of
from tests.support.values.weighted import weighted_mcse, weighted_mean

SHORT = SamplerSettings(chains=2, tune=300, draws=250, seed=7)
LONGER = dataclasses.replace(SHORT, tune=400, draws=400)
# Would run for minutes: only a cancelled fit comes back from it.
ENDLESS = dataclasses.replace(SHORT, draws=200_000)


@pytest.fixture(scope="module")
def reports() -> list[Progress]:
    return []


@pytest.fixture(scope="module")
def short_fit(
    compiled_model: CompiledAlignment, default_assumptions: Assumptions, reports: list[Progress]
) -> AlignmentFit:
    return fit_compiled(compiled_model, default_assumptions, settings=SHORT, on_progress=reports.append)


class Spoilt:
    """A compiled model whose prior is not a number, whatever it is given."""

    def __init__(self, compiled: object) -> None:
        self._compiled = compiled

    def with_data(self, **data: np.ndarray) -> object:
        return self._compiled.with_data(**{**data, "prior_level": np.array([np.nan, 1.0])})


def test_progress_is_in_order_and_ends_at_one(short_fit: AlignmentFit, reports: list[Progress]) -> None:
    assert short_fit.chain.size == 500
    done = [report.done for report in reports]
    assert done == sorted(done)
    assert (done[-1], reports[-1].phase) == (1.0, "done")
    phases = list(dict.fromkeys(report.phase for report in reports))
    assert phases == ["sampling", "simulating", "done"]
    assert all(report.message for report in reports)


def test_a_fit_has_the_promised_shapes(short_fit: AlignmentFit, real_evidence: Evidence) -> None:
    size, years = SHORT.chains * SHORT.draws, real_evidence.as_of.year - ALIGNMENT.first_year + 1
    assert dict(short_fit.alignment.sizes) == {"sample": size, "year": years}
    assert list(short_fit.parameters["driver"].values) == list(DRIVER_CLAIMS)
    assert dict(short_fit.future_alignment.sizes) == {"sample": size, "horizon": len(HORIZONS)}
    state = short_fit.probabilities["state_probability"]
    assert dict(state.sizes) == {"sample": size, "horizon": len(HORIZONS), "state": len(STATES)}
    assert short_fit.year_means.shape == (size, LEDGERS, len(HORIZONS))
    standing = short_fit.simulated.standing["alignment"]
    np.testing.assert_allclose(standing, short_fit.alignment.isel(year=-1), rtol=1e-3, atol=1e-3)  # half precision
    np.testing.assert_allclose(state.sum("state"), 1.0, rtol=0, atol=1e-6)
    np.testing.assert_array_equal(short_fit.chain, np.repeat([0, 1], SHORT.draws))


def test_a_fit_records_what_it_was_asked(
    short_fit: AlignmentFit, real_evidence: Evidence, default_assumptions: Assumptions
) -> None:
    assert short_fit.evidence_digest == real_evidence.digest
    assert (short_fit.rule_digest, short_fit.model_digest) == (RULE.digest, ALIGNMENT.digest)
    assert short_fit.reference_date == real_evidence.as_of
    assert dict(short_fit.assumptions_values) == dict(default_assumptions.values)
    assert short_fit.seed == SHORT.seed
    asked = {"chains": 2, "tune": 300, "draws": 250, "target_accept": SHORT.target_accept, "low_rank": True}
    assert dict(short_fit.settings) == asked
    assert {"pymc", "nutpie", "numpy", "python"} <= set(short_fit.versions)
    assert len(short_fit.diagnostics.checks) == 8


def test_stored_probabilities_are_the_simulator_applied_to_the_stored_draws(
    short_fit: AlignmentFit, compiled_model: CompiledAlignment
) -> None:
    p = short_fit.parameters
    names = ("level", "persistence", "volatility", "break_log_odds", "break_slope", "space_offset")
    draws = Draws(
        # The path is stored in single precision; a path near a cut may then fall on its other side.
        alignment=short_fit.alignment.isel(year=-1).to_numpy().astype(float),
        drift=p["beta"].transpose("sample", "driver").to_numpy() @ compiled_model.origin,
        cutpoints=p["cutpoints"].transpose("sample", "edge").to_numpy(),
        **{name: p[name].to_numpy() for name in names},
    )
    readings = compiled_model.readings
    found, _, future = forecast_probabilities(draws, readings, SHORT.seed)
    for name, share in found.items():
        stored = short_fit.probabilities[name].to_numpy()
        assert np.mean(np.abs(share - stored) > 1e-6) < 0.01
        np.testing.assert_allclose(share.mean(axis=0), stored.mean(axis=0), atol=1e-3)
    np.testing.assert_allclose(future, short_fit.future_alignment, atol=1e-4)


@pytest.mark.slow
def test_same_seed_same_draws_other_seed_others(
    short_fit: AlignmentFit, compiled_model: CompiledAlignment, default_assumptions: Assumptions
) -> None:
    again = fit_compiled(compiled_model, default_assumptions, settings=SHORT)
    np.testing.assert_array_equal(again.parameters["level"], short_fit.parameters["level"])
    np.testing.assert_array_equal(again.alignment, short_fit.alignment)
    np.testing.assert_array_equal(again.probabilities["any_deeper"], short_fit.probabilities["any_deeper"])
    assert again.key == short_fit.key
    other = fit_compiled(compiled_model, default_assumptions, settings=dataclasses.replace(SHORT, seed=8))
    assert not np.array_equal(other.parameters["level"], short_fit.parameters["level"])
    assert other.key != short_fit.key


@pytest.mark.parametrize(("last", "name"), [(1989, "volatility_before"), (1990, "volatility")])
def test_a_hindcast_from_before_the_split_foresees_no_other_volatility(last: int, name: str) -> None:
    """No shock of the later kind was seen by the end of 1989: its volatility would be the prior alone."""
    rng, sizes = np.random.default_rng(9), {"beta": 12, "alignment": last - 1949, "cutpoints": 6}
    dims = {"beta": "driver", "alignment": "year", "cutpoints": "edge"}
    table = {one: (("chain", "draw"), rng.uniform(size=(2, 5))) for one in (*PARAMETERS, "volatility_before")}
    table |= {one: (("chain", "draw", dims[one]), rng.uniform(size=(2, 5, size))) for one, size in sizes.items()}
    posterior = xr.Dataset(table, coords={"year": np.arange(1950, last + 1)})
    found = forward_draws(posterior, np.zeros(12))
    np.testing.assert_array_equal(found.volatility, posterior[name].to_numpy().ravel())


MOVED: Mapping[str, float] = {"C13": 1.5, "C14": 0.8}


@pytest.mark.slow
def test_weights_agree_with_a_refit_under_moved_priors(
    compiled_model: CompiledAlignment, default_assumptions: Assumptions, real_evidence: Evidence
) -> None:
    """Two routes to the same posterior: re-weighted draws, and draws made under the moved priors."""
    moved = default_assumptions.replace(MOVED)
    base = fit_compiled(compiled_model, default_assumptions, settings=LONGER)
    refit = fit_compiled(compiled_model, moved, settings=dataclasses.replace(LONGER, seed=11))
    libraries = [library_of(real_evidence, fit) for fit in (base, refit)]
    weights, plain = (reweight(library, moved) for library in libraries)
    assert weights.pareto_k < 0.5
    assert plain.status == "exact"
    pairs = list(zip(libraries, (weights, plain), strict=True))
    left, right = (weighted_mean(library.probabilities, one) for library, one in pairs)
    errors = np.hypot(*(weighted_mcse(library.probabilities, one, library) for library, one in pairs))
    np.testing.assert_array_less(np.abs(left - right), 4 * errors + 1e-6)
    shift = float(refit.parameters["break_log_odds"].mean() - base.parameters["break_log_odds"].mean())
    assert shift < -0.1, "a smaller break multiplier must lower the log odds of a break"


def test_cancelling_stops_the_sampler_and_stores_nothing(
    compiled_model: CompiledAlignment, default_assumptions: Assumptions
) -> None:
    before, seen = stored_bytes(), list[Progress]()
    with pytest.raises(FitCancelled, match="nothing was stored"):
        fit_compiled(
            compiled_model,
            default_assumptions,
            settings=ENDLESS,
            on_progress=seen.append,
            cancelled=lambda: len(seen) >= 2,
        )
    assert {report.phase for report in seen} == {"sampling"}
    assert max(report.done for report in seen) < 0.5
    assert stored_bytes() == before


def stored_bytes() -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(FITS.glob("*/*"))}


@pytest.mark.slow
def test_a_failing_sampler_is_a_sampler_error_and_the_model_survives(
    compiled_model: CompiledAlignment, default_assumptions: Assumptions, short_fit: AlignmentFit
) -> None:
    broken = dataclasses.replace(compiled_model, compiled=Spoilt(compiled_model.compiled))
    with pytest.raises(SamplerError, match="sampler failed") as caught:
        fit_compiled(broken, default_assumptions, settings=SHORT)
    assert caught.value.__cause__ is not None
    # Sampling again also lets the failed sampler's threads end before the interpreter does.
    again = fit_compiled(compiled_model, default_assumptions, settings=SHORT)
    np.testing.assert_array_equal(again.parameters["level"], short_fit.parameters["level"])


@pytest.mark.slow
def test_compiling_is_reported_and_a_fit_is_a_compilation_and_a_sample(
    compiled_model: CompiledAlignment,
    default_assumptions: Assumptions,
    real_evidence: Evidence,
    short_fit: AlignmentFit,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(CompiledAlignment, "of", lambda *_: compiled_model)
    seen: list[Progress] = []
    fit = fit_latent_alignment(real_evidence, default_assumptions, settings=SHORT, on_progress=seen.append)
    assert (seen[0].phase, seen[0].done) == ("compiling", 0.0)
    done = [report.done for report in seen]
    assert done == sorted(done)
    assert done[-1] == 1.0
    np.testing.assert_array_equal(fit.alignment, short_fit.alignment)
