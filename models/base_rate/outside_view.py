"""M0 asked of a ledger: the one door for forecasts, comparisons, studies and hindcasts."""

from functools import lru_cache

import numpy as np

from data.days import last_whole_year
from data.types import Evidence
from models.base_rate.booked import Booked
from models.base_rate.chain import BaseRate, calm_hazard
from models.fits.probabilities import StateProbabilities
from models.measures.structure import ALIGNMENT
from models.outcome.rule import RULE, OutcomeRule, yearly_codes


@lru_cache(maxsize=64)
def outside_view(evidence: Evidence, rupture_hazard: float, rule: OutcomeRule = RULE) -> StateProbabilities:
    """M0's exact forecast after the year-ends of a ledger, ``state`` (5, 4), ``any_rupture`` (5,), ``any_deeper`` (5,);
    six year-ends where a year has begun.

    Parameters
    ----------
    rupture_hazard : float
        Yearly chance of a rupture out of a calm year, as the knob of that name has it.
    rule : OutcomeRule
        That labels the ledger: of something stored, the one that it was made under.
    """
    chain, current = _chain(evidence, rupture_hazard, rule)
    return chain.forecast(current, _booked(evidence, rule))


def outside_draws(
    evidence: Evidence, rupture_hazard: float, n: int, seed: int, rule: OutcomeRule = RULE
) -> StateProbabilities:
    """What `n` draws of the chain's parameters say, ``state`` (n, 5, 4) and ``any_*`` (n, 5)."""
    chain, current = _chain(evidence, rupture_hazard, rule)
    return chain.draws(current, n, seed, _booked(evidence, rule))


def _chain(evidence: Evidence, rupture_hazard: float, rule: OutcomeRule) -> tuple[BaseRate, int]:
    """Beliefs after the whole ledger, and the state of its last year-end."""
    codes = _codes(evidence, rule)
    return BaseRate.from_history(codes, hazard=calm_hazard(rupture_hazard)), int(codes[-1])


@lru_cache(maxsize=8)
def _codes(evidence: Evidence, rule: OutcomeRule) -> np.ndarray:
    """The ledger's labels, which no hazard moves: labelling takes longer than all the rest."""
    return yearly_codes(evidence.events, ALIGNMENT.first_year, last_whole_year(evidence.as_of), rule)


@lru_cache(maxsize=8)
def _booked(evidence: Evidence, rule: OutcomeRule) -> Booked | None:
    return Booked.of(evidence, rule)
