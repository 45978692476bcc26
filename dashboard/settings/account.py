"""One session's account of its settings: what is in force, and what every widget was last seen to say. No Streamlit.

A browser repeats the state of *all* its widgets with every message, also of those that nobody touched and that the page
has meanwhile drawn anew with another value. So a report is a move only where it differs from what that very widget last
showed. And a widget that shows something else than what is in force is not written to, which could overtake a move that
is on its way: it is drawn again under another key, and the browser mounts a new one (docs/decisions/0011).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from dashboard.settings.conditions import NOTHING, Conditions, Stand
from dashboard.settings.history import History, same_setting
from dashboard.settings.link import View
from data.digest import Fields
from models.assumptions.setting import Assumptions

LIVES = 8
"""Keys that a widget takes in turn: enough that none returns while a browser still holds its old state, few enough that
Streamlit, which forgets no key, keeps a bounded number of them."""
NUMBER_NOISE = 1e-9
"""A slider reports 2.1500000000000004 for 2.15."""

type Take = Callable[[object], None]


@dataclass(slots=True, kw_only=True)
class Account:
    """What a session stands on. Its methods call nothing of Streamlit, so that no new message can interrupt them.

    Attributes
    ----------
    history : History of Stand
        The setting in force with its pins and acts, those before it and those undone.
    view : View
    problems : tuple of str
        What could not be taken as it was given, one sentence each.
    page : str
        Path of the page on screen; empty for the first one.
    published : tuple
        Parameters and page that the address was last told.
    drafts : dict
        Reasons that could not be kept as they were typed, by knob.
    unheard : bool
        A widget drawn in this run shows what was not reported before it: another run will take it.
    """

    history: History[Stand]
    view: View
    problems: tuple[str, ...] = ()
    page: str = ""
    published: tuple[Mapping[str, str], str] | None = None
    drafts: dict[str, str] = field(default_factory=dict)
    unheard: bool = False
    _shown: dict[str, object] = field(default_factory=dict)
    _lives: dict[str, int] = field(default_factory=dict)
    _takes: dict[str, Take] = field(default_factory=dict)
    _steps: list[Callable[[], None]] = field(default_factory=list)

    @classmethod
    def of(
        cls, assumptions: Assumptions, view: View, problems: tuple[str, ...], conditions: Conditions = NOTHING
    ) -> Self:
        """The account of a session that begins."""
        first = Stand(assumptions=assumptions, conditions=conditions)
        return cls(history=History(present=first, same=_same_stand), view=view, problems=problems)

    @property
    def setting(self) -> Assumptions:
        """The setting in force."""
        return self.history.present.assumptions

    @property
    def conditions(self) -> Conditions:
        """What is taken as observed or made to happen."""
        return self.history.present.conditions

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of all widgets that were drawn, those of former lives included: a late move may still come from one."""
        return tuple(self._shown)

    def key(self, name: str, value: object, take: Take) -> str:
        """The key to draw a widget under, with `value` as its default.

        Parameters
        ----------
        name : str
            The same name always stands for the same widget.
        value : object
            What is in force. Where the widget shows something else, it gets a new life.
        take : callable
            Called by `settle` with what a person made of it.
        """
        key = self._key_of(name)
        if key in self._shown and not same(self._shown[key], value):
            self._renew(name)
            key = self._key_of(name)
        self._shown[key] = value
        self._takes[key] = take
        return key

    def click_key(self, name: str, value: object, take: Take) -> str:
        """The key of a picture whose marks can be clicked. It shows nothing of what is in force until it is clicked,
        and gets a new life once something else is in force than what was clicked: the next click then counts."""
        key = self._key_of(name)
        if self._shown.get(key) not in (None, value):
            self._renew(name)
            key = self._key_of(name)
            self._shown[key] = None
        self._shown.setdefault(key, None)
        self._takes[key] = take
        return key

    def turn(self, page: str) -> None:
        """Come to a page. On another one every widget gets a new life: a browser that turns there and back faster than
        the pages are drawn still holds what the old ones said, also where that never arrived here."""
        if page != self.page:
            self.page = page
            for name in {key.partition("~")[0] for key in self._shown}:
                self._renew(name)

    def _renew(self, name: str) -> None:
        self._lives[name] = (self._lives.get(name, 0) + 1) % LIVES

    def press(self, step: Callable[[], None]) -> None:
        """Remember a pressed button; `settle` carries it out after the moves that came with it."""
        self._steps.append(step)

    def settle(self, reports: Fields) -> None:
        """Take what the browser reports: moves first, then pressed buttons.

        Parameters
        ----------
        reports : mapping of str to object
            Value of every drawn widget by its key.
        """
        self.unheard = False
        for key, value in reports.items():
            if key in self._shown and not same(self._shown[key], value):
                self._shown[key] = value
                self._takes[key](value)
        while self._steps:
            self._steps.pop(0)()

    def commit(self, assumptions: Assumptions, notes: tuple[str, ...] = ()) -> None:
        """Put a setting in force; the one before can be had back by undo."""
        self.history = self.history.commit(replace(self.history.present, assumptions=assumptions))
        self.problems = notes

    def suppose(self, conditions: Conditions) -> None:
        """Take other pins and acts as given; those before can be had back by undo."""
        self.history, self.problems = self.history.commit(replace(self.history.present, conditions=conditions)), ()

    def undo(self) -> None:
        """Go one setting back."""
        self.history, self.problems = self.history.undo(), ()

    def redo(self) -> None:
        """Take the last undo back."""
        self.history, self.problems = self.history.redo(), ()

    def reset(self) -> None:
        """Put every knob back to its default; pins and acts stay."""
        self.commit(Assumptions(knobs=self.setting.knobs))

    def look(self, **changes: object) -> None:
        """Look elsewhere: fields of `View`."""
        self.view = replace(self.view, **changes)

    def _key_of(self, name: str) -> str:
        life = self._lives.get(name, 0)
        return f"{name}~{life}" if life else name


def same(shown: object, value: object) -> bool:
    """Tell whether a widget that shows the one says the other."""
    if isinstance(shown, float) and isinstance(value, float):
        return abs(shown - value) <= NUMBER_NOISE * max(1.0, abs(value))
    return shown == value


def _same_stand(first: Stand, second: Stand) -> bool:
    return first.conditions == second.conditions and same_setting(first.assumptions, second.assumptions)
