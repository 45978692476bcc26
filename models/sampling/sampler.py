"""Run NUTS on a model that nutpie compiled: with progress, and stopped on request."""

import contextlib
from collections.abc import Callable, Mapping
from typing import Literal, Self

import numpy as np
import nutpie
import xarray as xr

from data.values import frozen
from models.errors import FitCancelled, SamplerError
from models.storage.arrays import Arrays

CANCEL_POLL_SECONDS = 0.2


@frozen
class SamplerSettings:
    """How to run NUTS.

    Attributes
    ----------
    tune, draws : int
        Per chain. 400 tuning steps were not enough on tight priors (R-hat 1.48 once, see the brief).
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

    @classmethod
    def of(cls, plain: Mapping[str, float], seed: int) -> Self:
        """Settings on one core from JSON values, which know no whole numbers."""
        whole = {name: value if name == "target_accept" else int(value) for name, value in plain.items()}
        return cls(seed=seed, cores=1, **whole)


@frozen
class Progress:
    """How far a fit has come: the phase, its share done (0-1) and a sentence for a person."""

    phase: Literal["compiling", "sampling", "simulating", "done"]
    done: float
    message: str


type OnProgress = Callable[[Progress], None]
type Cancelled = Callable[[], bool]


def sample(
    compiled: object,
    data: Arrays,
    settings: SamplerSettings,
    report: OnProgress | None = None,
    cancelled: Cancelled | None = None,
) -> xr.DataTree:
    """Run NUTS on a model that nutpie compiled, with some of its data replaced.

    Raises
    ------
    FitCancelled, SamplerError
    """
    report = report or (lambda _: None)

    def on_chains(chains) -> None:
        done = sum(chain.finished_draws for chain in chains) / max(1, sum(chain.total_draws for chain in chains))
        divergences = sum(chain.divergences for chain in chains)
        report(
            Progress(
                phase="sampling", done=0.95 * done, message=f"Sampling: {done:.0%} of draws, {divergences} divergences."
            )
        )

    prepared = compiled.with_data(**data)
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
        return _wait(sampler, cancelled or (lambda: False))
    except FitCancelled:
        raise
    except (RuntimeError, ValueError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise SamplerError(
            f"the sampler failed: {reason}; expected finite draws; try settings nearer to the defaults"
        ) from error


def chain_by_chain(values: xr.DataArray) -> np.ndarray:
    """Draws of a variable, dims (chain, draw, …), one chain after the other, shape (sample, …)."""
    array = values.transpose("chain", "draw", ...).to_numpy()
    return array.reshape(-1, *array.shape[2:])


def _wait(sampler, cancelled: Cancelled):
    while not cancelled():
        with contextlib.suppress(TimeoutError):
            return sampler.wait(timeout=CANCEL_POLL_SECONDS)
    sampler.cancel()
    raise FitCancelled("the fit was stopped on request; nothing was stored")
