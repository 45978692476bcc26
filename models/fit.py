"""Fit the latent-alignment model: compile, sample with progress, continue into the future, certify.

The only place that samples.
"""

import contextlib
import importlib.metadata
import platform
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
import nutpie
import pymc as pm
import xarray as xr

from data.types import Evidence
from models.assumptions import Assumptions
from models.drivers import driver_table
from models.errors import FitCancelled, SamplerError
from models.gate import fit_checks
from models.latent_alignment import build_model, prior_data
from models.names import HORIZONS, STATES
from models.outcome import RULE
from models.posterior import Diagnostics, Fit
from models.priors import prior_parameters
from models.readings import Readings, read_ledger
from models.simulate import Draws, World, forecast_probabilities
from models.structure import STRUCTURE

PACKAGES = ("numpy", "pymc", "pytensor", "nutpie", "numba", "arviz-stats", "xarray")
PARAMETERS = ("break_log_odds", "break_slope", "level", "persistence", "volatility", "space_offset")
CANCEL_POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplerSettings:
    """How to run NUTS.

    Attributes
    ----------
    tune, draws : int
        Per chain. 800 tuning steps: 400 were not enough on tight priors (R-hat 1.48 once, see the brief).
    target_accept : float
        0.95 removes the few divergences that 0.8 leaves where volatility is small.
    low_rank : bool
        Let the mass matrix learn the strongest correlations: half the time of a diagonal one where priors are wide.
    """

    chains: int = 4
    tune: int = 1000
    draws: int = 1500
    target_accept: float = 0.95
    low_rank: bool = True
    seed: int = 20241231
    cores: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a fit has come: the phase, its share done (0-1) and a sentence for a person."""

    phase: Literal["compiling", "sampling", "simulating", "done"]
    done: float
    message: str


type OnProgress = Callable[[Progress], None]
type Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledModel:
    """A compiled model and the evidence it was compiled for; priors can be swapped without compiling again."""

    evidence: Evidence
    readings: Readings
    origin: np.ndarray
    compiled: object

    @classmethod
    def of(cls, evidence: Evidence, assumptions: Assumptions) -> "CompiledModel":
        """Build and compile (tens of seconds cold, less with the numba cache warm)."""
        readings, drivers = read_ledger(evidence), driver_table(evidence)
        model = build_model(readings, drivers.lagged, prior_parameters(assumptions))
        compiled = nutpie.compile_pymc_model(model)
        return cls(evidence=evidence, readings=readings, origin=drivers.origin.to_numpy(), compiled=compiled)


def fit_latent_alignment(
    evidence: Evidence,
    assumptions: Assumptions,
    *,
    settings: SamplerSettings | None = None,
    on_progress: OnProgress | None = None,
    cancelled: Cancelled | None = None,
) -> Fit:
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
    compiled = CompiledModel.of(evidence, assumptions)
    return fit_compiled(compiled, assumptions, settings=settings, on_progress=on_progress, cancelled=cancelled)


def fit_compiled(
    model: CompiledModel,
    assumptions: Assumptions,
    *,
    settings: SamplerSettings | None = None,
    on_progress: OnProgress | None = None,
    cancelled: Cancelled | None = None,
) -> Fit:
    """As `fit_latent_alignment`, from a model compiled before, under other priors."""
    settings, report = settings or SamplerSettings(), on_progress or (lambda _: None)
    trace = _sample(model, assumptions, settings, report, cancelled or (lambda: False))
    report(Progress(phase="simulating", done=0.97, message="Writing simulated ledgers and labelling them."))
    draws = forward_draws(trace["posterior"].to_dataset(), model.origin)
    world = World(
        recent_means=model.readings.recent_means,
        band_values=model.readings.band_values,
        space_share=model.readings.space_share,
    )
    probabilities, future = forecast_probabilities(draws, world, settings.seed)
    fit = _assemble(model, assumptions, settings, trace, probabilities, future)
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
    scalars = {name: flat[name].to_numpy() for name in PARAMETERS}
    return Draws(
        alignment=flat["alignment"].isel(year=-1).to_numpy(),
        drift=flat["beta"].transpose("sample", "driver").to_numpy() @ origin,
        cutpoints=flat["cutpoints"].transpose("sample", "edge").to_numpy(),
        **scalars,
    )


def _flat(posterior: xr.Dataset) -> xr.Dataset:
    stacked = posterior.stack(sample=("chain", "draw"), create_index=False)
    return stacked.drop_vars(["chain", "draw"], errors="ignore")


def _sample(
    model: CompiledModel, assumptions: Assumptions, settings: SamplerSettings, report: OnProgress, cancelled: Cancelled
):
    def on_chains(chains) -> None:
        done = sum(chain.finished_draws for chain in chains) / max(1, sum(chain.total_draws for chain in chains))
        divergences = sum(chain.divergences for chain in chains)
        report(
            Progress(
                phase="sampling", done=0.95 * done, message=f"Sampling: {done:.0%} of draws, {divergences} divergences."
            )
        )

    prepared = model.compiled.with_data(**prior_data(prior_parameters(assumptions)))
    try:
        sampler = nutpie.sample(
            prepared,
            draws=settings.draws,
            tune=settings.tune,
            chains=settings.chains,
            cores=settings.cores,
            seed=settings.seed,
            target_accept=settings.target_accept,
            adaptation="low_rank" if settings.low_rank else "diag",
            save_warmup=False,
            progress_bar=False,
            progress_callback=on_chains,
            progress_rate=200,
            blocking=False,
        )
        return _wait(sampler, cancelled)
    except FitCancelled:
        raise
    except (RuntimeError, ValueError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise SamplerError(
            f"the sampler failed: {reason}; expected finite draws; try settings nearer to the defaults"
        ) from error


def _wait(sampler, cancelled: Cancelled):
    while not cancelled():
        with contextlib.suppress(TimeoutError):
            return sampler.wait(timeout=CANCEL_POLL_SECONDS)
    sampler.cancel()
    raise FitCancelled("the fit was stopped on request; nothing was stored")


def _assemble(
    model: CompiledModel,
    assumptions: Assumptions,
    settings: SamplerSettings,
    trace,
    probabilities: Mapping[str, np.ndarray],
    future: np.ndarray,
) -> Fit:
    posterior = trace["posterior"].to_dataset()
    flat = _flat(posterior)
    dims = {
        "state_probability": ("sample", "horizon", "state"),
        "any_rupture": ("sample", "horizon"),
        "any_deeper": ("sample", "horizon"),
    }
    coords = {"horizon": list(HORIZONS), "state": list(STATES)}
    forecast = xr.Dataset({name: (dims[name], probabilities[name].astype("float32")) for name in dims}, coords=coords)
    names = ["beta", "cutpoints", *PARAMETERS]
    checks = fit_checks(trace, forecast, (settings.chains, settings.draws))
    return Fit(
        parameters=flat[names].transpose("sample", ...).astype("float64"),
        alignment=flat["alignment"].transpose("sample", "year").astype("float32"),
        future_alignment=xr.DataArray(
            future.astype("float32"), dims=("sample", "horizon"), coords={"horizon": list(HORIZONS)}
        ),
        probabilities=forecast,
        chain=np.repeat(np.arange(settings.chains, dtype="int16"), settings.draws),
        diagnostics=Diagnostics(checks=checks),
        assumptions_values=assumptions.values,
        evidence_digest=model.evidence.digest,
        rule_digest=RULE.digest,
        model_digest=STRUCTURE.digest,
        reference_date=model.evidence.as_of,
        seed=settings.seed,
        settings={name: value for name, value in asdict(settings).items() if name not in ("seed", "cores")},
        versions={name: importlib.metadata.version(name) for name in PACKAGES} | {"python": platform.python_version()},
    )


def sample_plainly(evidence: Evidence, assumptions: Assumptions) -> xr.DataTree:
    """Build, compile and sample the way a notebook would, `pm.sample` at its defaults: the benchmark's yardstick."""
    readings, drivers = read_ledger(evidence), driver_table(evidence)
    with build_model(readings, drivers.lagged, prior_parameters(assumptions)):
        return pm.sample(progressbar=False, random_seed=SamplerSettings().seed)
