"""Chances of signposts and answers under pins as they are printed, stored and scored: rounded once, here."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, Self

import numpy as np

from data.types import Evidence
from data.values import frozen
from models.forecast.results import Forecast
from models.library.library import Library
from models.names import MODEL_MIXTURE
from models.outcome.signpost_identity import list_digest, signpost_digest
from models.rounding import PUBLISHED
from models.signposts.ask import RAREST, Asked, Question
from models.signposts.board import Board
from models.signposts.pins import Act, Pin
from models.signposts.ranges import YesCount, rate_ranges
from models.signposts.yardsticks import EXPANDING, TEN_YEARS, yardsticks
from models.weighting.status import Status

type Kind = Literal["observe", "do", "observe and do"]
type Asking = tuple[Sequence[Pin], Sequence[Act]]


@frozen
class SignpostChance:
    """One open signpost.

    Attributes
    ----------
    digest : str
        Of what it asks (`models.outcome.signpost_identity`).
    chance : float
        Of a recorded yes by the deadline.
    low, high : float or None
        At the 5 % and 95 % points of its rate; None for a break act, which has no rate.
    expanding, ten_years : float
        By its own past years alone: what the chance is scored against.
    """

    id: str
    digest: str
    deadline: date
    chance: float
    low: float | None
    high: float | None
    expanding: float
    ten_years: float


@frozen
class SignpostAnswer:
    """What follows from pins and acts, by the mixture.

    Attributes
    ----------
    pins, acts : tuple of str
        As they are written: ``S03=yes``, ``S09@2027``.
    chance : float
        Of the pins.
    status : str
        How far to trust the rest.
    borrowed : float
        Share of the models that read the pins in another's ledgers.
    outcomes : tuple of tuple of float
        By year-end, in the order of `models.fits.probabilities.OUTCOMES`; empty where the pins are too rare.
    signposts : Mapping[str, float]
        Chance of a recorded yes by id; empty where the pins are too rare.
    """

    pins: tuple[str, ...]
    acts: tuple[str, ...]
    chance: float
    status: Status
    borrowed: float
    outcomes: tuple[tuple[float, ...], ...]
    signposts: Mapping[str, float]

    @property
    def kind(self) -> Kind:
        """Whether something was observed, made to happen, or both."""
        return "observe" if not self.acts else "observe and do" if self.pins else "do"

    @property
    def too_rare(self) -> bool:
        """Whether the pins are too unlikely to say what follows from them."""
        return self.chance < RAREST

    @classmethod
    def of(cls, asked: Asked, question: Question, decimals: int | None = PUBLISHED.decimals) -> Self:
        """Round an answer.

        Parameters
        ----------
        decimals : int or None
            None: not at all, for who compares.
        """
        said, rare = asked.mixture, asked.too_rare
        ids = [signpost.id for signpost in question.board.open]
        given = question.chances(asked.pins)[MODEL_MIXTURE]
        chances = {i: _rounded(p, decimals) for i, p in zip(ids, given, strict=True)}
        chances |= {act.id: 1.0 for act in asked.acts}  # its rows are in the ledger
        return cls(
            pins=tuple(pin.text for pin in asked.pins),
            acts=tuple(act.text for act in asked.acts),
            chance=_rounded(said.chance, decimals),
            status=said.status,
            borrowed=_rounded(asked.borrowed, decimals),
            outcomes=() if rare else _rows(said.outcomes if decimals is None else asked.published),
            signposts=MappingProxyType({} if rare else chances),
        )


@frozen
class PublishedSignposts:
    """All that is published of signposts under one setting.

    Attributes
    ----------
    structure, structure_version : str
        Digest and name of the constants.
    list : str
        Digest of the open signposts, by what they ask.
    hearing : float
    chances : tuple of SignpostChance
        In the order of the list.
    settled : Mapping[str, str]
        Yes or no by id, of the signposts that the record so far answers.
    expected : YesCount
    answers : tuple of SignpostAnswer
        To what was asked.
    """

    structure_version: str
    structure: str
    list: str
    hearing: float
    chances: tuple[SignpostChance, ...]
    settled: Mapping[str, str]
    expected: YesCount
    answers: tuple[SignpostAnswer, ...]

    @classmethod
    def of(
        cls,
        question: Question,
        evidence: Evidence,
        askings: Sequence[Asking] = (),
        decimals: int | None = PUBLISHED.decimals,
    ) -> Self:
        """Everything under the question's setting.

        Parameters
        ----------
        evidence : Evidence
            That the board was made on.
        askings : sequence of (pins, acts)
            What was asked beside.
        """
        board = question.board
        exact = question.chances()[MODEL_MIXTURE]
        own = yardsticks(board, evidence)
        columns = zip(board.open, exact, rate_ranges(question), own[EXPANDING], own[TEN_YEARS], strict=True)
        chances = tuple(
            SignpostChance(
                id=signpost.id,
                digest=signpost_digest(signpost),
                deadline=signpost.deadline,
                chance=_rounded(chance, decimals),
                low=None if np.isnan(ends[0]) else _rounded(ends[0], decimals),
                high=None if np.isnan(ends[1]) else _rounded(ends[1], decimals),
                expanding=_rounded(expanding, decimals),
                ten_years=_rounded(ten, decimals),
            )
            for signpost, chance, ends, expanding, ten in columns
        )
        return cls(
            structure_version=board.law.structure.version,
            structure=board.law.structure.digest,
            list=list_digest(board.open),
            hearing=board.law.hearing,
            chances=chances,
            settled=MappingProxyType(dict(board.settled)),
            expected=YesCount.expected(question, np.array([row.chance for row in chances]), decimals),
            answers=tuple(SignpostAnswer.of(question.ask(pins, acts), question, decimals) for pins, acts in askings),
        )


@lru_cache(maxsize=2)
def board_of(evidence: Evidence, library: Library) -> Board:
    """The board of a library, made once and shared, read-only: it takes seconds.

    Raises
    ------
    MissingFitError
        The library keeps no simulated ledgers.
    """
    return Board.of(evidence, library)


def published_signposts(
    evidence: Evidence, library: Library, forecast: Forecast, askings: Sequence[Asking] = ()
) -> PublishedSignposts | None:
    """What a forecast says of signposts; nothing where its library keeps no simulated ledgers.

    Raises
    ------
    AssumptionError
        Pins or acts that cannot be asked.
    """
    if library.simulated is None:
        return None
    question = Question.of(board_of(evidence, library), evidence, library, forecast)
    return PublishedSignposts.of(question, evidence, askings)


def _rows(outcomes: np.ndarray) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(map(float, row)) for row in outcomes)


def _rounded(exact: float, decimals: int | None) -> float:
    return float(exact) if decimals is None else round(float(exact), decimals)
