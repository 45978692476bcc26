"""The library: draws of many fits ("anchors") under different priors, pooled so that any prior can weigh them all.

With ``n_a`` draws from anchor ``a`` the pool is a sample of the mixture ``sum_a (n_a / N) q_a(x) / Z_a``. Here ``q_a``
is the prior part of anchor a's posterior and ``Z_a`` the support that the evidence gives to its prior (the marginal
likelihood), estimated once when the library is built (MBAR: Shirts and Chodera 2008).
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from copy import copy
from dataclasses import field, fields
from datetime import date
from types import MappingProxyType

import numpy as np

from data.digest import digest
from data.values import frozen, settle
from models.alignment.collapsed import CollapsedDraws
from models.alignment.priors import AlignmentPrior
from models.errors import FitError, StaleFitError
from models.fits.certificate import Check, Diagnostics
from models.library.known import Known
from models.library.members import Members
from models.library.structures import structures_at
from models.measures.simulated import Simulated
from models.measures.structure import AlignmentStructure, structure_of
from models.names import MODEL_M0, MODEL_M1
from models.outcome.rule import OutcomeRule, rule_of
from models.weighting.mbar import mixture
from models.weighting.noise import Blocks

BASE = "base"
CACHED = 2048
"""Draws at a time whose intermediate arrays stay in a core's cache: two thirds of the time of all at once."""


@frozen
class Anchor:
    """One fit of the library.

    Attributes
    ----------
    name : str
        What it is for: "base", a knob and its end, "sobol 3", "corner 1", or a refit's key.
    values : Mapping[str, float]
        Knob values that it was fitted under.
    prior : AlignmentPrior
        What these values mean to the model.
    seed : int
    fit_key : str
        `models.fits.alignment_fit.AlignmentFit.key`.
    efficiency : float
        Independent draws per stored draw, above 0 up to 1.
    log_support : float
        ``log Z_a - log Z_base``: natural log of how many times better the evidence supports this prior than the base's.
    diagnostics : Diagnostics
        Certificate of the fit, every check passed.
    outside : Mapping[str, float]
        What the values meant to base rate and mixture. The format stores it with the prior; nothing else reads it.
    """

    name: str
    values: Mapping[str, float]
    prior: AlignmentPrior
    seed: int
    fit_key: str
    efficiency: float
    log_support: float
    diagnostics: Diagnostics
    outside: Mapping[str, float]

    def __post_init__(self) -> None:
        settle(self, values=MappingProxyType(dict(self.values)))
        if not (0 < self.efficiency <= 1 and np.isfinite(self.log_support)):
            raise FitError(
                f"anchor {self.name}: got efficiency {self.efficiency} and log support {self.log_support}, expected "
                "0 to 1 and a number; rebuild the library"
            )


@frozen
class Provenance:
    """What a library was made from and with."""

    evidence_digest: str
    rule_digest: str
    model_digest: str
    reference_date: date
    versions: Mapping[str, str]
    parent: str = ""

    @property
    def answers_to(self) -> tuple[str, str, str]:
        """Digests of evidence, rule and model."""
        return self.evidence_digest, self.rule_digest, self.model_digest

    @property
    def rule(self) -> OutcomeRule:
        """The outcome rule that labelled its ledgers; OutcomeError for one that this program does not know."""
        return rule_of(self.rule_digest)


@frozen(eq=False)
class PathSample:
    """Latent paths of some of the pool's draws, for pictures.

    Attributes
    ----------
    rows : ndarray of int, shape (path,)
        Position in the pool.
    years : ndarray of int, shape (year,)
    alignment : ndarray, shape (path, year)
    future : ndarray, shape (path, horizon)
    """

    rows: np.ndarray
    years: np.ndarray
    alignment: np.ndarray
    future: np.ndarray


@frozen(eq=False)
class Library:
    """A pool of draws with its anchors.

    Attributes
    ----------
    draws : CollapsedDraws
    counts : ndarray of uint16, shape (sample, horizon * outcome)
        Per-draw probabilities in ``1 / ledgers``; outcomes are the four states, any rupture, any deeper.
    ledgers : int
        What the counts are shares of.
    anchor, chain : ndarray of int, shape (sample,)
        Index of the anchor, and a chain number that is unique in the pool; draws of a chain are consecutive.
    anchors : tuple of Anchor
        The first is the base.
    simulated : Simulated or None
        Whole ledgers of a few futures a draw; None in a library of a former version.
    members : Members or None
        The fits of the other sampled models on the same evidence; None when there are none.
    unchecked : str
        Why its answers are called fair at best (`models.library.checked`); empty where they may be called good.
    probabilities : ndarray of float64, shape (sample, horizon * outcome)
        ``counts / ledgers``.
    log_mixture : ndarray, shape (sample,)
        Log density of the pool's mixture.
    blocks : Blocks
        Of the draws, and each anchor's share in the mixture.
    """

    draws: CollapsedDraws
    counts: np.ndarray
    ledgers: int
    anchor: np.ndarray
    chain: np.ndarray
    anchors: tuple[Anchor, ...]
    paths: PathSample
    provenance: Provenance
    simulated: Simulated | None = None
    members: Members | None = None
    unchecked: str = ""
    probabilities: np.ndarray = field(init=False)
    log_mixture: np.ndarray = field(init=False)
    blocks: Blocks = field(init=False)

    def __post_init__(self) -> None:
        settle(self, counts=np.asfortranarray(self.counts))  # sums depend on the layout, by 1e-16
        self._require_shapes()
        supports = np.array([anchor.log_support for anchor in self.anchors])
        densities = log_densities(self.draws, self.anchors)
        log_mixture, shares = mixture(densities, np.bincount(self.anchor), supports)
        blocks = Blocks.of(self.chain, self.anchor, shares)
        settle(self, probabilities=self.counts / self.ledgers, log_mixture=log_mixture, blocks=blocks)
        for attribute in fields(self):
            value = getattr(self, attribute.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    def joined_by(self, members: Members) -> "Library":
        """The same draws, with the fits of the other models beside them."""
        if members is not None and members.rule != self.provenance.rule:
            raise StaleFitError(
                f"got fits under {members.rule.version} beside a library under {self.provenance.rule.version}, "
                "expected one rule; a forecast is asked under one"
            )
        other = copy(self)
        settle(other, members=members)
        return other

    def doubted(self, why: str) -> "Library":
        """The same draws, whose answers are called fair at best for a reason, or for none."""
        other = copy(self)
        settle(other, unchecked=why)
        return other

    @property
    def structures(self) -> Mapping[str, str]:
        """Digest of the constants of each model that can be asked, by model id, as its draws were made."""
        present = structures_at(self.provenance.reference_date)
        digests = {MODEL_M0: present[MODEL_M0], MODEL_M1: self.provenance.model_digest}
        if self.members is not None:
            fits = (self.members.ordered, self.members.regimes[0])
            digests |= {fit.model_id: fit.model_digest for fit in fits}
        return MappingProxyType(digests)

    @property
    def year_means(self) -> np.ndarray | None:
        """The year's own mean in simulated ledgers, float32, shape (sample, ledger, horizon); None where none is
        kept."""
        return self.simulated.year_means if self.simulated else None

    @property
    def structure(self) -> AlignmentStructure:
        """The structure of M1 whose draws these are."""
        return structure_of(self.provenance.model_digest)

    @property
    def size(self) -> int:
        """Number of draws."""
        return self.anchor.size

    @property
    def base(self) -> Anchor:
        """The anchor at the default assumptions."""
        return self.anchors[0]

    @property
    def key(self) -> str:
        """Digest of what was fitted: every anchor's fit key, and how many of its draws are here."""
        return _KEYS.of(self.anchor, lambda: _key(self))

    @property
    def diagnostics(self) -> Diagnostics:
        """For every acceptance check the anchor that came nearest to failing it."""
        by_name: dict[str, list[Check]] = {}
        for anchor in self.anchors:
            for check in anchor.diagnostics.checks:
                by_name.setdefault(check.name, []).append(check)
        return Diagnostics(checks=tuple(_worst(checks) for checks in by_name.values()))

    @property
    def efficiency(self) -> np.ndarray:
        """Independent draws per draw, shape (sample,)."""
        return np.array([anchor.efficiency for anchor in self.anchors])[self.anchor]

    def _require_shapes(self) -> None:
        size = self.draws.push.size
        shapes = {"counts": self.counts.shape[:1], "anchor": self.anchor.shape, "chain": self.chain.shape}
        wrong = [name for name, shape in shapes.items() if shape != (size,)]
        if wrong or not size or set(np.unique(self.anchor)) != set(range(len(self.anchors))):
            raise StaleFitError(
                f"the library's {', '.join(wrong) or 'anchors'} do not fit its {size} draws; rebuild the library"
            )


def _worst(checks: list[Check]) -> Check:
    failed = [check for check in checks if not check.passed]
    pick = max if checks[0].threshold.startswith("at most") else min
    return pick(failed or checks, key=lambda check: check.value)


def log_densities(draws: CollapsedDraws, anchors: tuple[Anchor, ...]) -> np.ndarray:
    """Log density of every draw under every anchor's prior, shape (sample, anchor), up to one common constant."""
    parts = [draws.part(slice(first, first + CACHED)) for first in range(0, draws.push.size, CACHED)]
    with ThreadPoolExecutor() as pool:  # the first page waits for this
        # NumPy's handling of overflow is the caller's, also in the threads.
        contexts = [copy_context() for _ in parts]
        rows = pool.map(lambda part, context: context.run(_log_densities, part, anchors), parts, contexts)
        return np.concatenate(list(rows))


def _log_densities(draws: CollapsedDraws, anchors: tuple[Anchor, ...]) -> np.ndarray:
    return np.stack([draws.log_density(anchor.prior) for anchor in anchors], axis=1)


_KEYS: Known[str] = Known()


def _key(library: Library) -> str:
    sizes = np.bincount(library.anchor, minlength=len(library.anchors)).tolist()
    return digest([[anchor.fit_key, size] for anchor, size in zip(library.anchors, sizes, strict=True)])
