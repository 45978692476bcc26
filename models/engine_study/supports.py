"""More held-out checks of the engine: compatibility ratios against bridge sampling, inverse answers against refits."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.engine_study.held_out import ATTEMPTS, changed_text, fit_seed
from models.errors import FitError
from models.fits.alignment_fit import AlignmentFit
from models.forecast.results import make_forecast
from models.inverse.goal import Goal
from models.inverse.search import Search, Shift
from models.library.anchors import Design
from models.library.compatibility import compatibility
from models.library.library import Library
from models.library.pool import fit_counts, part_of, pooled, provenance_of, single, solve_supports
from models.measures.drivers import driver_table
from models.names import MODEL_M1, TARGET_DEEPER, TARGET_RUPTURE, TARGET_STATE
from models.sampling.anchor_fits import AnchorTask, task_of
from models.scores.figures import figures_table
from models.weighting.batch_means import mean_error
from models.weighting.noise import standard_error
from models.weighting.status import Status

GOALS = (
    Goal(target=TARGET_STATE, horizon=5, outcome="deeper", probability=0.2),
    Goal(target=TARGET_STATE, horizon=5, outcome="deeper", probability=0.16),
    Goal(target=TARGET_STATE, horizon=3, outcome="strain", probability=0.07),
    Goal(target=TARGET_RUPTURE, horizon=5, outcome="yes", probability=0.14),
    Goal(target=TARGET_DEEPER, horizon=4, outcome="yes", probability=0.22),
)
"""Up and down, near and far, of every target."""


def bridge(evidence: Evidence, first: AlignmentFit, second: AlignmentFit) -> tuple[float, float]:
    """Log of how much better the evidence supports the second's priors than the first's, and its standard error.

    Optimal bridge sampling (Meng and Wong 1996) is MBAR with two densities; no draw of the library takes part. NaN
    where the two fits overlap too little.
    """
    knobs, drivers = Assumptions.defaults(evidence.claims).knobs, driver_table(evidence)
    parts = [part_of(name, fit, drivers, knobs) for name, fit in (("one", first), ("other", second))]
    try:
        both = pooled(parts, provenance_of(first), solve_supports(parts))
    except FitError:  # too far apart for two fits alone: nothing to compare the engine with
        return float("nan"), float("nan")
    return both.anchors[1].log_support, float(standard_error(both.blocks.influence[:, 1]))


def compare_supports(
    evidence: Evidence, library: Library, base: AlignmentFit, tasks: Sequence[AnchorTask], fits: Sequence[AlignmentFit]
) -> pd.DataFrame:
    """The engine's compatibility ratios beside those of bridge sampling.

    Parameters
    ----------
    base : AlignmentFit
        A fit at the defaults that is not in the library.

    Returns
    -------
    DataFrame
        ``setting, status, engine, engine_mcse, bridge, bridge_mcse`` (natural logs), ``z``.
    """
    defaults = Assumptions.defaults(evidence.claims)
    rows = []
    for task, fit in zip(tasks, fits, strict=True):
        answer, (log_ratio, mcse) = compatibility(library, defaults.replace(task.values)), bridge(evidence, base, fit)
        rows.append((task.name, answer.status, answer.log_ratio, answer.mcse, log_ratio, mcse))
    table = pd.DataFrame(rows, columns=["setting", "status", "engine", "engine_mcse", "bridge", "bridge_mcse"])
    return table.assign(z=(table["engine"] - table["bridge"]) / np.hypot(table["engine_mcse"], table["bridge_mcse"]))


def inverse_shifts(evidence: Evidence, library: Library) -> tuple[Shift, ...]:
    """The engine's answers to `GOALS`, all claims moved together."""
    start = Assumptions.defaults(evidence.claims)
    claims = tuple(key for key, knob in start.knobs.items() if knob.group == "claim")
    searches = [Search(evidence=evidence, libraries=(library,), start=start, goal=goal, keys=claims) for goal in GOALS]
    return tuple(search.jointly() for search in searches)


def support_tasks(evidence: Evidence, shifts: Sequence[Shift], seed: int) -> tuple[AnchorTask, ...]:
    """Refits at the defaults and at the inverse slider's settings, with seeds between those of the study's settings."""
    settings = [Assumptions.defaults(evidence.claims), *(shift.assumptions for shift in shifts)]
    designs = [Design(name=f"support {index}", assumptions=setting) for index, setting in enumerate(settings)]
    return tuple(
        task_of(design, evidence, fit_seed(seed) + 10 * index + 5, ATTEMPTS) for index, design in enumerate(designs)
    )


def support_summary(supports: pd.DataFrame, shifts: pd.DataFrame) -> pd.DataFrame:
    """Acceptance figures, in the columns of `models.engine_study.held_out.summary`."""
    right = shifts["reached"] & (shifts["points"].abs() <= 1)
    green = supports[(supports["status"] == Status.GOOD) & supports["z"].notna()]
    rows = [
        ("compatibility ratios of green settings within 3 errors of bridge sampling", green["z"].abs() <= 3, 99.0),
        ("inverse answers that reach their goal, within 1 point of a refit", right, 100.0),
    ]
    return figures_table([(name, 100 * float(flags.mean()), ">=", least) for name, flags, least in rows])


def compare_shifts(
    evidence: Evidence, library: Library, shifts: Sequence[Shift], fits: Sequence[AlignmentFit]
) -> pd.DataFrame:
    """The inverse slider's probabilities beside those of refits at its settings.

    Returns
    -------
    DataFrame
        ``target, horizon, outcome, wanted, reached, sds, status, changed, engine, refit, refit_mcse`` (0-1 in the
        mixture) and ``points``, the difference in percentage points.
    """
    rows = []
    for goal, shift, fit in zip(GOALS, shifts, fits, strict=True):
        setting = shift.assumptions
        alone = single(fit, driver_table(evidence), setting.knobs)
        alone = alone.joined_by(library.members) if library.members else alone
        refit = make_forecast(evidence, alone, setting)
        share = refit.model_weights[MODEL_M1]
        mcse = share * mean_error(fit_counts(fit)[:, goal.column(fit.reference_date)] / alone.ledgers, fit.chain)
        again = refit.probability(goal.target, goal.horizon, goal.outcome)
        rows.append(
            {
                "target": goal.target,
                "horizon": goal.horizon,
                "outcome": goal.outcome,
                "wanted": goal.probability,
                "reached": shift.reached,
                "sds": shift.sds,
                "status": shift.status,
                "changed": changed_text(setting),
                "engine": shift.probability,
                "refit": again,
                "refit_mcse": float(mcse),
                "points": 100 * (shift.probability - again),
            }
        )
    return pd.DataFrame(rows)
