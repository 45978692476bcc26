"""What one piece of the evidence does to each model's forecast, without a refit: the stored draws, weighed without it.

M0 is counted again, exactly. M2 and M3 weigh their draws by the ratio of what the two evidences say about each. M1
needs a whole fit: the library keeps too little of a draw to say how likely a reading was (`models.leave_out.weighed`).
"""

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from data.days import horizons_from
from data.values import frozen
from models.assumptions.setting import Assumptions
from models.base_rate.outside_view import outside_view
from models.fits.alignment_fit import AlignmentFit
from models.fits.probabilities import StateProbabilities, states
from models.leave_out.cases import Basis
from models.leave_out.weighed import Reference, reweighted
from models.library.library import Library
from models.library.members import Members, ordered_prior_at
from models.library.structures import structures_at
from models.measures.readings import Readings
from models.names import MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3, STATES
from models.ordered.law import forecast as ordered_forecast
from models.ordered.law import log_likelihood as ordered_log_likelihood
from models.ordered.transitions import read_transitions
from models.outcome.rule import RULE
from models.regimes.filter import filtered
from models.regimes.forecast import forecast as regimes_forecast
from models.storage.arrays import Arrays, rows_of
from models.weighting.batch_means import mean_error
from models.weighting.status import Status
from models.weighting.weights import FAIR_K, GOOD_K, Weights, smoothed_weights

DRAWS, PATHS = 1000, 32
"""Draws of M1 and M3 that are weighed, and simulated futures for each of M3's: the effect of a row is then known to
about a tenth of a point, since both use the same draws and futures, at a tenth of a second a row."""
SMALLEST_WEIGHT = 1e-300


@frozen(eq=False)
class Effect:
    """What a piece does to one model.

    Attributes
    ----------
    change : ndarray, shape (horizon, state)
        With the piece less without it.
    error : ndarray, same shape
        Monte Carlo standard error.
    status : Status
        Of the weights, by their Pareto shape alone: what few draws do to them shows in the error.
    pareto_k : float or None
    """

    change: np.ndarray
    error: np.ndarray
    status: Status
    pareto_k: float | None


class Judge:
    """The models behind one side, ready to be asked about its evidence without a piece.

    Parameters
    ----------
    basis : Basis
        The side's evidence under its beliefs.
    library : Library
        Of that evidence.
    fit : AlignmentFit or None
        A whole fit of M1 on that evidence, under any beliefs; without one M1 stays silent.
    """

    def __init__(self, basis: Basis, library: Library, fit: AlignmentFit | None = None) -> None:
        self.basis, self.library, self.rule = basis, library, library.provenance.rule
        own = structures_at(basis.evidence.as_of)
        self.present = self.rule == RULE and all(own[model] == digest for model, digest in library.structures.items())
        same = fit is not None and fit.evidence_digest == basis.evidence.digest
        self.fit = fit if same and self.present else None

    def effects(self, left: Basis) -> Mapping[str, Effect]:
        """What is in the basis and not in `left`, by model id; only of models that can be asked.

        How former structures of M1 and M3 read a ledger is not here any more: of a former library they stay silent.
        """
        members = self.library.members
        effects = {MODEL_M0: self._outside(left)}
        if self.fit is not None:
            effects[MODEL_M1] = self._alignment(left)
        if members is not None:
            effects[MODEL_M2] = self._ordered(members, left)
        if members is not None and self.present:
            effects[MODEL_M3] = self._regimes(members, left)
        return effects

    def _outside(self, left: Basis) -> Effect:
        return _exact(self._base_rate(self.basis) - self._base_rate(left))

    def _base_rate(self, basis: Basis) -> np.ndarray:
        return outside_view(basis.evidence, basis.assumptions.values["rupture_hazard"], self.rule).state

    @property
    def _nothing(self) -> Effect:
        return _exact(np.zeros((len(horizons_from(self.basis.evidence.as_of)), len(STATES))))

    @cached_property
    def _reference(self) -> Reference:
        defaults = Assumptions.defaults(self.basis.evidence.claims)
        fitted = {key: value for key, value in self.fit.assumptions_values.items() if key in defaults.knobs}
        return Reference.of(Basis.of(self.basis.evidence, defaults.replace(fitted)), self.fit, DRAWS)

    @cached_property
    def _whole(self) -> tuple[np.ndarray, np.ndarray]:
        """M1 on the whole basis under the side's beliefs, and the error of having moved them."""
        whole = reweighted(self._reference, self.basis)
        return whole.after, whole.change_mcse

    def _alignment(self, left: Basis) -> Effect:
        if left.digest == self.basis.digest:
            return self._nothing
        without, (whole, moved) = reweighted(self._reference, left), self._whole
        error = np.hypot(without.change_mcse, moved)
        return Effect(
            change=states(whole - without.after),
            error=states(error),
            status=_by_shape(without.weights),
            pareto_k=without.weights.pareto_k,
        )

    @cached_property
    def _ordered_draws(self) -> tuple:
        """M2's draws and log weights under the side's beliefs, and its prior."""
        prior = ordered_prior_at(self.basis.assumptions)
        parameters, weights = self.library.members.stored.moved(prior)
        return parameters, np.log(np.maximum(weights.values, SMALLEST_WEIGHT)), prior

    def _ordered(self, members: Members, left: Basis) -> Effect:
        (parameters, log_weights, prior), here = self._ordered_draws, members.stored.transitions
        there = read_transitions(left.evidence, left.drivers, rule=self.rule)
        ratio = ordered_log_likelihood(parameters, there, prior) - ordered_log_likelihood(parameters, here, prior)
        forecasts = [ordered_forecast(parameters, seen, prior).flat for seen in (here, there)]
        return _weighed(log_weights, log_weights + ratio, forecasts, members.ordered.chain)

    @cached_property
    def _regimes_draws(self) -> tuple:
        """Some of M3's draws with their log weights and chains, how likely each finds the evidence, and its
        forecast."""
        parameters, log_weights, chain = self.library.members.regimes_draws(self.basis.assumptions)
        rows = np.arange(0, chain.size, max(1, chain.size // DRAWS))
        some = rows_of(parameters, rows)
        return some, log_weights[rows], chain[rows], *self._regimes_on(some, self.basis)

    def _regimes_on(self, parameters: Arrays, basis: Basis) -> tuple[np.ndarray, np.ndarray]:
        seed = self.library.members.regimes[0].seed
        simulated = regimes_forecast(parameters, basis.readings, seed, PATHS)
        forecast = StateProbabilities.of(simulated.probabilities).flat
        return filtered(parameters, basis.readings)[0], forecast

    def _regimes(self, members: Members, left: Basis) -> Effect:  # noqa: ARG002 (asked as M2 is)
        if _same(left.readings, self.basis.readings):
            return self._nothing
        parameters, log_weights, chain, here, whole = self._regimes_draws
        there, without = self._regimes_on(parameters, left)
        return _weighed(log_weights, log_weights + there - here, [whole, without], chain)


def _weighed(here: np.ndarray, there: np.ndarray, forecasts: list[np.ndarray], chain: np.ndarray) -> Effect:
    """From log weights and per-draw forecasts with and without the piece, of the same draws."""
    if np.array_equal(here, there) and np.array_equal(*forecasts):
        return _exact(np.zeros_like(states(forecasts[0][0])))
    weights = smoothed_weights(here), smoothed_weights(there)
    means = [weighing.values @ p for weighing, p in zip(weights, forecasts, strict=True)]
    noise = [
        chain.size * weighing.values[:, None] * (p - mean)
        for weighing, p, mean in zip(weights, forecasts, means, strict=True)
    ]
    error = mean_error(noise[0] - noise[1], chain)
    worst = max(weights, key=lambda weighing: -np.inf if weighing.pareto_k is None else weighing.pareto_k)
    return Effect(
        change=states(means[0] - means[1]),
        error=states(error),
        status=_by_shape(worst),
        pareto_k=worst.pareto_k,
    )


def _same(here: Readings, there: Readings) -> bool:
    arrays = [name for name in here.__slots__ if name != "so_far"]
    same = (np.array_equal(getattr(here, name), getattr(there, name), equal_nan=True) for name in arrays)
    return here.so_far == there.so_far and all(same)


def _by_shape(weights: Weights) -> Status:
    return Status.GOOD if weights.pareto_k is None else Status.within(weights.pareto_k, GOOD_K, FAIR_K)


def _exact(change: np.ndarray) -> Effect:
    return Effect(change=change, error=np.zeros_like(change), status=Status.EXACT, pareto_k=None)
