"""One side of a comparison: a snapshot, with the evidence and the draws behind it where they are at hand."""

from collections.abc import Mapping
from typing import Self

from data.days import horizons_from
from data.digest import Fields
from data.errors import ConjunctionError
from data.types import Evidence
from data.values import frozen
from models.assumptions.knobs import Knobs
from models.assumptions.setting import Assumptions
from models.assumptions.shares import WEIGHT_KNOBS
from models.errors import AssumptionError, SnapshotError
from models.library.library import Library
from models.library.structures import knobs_behind, structure_version
from models.names import MODEL_M1
from models.outcome.rule import rule_of
from models.snapshot.value import Snapshot
from models.storage.disk import Files

WEIGHTS = frozenset(WEIGHT_KNOBS.values())


@frozen(eq=False)
class Side:
    """A snapshot and what its numbers were made from.

    Attributes
    ----------
    snapshot : Snapshot
    evidence : Evidence or None
        Together with `library`: None when the snapshot carries no inputs and this program has not got them either.
    library : Library or None

    Raises
    ------
    SnapshotError
        Evidence or library are not those that the snapshot names.
    """

    snapshot: Snapshot
    evidence: Evidence | None = None
    library: Library | None = None

    def __post_init__(self) -> None:
        if (self.evidence is None) != (self.library is None):
            raise SnapshotError("got only one of evidence and library, expected both or none; give the other one too")
        if wrong := self.evidence is not None and foreign(self.snapshot, self.evidence, self.library):
            raise SnapshotError(
                f"got another {wrong} than the snapshot names, expected the one behind its numbers; export it again"
            )

    @classmethod
    def of(cls, snapshot: Snapshot, inputs: Files, own: tuple[Evidence, Library] | None = None) -> Self:
        """From a snapshot and its stored inputs.

        Parameters
        ----------
        inputs : Mapping[str, bytes]
            As `models.snapshot.archive.read_archive` gives them; empty for a light snapshot.
        own : (Evidence, Library), optional
            What this program has itself: it serves a snapshot without inputs, if it is what that one was made from.
        """
        if inputs:
            from models.snapshot.inputs import read_inputs

            evidence, library = read_inputs(inputs)
            return cls(snapshot=snapshot, evidence=evidence, library=library)
        if own is None or foreign(snapshot, *own):
            return cls(snapshot=snapshot)
        return cls(snapshot=snapshot, evidence=own[0], library=own[1])

    @property
    def horizons(self) -> tuple[int, ...]:
        """Those of its reference date."""
        return horizons_from(self.snapshot.reference_date)

    @property
    def assumptions(self) -> Assumptions:
        """The snapshot's setting of the knobs.

        Raises
        ------
        SnapshotError
            There is no evidence at hand, or this program's knobs are not those of the snapshot.
        """
        if self.evidence is None:
            raise SnapshotError("the snapshot carries no inputs, and this program has not got them; export it again")
        try:
            setting = Assumptions(knobs=self._knobs, values=dict(self.snapshot.assumptions.values))
        except AssumptionError as error:
            raise SnapshotError(f"this program cannot take the snapshot's assumptions: {error}") from error
        if setting.digest != self.snapshot.assumptions.digest:
            raise SnapshotError("this program has other knobs than the snapshot; compare with the version that made it")
        return setting

    @property
    def _knobs(self) -> Knobs:
        return knobs_behind(self.library.provenance.rule, self.evidence.claims)

    def under(self, values: Mapping[str, float]) -> Assumptions:
        """A setting of other knobs among this side's own: what it does not know is left out, and a value between two
        steps takes the nearest."""
        known = {key: self._knobs[key].snap(value) for key, value in values.items() if key in self._knobs}
        return Assumptions(knobs=self._knobs, values=known)

    @property
    def beliefs(self) -> Fields:
        """What was believed: every knob but the models' weights, and the claims that the knobs are made from."""
        values = {key: value for key, value in self.snapshot.assumptions.values.items() if key not in WEIGHTS}
        return {**values, "claims": dict(self.snapshot.evidence.claims)}

    @property
    def rows(self) -> Mapping[str, Mapping[str, str]]:
        """What was observed: the digest of every ledger row and of every indicator."""
        evidence = self.snapshot.evidence
        return {"events": dict(evidence.events), "indicators": dict(evidence.indicators)}

    @property
    def obstacle(self) -> str:
        """Why this program cannot ask the side anything but what it published; empty when it can."""
        snapshot = self.snapshot
        try:
            rule_of(snapshot.rule.digest)
            structure_version(MODEL_M1, snapshot.model.digest)
        except ConjunctionError as error:
            return f"rests on a rule or a model that this program does not know ({error})"
        if self.library is None:
            return "carries no inputs, and this program has not got what it was made from"
        try:
            _ = self.assumptions
        except SnapshotError as error:
            return f"cannot be asked again: {error}"
        return ""


def foreign(snapshot: Snapshot, evidence: Evidence, library: Library) -> str:
    """What of the two is not what the snapshot names, or nothing."""
    if snapshot.evidence.digest != evidence.digest:
        return "evidence"
    fits = {anchor.name: anchor.fit_key for anchor in library.anchors}
    fits |= {name: fit.key for name, fit in (library.members.fits if library.members else {}).items()}
    named = {anchor.name: anchor.fit_key for anchor in snapshot.library.anchors}
    return "" if (snapshot.library.key, named) == (library.key, fits) else "library"
