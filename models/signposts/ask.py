"""The questions: states under pins and acts, and a chance for every signpost, from weights on stored ledgers.

Pins are weights ``P(pins | ledger)``, at most 1, on ledgers whose draws the setting has weighed; nothing is filtered.
What a model publishes without pins comes from far more ledgers than it keeps whole: its conditional answer is the
published chance times what the kept ledgers say of the pins in that state, ``p(k) L(k) / sum``, so that no pin means no
change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from types import MappingProxyType

import numpy as np

from data.types import Evidence
from data.values import frozen, settle
from models.errors import AssumptionError
from models.fits.probabilities import by_horizon
from models.forecast.answers import answers
from models.forecast.results import Forecast
from models.library.answer import FAIR_MCSE, GOOD_MCSE, Answer
from models.library.library import Library
from models.names import MODEL_M1, MODEL_MIXTURE, STATES
from models.rounding import PUBLISHED
from models.signposts.acts import moved
from models.signposts.board import Board
from models.signposts.pinned import Before, PinnedLedgers, conditioned
from models.signposts.pins import Act, Observed, Pin, in_order, require_act, require_pins
from models.weighting.status import Status
from models.weighting.weights import FAIR_ESS, GOOD_ESS

RAREST = 0.001
"""Chance of the pins below which nothing is said."""


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
    status : Status
    ess : float
        Independent draws that the pinned draws are worth; infinite where nothing was drawn.
    borrowed : bool
        Whether the pins were read in another model's ledgers.
    """

    chance: float
    outcomes: np.ndarray
    mcse: np.ndarray
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
        """Share of the models that read pins in another's ledgers."""
        return sum(share for model, share in self.shares.items() if self.models[model].borrowed)

    @property
    def published(self) -> np.ndarray:
        """The mixture's outcomes as they are printed: rounded as the results table is, shape (horizon, outcome)."""
        exact, size = self.mixture.outcomes, len(STATES)
        ever = exact[:, size:, None]
        pairs = PUBLISHED.chances(np.concatenate([ever, 1 - ever], axis=-1))
        return np.concatenate([PUBLISHED.chances(exact[:, :size]), pairs[..., 0]], axis=1)

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
    before : Mapping[str, Before]
        The ledgers of each model that keeps some, weighed by the setting alone.
    published : Mapping[str, ndarray], shape (horizon, outcome)
        What each model says without pins, not rounded.
    """

    board: Board
    library: Library
    forecast: Forecast
    answers: Mapping[str, Answer]
    before: Mapping[str, Before] = field(init=False)
    published: Mapping[str, np.ndarray] = field(init=False)

    def __post_init__(self) -> None:
        before = {
            model: Before.of(futures, self.answers[model].weights.values)
            for model, futures in self.board.futures.items()
        }
        published = {model: by_horizon(answer.mean) for model, answer in self.answers.items()}
        settle(self, before=MappingProxyType(before), published=MappingProxyType(published))

    @classmethod
    def of(cls, board: Board, evidence: Evidence, library: Library, forecast: Forecast) -> "Question":
        """Of a forecast from the board's library."""
        given = answers(evidence, library, forecast.assumptions)
        return cls(board=board, library=library, forecast=forecast, answers=given)

    def ask(self, pins: Sequence[Pin] = (), acts: Sequence[Act] = ()) -> Asked:
        """Answer under pins (observed) and acts (made to happen).

        Raises
        ------
        AssumptionError
            Pins or acts that cannot be asked, see `models.signposts.pins`; pins without any chance.
        """
        for act in acts:
            require_act(act, self.board)
        return self.answer(self.pinned(pins), pins, acts)

    def answer(self, ledgers: Mapping[str, PinnedLedgers], pins: Sequence[Pin], acts: Sequence[Act] = ()) -> Asked:
        """`ask` of ledgers that `pinned` has weighed by the same pins."""
        present = {model: share for model, share in self.forecast.model_weights.items() if share > 0}
        said = {model: self._conditional(model, ledgers, tuple(acts)) for model in present}
        chance = sum(share * said[model].chance for model, share in present.items())
        shares = {model: share * said[model].chance / chance for model, share in present.items()}
        return Asked(
            pins=in_order(pins),
            acts=tuple(acts),
            models=MappingProxyType({MODEL_MIXTURE: self._mixed(said, shares, chance, pins), **said}),
            shares=MappingProxyType(shares),
            years=self.board.coming.years,
        )

    def pinned(self, pins: Sequence[Pin]) -> Mapping[str, PinnedLedgers]:
        """The ledgers of each model that keeps some, weighed by setting and pins.

        Raises
        ------
        AssumptionError
            As `ask`.
        """
        require_pins(pins, self.board)
        ordered = in_order(pins)
        ledgers = {
            model: PinnedLedgers.of(self.board, futures, self.before[model], ordered)
            for model, futures in self.board.futures.items()
        }
        for model, pinned in ledgers.items():
            if not pinned.chance > 0:
                raise AssumptionError(
                    f"got {', '.join(pin.text for pin in ordered)}, which holds in no stored ledger of {model}; "
                    "expected pins that can come true together; take some away"
                )
        return ledgers

    def chances(self, pins: Sequence[Pin] = ()) -> Mapping[str, np.ndarray]:
        """Chance of a recorded yes of every open signpost given the pins, by model and for the mixture, each of shape
        (signpost,).

        Raises
        ------
        AssumptionError
            As `ask`.
        """
        ledgers = self.pinned(pins)
        asked = self.answer(ledgers, pins)
        lender = ledgers[MODEL_M1]
        inside = lender.by_deadline()
        given = {
            model: ledgers[model].chances
            if model in ledgers
            else lender.lent(inside, asked.models[model].outcomes[:, : len(STATES)])
            for model in asked.shares
        }
        mixed = sum(share * given[model] for model, share in asked.shares.items())
        return MappingProxyType({MODEL_MIXTURE: mixed, **given})

    def _conditional(self, model: str, ledgers: Mapping[str, PinnedLedgers], acts: tuple[Act, ...]) -> Conditional:
        published, borrowed = self.published[model], model not in ledgers
        own = ledgers[MODEL_M1 if borrowed else model]
        given = conditioned(published, own.likelihood, own.otherwise) if own.pins else published
        chance = self._borrowed_chance(published, own) if borrowed else own.chance
        status, error, ess = self._trust(model, own, given)
        if acts:
            given = moved(self.board, own.futures, own.weights, acts).outcomes(given)
        return Conditional(chance=chance, outcomes=given, mcse=error, status=status, ess=ess, borrowed=borrowed)

    def _borrowed_chance(self, published: np.ndarray, lent: PinnedLedgers) -> float:
        """Of the pins, by a model that has the states' chances alone: read where all pins have settled."""
        if not lent.pins:
            return 1.0
        last, states = max(self._settled_by(pin) for pin in lent.pins), slice(0, len(STATES))
        return float(published[last, states] @ lent.likelihood[last, states])

    def _settled_by(self, pin: Pin) -> int:
        if isinstance(pin, Observed):
            return self.board.horizon(self.board.open[self.board.index(pin.id)])
        return self.board.coming.years.index(pin.year)

    def _trust(self, model: str, own: PinnedLedgers, given: np.ndarray) -> tuple[Status, np.ndarray, float]:
        """Badge, Monte Carlo errors and independent draws of one model's answer."""
        answer, lender = self.answers[model], self.answers[MODEL_M1]
        if not own.pins:
            return answer.status, by_horizon(answer.mcse), answer.weights.ess
        drawn = own.drawn(answer.weights if model in self.before else lender.weights)
        if model in self.before:
            error = own.errors(self.published[model], answer.noise, given)
            best = Status.worst(Status.GOOD, answer.best, answer.weights.status)
        else:
            exact = np.zeros((own.blocks, given.size))
            error = own.errors(self.published[model], exact, given)
            best = Status.worst(Status.FAIR, answer.status, lender.status)
        return _badge(best, drawn, error), error, drawn

    def _mixed(
        self, said: Mapping[str, Conditional], shares: Mapping[str, float], chance: float, pins: Sequence[Pin]
    ) -> Conditional:
        """The mixture. Its badge is that of the models with ledgers of their own, by the error of what they say
        together; how much was borrowed is told beside it. Who borrows has the lender's error, not one of its own."""
        outcomes = sum(share * said[model].outcomes for model, share in shares.items())
        parts = {model: share * said[model].mcse for model, share in shares.items()}
        if pins:
            lent = sum(part for model, part in parts.items() if said[model].borrowed or model == MODEL_M1)
            parts = {MODEL_M1: lent, **{m: part for m, part in parts.items() if not said[m].borrowed and m != MODEL_M1}}
        error = np.sqrt(sum(np.square(part) for part in parts.values()))
        own = [model for model in shares if not said[model].borrowed] or [MODEL_M1]
        total = sum(shares.get(model, 1.0) for model in own)
        worth = [said[m].ess if m in said else self.answers[m].weights.ess for m in own]
        ess = 1 / sum((shares.get(m, 1.0) / total) ** 2 / number for m, number in zip(own, worth, strict=True))
        status = self.forecast.status
        if pins:
            weighed = Status.worst(
                Status.GOOD, *(part for m in own for part in (self.answers[m].best, self.answers[m].weights.status))
            )
            status = _badge(weighed, ess, error)
        return Conditional(
            chance=chance,
            outcomes=outcomes,
            mcse=error,
            status=status,
            ess=ess,
            borrowed=all(said[model].borrowed for model in shares),
        )


def _badge(weighed: Status, ess: float, error: np.ndarray) -> Status:
    """The worst of what the setting's weights say, of the draws that are left, and of the Monte Carlo error."""
    drawn = Status.within(-ess, -GOOD_ESS, -FAIR_ESS)
    return Status.worst(weighed, drawn).allowing(float(error.max()), GOOD_MCSE, FAIR_MCSE)
