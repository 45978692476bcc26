"""Work that stands in for the sampler: it travels to other processes, takes no time, and marks every call."""

from __future__ import annotations

import os
import secrets
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import xarray as xr

from data.load import load_claims
from data.receipts import DATA_FOLDER
from data.types import Evidence
from data.values import frozen
from models.alignment.priors import AlignmentPrior, prior_parameters
from models.assumptions.knobs import knobs
from models.assumptions.setting import Assumptions
from models.fits.alignment_fit import AlignmentFit, fit_files, load_fit, save_fit
from models.library.library import BASE, Library
from models.library.pool import part_of, pooled, provenance_of, solve_supports
from models.measures.drivers import DRIVER_CLAIMS, driver_table
from models.measures.structure import ALIGNMENT
from models.sampling.anchor_fits import AnchorTask, fit_all
from models.storage.tasks import workers


@frozen
class Pretender:
    """Answers every task with draws from its own prior.

    Attributes
    ----------
    folder : Path
        Holds the fit that all answers are variations of, and one empty file for every call.
    seconds : float
        How long a call takes.
    """

    folder: Path
    seconds: float = 0.0

    @classmethod
    def of(cls, evidence: Evidence, folder: Path, samples: int = 40) -> Pretender:
        """Lay down the fit that the answers start from."""
        from tests.support.values.factories import synthetic_fit

        (folder / "calls").mkdir(parents=True)
        save_fit(synthetic_fit(evidence, samples=samples), folder / "template")
        return cls(folder=folder)

    def __call__(self, task: AnchorTask) -> Mapping[str, bytes]:
        """The files of a fit; equal tasks have equal bytes."""
        (self.folder / "calls" / f"{task.name} {secrets.token_hex(4)}").touch()
        time.sleep(self.seconds)
        return fit_files(fit_of(load_fit(self.folder / "template"), task))

    @property
    def calls(self) -> list[str]:
        """Name of the task of every call so far, sorted."""
        return sorted(path.name.rpartition(" ")[0] for path in (self.folder / "calls").iterdir())


@frozen
class Breaking:
    """Does as `work`, but raises at one task."""

    work: Pretender
    name: str

    def __call__(self, task: AnchorTask) -> Mapping[str, bytes]:
        """The files, or a RuntimeError."""
        if task.name == self.name:
            raise RuntimeError(f"no power for {task.name}")
        return self.work(task)


def fit_of(template: AlignmentFit, task: AnchorTask) -> AlignmentFit:
    """The template as if it were fitted to a task: parameters drawn anew from its priors, probabilities as they are."""
    setting = Assumptions.defaults(load_claims(DATA_FOLDER)).replace(task.values)
    rng = np.random.default_rng(task.seed)
    return replace(
        template,
        parameters=_parameters(prior_parameters(setting), template.chain.size, rng),
        assumptions_values=setting.values,
        seed=task.seed,
    )


def library_of_fits(evidence: Evidence, fits: Sequence[AlignmentFit]) -> Library:
    """A library with all draws of these fits; the first is its base."""
    available, drivers = knobs(evidence.claims), driver_table(evidence)
    parts = [part_of(f"anchor {n}" if n else BASE, fit, drivers, available) for n, fit in enumerate(fits)]
    return pooled(parts, provenance_of(fits[0]), solve_supports(parts))


def _parameters(prior: AlignmentPrior, samples: int, rng: np.random.Generator) -> xr.Dataset:
    alpha, beta = prior.persistence
    values = {
        "break_log_odds": rng.normal(prior.break_mean, prior.break_sd, samples),
        "level": rng.normal(prior.level_mean, prior.level_sd, samples),
        "persistence": rng.beta(alpha, beta, samples),
        "volatility": prior.volatility_scale * np.exp(0.4 * rng.standard_normal(samples)),
        "volatility_before": ALIGNMENT.volatility_before * np.exp(0.4 * rng.standard_normal(samples)),
        "break_slope": np.ones(samples),
        "space_offset": np.zeros(samples),
    }
    table = {name: ("sample", value) for name, value in values.items()}
    table["beta"] = (("sample", "driver"), rng.normal(prior.beta_mean, prior.beta_sd, (samples, len(DRIVER_CLAIMS))))
    return xr.Dataset(table, coords={"driver": list(DRIVER_CLAIMS)})


def build_holding(pipe: int, tasks: list[AnchorTask], folder: Path, work: Pretender) -> None:
    """What a build does. Whoever reads from the pipe learns when this process and all that it started have ended."""
    os.dup2(pipe, 1)
    os.close(pipe)
    sys.modules["__main__"].__dict__.pop("__file__", None)  # an earlier AppTest may have left its script there
    with workers(processes=1) as executor:
        fit_all(tasks, folder, executor, lambda *_: None, work)
