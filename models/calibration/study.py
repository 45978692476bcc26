"""A calibration study: which worlds to simulate, one job each, and the tables that they make."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd

from data.digest import Fields, digest
from data.load import load_evidence
from data.types import Evidence
from data.values import frozen
from models.alignment.priors import prior_parameters
from models.assumptions.setting import Assumptions
from models.base_rate.chain import BASE_RATE_DIGEST
from models.calibration.ranks import RANK_COLUMNS, excursions_allowed, rank, summary
from models.calibration.world import Recovery, Simulation, mixed
from models.errors import FitError
from models.library.structures import STRUCTURE_DIGESTS
from models.names import MEMBERS, MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3
from models.ordered.law import ordered_prior
from models.outcome.rule import RULE
from models.sampling.anchor_fits import Attempts
from models.storage.safe_csv import Tables
from models.storage.tasks import JsonShelf, OnDone, require_evidence, run_all

VERSION = "sbc-1"
"""Raised by hand whenever what is simulated or ranked changes."""
SEED = 20241231
SAMPLER: Mapping[str, float] = {"chains": 2, "tune": 600, "draws": 500, "target_accept": 0.9}
LONGER: Mapping[str, float] = {"chains": 2, "tune": 1500, "draws": 1500, "target_accept": 0.95}
"""The cheapest run that leaves some 200 effective draws of the worst parameter to thin to 99, and what follows where
its chains did not mix."""
RECOVERIES: Mapping[str, tuple[str, str]] = {
    MODEL_M0: ("models.calibration.base_rate", "recovery"),
    MODEL_M1: ("models.calibration.alignment", "recovery"),
    MODEL_M2: ("models.calibration.members", "ordered_recovery"),
    MODEL_M3: ("models.calibration.members", "regimes_recovery"),
}
"""Where each model simulates and refits; imported by name, so that PyMC is loaded only where it samples."""
MISTAKES: Mapping[str, str] = {
    MODEL_M0: "every transition counted twice",
    MODEL_M1: "every reading counted twice",
    MODEL_M2: "every transition counted twice",
    MODEL_M3: "every reading counted twice",
}
"""The deliberate mistake of each model's likelihood, made only in the refits, that the study must catch."""
FIT_COLUMNS = ("model_id", "simulation", "attempts", "rhat", "ess")


@frozen
class CalibrationTask:
    """One simulated world to refit, in plain values that travel to another process or machine.

    Attributes
    ----------
    prior_digest : str
        Of the prior that truths are drawn from and refits start from, see `prior_digests`.
    wrong : str
        The deliberate mistake of the refit, empty for none.
    settings : tuple of Mapping
        Sampler settings of the first attempt and of those that follow; M0 needs none.
    """

    model_id: str
    number: int
    evidence_digest: str
    as_of: str
    prior_digest: str
    seed: int = SEED
    wrong: str = ""
    settings: Attempts = (SAMPLER, LONGER)

    @property
    def key(self) -> str:
        """Digest of what is asked."""
        task = {**asdict(self), "settings": [dict(settings) for settings in self.settings]}
        return digest({**task, "rule": RULE.digest, "model": STRUCTURE_DIGESTS[self.model_id], "version": VERSION})


def prior_digests(assumptions: Assumptions) -> Mapping[str, str]:
    """Digest of each model's own prior; weights in the mixture and other models' knobs leave it alone."""
    prior = prior_parameters(assumptions)
    return {
        MODEL_M0: BASE_RATE_DIGEST,
        MODEL_M1: digest(prior.plain),
        MODEL_M2: digest(asdict(ordered_prior(prior, assumptions.knobs))),
        MODEL_M3: digest(assumptions.values["stickiness"]),
    }


def tasks_of(
    evidence: Evidence, model_ids: Sequence[str], simulations: int, seed: int = SEED, wrong: bool = False
) -> tuple[CalibrationTask, ...]:
    """All worlds of a study.

    Raises
    ------
    FitError
        No simulation, a negative seed, or an unknown model.
    """
    if simulations < 1 or seed < 0 or not model_ids or not set(model_ids) <= set(MEMBERS):
        raise FitError(
            f"got {simulations} simulations of {', '.join(model_ids) or 'no model'} from seed {seed}, expected at "
            f"least one simulation of {', '.join(MEMBERS)} and no negative seed; correct the numbers"
        )
    priors = prior_digests(Assumptions.defaults(evidence.claims))
    return tuple(
        CalibrationTask(
            model_id=model_id,
            number=number,
            prior_digest=priors[model_id],
            evidence_digest=evidence.digest,
            as_of=evidence.as_of.isoformat(),
            seed=seed,
            wrong=MISTAKES[model_id] if wrong else "",
            settings=() if model_id == MODEL_M0 else (SAMPLER, LONGER),
        )
        for model_id in model_ids
        for number in range(simulations)
    )


def run_task(task: CalibrationTask) -> Fields:
    """Simulate, refit and rank one world in this process; a compiled model stays for the next task.

    Returns
    -------
    dict
        ``ranks`` by kind and quantity, ``attempts``, worst ``rhat`` and ``ess``: JSON values.

    Raises
    ------
    FitError, SamplerError
    """
    where = (task.seed, MEMBERS.index(task.model_id), task.number)
    simulation = Simulation(
        evidence=_evidence(task.as_of, task.evidence_digest),
        rng=np.random.default_rng([*where, 0]),
        seed=int(np.random.default_rng([*where, 1]).integers(2**31)),
        wrong=bool(task.wrong),
        settings=task.settings,
    )
    module, name = RECOVERIES[task.model_id]
    recovery: Recovery = getattr(import_module(module), name)(simulation)
    rng = np.random.default_rng([*where, 2])
    ranks = {
        kind: {quantity: rank(values, rng) for quantity, values in arrays.items()}
        for kind, arrays in recovery.quantities.items()
    }
    return {"ranks": ranks, "attempts": recovery.attempts, "rhat": recovery.rhat, "ess": recovery.ess}


def run_study(
    tasks: Sequence[CalibrationTask],
    work: Path,
    executor: Executor,
    on_done: OnDone[CalibrationTask],
    do: Callable[[CalibrationTask], Fields] = run_task,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Do what is not in the `work` folder yet, and read all.

    Returns
    -------
    ranks : DataFrame
        Columns ``RANK_COLUMNS``.
    fits : DataFrame
        Columns `FIT_COLUMNS`, one row a simulation; M0 has nothing to sample.
    """
    results = list(zip(tasks, run_all(tasks, JsonShelf(folder=work), executor, do, on_done), strict=True))
    fits = [(task.model_id, task.number, *(result[name] for name in FIT_COLUMNS[2:])) for task, result in results]
    return ranks_table(results), pd.DataFrame(fits, columns=list(FIT_COLUMNS))


def ranks_table(results: Iterable[tuple[CalibrationTask, Fields]]) -> pd.DataFrame:
    """What `run_task` returned, as one long table."""
    rows = [
        (task.model_id, task.number, kind, quantity, position)
        for task, result in results
        for kind, ranks in result["ranks"].items()
        for quantity, position in ranks.items()
    ]
    return pd.DataFrame(rows, columns=list(RANK_COLUMNS))


def verdicts(table: pd.DataFrame, fits: pd.DataFrame) -> list[Fields]:
    """One verdict a model, as JSON values.

    Parameters
    ----------
    table : DataFrame
        As `models.calibration.ranks.summary` returns it.
    """
    judged = []
    for model_id, rows in table.groupby("model_id", sort=False):
        own = fits[(fits["model_id"] == model_id) & (fits["attempts"] > 0)]
        outside, allowed = int((~rows["inside"].astype(bool)).sum()), excursions_allowed(len(rows))
        judged.append(
            {
                "model_id": model_id,
                "quantities": len(rows),
                "outside": outside,
                "allowed": allowed,
                "passed": outside <= allowed,
                "smallest_chance": float(rows["chance"].min()),
                "sampled_again": int((own["attempts"] > 1).sum()),
                "not_mixed": sum(not mixed(rhat, ess) for rhat, ess in zip(own["rhat"], own["ess"], strict=True)),
            }
        )
    return judged


def study_tables(ranks: pd.DataFrame, fits: pd.DataFrame) -> Tables:
    """The tables of the archive by file name; of the ranks, how often each quantity had each (column count)."""
    counted = ranks.groupby(["model_id", "kind", "quantity", "rank"], sort=False).size().rename("count").reset_index()
    sampled = fits[fits["attempts"] > 0]
    return {"summary": summary(ranks), "ranks": counted, "fits": sampled}


@lru_cache(maxsize=2)
def _evidence(as_of: str, evidence_digest: str) -> Evidence:
    evidence = load_evidence(date.fromisoformat(as_of))
    require_evidence(evidence.digest, evidence_digest)
    return evidence
