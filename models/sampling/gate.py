"""Acceptance gates: is a fit publishable, and does a prior say something sane before it sees the evidence?"""

import platform
from dataclasses import asdict
from importlib.metadata import version

import arviz_stats
import numpy as np
import xarray as xr

from data.digest import Fields
from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.fits.certificate import Check, Diagnostics
from models.outcome.rule import RULE
from models.sampling.sampler import SamplerSettings

PACKAGES = ("numpy", "pymc", "pytensor", "nutpie", "numba", "arviz-stats", "xarray")

MAX_RHAT = 1.01
MIN_ESS = 400.0
MIN_FORECAST_ESS = 1000.0
MAX_DIVERGENT = 0.001
MIN_BFMI = 0.3


def certified(
    evidence: Evidence,
    assumptions: Assumptions,
    settings: SamplerSettings,
    trace: xr.DataTree,
    probabilities: xr.Dataset,
) -> Fields:
    """What every fit is stored with: its checks and chains, what it answers to, and what it was made with."""
    return {
        "chain": np.repeat(np.arange(settings.chains, dtype="int16"), settings.draws),
        "diagnostics": Diagnostics(checks=fit_checks(trace, probabilities, (settings.chains, settings.draws))),
        "assumptions_values": assumptions.values,
        "evidence_digest": evidence.digest,
        "rule_digest": RULE.digest,
        "reference_date": evidence.as_of,
        "seed": settings.seed,
        "settings": {name: value for name, value in asdict(settings).items() if name not in ("seed", "cores")},
        "versions": {name: version(name) for name in PACKAGES} | {"python": platform.python_version()},
    }


def fit_checks(trace: xr.DataTree, probabilities: xr.Dataset, shape: tuple[int, int]) -> tuple[Check, ...]:
    """Named checks of a fit (thresholds: Vehtari et al. 2021; Betancourt 2016 for E-BFMI).

    Parameters
    ----------
    trace : xr.DataTree
        With groups ``posterior`` and ``sample_stats``, dims (chain, draw, …).
    probabilities : xr.Dataset
        Per-draw forecast probabilities, dims (sample, …), samples chain by chain.
    shape : tuple of int
        (chains, draws).
    """
    posterior, stats = trace["posterior"].to_dataset(), trace["sample_stats"]
    divergent = float(stats["diverging"].mean())
    return (
        *parameter_checks(posterior),
        *_convergence(_by_chain(probabilities, shape), "forecast probabilities", MIN_FORECAST_ESS),
        Check(
            name="divergences",
            passed=divergent <= MAX_DIVERGENT,
            value=divergent,
            threshold=f"at most {MAX_DIVERGENT:.1%} of draws",
            meaning="The sampler met places it could not follow; draws near them may be missing.",
        ),
        _energy(stats["energy"]),
    )


def parameter_checks(posterior: xr.Dataset) -> tuple[Check, ...]:
    """R-hat, bulk and tail effective sample size of the worst parameter, dims (chain, draw, …)."""
    return _convergence(_columns([array.to_numpy() for array in posterior.data_vars.values()]), "parameters", MIN_ESS)


def _by_chain(probabilities: xr.Dataset, shape: tuple[int, int]) -> np.ndarray:
    return _columns([array.to_numpy().reshape(*shape, -1) for array in probabilities.data_vars.values()])


def _columns(arrays: list[np.ndarray]) -> np.ndarray:
    """Join to (chain, draw, quantity) and leave out quantities that never vary: a constant has no R-hat."""
    joined = np.concatenate([array.reshape(*array.shape[:2], -1).astype("float64") for array in arrays], axis=2)
    return joined[:, :, joined.std(axis=(0, 1)) > 0]


def _convergence(draws: np.ndarray, what: str, least: float) -> tuple[Check, ...]:
    table = xr.Dataset({"quantity_value": (("chain", "draw", "quantity"), draws)})
    worst_rhat = float(arviz_stats.rhat(table)["quantity_value"].max())
    ess = {method: float(arviz_stats.ess(table, method=method)["quantity_value"].min()) for method in ("bulk", "tail")}
    return (
        Check(
            name=f"R-hat of {what}",
            passed=worst_rhat <= MAX_RHAT,
            value=worst_rhat,
            threshold=f"at most {MAX_RHAT:g}",
            meaning="Chains that started apart must end up telling the same story.",
        ),
        *(
            Check(
                name=f"{method} effective sample size of {what}",
                passed=value >= least,
                value=value,
                threshold=f"at least {least:g}",
                meaning="How many independent draws the correlated draws are worth.",
            )
            for method, value in ess.items()
        ),
    )


def _energy(energy: xr.DataArray) -> Check:
    """E-BFMI by hand: `arviz_stats.bfmi` divides by one draw less, and stored certificates would not come out again."""
    draws = energy.transpose("chain", "draw").to_numpy()
    bfmi = float((np.square(np.diff(draws, axis=1)).mean(axis=1) / draws.var(axis=1)).min())
    return Check(
        name="energy (E-BFMI)",
        passed=bfmi >= MIN_BFMI,
        value=bfmi,
        threshold=f"at least {MIN_BFMI:g}",
        meaning="The sampler must be able to move between regions of different energy.",
    )
