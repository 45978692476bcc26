"""A snapshot: one forecast as a value that can be stored, read again, and asked where its numbers came from."""

import importlib.metadata
import math
import platform
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

import pandas as pd

from data.digest import Fields, canonical_json, digest, sha256
from data.types import Claim, Evidence
from data.values import frozen
from models.assumptions.setting import Assumptions, read_assumptions
from models.errors import SnapshotError
from models.fits.certificate import Check
from models.forecast.opinions import BASE_RATE_SEED
from models.forecast.results import Forecast
from models.forecast.year_mean import HIGHEST, LOWEST
from models.library.library import Library
from models.library.reweighting import support_mcse
from models.library.structures import structure_version
from models.names import MODEL_M1, QUANTILE, TABLE_COLUMNS
from models.rounding import PUBLISHED
from models.signposts.published import PublishedSignposts
from models.snapshot.parts import Reliability, SeenEvidence, UsedAssumptions, UsedFit, UsedLibrary, Version
from models.snapshot.seen import seen_evidence
from models.storage.disk import Files
from models.storage.strict_json import require_plain_text
from models.weighting.status import Status

SCHEMA_VERSION = 6
KNOWN_SINCE = 4
"""Version of the schema since which a document says when its evidence was known, and the tone then."""
DEFAULTS_SINCE = 5
"""Version since which it says what the defaults were, and may count from any day of a year."""
SIGNPOSTS_SINCE = 6
"""Version since which it may say something of signposts."""
READER_PACKAGES = ("conjunction", "numpy", "pandas", "scipy", "xarray", "vl-convert-python")
INFINITE = "infinite"


@frozen
class Snapshot:
    """Everything that was published, and enough to get the same numbers again (fields: docs/schema.md).

    Attributes
    ----------
    tone : float or None
        What the words of a year's own mean are held against; None where the table has none.
    signposts : PublishedSignposts or None
        Chances of the signposts and what was asked of them; None where the library keeps no simulated ledgers.
    results : tuple of tuple
        Rows of the results table, in the order of `models.names.TABLE_COLUMNS`.
    packages : Mapping[str, str]
        Versions in the process that computed the table; those behind the draws are in ``library.packages``.
    inputs : Mapping[str, str]
        Name of each stored input to the SHA-256 of its bytes (`models.snapshot.inputs`); empty in a light snapshot.
    structures : Mapping[str, str]
        Digest of each model's constants, by model id; empty in a document of version 1 or 2.
    schema_version : int
        Of the document. One of version 3 to 5 stays so, and keeps the digest under which it was published.
    """

    reference_date: date
    evidence: SeenEvidence
    rule: Version
    model: Version
    structures: Mapping[str, str]
    library: UsedLibrary
    assumptions: UsedAssumptions
    inputs: Mapping[str, str]
    seeds: Mapping[str, int]
    packages: Mapping[str, str]
    diagnostics: tuple[Check, ...]
    reliability: Reliability
    model_weights: Mapping[str, float]
    tone: float | None
    signposts: PublishedSignposts | None
    results: tuple[tuple[object, ...], ...]
    schema_version: int = SCHEMA_VERSION

    @property
    def table(self) -> pd.DataFrame:
        """The results table, a new one at every call."""
        return pd.DataFrame(self.results, columns=list(TABLE_COLUMNS))

    @property
    def document(self) -> Fields:
        """The snapshot as plain JSON values (models/snapshot/snapshot_schema.json)."""
        plain = _plain(self)
        if self.schema_version < KNOWN_SINCE:
            del plain["evidence"]["known_on"], plain["tone"]
        if self.schema_version < DEFAULTS_SINCE:
            del plain["assumptions"]["defaults"]
        if self.schema_version < SIGNPOSTS_SINCE:
            del plain["signposts"]
        return plain

    @property
    def digest(self) -> str:
        """SHA-256 of the document."""
        return digest(self.document)

    @property
    def json(self) -> bytes:
        """The document in its one canonical form, with a line feed at the end."""
        return canonical_json(self.document) + b"\n"


def build_snapshot(
    evidence: Evidence,
    library: Library,
    forecast: Forecast,
    assumptions: Assumptions,
    inputs: Files | None = None,
    signposts: PublishedSignposts | None = None,
) -> Snapshot:
    """Make a snapshot of a forecast.

    Parameters
    ----------
    inputs : Mapping of bytes, optional
        As `models.snapshot.inputs.inputs_of` gives them: their digests are kept. Without them, a light snapshot.
    signposts : PublishedSignposts, optional
        Of the same forecast (`models.signposts.published.published_signposts`).

    Raises
    ------
    SnapshotError
        The four do not belong together, or a reason holds characters that another program could misread.
    """
    _require_one_forecast(evidence, library, forecast, assumptions)
    for key, reason in assumptions.reasons.items():
        require_plain_text(reason, f"the reason for {key}", multiline=True)
    if not all(map(in_range, forecast.table["output_type"], forecast.table["value"])):
        raise SnapshotError("got a probability outside 0 to 1 or none at all; make the forecast again")
    return Snapshot(
        reference_date=forecast.reference_date,
        evidence=seen_evidence(evidence),
        rule=rule_behind(library),
        model=model_behind(library),
        structures=MappingProxyType({name: library.structures[name] for name in forecast.model_weights}),
        library=used_library(library),
        assumptions=used_assumptions(assumptions),
        inputs=_digests(inputs or {}),
        seeds=MappingProxyType({"base_rate_intervals": BASE_RATE_SEED}),
        packages=_reader_packages(),
        diagnostics=library.diagnostics.checks,
        reliability=reliability_of(library, forecast),
        model_weights=forecast.model_weights,
        tone=forecast.tone,
        signposts=signposts,
        results=tuple(forecast.table[list(TABLE_COLUMNS)].astype(object).itertuples(index=False, name=None)),
    )


def in_range(output_type: str, value: float) -> bool:
    """Whether a number may stand in the results table: a chance or its error from 0 to 1, a quantile as an act's."""
    return LOWEST <= value <= HIGHEST if output_type == QUANTILE else 0 <= value <= 1


def rule_behind(library: Library) -> Version:
    """The outcome rule under which a library's draws were labelled; OutcomeError for an unknown one."""
    rule = library.provenance.rule
    return Version(version=rule.version, digest=rule.digest)


def model_behind(library: Library) -> Version:
    """The structure of M1 that a library's draws answer to; StaleFitError for an unknown one."""
    structure = library.provenance.model_digest
    return Version(version=structure_version(MODEL_M1, structure), digest=structure)


def restore_assumptions(snapshot: Snapshot, claims: Iterable[Claim]) -> tuple[Assumptions, tuple[str, ...]]:
    """The setting of a snapshot among the present knobs, and one sentence for each value that could not be kept."""
    assumptions, problems = read_assumptions(dict(snapshot.assumptions.values), claims)
    missing = [key for key in assumptions.knobs if key not in snapshot.assumptions.values]
    problems += tuple(f"“{key}” is not in the snapshot; its default is used." for key in missing)
    reasons = {key: text for key, text in snapshot.assumptions.reasons.items() if key in assumptions.knobs}
    return assumptions.replace({}, reasons), problems


def _require_one_forecast(evidence: Evidence, library: Library, forecast: Forecast, assumptions: Assumptions) -> None:
    pairs = {
        "evidence": (forecast.evidence_digest, evidence.digest),
        "library": (forecast.library_key, library.key),
        "assumptions": (forecast.assumptions.digest, assumptions.digest),
    }
    for name, (got, expected) in pairs.items():
        if got != expected:
            raise SnapshotError(
                f"got {name} {got[:12]}, expected {expected[:12]}; make the forecast again and export that"
            )


def _digests(inputs: Files) -> Mapping[str, str]:
    return MappingProxyType({name: sha256(content) for name, content in sorted(inputs.items())})


def used_library(library: Library) -> UsedLibrary:
    """Which draws a library holds."""
    return UsedLibrary(
        key=library.key,
        parent=library.provenance.parent,
        draws=library.size,
        packages=library.provenance.versions,
        anchors=tuple(
            UsedFit(name=name, fit_key=key, seed=seed)
            for name, key, seed in (
                *((anchor.name, anchor.fit_key, anchor.seed) for anchor in library.anchors),
                *((name, fit.key, fit.seed) for name, fit in (library.members.fits if library.members else {}).items()),
            )
        ),
    )


def reliability_of(library: Library, forecast: Forecast, decimals: int | None = PUBLISHED.reliability) -> Reliability:
    """How far a forecast can be trusted, in numbers that are the same on every processor (`models.rounding`).

    Parameters
    ----------
    decimals : int or None
        Of the numbers; verification alone asks for others, and for all there are.
    """
    weights = forecast.weights
    exact = weights.status == Status.EXACT  # what is left of a log support is then rounding

    def rounded(value: float) -> float:
        return float(value) if decimals is None else round(float(value), decimals)

    return Reliability(
        status=forecast.status,
        weights=weights.status,
        pareto_k=None if weights.pareto_k is None else rounded(weights.pareto_k),
        ess=rounded(weights.ess),
        draws=library.size,
        log_support=0.0 if exact else rounded(weights.log_support),
        log_support_mcse=0.0 if exact else rounded(support_mcse(weights, library)),
    )


def used_assumptions(assumptions: Assumptions) -> UsedAssumptions:
    """The setting, what was moved, and why."""
    return UsedAssumptions(
        digest=assumptions.digest,
        values=assumptions.values,
        defaults=MappingProxyType({key: knob.default for key, knob in assumptions.knobs.items()}),
        changed=assumptions.changed,
        reasons=MappingProxyType({key: text for key, text in assumptions.reasons.items() if text.strip()}),
    )


@cache
def _reader_packages() -> Mapping[str, str]:
    versions = {name: importlib.metadata.version(name) for name in READER_PACKAGES}
    return MappingProxyType(versions | {"python": platform.python_version()})


def _plain(value: Any) -> Any:
    """JSON values of a part. JSON has no infinity and no NaN: the first is the word "infinite", the second null."""
    if isinstance(value, Snapshot):
        rows = [dict(zip(TABLE_COLUMNS, row, strict=True)) for row in value.results]
        return {
            field.name: _plain(getattr(value, field.name)) for field in fields(value) if field.name != "results"
        } | {"results": rows}
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else INFINITE
    return value.isoformat() if isinstance(value, date) else value
