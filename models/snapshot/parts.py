"""The parts of a snapshot, as values: what was seen, read, assumed, and how far to trust it (docs/schema.md)."""

from collections.abc import Mapping
from datetime import date

from data.values import frozen


@frozen
class Version:
    """Name and digest of the rule or of the model's structure."""

    version: str
    digest: str


@frozen
class SeenEvidence:
    """What the forecast could see: one short digest per row, so that a later reader can name what changed.

    Attributes
    ----------
    as_of, known_on : date
        Last day that counted, and the day whose knowledge counted.
    events, indicators, claims : Mapping[str, str]
        Event id, indicator name and claim id to the first 16 digits of the row's SHA-256.
    """

    as_of: date
    known_on: date
    digest: str
    events: Mapping[str, str]
    indicators: Mapping[str, str]
    claims: Mapping[str, str]


@frozen
class UsedFit:
    """One fit of the library: what it is for, the digest of what it was asked, and the seed of its sampler."""

    name: str
    fit_key: str
    seed: int


@frozen
class UsedLibrary:
    """Which stored draws were read: the library's key, and the fits in it.

    Attributes
    ----------
    parent : str
        Key of the library that this one grew from, or empty.
    draws : int
    packages : Mapping[str, str]
        Versions in the process that sampled.
    """

    key: str
    parent: str
    draws: int
    packages: Mapping[str, str]
    anchors: tuple[UsedFit, ...]


@frozen
class UsedAssumptions:
    """The setting of every knob, which of them stand away from their default, and why.

    Attributes
    ----------
    defaults : Mapping[str, float]
        Where every knob stood by default when the forecast was made; empty in a document of before version 5.
    """

    digest: str
    values: Mapping[str, float]
    defaults: Mapping[str, float]
    changed: tuple[str, ...]
    reasons: Mapping[str, str]


@frozen
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
    log_support, log_support_mcse : float or None
        Natural log of how many times better the evidence supports these priors than those of the library's first fit,
        and its Monte Carlo standard error; both 0 when nothing was weighted, None when it was not stored.
    """

    status: str
    weights: str
    pareto_k: float | None
    ess: float
    draws: int
    log_support: float | None
    log_support_mcse: float | None
