"""Fit M2 and M3: compile once for all dates and priors, sample, forecast, certify."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import nutpie
import xarray as xr

from data.types import Evidence
from data.values import frozen
from models.assumptions.setting import Assumptions
from models.errors import SamplerError
from models.fits.member_fit import MemberFit
from models.fits.probabilities import StateProbabilities
from models.library.members import Members, ordered_prior_at, regimes_name
from models.measures.driver_table import DriverTable
from models.measures.drivers import driver_table
from models.measures.readings import Readings, read_ledger
from models.measures.simulated import Simulated
from models.measures.structure import digest_at
from models.names import MODEL_M2, MODEL_M3
from models.ordered.law import ORDERED
from models.ordered.law import forecast as ordered_forecast
from models.ordered.transitions import Transitions, read_transitions
from models.regimes.forecast import forecast as regimes_forecast
from models.regimes.forecast import standing
from models.regimes.law import REGIMES, regime_prior_at
from models.regimes.pool import ANCHORS
from models.sampling.gate import certified
from models.sampling.ordered_model import build_ordered, ordered_data, ordered_prior_data
from models.sampling.regimes_model import build_regimes, padded_years, regimes_data, regimes_prior_data
from models.sampling.sampler import SamplerSettings, chain_by_chain, sample
from models.storage.arrays import Arrays

KEPT = 2000
"""Draws kept of a fit's 16,000, so far apart that they are nearly independent: they hold a probability of one half
within half a point. M2's are all moved at every move of a slider."""
ATTEMPTS_APART = 100
"""Of the seeds of a fit's first and second attempt: farther than those of neighbouring fits."""
ORDERED_PARAMETERS = ("hazard", "rest", "step", "beta")
REGIME_PARAMETERS = ("location", "gap", "space_offset", "break_log_odds", "break_slope", "transition")


@frozen
class CompiledOrdered:
    """M2, compiled, and the evidence it speaks about."""

    evidence: Evidence
    transitions: Transitions
    compiled: object

    @classmethod
    def of(cls, evidence: Evidence, assumptions: Assumptions) -> "CompiledOrdered":
        """Build and compile."""
        transitions = read_transitions(evidence, driver_table(evidence))
        compiled = nutpie.compile_pymc_model(build_ordered(transitions, ordered_prior_at(assumptions)))
        return cls(evidence=evidence, transitions=transitions, compiled=compiled)

    def at(self, evidence: Evidence, drivers: DriverTable | None = None) -> "CompiledOrdered":
        """The same model on other evidence, of the same or an earlier date."""
        last = int(self.transitions.years[-1])
        transitions = read_transitions(evidence, drivers or driver_table(evidence), last)
        compiled = self.compiled.with_data(**ordered_data(transitions))
        return replace(self, evidence=evidence, transitions=transitions, compiled=compiled)

    def fit(self, assumptions: Assumptions, settings: SamplerSettings) -> MemberFit:
        """Sample under a prior and certify.

        Raises
        ------
        SamplerError
        """
        prior = ordered_prior_at(assumptions)
        trace = sample(self.compiled, ordered_prior_data(prior), settings)
        parameters = _flat(trace, ORDERED_PARAMETERS)
        forecast = ordered_forecast(parameters, self.transitions, prior)
        return MemberFit(
            parameters=parameters,
            forecast=forecast,
            model_id=MODEL_M2,
            model_digest=digest_at(ORDERED.digest, self.evidence.as_of),
            **certified(self.evidence, assumptions, settings, trace, _table(forecast)),
        )


@frozen
class CompiledRegimes:
    """M3, compiled, and the evidence it speaks about."""

    evidence: Evidence
    readings: Readings
    compiled: object
    years: int

    @classmethod
    def of(cls, evidence: Evidence, assumptions: Assumptions) -> "CompiledRegimes":
        """Build and compile."""
        readings = read_ledger(evidence)
        compiled = nutpie.compile_pymc_model(build_regimes(readings, regime_prior_at(assumptions)))
        return cls(evidence=evidence, readings=readings, compiled=compiled, years=padded_years(readings.years.size))

    def at(self, evidence: Evidence) -> "CompiledRegimes":
        """The same model on other evidence, of the same or an earlier date."""
        readings = read_ledger(evidence)
        compiled = self.compiled.with_data(**regimes_data(readings, self.years))
        return replace(self, evidence=evidence, readings=readings, compiled=compiled)

    def fit(self, assumptions: Assumptions, settings: SamplerSettings) -> MemberFit:
        """Sample under a prior and certify.

        Raises
        ------
        SamplerError
        """
        trace = sample(self.compiled, regimes_prior_data(regime_prior_at(assumptions)), settings)
        parameters = _flat(trace, REGIME_PARAMETERS)
        futures = regimes_forecast(parameters, self.readings, settings.seed)
        forecast = StateProbabilities.of(futures.probabilities)
        return MemberFit(
            parameters=parameters,
            forecast=forecast,
            simulated=Simulated.of(futures.ledgers, self.readings, standing(parameters, self.readings)),
            model_id=MODEL_M3,
            model_digest=digest_at(REGIMES.digest, self.evidence.as_of),
            **certified(self.evidence, assumptions, settings, trace, _table(forecast)),
        )


def _flat(trace: xr.DataTree, names: tuple[str, ...]) -> Arrays:
    return {name: chain_by_chain(trace["posterior"][name]) for name in names}


def _table(forecast: StateProbabilities) -> xr.Dataset:
    """Without labels, as `certified` takes probabilities."""
    return xr.Dataset(
        {name: (("sample", *"hs"[: values.ndim - 1]), values) for name, values in forecast._asdict().items()}
    )


def fit_members(evidence: Evidence, on_fit: Callable[[str], None]) -> Members:
    """Fit what the project stores of M2 and M3: M2 at the defaults, M3 at every anchor of its pool.

    Parameters
    ----------
    on_fit : callable
        Told the name of each fit that is done.

    Raises
    ------
    SamplerError
        A fit failed its acceptance checks, and so did a longer one.
    """
    defaults, settings = Assumptions.defaults(evidence.claims), SamplerSettings(draws=4000)
    ordered = _accepted(MODEL_M2, partial(CompiledOrdered.of(evidence, defaults).fit, defaults), settings)
    on_fit(MODEL_M2)
    compiled, regimes = CompiledRegimes.of(evidence, defaults), []
    for index, anchor in enumerate(ANCHORS):
        own = replace(settings, seed=settings.seed + 1 + index)  # shared futures would make their errors alike
        fit = partial(compiled.fit, defaults.replace({"stickiness": anchor}))
        regimes.append(_accepted(regimes_name(anchor), fit, own))
        on_fit(regimes_name(anchor))
    return Members(evidence=evidence, ordered=ordered, regimes=tuple(regimes))


def _accepted(name: str, fit: Callable[[SamplerSettings], MemberFit], settings: SamplerSettings) -> MemberFit:
    """The draws that are kept, of a fit that passed; one that failed is tried again, once and three times as long."""
    longer = replace(settings, seed=settings.seed + ATTEMPTS_APART, tune=3 * settings.tune, draws=3 * settings.draws)
    failed = ""
    for attempt in (settings, longer):
        made = fit(attempt)
        if made.diagnostics.passed:
            return made.thinned(KEPT)
        failed = made.diagnostics.failures_text
    raise SamplerError(f"{name}: the fit failed its checks ({failed}); nothing was stored; look into the model")
