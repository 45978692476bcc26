"""The stored fits of M2 and M3, ready to answer under any setting of the knobs. Read path: NumPy only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import numpy as np

from data.digest import digest
from data.types import Evidence
from models.alignment.priors import prior_parameters
from models.assumptions.setting import Assumptions
from models.fits.certificate import require_present
from models.fits.member_fit import MEMBER_FITS, REBUILD, MemberFit, load_member
from models.fits.probabilities import StateProbabilities
from models.measures.drivers import driver_table, frozen_scaling
from models.names import MODEL_M2, MODEL_M3
from models.ordered.law import ORDERED, OrderedPrior, ordered_prior
from models.ordered.law import forecast as ordered_forecast
from models.ordered.transitions import read_transitions
from models.ordered.transport import StoredDraws
from models.regimes.law import REGIMES, Parameters, RegimePrior, stay_log_density
from models.regimes.pool import ANCHORS, StickinessPool
from models.weighting.batch_means import block_starts, centred, chain_efficiency
from models.weighting.mbar import block_influence
from models.weighting.weights import Weights

CHAINS_A_FIT = 1000
"""More chains than a fit has: a chain's number in the pool of M3 is this times its fit's, plus its own."""
FROZEN_SCALING = "frozen_scaling"
"""Setting of a fit of M2 that measured its drivers in the units of the whole record, as hindcasts do."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """What one model's draws say under a setting.

    Attributes
    ----------
    probabilities : ndarray, shape (sample, horizon * outcome)
        Outcomes are the four states, any rupture, any deeper.
    weights : Weights
        Of the draws.
    noise : ndarray, shape (block, horizon * outcome)
        What each block of draws contributes to the error of the weighted means (`weighted_noise`).
    """

    probabilities: np.ndarray
    weights: Weights
    noise: np.ndarray

    @property
    def mean(self) -> np.ndarray:
        """Probabilities, shape (horizon * outcome,)."""
        return self.weights.values @ self.probabilities

    @property
    def mcse(self) -> np.ndarray:
        """Monte Carlo standard error of the weighted means, shape (horizon * outcome,)."""
        return np.sqrt(np.square(self.noise).sum(axis=0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Members:
    """The fits of M2 and M3 on one record.

    Attributes
    ----------
    ordered : MemberFit
        M2 at the default assumptions.
    regimes : tuple of MemberFit
        M3, one fit for each of `models.regimes.pool.ANCHORS`.
    """

    evidence: Evidence
    ordered: MemberFit
    regimes: tuple[MemberFit, ...]
    key: str = field(init=False)
    _stored: StoredDraws = field(init=False)
    _pool: StickinessPool = field(init=False)
    _pool_blocks: tuple[np.ndarray, np.ndarray] = field(init=False)
    _pool_influence: np.ndarray = field(init=False)
    _pool_probabilities: np.ndarray = field(init=False)
    _pool_efficiency: np.ndarray = field(init=False)
    _answered: Callable[[float], Answer] = field(init=False)

    def __post_init__(self) -> None:
        for fit, structure in ((self.ordered, ORDERED), *((fit, REGIMES) for fit in self.regimes)):
            sentence = f"the fit of {fit.model_id} was made on another {{}}, expected the present; {REBUILD}"
            require_present(fit.answers_to, self.evidence, structure.digest, sentence)
        defaults = Assumptions.defaults(self.evidence.claims)
        scaling = frozen_scaling() if self.ordered.settings.get(FROZEN_SCALING) else None
        transitions = read_transitions(self.evidence, driver_table(self.evidence, scaling=scaling))
        prior = asked_of_ordered(defaults.replace(_known(defaults, self.ordered)))
        stored = StoredDraws.of(self.ordered.parameters, prior, transitions, _efficiency(self.ordered))
        priors = [RegimePrior(stickiness=fit.assumptions_values["stickiness"]) for fit in self.regimes]
        sizes = [fit.chain.size for fit in self.regimes]
        chains = np.concatenate([fit.chain + CHAINS_A_FIT * index for index, fit in enumerate(self.regimes)])
        starts = block_starts(chains)
        pool = StickinessPool.of(priors, [fit.parameters for fit in self.regimes])
        found = {
            "key": digest([self.ordered.key, *(fit.key for fit in self.regimes)]),
            "_stored": stored,
            "_pool": pool,
            "_pool_influence": block_influence(pool.share, starts, chains[starts] // CHAINS_A_FIT),
            "_pool_blocks": (starts, chains[starts] // CHAINS_A_FIT),
            "_pool_probabilities": np.concatenate([flat(fit.forecast) for fit in self.regimes]),
            "_pool_efficiency": np.repeat([_efficiency(fit) for fit in self.regimes], sizes),
            "_answered": lru_cache(maxsize=64)(self._regimes),  # its own: answers must not outlive the members
        }
        for name, value in found.items():
            object.__setattr__(self, name, value)

    @property
    def fits(self) -> Mapping[str, MemberFit]:
        """Every fit by name, M2 first."""
        named = {regimes_name(fit.assumptions_values["stickiness"]): fit for fit in self.regimes}
        return MappingProxyType({MODEL_M2: self.ordered, **named})

    @property
    def stored(self) -> StoredDraws:
        """M2's draws, ready to be moved to another prior."""
        return self._stored

    def regimes_draws(self, assumptions: Assumptions) -> tuple[Parameters, np.ndarray, np.ndarray]:
        """M3's pooled draws with their log weights under a setting, not smoothed, and their chains."""
        asked = RegimePrior(stickiness=assumptions.values["stickiness"])
        log_weights = stay_log_density(self._pool.parameters["transition"], asked) - self._pool.log_mixture
        chains = [fit.chain + CHAINS_A_FIT * index for index, fit in enumerate(self.regimes)]
        return self._pool.parameters, log_weights, np.concatenate(chains)

    def answer_ordered(self, assumptions: Assumptions) -> Answer:
        """M2 under a setting."""
        return self.answer_prior(asked_of_ordered(assumptions))

    def answer_prior(self, prior: OrderedPrior) -> Answer:
        """M2 under a prior: its draws carried over to the new posterior, weighed, and continued."""
        parameters, weights = self._stored.moved(prior)
        probabilities = flat(ordered_forecast(parameters, self._stored.transitions, prior))
        starts = block_starts(self.ordered.chain)
        noise = weighted_noise(probabilities, weights, (starts, np.zeros(starts.size, dtype=int)))
        return Answer(probabilities=probabilities, weights=weights, noise=noise)

    def answer_regimes(self, assumptions: Assumptions) -> Answer:
        """M3 under a setting: the pooled draws, weighed."""
        return self._answered(assumptions.values["stickiness"])

    def _regimes(self, stickiness: float) -> Answer:
        weights = self._pool.weights(RegimePrior(stickiness=stickiness), self._pool_efficiency)
        supports = self._pool.share, self._pool_influence
        noise = weighted_noise(self._pool_probabilities, weights, self._pool_blocks, supports)
        return Answer(probabilities=self._pool_probabilities, weights=weights, noise=noise)


def committed_members(evidence: Evidence, folder: Path = MEMBER_FITS) -> Members:
    """The stored fits of the project.

    Raises
    ------
    MissingFitError, StaleFitError
    """
    regimes = tuple(load_member(regimes_name(anchor), folder) for anchor in ANCHORS)
    return Members(evidence=evidence, ordered=load_member(MODEL_M2, folder), regimes=regimes)


def regimes_name(stickiness: float) -> str:
    """File name of M3's fit at a stickiness."""
    return f"{MODEL_M3}_{round(100 * stickiness)}"


def asked_of_ordered(assumptions: Assumptions) -> OrderedPrior:
    """M2's priors under a setting."""
    return ordered_prior(prior_parameters(assumptions), assumptions.knobs)


def flat(found: StateProbabilities) -> np.ndarray:
    """Per-draw probabilities side by side, shape (sample, horizon * outcome)."""
    return found.outcomes.reshape(len(found.state), -1)


def weighted_error(
    p: np.ndarray,
    weights: Weights,
    blocks: tuple[np.ndarray, np.ndarray],
    supports: tuple[np.ndarray, np.ndarray] | None = None,
) -> np.ndarray:
    """Monte Carlo standard error of the weighted mean of `p` (sample, column): the root of the noise's squares."""
    return np.sqrt(np.square(weighted_noise(p, weights, blocks, supports)).sum(axis=0))


def weighted_noise(
    p: np.ndarray,
    weights: Weights,
    blocks: tuple[np.ndarray, np.ndarray],
    supports: tuple[np.ndarray, np.ndarray] | None = None,
) -> np.ndarray:
    """What each block's noise does to the weighted mean of `p` (sample, column), by batch means, shape (block, column).

    Of two means from the same draws the noises are subtracted, block by block, before they are squared.

    Parameters
    ----------
    blocks : (ndarray, ndarray)
        First draw of each block, and the fit it belongs to.
    supports : (ndarray, ndarray), optional
        For pooled fits: their shares at each draw, and `models.weighting.mbar.block_influence`, since the weights
        depend on supports that the same draws gave (as in `models.library.reweighting.weighted_mcse`).
    """
    residuals = weights.values[:, None] * (p - weights.values @ p)
    noise = centred(np.add.reduceat(residuals, blocks[0], axis=0), blocks[1])
    if supports is not None:
        share, influence = supports
        noise = noise + influence @ (share.T @ residuals)
    return noise


def _efficiency(fit: MemberFit) -> float:
    return chain_efficiency(flat(fit.forecast), fit.chain)


def _known(defaults: Assumptions, fit: MemberFit) -> dict[str, float]:
    return {key: value for key, value in fit.assumptions_values.items() if key in defaults.knobs}
