"""What a reader takes as observed or makes to happen: pins and acts, kept with the setting, in the link and in undo.

A link is read here as far as its words go; whether pins can be asked together only the board of signposts knows, which
is made where they are asked (`admitted`). Nothing is dropped there: what cannot be asked stays, and says why.
No Streamlit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Self

from data.values import frozen
from models.assumptions.setting import Assumptions
from models.errors import AssumptionError
from models.outcome.signpost_list import SIGNPOSTS
from models.signposts.board import Board
from models.signposts.pins import (
    MOST_PINS,
    Act,
    Observed,
    Pin,
    StateHeld,
    read_act,
    read_pin,
    require_act,
    require_pins,
)

PIN, ACT = "pin", "do"
MOST_ACTS = MOST_PINS
"""As many as pins: a picture of more things made to happen at once would say nothing of any."""
TOO_MANY = "got one {what} more than the {most} that can be asked together; take one away first"
NAMED = 3
"""Texts of a link that are quoted where more could not be taken."""


@frozen
class Conditions:
    """Pins and acts, in the order in which they were asked.

    Attributes
    ----------
    pins : tuple of Pin
        At most `MOST_PINS`.
    acts : tuple of Act
        At most `MOST_ACTS`.
    """

    pins: tuple[Pin, ...] = ()
    acts: tuple[Act, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.pins or self.acts)

    @property
    def texts(self) -> Mapping[str, tuple[str, ...]]:
        """As they stand in a link, by parameter; what is empty is left out."""
        written = {PIN: tuple(pin.text for pin in self.pins), ACT: tuple(act.text for act in self.acts)}
        return {name: texts for name, texts in written.items() if texts}

    def pinned(self, pin: Pin) -> Self:
        """With a pin more; it takes the place of another answer to the same question, and of its act.

        Raises
        ------
        AssumptionError
            There are as many as can be asked.
        """
        others = tuple(other for other in self.pins if _subject(other) != _subject(pin))
        if len(others) == MOST_PINS:
            raise AssumptionError(
                f"got a pin more than the {MOST_PINS} that can be asked together; take one away first"
            )
        acts = tuple(act for act in self.acts if act.id != _subject(pin))
        return replace(self, pins=(*others, pin), acts=acts)

    def done(self, act: Act) -> Self:
        """With an act more; it takes the place of the same act in another year, and of its answer observed.

        Raises
        ------
        AssumptionError
            There are as many as can be asked.
        """
        others = tuple(other for other in self.acts if other.id != act.id)
        if len(others) == MOST_ACTS:
            raise AssumptionError(
                f"got an act more than the {MOST_ACTS} that can be asked together; take one away first"
            )
        pins = tuple(pin for pin in self.pins if _subject(pin) != act.id)
        return replace(self, pins=pins, acts=(*others, act))

    def without(self, asked: Pin | Act) -> Self:
        """Without a pin or an act."""
        return replace(
            self,
            pins=tuple(pin for pin in self.pins if pin != asked),
            acts=tuple(act for act in self.acts if act != asked),
        )

    def answer(self, identifier: str) -> str:
        """“yes” or “no” where a signpost is taken as answered, else nothing."""
        pin = next((pin for pin in self.pins if isinstance(pin, Observed) and pin.id == identifier), None)
        return "" if pin is None else "yes" if pin.yes else "no"


NOTHING = Conditions()


@frozen
class Stand:
    """What undo goes back to: a setting of the knobs, and what is taken as given."""

    assumptions: Assumptions
    conditions: Conditions = NOTHING


@frozen
class Admitted:
    """What of a reader's pins and acts can be asked of a board.

    Attributes
    ----------
    conditions : Conditions
    refused : Mapping[str, str]
        Why each other one cannot, by its text.
    """

    conditions: Conditions
    refused: Mapping[str, str]


def read_conditions(link: Mapping[str, Sequence[str]]) -> tuple[Conditions, tuple[str, ...]]:
    """Pins and acts of a link, as far as their words go.

    Returns
    -------
    Conditions, tuple of str
        And one sentence for each part that was not taken as it stood.
    """
    pins, bad_pins = _read(link.get(PIN, ()), read_pin, MOST_PINS, "pins")
    acts, bad_acts = _read(link.get(ACT, ()), read_act, MOST_ACTS, "acts made to happen")
    return Conditions(pins=pins, acts=acts), (*bad_pins, *bad_acts)


def admitted(conditions: Conditions, board: Board) -> Admitted:
    """What can be asked of a board, taken one by one: a later pin yields to an earlier one."""
    kept, refused = Conditions(), {}
    for pin in conditions.pins:
        try:
            require_pins((*kept.pins, pin), board)
        except AssumptionError as error:
            refused[pin.text] = str(error)
        else:
            kept = replace(kept, pins=(*kept.pins, pin))
    for act in conditions.acts:
        try:
            require_act(act, board)
        except AssumptionError as error:
            refused[act.text] = str(error)
        else:
            kept = replace(kept, acts=(*kept.acts, act))
    return Admitted(conditions=kept, refused=refused)


def _read[T: (Pin, Act)](
    texts: Sequence[str], read: Callable[[str], T], most: int, what: str
) -> tuple[tuple[T, ...], tuple[str, ...]]:
    """The first few texts that can be read, each once, and what became of the others."""
    taken: list[T] = []
    problems: list[str] = []
    over: list[str] = []
    for text in dict.fromkeys(text.strip() for text in texts):
        try:
            asked = _known(read(text))
        except AssumptionError as error:
            problems.append(str(error))
            continue
        if len(taken) < most:
            taken.append(asked)
        else:
            over.append(text)
    if len(problems) > NAMED:
        problems = [*problems[:NAMED], f"{len(problems) - NAMED} more {what} of the link could not be read either."]
    if over:
        named = ", ".join(over[:NAMED]) + (", …" if len(over) > NAMED else "")
        problems.append(
            f"The link asks for {most + len(over)} {what}; {most} are the most, so the first {most} are taken and the "
            f"rest is left out ({named})."
        )
    return tuple(taken), tuple(problems)


def _known[T: (Pin, Act)](asked: T) -> T:
    """Refuse a signpost that is on no list."""
    if not isinstance(asked, StateHeld) and asked.id not in _IDS:
        raise AssumptionError(
            f"got “{asked.id[:20]}”, expected a signpost from {SIGNPOSTS[0].id} to {SIGNPOSTS[-1].id}; see the list"
        )
    return asked


_IDS = frozenset(signpost.id for signpost in SIGNPOSTS)


def _subject(pin: Pin) -> str:
    """What a pin answers: two answers to the same cannot both be so."""
    return pin.id if isinstance(pin, Observed) else f"@{pin.year}"
