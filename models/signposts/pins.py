"""What is taken as observed, and what is made to happen: read from text, and checked against what can be asked."""

import re
from collections.abc import Iterable, Sequence

from data.values import frozen
from models.errors import AssumptionError
from models.names import STATES
from models.outcome.nesting import entails, excludes
from models.outcome.signpost_list import Signpost
from models.signposts.board import Board

MOST_PINS = 3
ANSWERS = {"yes": True, "no": False}
_OBSERVED = re.compile(r"(\w+)=(yes|no)")
_AT_YEAR = re.compile(r"(\w+)@(\d{4})")


@frozen
class Observed:
    """A signpost's answer, taken as known."""

    id: str
    yes: bool

    @property
    def text(self) -> str:
        """As it is written in links and on the command line: ``S03=yes``."""
        return f"{self.id}={'yes' if self.yes else 'no'}"


@frozen
class StateHeld:
    """The state at a year-end, taken as known."""

    state: str
    year: int

    @property
    def text(self) -> str:
        """As it is written: ``deeper@2028``."""
        return f"{self.state}@{self.year}"


type Pin = Observed | StateHeld


@frozen
class Act:
    """A signpost's act, made to happen in a year."""

    id: str
    year: int

    @property
    def text(self) -> str:
        """As it is written: ``S09@2027``."""
        return f"{self.id}@{self.year}"


def read_pin(text: str) -> Pin:
    """A pin from its text.

    Raises
    ------
    AssumptionError
        Neither ``S03=yes`` nor ``deeper@2028``.
    """
    plain = text.strip()
    if match := _OBSERVED.fullmatch(plain):
        return Observed(id=match[1], yes=ANSWERS[match[2]])
    if (match := _AT_YEAR.fullmatch(plain)) and match[1] in STATES:
        return StateHeld(state=match[1], year=int(match[2]))
    states = ", ".join(STATES)
    raise AssumptionError(
        f"got the pin {text[:40]!r}, expected a signpost and its answer such as S03=yes, or a state at a year-end such "
        f"as deeper@2028 ({states}); write it so"
    )


def read_act(text: str) -> Act:
    """An act made to happen from its text.

    Raises
    ------
    AssumptionError
        Not like ``S09@2027``.
    """
    match = _AT_YEAR.fullmatch(text.strip())
    if not match or match[1] in STATES:
        raise AssumptionError(f"got {text[:40]!r} to do, expected a signpost and a year such as S09@2027; write it so")
    return Act(id=match[1], year=int(match[2]))


def in_order(pins: Iterable[Pin]) -> tuple[Pin, ...]:
    """Pins in the one order in which they are multiplied: which came first must not matter to the last bit."""
    return tuple(sorted(pins, key=lambda pin: pin.text))


def require_pins(pins: Sequence[Pin], board: Board) -> None:
    """Make sure that pins can be asked together.

    Raises
    ------
    AssumptionError
        Too many, the same one twice, two that contradict each other, an unknown or settled signpost, one whose deadline
        the record cannot answer, or a year that is not simulated.
    """
    if len(pins) > MOST_PINS:
        raise AssumptionError(f"got {len(pins)} pins, expected at most {MOST_PINS}; take some away")
    for pin in pins:
        if isinstance(pin, Observed):
            require_open(pin.id, board)
        elif pin.year not in board.coming.years:
            raise AssumptionError(f"got {pin.text}, expected a year from {_years(board)}; choose another")
    for first, second in ((a, b) for at, a in enumerate(pins) for b in pins[at + 1 :]):
        if first == second:
            raise AssumptionError(f"got {first.text} twice, expected each pin once; take one away")
        if why := _contradiction(first, second, board):
            raise AssumptionError(f"got {first.text} with {second.text}, which cannot both be so: {why}; take one away")


def require_act(act: Act, board: Board) -> None:
    """Make sure that an act can be made to happen.

    Raises
    ------
    AssumptionError
        An unknown or settled signpost, one about rows that stay away or of context, or a year outside its window.
    """
    signpost = require_open(act.id, board)
    if signpost.rule.none_expected or signpost.family == "context":
        what = "asks whether rows stay away" if signpost.rule.none_expected else "is context and moves no state"
        raise AssumptionError(f"got {act.text} to do, but {act.id} {what}; expected a signpost that an act settles")
    years = [year for year, left in zip(board.coming.years, board.coming.open_to(signpost), strict=True) if left > 0]
    if act.year not in years:
        raise AssumptionError(
            f"got {act.text}, expected a year of its window, {years[0]} to {years[-1]}; choose another"
        )


def require_open(identifier: str, board: Board) -> Signpost:
    """The open signpost of an id.

    Raises
    ------
    AssumptionError
    """
    if identifier in board.settled:
        answer = next(answer for answer in board.answers if answer.signpost.id == identifier)
        raise AssumptionError(f"got {identifier}, which the record answers already: {answer.status}. {answer.note}")
    listed = {answer.signpost.id: answer for answer in board.answers}
    if identifier not in listed:
        known = ", ".join(signpost.id for signpost in board.open)
        raise AssumptionError(f"got the signpost {identifier[:20]!r}, expected one of {known}; see the list")
    if identifier not in {signpost.id for signpost in board.open}:
        raise AssumptionError(
            f"got {identifier}, whose deadline is not among {_years(board)}: {listed[identifier].note}"
        )
    return listed[identifier].signpost


def implied(pins: Sequence[Pin], board: Board) -> tuple[tuple[str, str], ...]:
    """Pairs of pinned signposts of which a yes to the first says yes to the second: one row may settle both, while
    the answers are weighed as if they were independent given a ledger."""
    ids = [pin.id for pin in pins if isinstance(pin, Observed)]
    return tuple((a, b) for a in ids for b in ids if entails(_signpost(a, board), _signpost(b, board), board.as_of))


def _contradiction(first: Pin, second: Pin, board: Board) -> str:
    """Why two different pins exclude each other; empty where they do not."""
    if isinstance(first, StateHeld) and isinstance(second, StateHeld):
        return f"a year-end has one state, {first.year} two here" if first.year == second.year else ""
    if isinstance(first, Observed) and isinstance(second, Observed):
        if first.id == second.id:
            return "a question has one answer"
        asked = _signpost(first.id, board), _signpost(second.id, board)
        if first.yes and second.yes and excludes(*asked, board.as_of):
            return "the rows of one would end the absence that the other asks for"
        for pins, (inner, outer) in (((first, second), asked), ((second, first), asked[::-1])):
            if pins[0].yes and not pins[1].yes and entails(inner, outer, board.as_of):
                return f"a yes to {inner.id} says yes to {outer.id}"
    return ""


def _signpost(identifier: str, board: Board) -> Signpost:
    return board.open[board.index(identifier)]


def _years(board: Board) -> str:
    return f"{board.coming.years[0]} to {board.coming.years[-1]}"
