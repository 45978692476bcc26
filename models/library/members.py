"""The stored fits of M2 and M3, ready to answer under any setting of the knobs. Read path: NumPy only."""

from collections.abc import Callable, Mapping
from dataclasses import field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import numpy as np

from data.digest import digest
from data.types import Evidence
from data.values import frozen, settle
from models.alignment.priors import prior_parameters
from models.assumptions.setting import Assumptions
from models.fits.certificate import require_answer, require_present
from models.fits.dated import dated
from models.fits.member_fit import REBUILD, MemberFit, load_member
from models.library.answer import Answer
from models.library.structures import knobs_behind, stay_strength_of, structure_version
from models.measures.drivers import driver_table, drivers_behind, frozen_scaling
from models.measures.structure import digest_at
from models.names import MODEL_M2, MODEL_M3
from models.ordered.law import ORDERED, OrderedPrior, ordered_prior
from models.ordered.law import forecast as ordered_forecast
from models.ordered.transitions import read_transitions
from models.ordered.transport import StoredDraws
from models.outcome.rule import OutcomeRule, rule_of
from models.regimes.law import REGIMES, Parameters, RegimePrior, regime_prior_at, stay_log_density
from models.regimes.pool import ANCHORS, StickinessPool
from models.weighting.batch_means import chain_efficiency
from models.weighting.noise import Blocks

CHAINS_A_FIT = 1000
"""More chains than a fit has: a chain's number in the pool of M3 is this times its fit's, plus its own."""
FROZEN_SCALING = "frozen_scaling"
"""Setting of a fit of M2 that measured its drivers in the units of the whole evidence, as hindcasts do."""


@frozen(eq=False)
class Members:
    """The fits of M2 and M3 on one evidence.

    Attributes
    ----------
    ordered : MemberFit
        M2 at the default assumptions.
    regimes : tuple of MemberFit
        M3, one fit for each of `models.regimes.pool.ANCHORS`.
    stored : StoredDraws
        M2's draws, ready to be moved to another prior.
    """

    evidence: Evidence
    ordered: MemberFit
    regimes: tuple[MemberFit, ...]
    key: str = field(init=False)
    stored: StoredDraws = field(init=False)
    _blocks: Blocks = field(init=False)
    _pool: StickinessPool = field(init=False)
    _pool_chain: np.ndarray = field(init=False)
    _pool_blocks: Blocks = field(init=False)
    _pool_probabilities: np.ndarray = field(init=False)
    _pool_efficiency: np.ndarray = field(init=False)
    _pool_year_means: np.ndarray | None = field(init=False)
    _answered: Callable[[float], Answer] = field(init=False)

    def __post_init__(self) -> None:
        for fit in (self.ordered, *self.regimes):
            self._require_own(fit)
        defaults = Assumptions(knobs=knobs_behind(self.rule, self.evidence.claims))
        scaling = frozen_scaling(self.rule) if self.ordered.settings.get(FROZEN_SCALING) else None
        drivers = driver_table(self.evidence, drivers_behind(self.rule), scaling)
        transitions = read_transitions(self.evidence, drivers, rule=self.rule)
        prior = ordered_prior_at(defaults.replace(_known(defaults, self.ordered)))
        stored = StoredDraws.of(self.ordered.parameters, prior, transitions, _efficiency(self.ordered))
        priors = [
            RegimePrior(stickiness=fit.assumptions_values["stickiness"], strength=self._stay_strength)
            for fit in self.regimes
        ]
        sizes = [fit.chain.size for fit in self.regimes]
        chains = np.concatenate([fit.chain + CHAINS_A_FIT * index for index, fit in enumerate(self.regimes)])
        pool = StickinessPool.of(priors, [fit.parameters for fit in self.regimes])
        settle(
            self,
            key=digest([self.ordered.key, *(fit.key for fit in self.regimes)]),
            stored=stored,
            _blocks=Blocks.alone(self.ordered.chain),
            _pool=pool,
            _pool_chain=chains,
            _pool_blocks=Blocks.of(chains, chains // CHAINS_A_FIT, pool.share),
            _pool_probabilities=np.concatenate([fit.forecast.flat for fit in self.regimes]),
            _pool_efficiency=np.repeat([_efficiency(fit) for fit in self.regimes], sizes),
            _pool_year_means=_year_means(self.regimes),
            _answered=lru_cache(maxsize=64)(self._regimes),  # its own: answers must not outlive the members
        )

    @property
    def rule(self) -> OutcomeRule:
        """The outcome rule under which they were fitted; OutcomeError for one that this program does not know."""
        return rule_of(self.ordered.rule_digest)

    @property
    def _stay_strength(self) -> float:
        return stay_strength_of(self.regimes[0].model_digest)

    def _require_own(self, fit: MemberFit) -> None:
        """Refuse a fit on other evidence or under another rule than the first, and one of an unknown structure."""
        sentence = f"the fit of {fit.model_id} was made on another {{}}, expected the one beside it; {REBUILD}"
        require_answer(fit.answers_to, (self.evidence.digest, self.rule.digest, fit.model_digest), sentence)
        structure_version(fit.model_id, fit.model_digest)

    @property
    def fits(self) -> Mapping[str, MemberFit]:
        """Every fit by name, M2 first."""
        named = {regimes_name(fit.assumptions_values["stickiness"]): fit for fit in self.regimes}
        return MappingProxyType({MODEL_M2: self.ordered, **named})

    def regimes_draws(self, assumptions: Assumptions) -> tuple[Parameters, np.ndarray, np.ndarray]:
        """M3's pooled draws with their log weights under a setting, not smoothed, and their chains."""
        prior = regime_prior_at(assumptions, self._stay_strength)
        log_weights = stay_log_density(self._pool.parameters["transition"], prior) - self._pool.log_mixture
        return self._pool.parameters, log_weights, self._pool_chain

    @property
    def regimes_blocks(self) -> Blocks:
        """Blocks of M3's pooled draws."""
        return self._pool_blocks

    def answer_ordered(self, assumptions: Assumptions) -> Answer:
        """M2 under a setting."""
        return self.answer_prior(ordered_prior_at(assumptions))

    def answer_prior(self, prior: OrderedPrior) -> Answer:
        """M2 under a prior: its draws carried over to the new posterior, weighed, and continued."""
        parameters, weights = self.stored.moved(prior)
        return Answer.of(ordered_forecast(parameters, self.stored.transitions, prior).flat, weights, self._blocks)

    def answer_regimes(self, assumptions: Assumptions) -> Answer:
        """M3 under a setting: the pooled draws, weighed."""
        return self._answered(assumptions.values["stickiness"])

    def _regimes(self, stickiness: float) -> Answer:
        prior = RegimePrior(stickiness=stickiness, strength=self._stay_strength)
        weights = self._pool.weights(prior, self._pool_efficiency)
        return Answer.of(self._pool_probabilities, weights, self._pool_blocks, self._pool_year_means)


def committed_members(evidence: Evidence, folder: Path | None = None) -> Members:
    """The stored fits of the project.

    Raises
    ------
    MissingFitError, StaleFitError
    """
    folder = folder or dated(evidence.as_of)
    regimes = tuple(load_member(regimes_name(anchor), folder) for anchor in ANCHORS)
    ordered = load_member(MODEL_M2, folder)
    for fit, structure in ((ordered, ORDERED), *((fit, REGIMES) for fit in regimes)):
        sentence = f"the fit of {fit.model_id} was made on another {{}}, expected the present; {REBUILD}"
        require_present(fit.answers_to, evidence, digest_at(structure.digest, evidence.as_of), sentence)
    return Members(evidence=evidence, ordered=ordered, regimes=regimes)


def regimes_name(stickiness: float) -> str:
    """File name of M3's fit at a stickiness."""
    return f"{MODEL_M3}_{round(100 * stickiness)}"


def ordered_prior_at(assumptions: Assumptions) -> OrderedPrior:
    """M2's priors under a setting."""
    return ordered_prior(prior_parameters(assumptions), assumptions.knobs)


def _year_means(fits: tuple[MemberFit, ...]) -> np.ndarray | None:
    """Of all fits one after the other; None where one keeps no ledgers."""
    if any(fit.year_means is None for fit in fits):
        return None
    return np.concatenate([fit.year_means for fit in fits])


def _efficiency(fit: MemberFit) -> float:
    return chain_efficiency(fit.forecast.flat, fit.chain)


def _known(defaults: Assumptions, fit: MemberFit) -> dict[str, float]:
    return {key: value for key, value in fit.assumptions_values.items() if key in defaults.knobs}
