"""Undo and redo: which settings were there before, as a value. No Streamlit."""

from collections.abc import Callable
from dataclasses import replace
from typing import Self

from data.values import frozen
from models.assumptions.setting import Assumptions

LIMIT = 100
"""Steps kept: more than anyone walks back, and a few hundred kilobytes at most."""


def same_setting(first: Assumptions, second: Assumptions) -> bool:
    """Tell whether two settings have the same values and the same reasons."""
    return dict(first.values) == dict(second.values) and dict(first.reasons) == dict(second.reasons)


@frozen
class History[T]:
    """A setting of the knobs, those before it and those undone.

    Attributes
    ----------
    present : T
    past, future : tuple of T
        Oldest first; next to be redone first.
    same : callable
        Whether two of them are equal: a step between equal ones is none.
    """

    present: T
    past: tuple[T, ...] = ()
    future: tuple[T, ...] = ()
    same: Callable[[T, T], bool] = same_setting

    def commit(self, new: T) -> Self:
        """Move to a new setting; what was undone is forgotten. An equal setting changes nothing."""
        if self.same(new, self.present):
            return self
        return replace(self, present=new, past=(*self.past, self.present)[-LIMIT:], future=())

    def undo(self) -> Self:
        """Go one setting back; at the beginning nothing happens."""
        if not self.past:
            return self
        return replace(self, present=self.past[-1], past=self.past[:-1], future=(self.present, *self.future))

    def redo(self) -> Self:
        """Take back the last undo; without one nothing happens."""
        if not self.future:
            return self
        return replace(self, present=self.future[0], past=(*self.past, self.present), future=self.future[1:])
