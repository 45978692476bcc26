"""Refits of simulated histories: sampled again, longer, where chains did not mix, and never thrown away."""

import xarray as xr

from models.calibration.world import Simulation, mixed
from models.sampling.gate import parameter_checks
from models.sampling.sampler import SamplerSettings, sample
from models.storage.arrays import Arrays


def refit(compiled: object, data: Arrays, simulation: Simulation) -> tuple[xr.Dataset, dict[str, float]]:
    """Sample a compiled model on a simulated history.

    Returns
    -------
    posterior : Dataset, dims (chain, draw, ...)
        Of the first attempt that mixed, or of the last one.
    mixing : dict
        ``attempts``, and the last one's worst ``rhat`` and ``ess`` (bulk) over all parameters.

    Raises
    ------
    SamplerError
    """
    for attempt, settings in enumerate(simulation.settings):
        trace = sample(compiled, data, SamplerSettings.of(settings, simulation.seed + attempt))
        posterior = trace["posterior"].to_dataset()
        rhat, bulk, _ = parameter_checks(posterior)
        if mixed(rhat.value, bulk.value):
            break
    return posterior, {"attempts": attempt + 1, "rhat": rhat.value, "ess": bulk.value}


def size(posterior: xr.Dataset) -> int:
    """Draws of all chains together."""
    return posterior.sizes["chain"] * posterior.sizes["draw"]
