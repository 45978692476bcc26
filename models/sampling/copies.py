"""Negative control: ten copies of one indicator must not count as ten indicators."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Literal

import numpy as np
import nutpie
import pandas as pd

from data.digest import Fields, digest
from data.load import load_evidence
from data.values import frozen
from models.alignment.priors import AlignmentPrior, prior_parameters
from models.fits.probabilities import StateProbabilities, axis
from models.leave_out.cases import Basis
from models.measures.drivers import DRIVER_CLAIMS
from models.measures.simulate import forecast_probabilities
from models.names import INTERVAL_LEVELS
from models.outcome.rule import RULE
from models.sampling.alignment_model import build_model, prior_data
from models.sampling.fit_alignment import forward_draws
from models.sampling.sampler import SamplerSettings, sample
from models.storage.tasks import require_evidence
from models.weighting.batch_means import mean_error

type Way = Literal["one", "shared", "naive"]

COPIES = 10
CLAIM = "C02"
"""The claim whose driver moves the forecast most when it is taken away (Russian military spending): with another one
the control would be easier to pass."""
WAYS: tuple[Way, ...] = ("one", "shared", "naive")
SAMPLER: Mapping[str, float] = {"chains": 4, "tune": 1000, "draws": 6000, "target_accept": 0.95}
"""With 12,000 draws the interval of the rarest state was off by 7 % through chance alone."""
SEED = 20_261_123
INNER_PATHS = 1024
"""Simulated ledgers a draw. Chances come in steps of one ledger, and for the rarest state one step in 256 would be a
quarter of the interval; what is left of the steps is spread evenly before the ends of an interval are read off."""
BATCHES = 20
"""Parts whose intervals tell how far chance moves the width of an interval: within 16 %."""
LARGEST_MOVE, LARGEST_NARROWING = 0.02, 0.05
"""Of the acceptance: no probability moves by more than two points, no 5-95 % interval narrows by more than 5 %."""


@frozen
class CopiesTask:
    """One fit of the control, in plain values.

    Attributes
    ----------
    way : {"one", "shared", "naive"}
        One indicator; ten copies that share the claim's prior; ten copies of which each gets the claim's whole prior.
    """

    way: Way
    claim: str
    basis_digest: str
    settings: Mapping[str, float]

    @property
    def name(self) -> str:
        """For progress."""
        return f"{self.claim}, {self.way}"

    @property
    def key(self) -> str:
        """What is asked."""
        question = {"way": self.way, "claim": self.claim, "copies": COPIES, "paths": INNER_PATHS}
        return digest({**question, "settings": dict(self.settings), "record": self.basis_digest, "rule": RULE.digest})


def copies_tasks(basis: Basis, claim: str = CLAIM, settings: Mapping[str, float] = SAMPLER) -> list[CopiesTask]:
    """The three fits of the control."""
    return [CopiesTask(way=way, claim=claim, basis_digest=basis.digest, settings=settings) for way in WAYS]


def run_copies(task: CopiesTask) -> Fields:
    """Fit one way in this process.

    Returns
    -------
    dict
        ``mean, mcse, low, high`` of the 30 forecast probabilities; `low` and `high` bound 90 % of the draws, and
        ``width_error`` is the standard error of the interval's width as a share of it.
    """
    basis = _basis()
    require_evidence(basis.digest, task.basis_digest)
    p, chain = copied_probabilities(basis, task.claim, task.way, SamplerSettings.of(task.settings, SEED))
    low, high, width_error = interval(p)
    summary = {"mean": p.mean(axis=0), "mcse": mean_error(p, chain), "low": low, "high": high}
    summary |= {"width_error": width_error}
    return {name: values.tolist() for name, values in summary.items()}


def copied_probabilities(
    basis: Basis, claim: str, way: Way, settings: SamplerSettings
) -> tuple[np.ndarray, np.ndarray]:
    """Forecast probabilities of each draw (sample, horizon * outcome) and the chain of each, after a fit one way."""
    place = DRIVER_CLAIMS.index(claim)
    prior, wider = widened(prior_parameters(basis.assumptions), place, way), copied_columns(place, way)
    names = [f"{DRIVER_CLAIMS[column]} {number}" for number, column in enumerate(wider)]
    model = build_model(basis.readings, basis.drivers.lagged[:, wider], prior, drivers=names)
    trace = sample(nutpie.compile_pymc_model(model), prior_data(prior), settings)
    draws = forward_draws(trace["posterior"].to_dataset(), basis.drivers.origin.to_numpy()[wider])
    simulated = forecast_probabilities(draws, basis.readings, settings.seed, INNER_PATHS)
    return StateProbabilities.of(simulated.probabilities).flat, np.repeat(np.arange(settings.chains), settings.draws)


def interval(p: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ends of the 5-95 % interval of each column of `p` (sample, column), and the width's relative standard error."""
    even = p + (np.random.default_rng(SEED).random(p.shape) - 0.5) / INNER_PATHS
    low, high = np.quantile(even, INTERVAL_LEVELS, axis=0)
    parts = np.array_split(even, BATCHES)
    widths = np.stack([np.diff(np.quantile(part, INTERVAL_LEVELS, axis=0), axis=0)[0] for part in parts])
    return low, high, widths.std(axis=0, ddof=1) / np.sqrt(BATCHES) / (high - low)


def copied_columns(place: int, way: Way) -> np.ndarray:
    """Columns of the design matrix, that of the claim once or `COPIES` times."""
    times = np.ones(len(DRIVER_CLAIMS), dtype=int)
    times[place] = 1 if way == "one" else COPIES
    return np.repeat(np.arange(times.size), times)


def widened(prior: AlignmentPrior, place: int, way: Way) -> AlignmentPrior:
    """The prior with a coefficient for every copy.

    Shared, each copy has mean ``m / n`` and standard deviation ``s / sqrt(n)``: the copies' coefficients act through
    their sum alone, whose prior stays normal with mean m and standard deviation s. Naive, the sum has mean ``n * m``
    and standard deviation ``s * sqrt(n)``.
    """
    columns = copied_columns(place, way)
    mean, sd = prior.beta_mean[columns], prior.beta_sd[columns]
    if way == "shared":
        copy = columns == place
        mean, sd = np.where(copy, mean / COPIES, mean), np.where(copy, sd / np.sqrt(COPIES), sd)
    return replace(prior, beta_mean=mean, beta_sd=sd)


def copies_control(fits: Mapping[Way, Fields], claim: str = CLAIM) -> pd.DataFrame:
    """The control as a table.

    Parameters
    ----------
    fits : Mapping
        What `run_copies` gave, by way.

    Returns
    -------
    DataFrame
        Columns ``claim, way`` ("shared" or "naive"), ``horizon, outcome, before, after, change, mcse`` (of the change),
        ``narrowing`` (share by which the 5-95 % interval is narrower; negative when it is wider) and its
        ``narrowing_mcse``, ``passed``.
    """
    single = {name: np.array(values) for name, values in fits["one"].items()}
    parts = []
    for way in WAYS[1:]:
        copied = {name: np.array(values) for name, values in fits[way].items()}
        change, width = copied["mean"] - single["mean"], single["high"] - single["low"]
        kept = np.divide(copied["high"] - copied["low"], width, out=np.ones_like(width), where=width > 0)
        parts.append(
            pd.DataFrame(
                {
                    "claim": claim,
                    "way": way,
                    **axis(),
                    "before": single["mean"],
                    "after": copied["mean"],
                    "change": change,
                    "mcse": np.hypot(single["mcse"], copied["mcse"]),
                    "narrowing": 1 - kept,
                    "narrowing_mcse": kept * np.hypot(single["width_error"], copied["width_error"]),
                    "passed": (np.abs(change) <= LARGEST_MOVE) & (1 - kept <= LARGEST_NARROWING),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


@lru_cache(maxsize=1)
def _basis() -> Basis:
    return Basis.of(load_evidence())
