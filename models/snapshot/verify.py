"""Does a snapshot say what it was made from? Every published number computed again, offline, from the stored inputs."""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from functools import partial
from typing import Literal

import numpy as np

from data.errors import ConjunctionError
from data.types import Evidence
from data.values import frozen
from models.assumptions.setting import Assumptions
from models.library.library import Library
from models.library.structures import STRUCTURE_DIGESTS, knobs_behind, structure_version, whole_year
from models.names import MODEL_M1
from models.outcome.rule import RULE, rule_of
from models.snapshot.archive import CHART_FOLDER, JSON_NAME, README_NAME, SCHEMA_NAME, Archive, read_archive, readme
from models.snapshot.document import schema_bytes
from models.snapshot.inputs import read_inputs
from models.snapshot.numbers import Finding, compared_numbers, decided, same_finding
from models.snapshot.seen import seen_evidence
from models.snapshot.signposts import compared_signposts
from models.snapshot.value import SCHEMA_VERSION, Snapshot, model_behind, rule_behind, used_library
from models.storage.disk import Files
from models.storage.zips import SHOWN, zipped

ROUNDED_SINCE = 3
"""Version of the schema since which numbers are published rounded, so that every processor finds the same."""

DAYS = {"as_of": "last day", "known_on": "day of knowledge"}
type Outcome = Literal["passed", "failed", "undecided"]
type Own = Callable[[Snapshot], tuple[Evidence, Library]]

_FAULTS = (ValueError, KeyError, TypeError, IndexError, AttributeError, ArithmeticError)


@frozen
class Verification:
    """What a verification found.

    Attributes
    ----------
    snapshot : Snapshot
    checks : tuple of Finding
    """

    snapshot: Snapshot
    checks: tuple[Finding, ...]

    @property
    def outcome(self) -> Outcome:
        """ "failed" if anything is wrong, "undecided" if something could not be looked at."""
        if any(check.passed is False for check in self.checks):
            return "failed"
        return "undecided" if any(check.passed is None for check in self.checks) else "passed"

    @property
    def passed(self) -> bool:
        """Whether everything was looked at and right."""
        return self.outcome == "passed"


def verify(content: bytes, own: Own | None = None) -> Verification:
    """Check a snapshot's files against each other, and its numbers against what its inputs give.

    Parameters
    ----------
    content : bytes
        A zip as exported, or the bare snapshot.json.
    own : callable, optional
        Evidence and library of this program for a light snapshot, which holds no inputs of its own.

    Raises
    ------
    SnapshotError
        The file is no whole snapshot, so that there is nothing to verify; the message says what is wrong.
    """
    archive = read_archive(content)
    snapshot, inputs = archive.snapshot, archive.inputs
    checks = list(_files(archive, content))
    stale = list(_versions(snapshot))
    checks += stale
    if any(check.passed is not True for check in stale):
        detail = "Not computed again: this program does not know the rule or a model of the one that wrote the file."
        return Verification(snapshot=snapshot, checks=(*checks, Finding(name="numbers", passed=None, detail=detail)))
    try:
        with np.errstate(all="ignore"):  # numbers of strangers may overflow; they are compared, not trusted
            checks += _computed(snapshot, inputs, own)
    except ConjunctionError as error:
        stored = False if inputs else None  # what is wrong with this program's own is not the file's fault
        checks.append(Finding(name="inputs", passed=stored, detail=f"The inputs cannot be used: {error}"))
    except _FAULTS as error:
        reason = ascii(str(error)[:SHOWN])
        checks.append(Finding(name="inputs", passed=False, detail=f"The inputs make no forecast: {reason}."))
    if archive.version < ROUNDED_SINCE:
        checks = [_excused(check) for check in checks]
    return Verification(snapshot=snapshot, checks=tuple(checks))


def _excused(check: Finding) -> Finding:
    """Programs of older versions published unrounded numbers and computed some a little differently."""
    if check.passed is not False or check.name not in ("numbers", "reliability", "model weights", "assumptions"):
        return check
    return replace(check, passed=None, detail=f"{check.detail} An older version of the program computed them.")


def _files(archive: Archive, content: bytes) -> Iterator[Finding]:
    """Reading has held every file against MANIFEST, the table and the inputs against snapshot.json."""
    files, snapshot, inputs = archive.files, archive.snapshot, archive.inputs
    if not files:
        yield Finding(
            name="zip", passed=True, detail="A bare snapshot.json: there are no other files to hold it against."
        )
        return
    charts = sum(name.startswith(CHART_FOLDER) for name in files)
    again = "" if zipped(files) == content else " It was packed again by another program, contents identical."
    yield Finding(
        name="zip",
        passed=True,
        detail=f"Every one of {len(files) - 1} files is as MANIFEST says ({charts} charts: not drawn again).{again}",
    )
    yield Finding(name="forecast.csv", passed=True, detail="The table holds the numbers of snapshot.json.")
    written = {JSON_NAME: snapshot.json} if archive.version >= ROUNDED_SINCE else {}
    if archive.version == SCHEMA_VERSION:
        written |= {README_NAME: readme(snapshot).encode(), SCHEMA_NAME: schema_bytes()}
    if written:
        for name, expected in written.items():
            same, other = f"{name} is as this program writes it.", f"{name} was written otherwise."
            yield decided(name, files[name] == expected, same, other)
    digests = f"The SHA-256 of each of {len(inputs)} stored inputs is as recorded."
    light = "No inputs are stored; those of this program are used if they are the same."
    yield Finding(name="stored inputs", passed=True, detail=digests if inputs else light)


def former_parts(snapshot: Snapshot) -> str:
    """Rule and structures of a snapshot that this program knows but asks and samples no longer; empty when none are."""
    former = [] if snapshot.rule.digest == RULE.digest else [snapshot.rule.version]
    structures = {MODEL_M1: snapshot.model.digest, **snapshot.structures}
    former += [
        structure_version(name, digest)
        for name, digest in structures.items()
        if whole_year(digest) != STRUCTURE_DIGESTS[name]
    ]
    return ", ".join(former)


def _versions(snapshot: Snapshot) -> Iterator[Finding]:
    """Does this program know the rule and the models of the one that wrote the file? Former ones are as good."""
    rule = snapshot.rule
    former = "" if rule.digest == RULE.digest else f" Asked under {rule.version}, computed again under it."
    yield _known("outcome rule", lambda: rule_of(rule.digest), former)
    models = {"model": (MODEL_M1, snapshot.model.digest)}
    models |= {f"structure of {name}": (name, digest) for name, digest in snapshot.structures.items()}
    for what, (name, digest) in models.items():
        yield _known(what, partial(structure_version, name, digest))


def _known(what: str, find: Callable[[], object], more: str = "") -> Finding:
    try:
        find()
    except (ConjunctionError, KeyError) as error:
        return Finding(name=what, passed=None, detail=f"The {what} is unknown here: {error}.")
    return Finding(name=what, passed=True, detail=f"The {what} is one that this program knows.{more}")


def _computed(snapshot: Snapshot, inputs: Files, own: Own | None) -> Iterator[Finding]:
    if not inputs and own is None:
        yield Finding(name="inputs", passed=None, detail="No inputs are stored, so nothing can be computed again.")
        return
    evidence, library = read_inputs(inputs) if inputs else own(snapshot)
    findings = list(_inputs(snapshot, evidence, library))
    if not inputs:  # a light snapshot of another library is no forgery: it just cannot be looked at here
        findings = [
            check if check.passed else Finding(name=check.name, passed=None, detail=check.detail) for check in findings
        ]
    yield from findings
    if all(check.passed for check in findings):
        available = knobs_behind(library.provenance.rule, evidence.claims)
        assumptions = Assumptions(knobs=available, values=snapshot.assumptions.values)
        yield from compared_numbers(snapshot, evidence, library, assumptions)
        yield from compared_signposts(snapshot, evidence, library, assumptions)


def _inputs(snapshot: Snapshot, evidence: Evidence, library: Library) -> Iterator[Finding]:
    provenance, rule, model = library.provenance, rule_behind(library), model_behind(library)
    yield same_finding("rule version", "outcome rule's name", snapshot.rule.version, rule.version)
    yield same_finding("model version", "model's name", snapshot.model.version, model.version)
    seen, read = seen_evidence(evidence), used_library(library)
    yield same_finding("evidence", "evidence", snapshot.evidence.digest, evidence.digest)
    for name in ("as_of", "known_on", "events", "indicators", "claims"):
        got, again = getattr(snapshot.evidence, name), getattr(seen, name)
        yield same_finding(f"evidence: {name}", DAYS.get(name, name), got, again)
    yield same_finding(
        "library: evidence", "evidence that the draws answer to", provenance.evidence_digest, evidence.digest
    )
    pairs = {
        "library: rule": ("rule that the draws answer to", snapshot.rule.digest, rule.digest),
        "library: model": ("structure that the draws answer to", snapshot.model.digest, model.digest),
    }
    for name, (what, got, again) in pairs.items():
        yield same_finding(name, what, got, again)
    for field in fields(read):
        got, again = getattr(snapshot.library, field.name), getattr(read, field.name)
        yield same_finding(f"library: {field.name}", f"library's {field.name}", got, again)
