"""A record for which every posterior is known in closed form, and exact draws from it as parts of a library.

The drivers say nothing (their gram matrix is zero) and the path has no steps, so that the coefficients keep their
normal priors; the level was measured once, by the first year; the log odds of a break were measured once with normal
noise; the persistence was seen in binomial trials.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from scipy import stats

from data.values import frozen
from models.alignment.collapsed import CollapsedDraws
from models.alignment.priors import AlignmentPrior
from models.fits.certificate import Diagnostics
from models.library.library import Anchor, Library, PathSample, Provenance
from models.library.pool import RESOLUTION, Part, pooled, solve_supports
from models.measures.drivers import DRIVER_CLAIMS
from models.measures.structure import ALIGNMENT

SIZE = len(DRIVER_CLAIMS)
ORIGIN = np.linspace(-1, 2, SIZE)
LEVEL, LEVEL_SD = 0.2, ALIGNMENT.start_sd
BREAK, BREAK_SD = -3.5, 0.8
KEPT, LOST = 6.0, 3.0
LEDGERS = 256
BASE_PRIOR = AlignmentPrior(
    beta_mean=np.full(SIZE, 0.05),
    beta_sd=np.full(SIZE, 0.1),
    break_mean=-4.0,
    break_sd=0.7,
    level_mean=0.5,
    level_sd=0.4,
    persistence=(8.0, 3.0),
    volatility_scale=0.6,
)


@frozen
class Truth:
    """Closed-form posterior of the record under a prior."""

    prior: AlignmentPrior

    @property
    def drift(self) -> tuple[float, float]:
        """Mean and sd."""
        return float(ORIGIN @ self.prior.beta_mean), float(np.sqrt(np.square(ORIGIN * self.prior.beta_sd).sum()))

    @property
    def level(self) -> tuple[float, float]:
        """Mean and sd."""
        return _normal(self.prior.level_mean, self.prior.level_sd, LEVEL, LEVEL_SD)

    @property
    def break_log_odds(self) -> tuple[float, float]:
        """Mean and sd."""
        return _normal(self.prior.break_mean, self.prior.break_sd, BREAK, BREAK_SD)

    @property
    def persistence(self) -> tuple[float, float]:
        """Beta parameters."""
        return self.prior.persistence[0] + KEPT, self.prior.persistence[1] + LOST

    @property
    def log_support(self) -> float:
        """Log marginal likelihood of the record, up to one constant for all priors."""
        prior = self.prior
        (a, b), (a0, b0) = self.persistence, prior.persistence
        return float(
            stats.norm(prior.level_mean, np.hypot(prior.level_sd, LEVEL_SD)).logpdf(LEVEL)
            + stats.norm(prior.break_mean, np.hypot(prior.break_sd, BREAK_SD)).logpdf(BREAK)
            + _log_beta(a, b)
            - _log_beta(a0, b0)
        )

    @property
    def probabilities(self) -> np.ndarray:
        """Means of the two per-draw probabilities: ``Phi(push)`` and the persistence itself, shape (2,).

        Given the persistence the push is normal, which leaves one integral over a beta law.
        """
        a, b = self.persistence

        def given(persistence: float) -> float:
            room = 1 - persistence
            mean = room * self.level[0] + self.drift[0]
            variance = (room * self.level[1]) ** 2 + self.drift[1] ** 2
            return float(stats.norm.cdf(mean / np.sqrt(1 + variance)))

        return np.array([stats.beta(a, b).expect(given), a / (a + b)])

    def part(self, name: str, size: int, rng: np.random.Generator) -> Part:
        """Exact draws, with probabilities known only through `LEDGERS` simulated ledgers each."""
        level, drift = rng.normal(*self.level, size), rng.normal(*self.drift, size)
        persistence = rng.beta(*self.persistence, size)
        push = (1 - persistence) * level + drift
        chances = np.stack([stats.norm.cdf(push), persistence], axis=1)
        draws = CollapsedDraws(
            crossproduct=np.zeros((size, SIZE)),
            total=np.zeros(size),
            total_before=np.zeros(size),
            start=np.full(size, LEVEL),
            push=push,
            persistence=persistence,
            volatility=self.prior.volatility_scale * np.exp(ALIGNMENT.volatility_log_sd * rng.standard_normal(size)),
            volatility_before=np.full(size, ALIGNMENT.volatility_before),
            break_log_odds=rng.normal(*self.break_log_odds, size),
            gram=np.zeros((SIZE, SIZE)),
            driver_total=np.zeros(SIZE),
            steps=np.array(0),
            steps_before=np.array(0),
            origin=ORIGIN,
        )
        return Part(
            anchor=_anchor(name, self.prior),
            draws=draws,
            counts=(rng.binomial(LEDGERS, chances) * (RESOLUTION // LEDGERS)).astype(np.uint16),
            chain=np.repeat(np.arange(4), size // 4),
            paths=PathSample(
                rows=np.array([0]), years=np.array([2024]), alignment=np.zeros((1, 1)), future=np.zeros((1, 5))
            ),
            simulated=None,
        )


def library(priors: list[AlignmentPrior], size: int, rng: np.random.Generator) -> Library:
    """Exact draws under every prior, pooled, supports solved by MBAR."""
    parts = [Truth(prior=prior).part(f"anchor {index}", size, rng) for index, prior in enumerate(priors)]
    provenance = Provenance(
        evidence_digest="e", rule_digest="r", model_digest="m", reference_date=date(2024, 12, 31), versions={}
    )
    return pooled(parts, provenance, solve_supports(parts) if len(parts) > 1 else [0.0])


def moved(**changes: object) -> AlignmentPrior:
    """The base prior with some fields replaced."""
    return replace(BASE_PRIOR, **changes)


def _anchor(name: str, prior: AlignmentPrior) -> Anchor:
    return Anchor(
        name=name,
        values={},
        prior=prior,
        seed=0,
        fit_key=name,
        efficiency=1.0,
        log_support=0.0,
        diagnostics=Diagnostics(checks=()),
        outside={"calm_hazard": 0.024, "base_rate_weight": 0.42},
    )


def _normal(mean: float, sd: float, seen: float, noise: float) -> tuple[float, float]:
    precision = 1 / sd**2 + 1 / noise**2
    return (mean / sd**2 + seen / noise**2) / precision, precision**-0.5


def _log_beta(a: float, b: float) -> float:
    from scipy.special import betaln

    return float(betaln(a, b))
