"""The held-out study: random settings fitted from scratch with seeds of their own, against what the engine says."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from data.days import horizons_from
from data.types import Evidence
from data.values import frozen
from models.assumptions.knobs import knobs_of
from models.assumptions.setting import Assumptions
from models.errors import FitError
from models.fits.alignment_fit import AlignmentFit
from models.fits.probabilities import axis
from models.forecast.results import make_forecast
from models.library.anchors import Design
from models.library.library import Library
from models.library.pool import fit_counts
from models.library.reweighting import alignment_answer, reweight
from models.names import MODEL_M1
from models.sampling.anchor_fits import AnchorTask, Attempts, task_of
from models.scores.figures import figures_table
from models.weighting.batch_means import mean_error
from models.weighting.status import Status

ATTEMPTS: Attempts = (
    {"chains": 4, "tune": 1000, "draws": 1500, "target_accept": 0.95},
    {"chains": 4, "tune": 2000, "draws": 3000, "target_accept": 0.99},
)
"""A refit must be better than what it judges: six thousand draws, and twice as many when a check fails."""
KINDS: Mapping[str, int] = {"single": 1, "triple": 3, "all": 0}
"""Knobs moved at once; 0 stands for all."""
STUDY_SEED = 20_261_123
FIT_SEED = 700_000


@frozen
class HeldOut:
    """Which settings a study fits.

    Attributes
    ----------
    counts : Mapping[str, int]
        Settings of every kind in `KINDS`.
    seed : int
        Of the settings; seeds of the fits follow from it.

    Raises
    ------
    FitError
        No setting at all, an unknown kind, or a negative number.
    """

    counts: Mapping[str, int]
    seed: int = STUDY_SEED

    def __post_init__(self) -> None:
        numbers = (*self.counts.values(), self.seed)
        if not set(self.counts) <= set(KINDS) or min(numbers) < 0 or not any(self.counts.values()):
            raise FitError(
                f"got the settings {dict(self.counts)} from seed {self.seed}, expected at least one setting of "
                f"{', '.join(KINDS)} and no negative number; correct the counts or the seed"
            )

    def designs(self, defaults: Assumptions) -> tuple[Design, ...]:
        """The settings, each with values drawn evenly over the whole range of the moved knobs."""
        keys = knobs_of(MODEL_M1, defaults.knobs)
        designs = []
        for order, (kind, size) in enumerate(KINDS.items()):
            rng = np.random.default_rng([self.seed, order])
            for index in range(self.counts.get(kind, 0)):
                moved = rng.choice(keys, size=size or len(keys), replace=False)
                values = {key: _elsewhere(defaults, key, rng) for key in moved}
                designs.append(Design(name=f"{kind} {index + 1}", assumptions=defaults.replace(values)))
        return tuple(designs)

    def tasks(self, evidence: Evidence) -> tuple[AnchorTask, ...]:
        """One refit for every setting, with its own seed."""
        designs = self.designs(Assumptions.defaults(evidence.claims))
        return tuple(
            task_of(design, evidence, fit_seed(self.seed) + 10 * index, ATTEMPTS)
            for index, design in enumerate(designs)
        )


def fit_seed(study_seed: int) -> int:
    """First seed of a study's fits; they go up in tens, and a second attempt takes the next."""
    return FIT_SEED + (study_seed % 1000) * 1000


def compare(
    evidence: Evidence, library: Library, tasks: Sequence[AnchorTask], fits: Sequence[AlignmentFit]
) -> pd.DataFrame:
    """One row for each setting and probability.

    Returns
    -------
    DataFrame
        ``setting, kind, changed, seed, status, pareto_k, ess, horizon, outcome, engine, engine_mcse, refit,
        refit_mcse`` (probabilities of the latent-alignment model, 0-1), ``error`` = ``sqrt(max(0, (engine - refit)^2 -
        refit_mcse^2))`` and ``z``, the difference in combined standard errors.
    """
    defaults = Assumptions.defaults(evidence.claims)
    return pd.concat(
        [_rows(evidence, library, defaults, task, fit) for task, fit in zip(tasks, fits, strict=True)],
        ignore_index=True,
    )


def per_setting(cells: pd.DataFrame) -> pd.DataFrame:
    """One row a setting: its badge, its largest error and largest |z|."""
    keys = ["setting", "kind", "changed", "seed", "status", "pareto_k", "ess"]
    grouped = cells.assign(z=cells["z"].abs()).groupby(keys, sort=False, dropna=False)
    return grouped.agg(engine_mcse=("engine_mcse", "max"), error=("error", "max"), z=("z", "max")).reset_index()


def summary(cells: pd.DataFrame) -> pd.DataFrame:
    """The acceptance figures: columns measure, value, threshold, passed. Errors are in points, shares in per cent."""
    settings = per_setting(cells)
    green = settings["status"] == Status.GOOD
    error = 100 * settings["error"]
    of_kind = {kind: green[settings["kind"] == kind] for kind in KINDS}
    rows = [
        ("largest error of a green setting", error[green].max(), "<=", 1.5),
        ("mean error of the green settings", error[green].mean(), "<=", 0.6),
        ("cells with |z| up to 3", _share(cells["z"].abs() <= 3), ">=", 99.0),
        ("green settings with an error above 2.5", float((error[green] > 2.5).sum()), "<=", 0.0),
        ("green among single-knob settings", _share(of_kind["single"]), ">=", 95.0),
        ("green among three-knob settings", _share(of_kind["triple"]), ">=", 80.0),
        ("green among all-knob settings", _share(of_kind["all"]), ">=", 0.0),
        ("flagged among settings with an error up to 0.5", _share(~green[error <= 0.5]), "<=", 20.0),
        ("not green among settings with an error above 2", _share(~green[error > 2]), ">=", 95.0),
    ]
    figures = figures_table(rows)
    return figures.assign(passed=figures["passed"].where(figures["value"].notna(), None))


def _share(flags: pd.Series) -> float:
    """Per cent; NaN where there is nothing to count."""
    return 100 * float(flags.mean()) if len(flags) else float("nan")


def _rows(
    evidence: Evidence, library: Library, defaults: Assumptions, task: AnchorTask, fit: AlignmentFit
) -> pd.DataFrame:
    setting = defaults.replace(task.values)
    engine, drawn = alignment_answer(library, reweight(library, setting)), fit_counts(fit) / library.ledgers
    refit, refit_mcse = drawn.mean(axis=0), mean_error(drawn, fit.chain)
    difference = engine.mean - refit
    return pd.DataFrame(
        {
            "setting": task.name,
            "kind": task.name.split()[0],
            "changed": changed_text(setting),
            "seed": fit.seed,
            "status": make_forecast(evidence, library, setting).status,
            "pareto_k": np.nan if engine.weights.pareto_k is None else engine.weights.pareto_k,
            "ess": engine.weights.ess,
            **axis(horizons_from(evidence.as_of)),
            "engine": engine.mean,
            "engine_mcse": engine.mcse,
            "refit": refit,
            "refit_mcse": refit_mcse,
            "error": np.sqrt(np.maximum(0, np.square(difference) - np.square(refit_mcse))),
            "z": _in_errors(difference, np.hypot(engine.mcse, refit_mcse)),
        }
    )


def changed_text(setting: Assumptions) -> str:
    """What a setting moves, and to which values."""
    return "; ".join(f"{key}={setting.values[key]:g}" for key in setting.changed)


def _in_errors(difference: np.ndarray, error: np.ndarray) -> np.ndarray:
    """Difference in standard errors: none is 0 and any is infinite where both answers are free of error, as those
    about an outcome that no simulated ledger had."""
    certain = np.where(difference == 0, 0.0, np.copysign(np.inf, difference))
    return np.divide(difference, error, out=certain, where=error > 0)


def _elsewhere(defaults: Assumptions, key: str, rng: np.random.Generator) -> float:
    """A grid value other than the default."""
    knob = defaults.knobs[key]
    while True:
        value = knob.snap(float(rng.uniform(knob.low, knob.high)))
        if value != knob.default:
            return value
