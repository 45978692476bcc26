"""What each model's priors would forecast alone, judged before any evidence is read."""

from collections.abc import Mapping

import numpy as np

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.base_rate.chain import BaseRate, calm_hazard, prior_gate
from models.fits.certificate import Check
from models.library.members import ordered_prior_at
from models.measures.drivers import driver_table
from models.measures.readings import read_ledger
from models.names import MODEL_M0, MODEL_M2, Scenario
from models.ordered.law import ordered_prior_checks
from models.ordered.transitions import read_transitions
from models.regimes.forecast import regimes_prior_checks
from models.regimes.law import RegimePrior


def quick_gates(evidence: Evidence, assumptions: Assumptions) -> Mapping[str, tuple[Check, ...]]:
    """Checks of the base rate and of the ordered regression under a setting, by model id."""
    calm = np.array([Scenario.TRANSACTIONAL.code])  # one year and so no transition: the prior as it is
    outside = BaseRate.from_history(calm, hazard=calm_hazard(assumptions.values["rupture_hazard"]))
    transitions = read_transitions(evidence, driver_table(evidence))
    return {
        MODEL_M0: prior_gate(outside),
        MODEL_M2: ordered_prior_checks(ordered_prior_at(assumptions), transitions),
    }


def regimes_gate(evidence: Evidence, stickiness: float) -> tuple[Check, ...]:
    """Checks of the hidden regimes, which simulate whole histories: about a second."""
    return regimes_prior_checks(RegimePrior(stickiness=stickiness), read_ledger(evidence))
