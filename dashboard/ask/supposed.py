"""The session's pins and acts before the board: what of them can be asked, what the answer is, and how they change."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard.cache import asked as cache
from dashboard.settings import controls
from dashboard.settings.account import Account
from dashboard.settings.conditions import NOTHING, Admitted, Conditions, admitted
from data.values import frozen
from models.errors import AssumptionError
from models.forecast.results import Forecast
from models.signposts.ask import Asked
from models.signposts.board import Board
from models.signposts.pins import Pin


@frozen(eq=False)
class Supposed:
    """What is supposed in a session, and what follows.

    Attributes
    ----------
    admitted : Admitted
    asked : Asked or None
        The answer; None while nothing is supposed, and where it has no chance.
    impossible : str
        Why it has none.
    """

    admitted: Admitted
    asked: Asked | None
    impossible: str = ""

    @property
    def conditions(self) -> Conditions:
        """What can be asked."""
        return self.admitted.conditions

    @property
    def told(self) -> Asked | None:
        """The answer where there are numbers to tell: not of what is too rare."""
        return None if self.asked is None or self.asked.too_rare else self.asked

    @property
    def pins(self) -> tuple[Pin, ...]:
        """Pins that numbers on the page are given."""
        return self.conditions.pins if self.told else ()


def supposed(forecast: Forecast) -> Supposed:
    """What the session supposes, asked of a forecast.

    Raises
    ------
    MissingFitError
        The library behind it keeps no simulated ledgers.
    """
    taken = _admitted(cache.board(forecast))
    if not taken.conditions:
        return Supposed(admitted=taken, asked=None)
    try:
        answer = cache.asked(forecast, taken.conditions.pins, taken.conditions.acts)
    except AssumptionError as error:  # pins that no stored ledger holds together
        return Supposed(admitted=taken, asked=None, impossible=str(error))
    return Supposed(admitted=taken, asked=answer)


def _admitted(board: Board) -> Admitted:
    return admitted(controls.conditions(), board)


def button(
    label: str, key: str, change: Callable[[Conditions], Conditions], opened: str = "", **options: object
) -> None:
    """A button that changes what is supposed; undo takes it back.

    Parameters
    ----------
    opened : str, optional
        Signpost whose card stays open, wherever the change puts it in the list.
    """
    present = controls.account()
    st.button(label, key=key, on_click=present.press, args=(partial(_take, present, change, opened),), **options)


def _take(present: Account, change: Callable[[Conditions], Conditions], opened: str) -> None:
    if opened:
        present.look(signpost=opened)
    try:
        present.suppose(change(present.conditions))
    except AssumptionError as error:
        present.problems = (str(error),)


def nothing(_: Conditions) -> Conditions:
    """Take everything away."""
    return NOTHING
