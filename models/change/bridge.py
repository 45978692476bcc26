"""The bridge between two outcome rules: the former models on newer evidence, fitted once under each rule.

A forecast under one rule and a forecast under another answer other questions by other models on other evidence. What
the evidence did can only be told where the former models have seen it. So they were fitted to it twice, under the
former rule and under the later one, and both forecasts lie in models/fits/bridge/ as light snapshots: every number,
every digest, no draws (docs/decisions/0008-shapley.md).
"""

from functools import lru_cache
from pathlib import Path

from data.values import frozen
from models.errors import MissingFitError, StaleFitError
from models.outcome.rule import RULE_1, RULE_2, OutcomeRule
from models.snapshot.archive import MAX_BYTES, read_snapshot
from models.snapshot.value import Snapshot
from models.storage.disk import read_limited

FOLDER = Path(__file__).parents[1] / "fits" / "bridge"
LATER = "later.zip"
"""The present models on the bridge's evidence, at its assumptions: for newer forecasts on evidence newer still."""
BUILD = (
    "the present program cannot make it: it was made at the revision that `git log --grep 'For the bridge'` names, "
    "once under either rule; copy its models/fits/bridge/"
)


@frozen
class Bridge:
    """Forecasts on one evidence at one setting, each under a rule or a structure more than the one before.

    Attributes
    ----------
    before, after : Snapshot
        The former models under the former rule and under the later one.
    later : Snapshot or None
        The later models under the later rule, where they are stored too.

    Raises
    ------
    StaleFitError
        They do not belong together.
    """

    before: Snapshot
    after: Snapshot
    later: Snapshot | None = None

    def __post_init__(self) -> None:
        self._require(self.after, structure=True)
        if self.before.rule == self.after.rule:
            raise StaleFitError(f"the bridge: got {self.before.rule.version} twice, expected two rules; {BUILD}")
        if self.later is not None:
            self._require(self.later, structure=False)
            if self.later.rule != self.after.rule:
                got, expected = self.later.rule.version, self.after.rule.version
                raise StaleFitError(f"the bridge: got {LATER} under {got}, expected {expected}; make it again")

    def _require(self, other: Snapshot, *, structure: bool) -> None:
        values = self.before.assumptions.values
        parts = {
            "evidence": (self.before.evidence.digest, other.evidence.digest),
            "assumptions": (dict(values), {key: other.assumptions.values.get(key) for key in values}),
            "models": (dict(self.before.structures), dict(other.structures) if structure else self.before.structures),
        }
        if odd := [name for name, (mine, theirs) in parts.items() if mine != theirs]:
            raise StaleFitError(f"the bridge: got forecasts with other {odd[0]}, expected the same in all; {BUILD}")

    def misfit(self, old: Snapshot, new: Snapshot) -> str:
        """Why the bridge does not lead from one snapshot to another, empty where it does."""
        if (old.rule, new.rule) != (self.before.rule, self.after.rule):
            return f"it leads from {self.before.rule.version} to {self.after.rule.version}"
        if old.model != self.before.model:
            return f"it was fitted with {self.before.model.version}, the older forecast with {old.model.version}"
        end = self.later or self.after
        if self.later is None and new.evidence.digest != end.evidence.digest:
            got, mine = new.evidence.digest[:12], end.evidence.digest[:12]
            return f"it was fitted to the evidence {mine}, and the newer forecast rests on {got}"
        if self.later is not None and new.model != end.model:
            return f"it ends at {end.model.version}, the newer forecast rests on {new.model.version}"
        return ""


@lru_cache(maxsize=2)
def load_bridge(folder: Path = FOLDER, rules: tuple[OutcomeRule, OutcomeRule] = (RULE_1, RULE_2)) -> Bridge:
    """The stored bridge between two rules.

    Raises
    ------
    MissingFitError
        There is none.
    StorageError, StaleFitError
        A file is damaged, or of another rule than its name says, or the two do not belong together.
    """
    before, after = (_forecast(folder, rule) for rule in rules)
    later = read_snapshot(read_limited(folder / LATER, MAX_BYTES)) if (folder / LATER).is_file() else None
    return Bridge(before=before, after=after, later=later)


def _forecast(folder: Path, rule: OutcomeRule) -> Snapshot:
    file = folder / f"{rule.version}.zip"
    if not file.is_file():
        raise MissingFitError(
            f"got no {file.name} in {folder.name}/, expected the former models under that rule; {BUILD}"
        )
    snapshot = read_snapshot(read_limited(file, MAX_BYTES))
    if snapshot.rule.digest != rule.digest:
        raise StaleFitError(
            f"{file.name}: got a forecast under {snapshot.rule.version}, expected {rule.version}; {BUILD}"
        )
    return snapshot
