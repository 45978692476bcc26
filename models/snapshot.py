"""A snapshot: one forecast as a value that can be stored, read again, and asked where its numbers came from."""

import importlib.metadata
import math
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

import pandas as pd

from data.digest import canonical_json, digest
from data.types import Claim, Evidence
from models.assumptions import Assumptions, read_assumptions
from models.errors import SnapshotError
from models.forecast import BASE_RATE_SEED, Forecast
from models.names import TABLE_COLUMNS
from models.outcome import RULE
from models.posterior import Check, Fit
from models.strict_json import require_plain_text
from models.structure import STRUCTURE

SCHEMA_VERSION = 1
READER_PACKAGES = ("conjunction", "numpy", "pandas", "scipy", "xarray", "arviz-stats", "vl-convert-python")
INFINITE = "infinite"
SHORT_DIGEST = 16
"""Hexadecimal digits that name one row: 64 bits, far beyond an accidental collision among some thousand rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """Name and digest of the rule or of the model's structure."""

    version: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRecord:
    """What the forecast could see: one short digest per row, so that a later reader can name what changed.

    Attributes
    ----------
    events, indicators, claims : Mapping[str, str]
        Event id, indicator name and claim id to the first 16 digits of the row's SHA-256.
    """

    as_of: date
    digest: str
    events: Mapping[str, str]
    indicators: Mapping[str, str]
    claims: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FitRecord:
    """Which fit was read: its key, and everything that it takes to make it again."""

    key: str
    seed: int
    settings: Mapping[str, float]
    assumptions: Mapping[str, float]
    packages: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumptionsRecord:
    """The setting of every knob, which of them stand away from their default, and why."""

    digest: str
    values: Mapping[str, float]
    changed: tuple[str, ...]
    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """How far the numbers can be trusted.

    Attributes
    ----------
    status : str
        "exact", "good", "fair" or "poor": the worst of the weights and of the Monte Carlo error.
    weights : str
        Status of the importance weights alone.
    pareto_k : float or None
        Shape of the weights' tail, infinite when no Pareto law fits; None when nothing was weighted.
    ess : float
        Independent draws that the weighted draws are worth.
    draws : int
    """

    status: str
    weights: str
    pareto_k: float | None
    ess: float
    draws: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything that was published, and enough to get the same numbers again (fields: docs/schema.md).

    Attributes
    ----------
    results : tuple of tuple
        Rows of the results table, in the order of `models.names.TABLE_COLUMNS`.
    packages : Mapping[str, str]
        Versions in the process that computed the table; those behind the draws are in ``fit.packages``.
    """

    reference_date: date
    evidence: EvidenceRecord
    rule: Version
    model: Version
    fit: FitRecord
    assumptions: AssumptionsRecord
    seeds: Mapping[str, int]
    packages: Mapping[str, str]
    diagnostics: tuple[Check, ...]
    reliability: Reliability
    model_weights: Mapping[str, float]
    results: tuple[tuple[object, ...], ...]

    @property
    def table(self) -> pd.DataFrame:
        """The results table, a new one at every call."""
        return pd.DataFrame(self.results, columns=list(TABLE_COLUMNS))

    @property
    def document(self) -> dict[str, object]:
        """The snapshot as plain JSON values (models/snapshot_schema.json)."""
        return {"schema_version": SCHEMA_VERSION, **_plain(self)}

    @property
    def digest(self) -> str:
        """SHA-256 of the document."""
        return digest(self.document)

    @property
    def json(self) -> bytes:
        """The document in its one canonical form, with a line feed at the end."""
        return canonical_json(self.document) + b"\n"


def build_snapshot(evidence: Evidence, fit: Fit, forecast: Forecast, assumptions: Assumptions) -> Snapshot:
    """Record a forecast.

    Raises
    ------
    SnapshotError
        The four do not belong together, or a reason holds characters that another program could misread.
    """
    _require_one_forecast(evidence, fit, forecast, assumptions)
    for key, reason in assumptions.reasons.items():
        require_plain_text(reason, f"the reason for {key}", multiline=True)
    if not forecast.table["value"].between(0, 1).all():
        raise SnapshotError("got a probability outside 0 to 1 or none at all; make the forecast again")
    weights = forecast.weights
    return Snapshot(
        reference_date=forecast.reference_date,
        evidence=_evidence_record(evidence),
        rule=Version(version=RULE.version, digest=fit.rule_digest),
        model=Version(version=STRUCTURE.version, digest=fit.model_digest),
        fit=FitRecord(
            key=fit.key,
            seed=fit.seed,
            settings=fit.settings,
            assumptions=fit.assumptions_values,
            packages=fit.versions,
        ),
        assumptions=_assumptions_record(assumptions),
        seeds=MappingProxyType({"fit": fit.seed, "base_rate_intervals": BASE_RATE_SEED}),
        packages=_reader_packages(),
        diagnostics=fit.diagnostics.checks,
        reliability=Reliability(
            status=forecast.status,
            weights=weights.status,
            pareto_k=weights.pareto_k,
            ess=weights.ess,
            draws=fit.chain.size,
        ),
        model_weights=forecast.model_weights,
        results=tuple(forecast.table[list(TABLE_COLUMNS)].astype(object).itertuples(index=False, name=None)),
    )


def restore_assumptions(snapshot: Snapshot, claims: Iterable[Claim]) -> tuple[Assumptions, tuple[str, ...]]:
    """The setting of a snapshot among the present knobs, and one sentence for each value that could not be kept."""
    found, problems = read_assumptions(dict(snapshot.assumptions.values), claims)
    missing = [key for key in found.knobs if key not in snapshot.assumptions.values]
    problems += tuple(f"“{key}” is not in the snapshot; its default is used." for key in missing)
    reasons = {key: text for key, text in snapshot.assumptions.reasons.items() if key in found.knobs}
    return found.replace({}, reasons), problems


def _require_one_forecast(evidence: Evidence, fit: Fit, forecast: Forecast, assumptions: Assumptions) -> None:
    pairs = {
        "evidence": (forecast.evidence_digest, evidence.digest),
        "fit": (forecast.fit_key, fit.key),
        "assumptions": (forecast.assumptions.digest, assumptions.digest),
        "outcome rule": (fit.rule_digest, RULE.digest),
        "model": (fit.model_digest, STRUCTURE.digest),
    }
    for name, (got, expected) in pairs.items():
        if got != expected:
            raise SnapshotError(
                f"got {name} {got[:12]}, expected {expected[:12]}; make the forecast again and export that"
            )


@lru_cache(maxsize=4)
def _evidence_record(evidence: Evidence) -> EvidenceRecord:
    return EvidenceRecord(
        as_of=evidence.as_of,
        digest=evidence.digest,
        events=_row_digests({event.id: asdict(event) for event in evidence.events}),
        indicators=_row_digests({name: asdict(one) for name, one in evidence.indicators.items()}),
        claims=_row_digests({claim.id: asdict(claim) for claim in evidence.claims}),
    )


def _row_digests(rows: Mapping[str, object]) -> Mapping[str, str]:
    return MappingProxyType({name: digest(row)[:SHORT_DIGEST] for name, row in sorted(rows.items())})


def _assumptions_record(assumptions: Assumptions) -> AssumptionsRecord:
    return AssumptionsRecord(
        digest=assumptions.digest,
        values=assumptions.values,
        changed=assumptions.changed,
        reasons=MappingProxyType({key: text for key, text in assumptions.reasons.items() if text.strip()}),
    )


@cache
def _reader_packages() -> Mapping[str, str]:
    versions = {name: importlib.metadata.version(name) for name in READER_PACKAGES}
    return MappingProxyType(versions | {"python": platform.python_version()})


def _plain(value: Any) -> Any:
    """JSON values of a record. JSON has no infinity and no NaN: the first is the word "infinite", the second null."""
    if isinstance(value, Snapshot):
        rows = [dict(zip(TABLE_COLUMNS, row, strict=True)) for row in value.results]
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value) if one.name != "results"} | {
            "results": rows
        }
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else INFINITE
    return value.isoformat() if isinstance(value, date) else value
