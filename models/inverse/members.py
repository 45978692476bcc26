"""The goal's probability by the models beside M1: as published at a setting, and nearly between settings.

M0 is exact everywhere. M3's draws are weighed without smoothing. M2's draws are carried over to every new prior, which
takes as long as all the rest: nearly, its log odds go straight on from where the search begins, by slopes that are read
from how the density of its draws follows their prior (`models.ordered.scores`).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import field

import numpy as np

from data.types import Evidence
from data.values import frozen, settle
from models.alignment.priors import priors_at
from models.base_rate.outside_view import outside_view
from models.inverse.levers import HAZARD, STICKINESS, Levers, log_odds
from models.library.library import Library
from models.library.structures import stay_strength_of
from models.names import MODEL_M0, MODEL_M2
from models.ordered.law import OrderedPrior, log_likelihood, ordered_prior
from models.ordered.law import forecast as ordered_forecast
from models.ordered.scores import place, scores
from models.regimes.law import RegimePrior, stay_log_density

type Values = Mapping[str, float]

DIFFERENCE = 0.02
"""Sds to either side: a slope is then wrong by some ten-thousandths of itself."""


@frozen(eq=False)
class Members:
    """The models beside M1, asked for one probability.

    Attributes
    ----------
    evidence, library
    levers : Levers
    column : int
        Of the goal among a draw's probabilities.
    """

    evidence: Evidence
    library: Library
    levers: Levers
    column: int
    _stays: tuple[np.ndarray, np.ndarray, np.ndarray, float] | None = field(init=False)
    _ordered: tuple[float, np.ndarray] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        stays, members = None, self.library.members
        if members is not None:
            parameters, log_weights, _ = members.regimes_draws(self.levers.start)
            strength = stay_strength_of(members.regimes[0].model_digest)
            prior = RegimePrior(stickiness=self.levers.start.values[STICKINESS], strength=strength)
            rest = log_weights - stay_log_density(parameters["transition"], prior)
            p = np.concatenate([fit.forecast.flat[:, self.column] for fit in members.regimes])
            stays = parameters["transition"], rest, p, strength
        settle(self, _stays=stays)

    def at(self, model: str, values: Values) -> float:
        """One model's probability at values on the sliders' grid, as published but for its rounding."""
        members = self.library.members
        if model == MODEL_M0:
            return self._base_rate(values)
        if model == MODEL_M2:
            answer = members.answer_prior(self._prior(values))
        else:
            answer = members.answer_regimes(self.levers.start.replace({STICKINESS: values[STICKINESS]}))
        return float(answer.weights.values @ answer.probabilities[:, self.column])

    def near(self, model: str, point: np.ndarray) -> float:
        """One model's probability at a point, nearly."""
        if model == MODEL_M2:
            middle, slopes = self._ordered_start
            return 1 / (1 + math.exp(-log_odds(middle) - float(slopes @ point) / (middle * (1 - middle))))
        values = self.levers.values(point)
        return self._base_rate(values) if model == MODEL_M0 else self._regimes(values)

    def slope(self, model: str, point: np.ndarray) -> np.ndarray:
        """Derivatives of `near` per sd of each lever, shape (lever,)."""
        if model == MODEL_M2:
            middle, (start, slopes) = self.near(model, point), self._ordered_start
            return slopes * middle * (1 - middle) / (start * (1 - start))
        slopes = np.zeros(point.size)
        for index, lever in enumerate(self.levers.all):
            if model in lever.knob.acts_on:
                step = DIFFERENCE * np.eye(point.size)[index]
                slopes[index] = (self.near(model, point + step) - self.near(model, point - step)) / (2 * DIFFERENCE)
        return slopes

    def _base_rate(self, values: Values) -> float:
        return float(outside_view(self.evidence, values[HAZARD], self.library.provenance.rule).flat[self.column])

    def _regimes(self, values: Values) -> float:
        transition, rest, p, strength = self._stays
        ratio = rest + stay_log_density(transition, RegimePrior(stickiness=values[STICKINESS], strength=strength))
        weights = np.exp(ratio - ratio.max())
        return float(weights @ p / weights.sum())

    def _prior(self, values: Values) -> OrderedPrior:
        return ordered_prior(priors_at(values, self.levers.start.knobs), self.levers.start.knobs)

    @property
    def _ordered_start(self) -> tuple[float, np.ndarray]:
        """M2's probability where the search begins and its derivatives, worked out when they are first wanted."""
        if self._ordered is None:
            size, moving = len(self.levers.keys), []
            for index, lever in enumerate(self.levers.all):
                if MODEL_M2 in lever.knob.acts_on:
                    moving.append(index)
            steps = [DIFFERENCE * np.eye(size)[index] for index in moving]
            pairs = [tuple(self._prior(self.levers.values(side * step)) for side in (1, -1)) for step in steps]
            middle, moves = self._ordered_moves(self._prior(self.levers.start.values), pairs)
            slopes = np.zeros(size)
            slopes[moving] = np.array(moves) / (2 * DIFFERENCE)
            settle(self, _ordered=(middle, slopes))
        return self._ordered

    def _ordered_moves(
        self, here: OrderedPrior, pairs: Sequence[tuple[OrderedPrior, OrderedPrior]]
    ) -> tuple[float, list[float]]:
        """M2's probability under a prior, and by how much it moves between pairs of priors beside that."""
        stored, transitions = self.library.members.stored, self.library.members.stored.transitions
        draws, weights = stored.moved(here)
        p = ordered_forecast(draws, transitions, here).flat[:, self.column]
        middle = float(weights.values @ p)
        residual = weights.values * (p - middle)
        by_parameter, moves = residual @ scores(draws, here), []
        for above, below in pairs:
            moves.append(float((place(above) - place(below)) @ by_parameter))
            if above.shift != below.shift:  # which acts on the likelihood and on the forecast itself
                likelihood = log_likelihood(draws, transitions, above) - log_likelihood(draws, transitions, below)
                ahead = [ordered_forecast(draws, transitions, prior).flat[:, self.column] for prior in (above, below)]
                moves[-1] += float(residual @ likelihood + weights.values @ (ahead[0] - ahead[1]))
        return middle, moves
