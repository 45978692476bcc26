"""Fit the latent-alignment model: compile, sample with progress, continue into the future, certify.

Sampling itself is `models.sampling.sampler`.
"""

from dataclasses import replace

import numpy as np
import nutpie
import pymc as pm
import xarray as xr

from data.days import horizons_from
from data.types import Evidence
from data.values import frozen
from models.alignment.priors import prior_parameters
from models.assumptions.setting import Assumptions
from models.fits.alignment_fit import AlignmentFit
from models.measures.driver_table import DriverTable
from models.measures.drivers import driver_table
from models.measures.ledgers import SimulatedForecast
from models.measures.readings import Readings, read_ledger
from models.measures.simulate import PARAMETERS, Draws, forecast_probabilities
from models.measures.simulated import Simulated
from models.measures.structure import ALIGNMENT, digest_at
from models.names import HORIZONS, STATES
from models.sampling.alignment_model import alignment_data, build_model, prior_data
from models.sampling.gate import certified
from models.sampling.sampler import Cancelled, OnProgress, Progress, SamplerSettings, sample


@frozen
class CompiledAlignment:
    """A compiled model and the evidence it speaks about; priors and earlier dates need no new compilation.

    Attributes
    ----------
    origin : ndarray, shape (driver,)
        Standardised drivers at the reference date.
    last_year : int
        Last year that the compiled arrays have room for.
    """

    evidence: Evidence
    readings: Readings
    origin: np.ndarray
    compiled: object
    last_year: int

    @classmethod
    def of(cls, evidence: Evidence, assumptions: Assumptions) -> "CompiledAlignment":
        """Build and compile (tens of seconds cold, less with the numba cache warm)."""
        readings, drivers = read_ledger(evidence), driver_table(evidence)
        model = build_model(readings, drivers.lagged, prior_parameters(assumptions))
        compiled = nutpie.compile_pymc_model(model)
        return cls(
            evidence=evidence,
            readings=readings,
            origin=drivers.origin.to_numpy(),
            compiled=compiled,
            last_year=evidence.as_of.year,
        )

    def at(self, evidence: Evidence, drivers: DriverTable | None = None, *, split: bool = True) -> "CompiledAlignment":
        """The same model on other evidence, of the same or an earlier date.

        Parameters
        ----------
        drivers : DriverTable, optional
            Drivers to use instead of those that the evidence gives with its own scaling.
        split : bool
            Whether years since the split have a volatility of their own; without, they share one with those before it.
        """
        readings, drivers = read_ledger(evidence), drivers or driver_table(evidence)
        data = alignment_data(readings, drivers.lagged, self.last_year)
        data["early"] = data["early"] * split
        return replace(
            self,
            evidence=evidence,
            readings=readings,
            origin=drivers.origin.to_numpy(),
            compiled=self.compiled.with_data(**data),
        )


def fit_latent_alignment(
    evidence: Evidence,
    assumptions: Assumptions,
    *,
    settings: SamplerSettings | None = None,
    on_progress: OnProgress | None = None,
    cancelled: Cancelled | None = None,
) -> AlignmentFit:
    """Compile, sample and certify.

    Parameters
    ----------
    evidence : Evidence
        Its ``as_of`` is the reference date.
    assumptions : Assumptions
    settings : SamplerSettings, optional
    on_progress : callable, optional
        Called with a `Progress` at every step, possibly from another thread.
    cancelled : callable, optional
        Polled while sampling; True stops the fit.

    Raises
    ------
    FitCancelled
        `cancelled` returned True.
    SamplerError
        The sampler could not start or failed.
    """
    report = on_progress or (lambda _: None)
    report(Progress(phase="compiling", done=0.0, message="Compiling the model (up to two minutes the first time)."))
    compiled = CompiledAlignment.of(evidence, assumptions)
    return fit_compiled(compiled, assumptions, settings=settings, on_progress=on_progress, cancelled=cancelled)


def fit_compiled(
    model: CompiledAlignment,
    assumptions: Assumptions,
    *,
    settings: SamplerSettings | None = None,
    on_progress: OnProgress | None = None,
    cancelled: Cancelled | None = None,
) -> AlignmentFit:
    """As `fit_latent_alignment`, from a model compiled before, under other priors."""
    settings, report = settings or SamplerSettings(), on_progress or (lambda _: None)
    trace = sample(model.compiled, prior_data(prior_parameters(assumptions)), settings, report, cancelled)
    report(Progress(phase="simulating", done=0.97, message="Writing simulated ledgers and labelling them."))
    trace["posterior"] = trace["posterior"].to_dataset().sel(year=slice(None, model.evidence.as_of.year))
    draws = forward_draws(trace["posterior"].to_dataset(), model.origin)
    simulated = forecast_probabilities(draws, model.readings, settings.seed)
    fit = _assemble(model, assumptions, settings, trace, (draws, simulated))
    report(Progress(phase="done", done=1.0, message="Done."))
    return fit


def forward_draws(posterior: xr.Dataset, origin: np.ndarray) -> Draws:
    """Flatten a posterior with dims (chain, draw, …) into the draws the simulator needs, chain by chain.

    Parameters
    ----------
    posterior : xr.Dataset
    origin : ndarray, shape (driver,)
        Standardised drivers at the reference date.
    """
    flat = _flat(posterior)
    drift = flat["beta"].transpose("sample", "driver").to_numpy() @ origin
    if ALIGNMENT.is_early(flat.coords["year"].to_numpy()[-1:]).all():
        flat = flat.assign(volatility=flat["volatility_before"])  # nobody could know then that it would fall
    return Draws.of(flat, flat["alignment"].isel(year=-1).to_numpy(), drift)


def _flat(posterior: xr.Dataset) -> xr.Dataset:
    stacked = posterior.stack(sample=("chain", "draw"), create_index=False)
    return stacked.drop_vars(["chain", "draw"], errors="ignore")


def _assemble(
    model: CompiledAlignment,
    assumptions: Assumptions,
    settings: SamplerSettings,
    trace,
    futures: tuple[Draws, SimulatedForecast],
) -> AlignmentFit:
    posterior = trace["posterior"].to_dataset()
    flat, (draws, simulated) = _flat(posterior), futures
    dims = {
        "state_probability": ("sample", "horizon", "state"),
        "any_rupture": ("sample", "horizon"),
        "any_deeper": ("sample", "horizon"),
    }
    coords = {"horizon": list(horizons_from(model.evidence.as_of)), "state": list(STATES)}
    forecast = xr.Dataset(
        {name: (dims[name], simulated.probabilities[name].astype("float32")) for name in dims}, coords=coords
    )
    names = ["beta", "cutpoints", "volatility_before", *PARAMETERS]
    standing = {"alignment": draws.alignment, "space_offset": draws.space_offset, "cutpoints": draws.cutpoints}
    return AlignmentFit(
        parameters=flat[names].transpose("sample", ...).astype("float64"),
        alignment=flat["alignment"].transpose("sample", "year").astype("float32"),
        future_alignment=xr.DataArray(
            simulated.future.astype("float32"), dims=("sample", "horizon"), coords={"horizon": list(HORIZONS)}
        ),
        probabilities=forecast,
        simulated=Simulated.of(simulated.ledgers, model.readings, standing),
        model_digest=digest_at(ALIGNMENT.digest, model.evidence.as_of),
        **certified(model.evidence, assumptions, settings, trace, forecast),
    )


def sample_plainly(evidence: Evidence, assumptions: Assumptions) -> xr.DataTree:
    """Build, compile and sample the way a notebook would, `pm.sample` at its defaults: the benchmark's yardstick."""
    readings, drivers = read_ledger(evidence), driver_table(evidence)
    with build_model(readings, drivers.lagged, prior_parameters(assumptions)):
        return pm.sample(progressbar=False, random_seed=SamplerSettings().seed)
