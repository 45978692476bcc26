"""The questions: states under pins and acts, and a chance for every signpost, from weights on stored ledgers.

Pins are weights ``P(pins | ledger)``, at most 1, on ledgers whose draws the setting has weighed; nothing is filtered. What a
model publishes without pins comes from far more ledgers than it keeps whole: its conditional answer is the published chance
times what the kept ledgers say of the pins in that state, ``p(k) L(k) / sum``, so that no pin means no change.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from data.types import Evidence
from data.values import frozen
from models.assumptions.setting import Assumptions
from models.errors import AssumptionError
from models.fits.probabilities import OUTCOMES, by_horizon
from models.forecast.answers import answers
from models.forecast.results import Forecast
from models.library.answer import FAIR_MCSE, GOOD_MCSE, Answer
from models.library.library import Library
from models.names import MODEL_M1, MODEL_MIXTURE, STATES
from models.rounding import PUBLISHED
from models.signposts.acts import moved
from models.signposts.board import OUTCOMES_OF, Board, SimulatedFutures
from models.signposts.pins import Act, Observed, Pin, in_order, require_act, require_pins
from models.weighting.noise import standard_error
from models.weighting.status import Status
from models.weighting.weights import FAIR_ESS, GOOD_ESS

RAREST = 0.001
"""Chance of the pins below which nothing is said."""
_STATES = slice(0, len(STATES))
_EVER = np.arange(len(OUTCOMES)) >= len(STATES)
"""Which outcomes are questions of yes or no by themselves."""


@frozen(eq=False)
class Conditional:
    """What one model says under pins and acts.

    Attributes
    ----------
    chance : float
        Of the pins.
    outcomes : ndarray, shape (horizon, outcome)
        Probabilities of `models.fits.probabilities.OUTCOMES` given the pins.
    mcse : ndarray, same shape
        Monte Carlo standard error.
    signposts : ndarray, shape (signpost,)
        Chance of a recorded yes of every open signpost given the pins.
    status : Status
    ess : float
        Independent draws that the pinned draws are worth; infinite where nothing was drawn.
    borrowed : bool
        Whether the pins were read in another model's ledgers.
    """

    chance: float
    outcomes: np.ndarray
    mcse: np.ndarray
    signposts: np.ndarray
    status: Status
    ess: float
    borrowed: bool


@frozen(eq=False)
class Asked:
    """The answer to a question.

    Attributes
    ----------
    pins : tuple of Pin
        In the order of their texts.
    acts : tuple of Act
    models : Mapping[str, Conditional]
        By model id, the mixture first.
    shares : Mapping[str, float]
        Of the models in the mixture once the pins are known: a model that thought them likelier has more.
    years : tuple of int
        Year-ends that the outcomes are of.
    """

    pins: tuple[Pin, ...]
    acts: tuple[Act, ...]
    models: Mapping[str, Conditional]
    shares: Mapping[str, float]
    years: tuple[int, ...]

    @property
    def mixture(self) -> Conditional:
        """The mixture's answer."""
        return self.models[MODEL_MIXTURE]

    @property
    def borrowed(self) -> float:
        """Share of the models that have no ledgers of their own; 0 where nothing was asked of a ledger."""
        return sum(share for model, share in self.shares.items() if self.models[model].borrowed)

    @property
    def too_rare(self) -> bool:
        """Whether the pins are too unlikely to say what follows from them."""
        return self.mixture.chance < RAREST


@frozen(eq=False)
class Question:
    """A setting whose stored answers pins can be asked of.

    Attributes
    ----------
    board : Board
    library : Library
    forecast : Forecast
        What is published under the setting.
    answers : Mapping[str, Answer]
        Of the models, under the same setting.
    """

    board: Board
    library: Library
    forecast: Forecast
    answers: Mapping[str, Answer]

    @classmethod
    def of(cls, board: Board, evidence: Evidence, library: Library, forecast: Forecast) -> "Question":
        """Of a forecast from the board's library."""
        given = answers(evidence, library, forecast.assumptions)
        return cls(board=board, library=library, forecast=forecast, answers=given)

    @property
    def assumptions(self) -> Assumptions:
        """The setting."""
        return self.forecast.assumptions

    def ask(self, pins: Sequence[Pin] = (), acts: Sequence[Act] = ()) -> Asked:
        """Answer under pins (observed) and acts (made to happen).

        Raises
        ------
        AssumptionError
            Pins or acts that cannot be asked; see `models.signposts.pins`. Pins without any chance.
        """
        require_pins(pins, self.board)
        for act in acts:
            require_act(act, self.board)
        ordered = in_order(pins)
        ledgers = {m: PinnedLedgers.of(self.board, f, self.weights(m), ordered) for m, f in self.board.futures.items()}
        for model, pinned in ledgers.items():
            if not pinned.weights.sum() > 0:
                raise AssumptionError(
                    f"got {', '.join(pin.text for pin in ordered)}, which holds in no stored ledger of {model}; expected "
                    "pins that can come true together; take one away"
                )
        present = {m: share for m, share in self.forecast.model_weights.items() if share > 0}
        said = {m: self._conditional(m, ledgers, tuple(acts)) for m in present}
        chance = sum(share * said[m].chance for m, share in present.items())
        shares = {m: share * said[m].chance / chance for m, share in present.items()}
        mixed = self._mixture(said, shares, chance)
        return Asked(
            pins=ordered,
            acts=tuple(acts),
            models=MappingProxyType({MODEL_MIXTURE: mixed, **said}),
            shares=MappingProxyType(shares),
            years=self.board.coming.years,
        )

    def weights(self, model: str) -> np.ndarray:
        """Weight of each ledger of a model under the setting, shape (ledger,)."""
        return self.board.futures[model].weights(self.answers[model].weights.values)

    def _conditional(self, model: str, ledgers: Mapping[str, "PinnedLedgers"], acts: tuple[Act, ...]) -> Conditional:
        answer, borrowed = self.answers[model], model not in ledgers
        own = ledgers[MODEL_M1 if borrowed else model]
        published = by_horizon(answer.mean)
        given = conditioned(published, own.likelihood, own.otherwise)
        chance = float(own.weights.sum())
        if borrowed:
            at = max((self._last(pin) for pin in own.pins), default=0)
            chance = float(published[at, _STATES] @ own.likelihood[at, _STATES])
        signposts = own.borrowed_chances(given) if borrowed else own.chances
        if acts:
            given = moved(self.board, own.futures, own.weights, acts).outcomes(given)
        status, error, ess = self._trust(model, own, given)
        return Conditional(
            chance=chance, outcomes=given, mcse=error, signposts=signposts, status=status, ess=ess, borrowed=borrowed
        )

    def _last(self, pin: Pin) -> int:
        if isinstance(pin, Observed):
            return self.board.horizon(self.board.open[self.board.index(pin.id)])
        return self.board.coming.years.index(pin.year)

    def _trust(self, model: str, own: "PinnedLedgers", given: np.ndarray) -> tuple[Status, np.ndarray, float]:
        """Badge, Monte Carlo errors and independent draws of one model's answer."""
        answer = self.answers[model]
        if not own.pins:
            return answer.status, by_horizon(answer.mcse), answer.weights.ess
        if model not in self.board.futures:
            lent = self.answers[MODEL_M1]
            _, error, ess = self._trust(MODEL_M1, own, given)
            return Status.worst(Status.FAIR, answer.status, lent.status), error, ess
        error = own.errors(answer, given)
        per_draw = own.weights.reshape(-1, own.futures.per_draw).sum(axis=1)
        worth = self.library.efficiency if model == MODEL_M1 else np.ones(per_draw.size)
        ess = float(per_draw.sum() ** 2 / (np.square(per_draw) / worth).sum())
        drawn = Status.within(-ess, -GOOD_ESS, -FAIR_ESS)
        status = Status.worst(Status.GOOD, answer.best, answer.weights.status, drawn)
        return status.allowing(float(error.max()), GOOD_MCSE, FAIR_MCSE), error, ess

    def _mixture(self, said: Mapping[str, Conditional], shares: Mapping[str, float], chance: float) -> Conditional:
        outcomes = sum(share * said[model].outcomes for model, share in shares.items())
        error = np.sqrt(sum(np.square(share * said[model].mcse) for model, share in shares.items()))
        return Conditional(
            chance=chance,
            outcomes=outcomes,
            mcse=error,
            signposts=sum(share * said[model].signposts for model, share in shares.items()),
            status=Status.worst(*(said[model].status for model in shares if not said[model].borrowed)),
            ess=min(said[model].ess for model in shares),
            borrowed=all(said[model].borrowed for model in shares),
        )


@frozen(eq=False)
class PinnedLedgers:
    """One model's ledgers, weighed by a setting and by pins.

    Attributes
    ----------
    board : Board
    futures : SimulatedFutures
    pins : tuple of Pin
    before, weights : ndarray, shape (ledger,)
        By the setting alone, and times the chance of the pins given the ledger.
    likelihood, otherwise : ndarray, shape (horizon, outcome)
        Chance of the pins given an outcome at a horizon, and given that it is another.
    """

    board: Board
    futures: SimulatedFutures
    pins: tuple[Pin, ...]
    before: np.ndarray
    weights: np.ndarray
    likelihood: np.ndarray
    otherwise: np.ndarray

    @classmethod
    def of(cls, board: Board, futures: SimulatedFutures, before: np.ndarray, pins: tuple[Pin, ...]) -> "PinnedLedgers":
        """Weigh ledgers by pins."""
        weights = before
        for pin in pins:
            weights = weights * pin_chance(board, futures, pin)
        likelihood = otherwise = np.ones((len(board.coming.years), len(OUTCOMES)))
        if pins:
            base, joint = futures.shares(before), futures.shares(weights)
            likelihood = _ratio(joint, base)
            otherwise = _ratio(np.maximum(weights.sum() - joint, 0), before.sum() - base)
        return cls(
            board=board,
            futures=futures,
            pins=pins,
            before=before,
            weights=weights,
            likelihood=likelihood,
            otherwise=otherwise,
        )

    @property
    def chances(self) -> np.ndarray:
        """Chance of a recorded yes of every open signpost given the pins, shape (signpost,)."""
        return self._settled(self.futures.yes @ self.weights / self.weights.sum())

    def borrowed_chances(self, given: np.ndarray) -> np.ndarray:
        """As `chances`, for a model whose own law of the states given the pins is `given` (horizon, outcome)."""
        board, chances = self.board, np.empty(len(self.board.open))
        last = np.array([board.horizon(signpost) for signpost in board.open], dtype=int)
        for at in np.unique(last):
            rows = last == at
            joint = by_state(self.futures, self.futures.yes[rows], self.weights, at)
            base = self.futures.shares(self.weights)[at, _STATES]
            inside = np.divide(joint, base, out=np.zeros_like(joint), where=base > 0)
            # A state that no ledger holds says nothing: the others answer for it.
            chances[rows] = inside @ given[at, _STATES] / given[at, _STATES][base > 0].sum()
        return self._settled(chances)

    def _settled(self, chances: np.ndarray) -> np.ndarray:
        for pin in self.pins:
            if isinstance(pin, Observed):
                chances[self.board.index(pin.id)] = float(pin.yes)
        return chances

    def errors(self, answer: Answer, given: np.ndarray) -> np.ndarray:
        """Monte Carlo standard error of the conditional chances, shape (horizon, outcome).

        The published chance, that of the pins in a state and of the state itself come from the same draws: their noises
        are added block by block, linearised, before they are squared.
        """
        terms, own = self._influences(answer), answer.noise.reshape(-1, *given.shape)
        noise = answer.blocks.of_sum(terms.reshape(len(terms), -1)).reshape(own.shape)
        published = by_horizon(answer.mean)
        odds = _ratio(np.ones_like(published), published) + np.where(
            _EVER, _ratio(np.ones_like(published), 1 - published), 0
        )
        noise = noise + own * odds
        states = given[:, _STATES]
        noise[..., _STATES] = states * (
            noise[..., _STATES] - (states * noise[..., _STATES]).sum(axis=-1, keepdims=True)
        )
        noise[..., len(STATES) :] *= given[:, len(STATES) :] * (1 - given[:, len(STATES) :])
        return standard_error(noise)

    def _influences(self, answer: Answer) -> np.ndarray:
        """What each draw does to the logarithm of the pins' chance given a state, and to the difference between those
        given that something came true at least once and that it did not; shape (draw, horizon, outcome)."""
        weights, per_draw = answer.weights.values, self.futures.per_draw
        pinned = _ratio(self.weights, self.before)
        base = self.futures.shares(self.before)
        joint, rest = self.likelihood * base, self.otherwise * (self.before.sum() - base)
        inside = _ratio(pinned[:, None] - self.likelihood[:, None, :].reshape(1, -1), joint.reshape(1, -1))
        outside = _ratio(pinned[:, None] - self.otherwise.reshape(1, -1), rest.reshape(1, -1))
        held = OUTCOMES_OF[self.futures.codes.T].reshape(len(pinned), -1)
        ever = np.tile(_EVER, len(base))
        values = np.where(held > 0, inside, np.where(ever, -outside, 0.0))
        return weights[:, None, None] * values.reshape(-1, per_draw, *base.shape).mean(axis=1)


def pin_chance(board: Board, futures: SimulatedFutures, pin: Pin) -> np.ndarray:
    """Chance of a pin given each ledger, shape (ledger,)."""
    if isinstance(pin, Observed):
        yes = futures.yes[board.index(pin.id)]
        return yes if pin.yes else 1 - yes
    return (futures.labels[:, board.coming.years.index(pin.year)] == STATES.index(pin.state)).astype(float)


def by_state(futures: SimulatedFutures, yes: np.ndarray, weights: np.ndarray, horizon: int) -> np.ndarray:
    """Weight of each state together with each signpost's yes, shape (signpost, state).

    Parameters
    ----------
    yes : ndarray, shape (signpost, ledger)
    """
    states = futures.labels[:, horizon, None] == np.arange(len(STATES))
    return yes @ (states * weights[:, None])


def conditioned(published: np.ndarray, likelihood: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
    """Outcomes once pins are known that are this likely under each: Bayes' rule, question by question.

    Parameters
    ----------
    published, likelihood, otherwise : ndarray, shape (horizon, outcome)
        Chance of the outcome, and of the pins given that it is so and that it is not.
    """
    joint = published * likelihood
    given = np.where(_EVER, _ratio(joint, joint + (1 - published) * otherwise), 0.0)
    given[:, _STATES] = joint[:, _STATES] / joint[:, _STATES].sum(axis=1, keepdims=True)
    # Three questions conditioned apart: what is so now has been so at least once, and once so stays so.
    given[:, _EVER] = np.maximum.accumulate(np.maximum(given[:, _EVER], given[:, [0, len(STATES) - 1]]), axis=0)
    return given


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Quotient, 0 where there is nothing to divide by."""
    return np.divide(part, whole, out=np.zeros(np.broadcast_shapes(part.shape, whole.shape)), where=whole > 0)


def published_chances(exact: np.ndarray) -> np.ndarray:
    """Chances as they are printed, each rounded by itself."""
    return np.round(exact, PUBLISHED.decimals)
