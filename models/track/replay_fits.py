"""Fits for replayed forecasts: every model at a past year-end, stored as the inputs of a snapshot of that day."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from data.digest import digest
from data.types import Evidence
from data.values import frozen
from models.assumptions.setting import Assumptions
from models.backtest.controls import AS_RECORDED, drivers_of
from models.backtest.hindcasts import attempts, fitted
from models.backtest.origins import SETTINGS, PastTask
from models.errors import SamplerError, StorageError
from models.library.members import FROZEN_SCALING, Members
from models.library.pool import single
from models.library.structures import STRUCTURE_DIGESTS
from models.measures.drivers import frozen_scaling
from models.names import MODEL_M1, MODEL_M2, MODEL_M3
from models.outcome.rule import RULE
from models.regimes.pool import ANCHORS
from models.snapshot.inputs import ALL_NAMES, inputs_of, read_inputs
from models.storage.disk import Files, explained, write_together
from models.track.replay import ORIGINS

SEED = 20_261_124
"""Not the backtest's, so that each checks the other."""
KEPT = 2000
"""Draws kept of a fit of M2 or M3, as in the committed members."""


@frozen
class ReplayTask(PastTask):
    """All models at one past year-end."""

    seed: int = SEED

    @property
    def key(self) -> str:
        """Digest of everything that decides the fits."""
        question = {
            "structures": dict(STRUCTURE_DIGESTS),
            "evidence": self.evidence_digest,
            "rule": RULE.digest,
            "scaling": digest(frozen_scaling().digestible),
            "values": self.fitted,
            "seed": self.seed,
            "kept": KEPT,
            "stickiness": list(ANCHORS),
            "settings": {model: [dict(settings) for settings in tried] for model, tried in SETTINGS.items()},
        }
        return digest(question)


def replay_tasks(evidence: Evidence, origins: tuple[int, ...] = ORIGINS) -> tuple[ReplayTask, ...]:
    """One task for each past year-end, under the default assumptions."""
    values = dict(Assumptions.defaults(evidence.claims).values)
    seen = {year: evidence.visible(date(year, 12, 31)).digest for year in origins}
    return tuple(ReplayTask(origin=year, evidence_digest=seen[year], values=values) for year in origins)


LONGER = 3
"""Times as many draws in a last attempt: far from the default stickiness the regimes mix slowly."""


@frozen
class InputsShelf:
    """Where the fits wait: for each task a folder named by its key, with a snapshot's inputs by name."""

    folder: Path

    def read(self, task: ReplayTask) -> Files | None:
        """The stored inputs, or None where there are none that can be read and answer to the task."""
        place = self.folder / task.key
        try:
            inputs = {name: (place / name).read_bytes() for name in ALL_NAMES}
            evidence, _ = read_inputs(inputs)
        except (OSError, StorageError):
            return None
        return inputs if evidence.digest == task.evidence_digest else None

    def write(self, task: ReplayTask, inputs: Files) -> None:
        """Store what `run_replay` returned.

        Raises
        ------
        FileError
        """
        with explained(self.folder, "written"):
            write_together(self.folder / task.key, inputs)


def run_replay(task: ReplayTask) -> Files:
    """Fit M1, M2 and M3 in this process, from the evidence that this machine has.

    Returns
    -------
    dict
        Inputs of a snapshot, by name (`models.snapshot.inputs`).

    Raises
    ------
    FitError
        This machine has other evidence.
    SamplerError
        A fit failed its acceptance checks at every setting of the sampler.
    """
    evidence = task.evidence
    setting = Assumptions.defaults(evidence.claims).replace(task.values)
    library = single(
        _accepted(MODEL_M1, evidence, setting, task.seed), drivers_of(evidence, AS_RECORDED), setting.knobs
    )
    ordered = _accepted(MODEL_M2, evidence, setting, task.seed).thinned(KEPT)
    ordered = replace(ordered, settings={**ordered.settings, FROZEN_SCALING: 1.0})
    sticky = [setting.replace({"stickiness": anchor}) for anchor in ANCHORS]
    regimes = tuple(  # seeds apart: shared futures would make their errors alike
        _accepted(MODEL_M3, evidence, assumptions, task.seed + 10 * (1 + index)).thinned(KEPT)
        for index, assumptions in enumerate(sticky)
    )
    members = Members(evidence=evidence, ordered=ordered, regimes=regimes)
    return dict(inputs_of(evidence, library.joined_by(members)))


def _accepted(model_id: str, evidence: Evidence, setting: Assumptions, seed: int):
    """A fit that passed its checks, by the first sampler settings under which it does."""
    failed = ""
    tries = attempts(model_id, seed)
    for settings in (*tries, replace(tries[-1], draws=LONGER * tries[-1].draws, seed=tries[-1].seed + 1)):
        fit = fitted(model_id, evidence, setting, settings)
        if fit.diagnostics.passed:
            return fit
        failed = "; ".join(check.name for check in fit.diagnostics.failures)
    raise SamplerError(
        f"{model_id} at the end of {evidence.as_of.year}: the fit failed its checks ({failed}), expected all to pass; "
        "nothing was stored; look into the model"
    )
