"""Fits for replayed forecasts: every model at a past year-end, stored as the inputs of a snapshot of that day."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from data.digest import digest
from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.assumptions.shares import WEIGHT_KNOBS
from models.backtest.controls import AS_RECORDED, drivers_of
from models.backtest.hindcasts import SETTINGS, attempts, compiled_once, whole_evidence
from models.errors import FitError, SamplerError, SnapshotError
from models.library.members import FROZEN_SCALING, Members
from models.library.pool import single
from models.library.structures import STRUCTURE_DIGESTS
from models.measures.drivers import DriverTable, frozen_scaling
from models.names import MODEL_M1, MODEL_M2, MODEL_M3
from models.outcome.rule import RULE
from models.regimes.pool import ANCHORS
from models.snapshot.inputs import ALL_NAMES, inputs_of, read_inputs
from models.storage.disk import told, write_together
from models.track.replay import ORIGINS

SEED = 20_261_124
"""Not the backtest's, so that each checks the other."""
KEPT = 2000
"""Draws kept of a fit of M2 or M3, as in the committed members."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayTask:
    """One past year-end to forecast from, in plain values that travel to another process.

    Attributes
    ----------
    origin : int
        The reference date is the last day of this year.
    evidence_digest : str
        Of what was visible on that day.
    values : Mapping[str, float]
        Knob values.
    """

    origin: int
    evidence_digest: str
    values: Mapping[str, float]
    seed: int = SEED

    @property
    def reference_date(self) -> date:
        """Last day that counts."""
        return date(self.origin, 12, 31)

    @property
    def key(self) -> str:
        """Digest of everything that decides the fits."""
        weights = set(WEIGHT_KNOBS.values())
        asked = {
            "structures": dict(STRUCTURE_DIGESTS),
            "evidence": self.evidence_digest,
            "rule": RULE.digest,
            "scaling": digest(frozen_scaling().digestible),
            "values": {name: value for name, value in self.values.items() if name not in weights},
            "seed": self.seed,
            "kept": KEPT,
            "stickiness": list(ANCHORS),
            "settings": {model: [dict(one) for one in settings] for model, settings in SETTINGS.items()},
        }
        return digest(asked)


def replay_tasks(evidence: Evidence, origins: tuple[int, ...] = ORIGINS) -> tuple[ReplayTask, ...]:
    """One task for each past year-end, under the default assumptions."""
    values = dict(Assumptions.defaults(evidence.claims).values)
    seen = {year: evidence.visible(date(year, 12, 31)).digest for year in origins}
    return tuple(ReplayTask(origin=year, evidence_digest=seen[year], values=values) for year in origins)


@dataclass(frozen=True, slots=True, kw_only=True)
class InputsShelf:
    """Where the fits wait: for each task a folder named by its key, with a snapshot's inputs by name."""

    folder: Path

    def read(self, task: ReplayTask) -> dict[str, bytes] | None:
        """The stored inputs, or None where there are none that can be read and answer to the task."""
        place = self.folder / task.key
        try:
            found = {name: (place / name).read_bytes() for name in ALL_NAMES}
            evidence, _ = read_inputs(found)
        except (OSError, SnapshotError):
            return None
        return found if evidence.digest == task.evidence_digest else None

    def write(self, task: ReplayTask, made: Mapping[str, bytes]) -> None:
        """Store what `run_replay` returned.

        Raises
        ------
        FileError
        """
        with told(self.folder, "written"):
            write_together(self.folder / task.key, made)


def run_replay(task: ReplayTask) -> dict[str, bytes]:
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
    evidence = whole_evidence().visible(task.reference_date)
    if evidence.digest != task.evidence_digest:
        raise FitError(
            f"this worker reads evidence {evidence.digest[:12]} for {task.origin}, expected "
            f"{task.evidence_digest[:12]}; give it the same data"
        )
    setting = Assumptions.defaults(evidence.claims).replace(task.values)
    library = single(_accepted(MODEL_M1, evidence, setting, task.seed), _drivers(evidence), setting.knobs)
    ordered = _accepted(MODEL_M2, evidence, setting, task.seed).thinned(KEPT)
    ordered = replace(ordered, settings={**ordered.settings, FROZEN_SCALING: 1.0})
    sticky = [setting.replace({"stickiness": anchor}) for anchor in ANCHORS]
    regimes = tuple(  # seeds apart: shared futures would make their errors alike
        _accepted(MODEL_M3, evidence, one, task.seed + 10 * (1 + index)).thinned(KEPT)
        for index, one in enumerate(sticky)
    )
    members = Members(evidence=evidence, ordered=ordered, regimes=regimes)
    return dict(inputs_of(evidence, library.joined_by(members)))


def _accepted(model_id: str, evidence: Evidence, setting: Assumptions, seed: int):
    """A fit that passed its checks, by the first sampler settings under which it does."""
    failed = ""
    for settings in attempts(model_id, seed):
        fit = _fitted(model_id, evidence, setting, settings)
        if fit.diagnostics.passed:
            return fit
        failed = "; ".join(check.name for check in fit.diagnostics.failures)
    raise SamplerError(
        f"{model_id} at the end of {evidence.as_of.year}: the fit failed its checks ({failed}), expected all to pass; "
        "nothing was stored; look into the model"
    )


def _fitted(model_id: str, evidence: Evidence, setting: Assumptions, settings):
    compiled = compiled_once(model_id)
    if model_id == MODEL_M1:
        from models.sampling.fit_alignment import fit_compiled

        return fit_compiled(compiled.at(evidence, _drivers(evidence)), setting, settings=settings)
    more = (_drivers(evidence),) if model_id == MODEL_M2 else ()
    return compiled.at(evidence, *more).fit(setting, settings)


def _drivers(evidence: Evidence) -> DriverTable:
    return drivers_of(evidence, AS_RECORDED)
