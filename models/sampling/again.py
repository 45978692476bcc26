"""Fit a snapshot's three sampled models again, at its own setting and with another seed, and compare the answers."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from data.types import Evidence
from data.values import frozen
from models.assumptions.setting import Assumptions
from models.errors import FitCancelled
from models.fits.certificate import Check
from models.forecast.results import make_forecast
from models.library.library import Library
from models.library.members import Members
from models.library.pool import single
from models.measures.drivers import driver_table
from models.names import MCSE, MODEL_M1, MODEL_M2, MODEL_M3, PMF
from models.sampling.fit_alignment import fit_latent_alignment
from models.sampling.fit_members import KEPT, CompiledOrdered, CompiledRegimes
from models.sampling.sampler import Cancelled, OnProgress, Progress, SamplerSettings
from models.snapshot.value import Snapshot

LIMIT = 4.0
"""Combined Monte Carlo standard errors: among some hundred honest numbers one lies beyond 3.9 by chance once in a
hundred refits, and they hang together."""
SMALLEST_ERROR = 1e-4
"""A hundredth of a point: two constants (error zero) may differ by rounding."""
MEMBER_DRAWS = 4000
QUESTION = ["model_id", "target", "horizon", "target_end_date", "output_type_id"]


@frozen
class Refit:
    """How a refit compares.

    Attributes
    ----------
    rows : DataFrame
        Per probability: the question's columns, ``published``, ``again``, ``error`` (combined standard error) and
        ``ratio``, the largest first.
    failures : Mapping[str, tuple of Check]
        Acceptance checks that a refit did not pass, by model id.
    """

    rows: pd.DataFrame
    failures: Mapping[str, tuple[Check, ...]]

    @property
    def largest(self) -> float:
        """The largest difference in combined standard errors."""
        return float(self.rows["ratio"].max())

    @property
    def agrees(self) -> bool:
        """Whether every difference is one that chance explains."""
        return self.largest <= LIMIT


def fit_again(
    snapshot: Snapshot,
    evidence: Evidence,
    assumptions: Assumptions,
    settings: SamplerSettings,
    on_progress: OnProgress,
    cancelled: Cancelled,
) -> Refit:
    """Sample M1, and M2 and M3 if the snapshot has them, and compare.

    Parameters
    ----------
    settings : SamplerSettings
        With a seed that none of the snapshot's fits used.

    Raises
    ------
    FitCancelled, SamplerError
    """
    library, failures = _library(evidence, assumptions, settings, on_progress, cancelled)
    if MODEL_M2 in snapshot.model_weights:
        members = _members(evidence, assumptions, settings, on_progress, cancelled)
        failures |= {fit.model_id: fit.diagnostics.failures for fit in members.fits.values()}
        library = library.joined_by(members)
    forecast = make_forecast(evidence, library, assumptions)
    return Refit(rows=compared(snapshot.table, forecast.table), failures={k: v for k, v in failures.items() if v})


def unused_seed(snapshot: Snapshot) -> int:
    """A seed that none of the snapshot's fits used: a refit must not share its random numbers with what it checks."""
    return (max(anchor.seed for anchor in snapshot.library.anchors) + 7919) % 2**31


def compared(published: pd.DataFrame, again: pd.DataFrame) -> pd.DataFrame:
    """Probabilities of two results tables side by side, in combined standard errors, the largest difference first."""
    sides = []
    for table in (published, again):
        kinds = {kind: table[table["output_type"] == kind].set_index(QUESTION)["value"] for kind in (PMF, MCSE)}
        sides.append(pd.DataFrame({"value": kinds[PMF], "error": kinds[MCSE]}).dropna())
    both = sides[0].merge(sides[1], how="outer", left_index=True, right_index=True, suffixes=("_published", "_again"))
    both = both.reset_index()
    error = np.hypot(both["error_published"], both["error_again"])
    rows = both[QUESTION].assign(published=both["value_published"], again=both["value_again"], error=error)
    gap = (rows["published"] - rows["again"]).abs()
    ratio = (gap / error.clip(lower=SMALLEST_ERROR)).fillna(np.inf)  # asked on one side only
    return rows.assign(ratio=ratio).sort_values("ratio", ascending=False, ignore_index=True)


def _library(
    evidence: Evidence,
    assumptions: Assumptions,
    settings: SamplerSettings,
    on_progress: OnProgress,
    cancelled: Cancelled,
) -> tuple[Library, dict[str, tuple[Check, ...]]]:
    fit = fit_latent_alignment(evidence, assumptions, settings=settings, on_progress=on_progress, cancelled=cancelled)
    library = single(fit, driver_table(evidence), assumptions.knobs)
    return library, {MODEL_M1: fit.diagnostics.failures}


def _members(
    evidence: Evidence,
    assumptions: Assumptions,
    settings: SamplerSettings,
    on_progress: OnProgress,
    cancelled: Cancelled,
) -> Members:
    """M2 and M3 at the setting itself, so that nothing has to be moved or weighed."""
    longer = replace(settings, draws=MEMBER_DRAWS)
    kinds: Mapping[str, Callable] = {MODEL_M2: CompiledOrdered.of, MODEL_M3: CompiledRegimes.of}
    fits = []
    for index, (name, compile_model) in enumerate(kinds.items()):
        _stop(cancelled)
        on_progress(Progress(phase="compiling", done=0.0, message=f"Compiling and sampling {name}."))
        fits.append(
            compile_model(evidence, assumptions).fit(assumptions, replace(longer, seed=settings.seed + 1 + index))
        )
    _stop(cancelled)
    ordered, regimes = (fit.thinned(KEPT) for fit in fits)
    return Members(evidence=evidence, ordered=ordered, regimes=(regimes,))


def _stop(cancelled: Cancelled) -> None:
    if cancelled():
        raise FitCancelled("the refit was stopped; nothing was stored")
