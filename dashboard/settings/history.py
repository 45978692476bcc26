"""Undo and redo: which settings were there before, as a value. No Streamlit."""

from typing import Self

from data.values import frozen
from models.assumptions.setting import Assumptions

LIMIT = 100
"""Steps kept: more than anyone walks back, and a few hundred kilobytes at most."""


@frozen
class History:
    """A setting of the knobs, those before it and those undone.

    Attributes
    ----------
    present : Assumptions
    past, future : tuple of Assumptions
        Oldest first; next to be redone first.
    """

    present: Assumptions
    past: tuple[Assumptions, ...] = ()
    future: tuple[Assumptions, ...] = ()

    def commit(self, new: Assumptions) -> Self:
        """Move to a new setting; what was undone is forgotten. An equal setting changes nothing."""
        if same_setting(new, self.present):
            return self
        return type(self)(present=new, past=(*self.past, self.present)[-LIMIT:])

    def undo(self) -> Self:
        """Go one setting back; at the beginning nothing happens."""
        if not self.past:
            return self
        return type(self)(present=self.past[-1], past=self.past[:-1], future=(self.present, *self.future))

    def redo(self) -> Self:
        """Take back the last undo; without one nothing happens."""
        if not self.future:
            return self
        return type(self)(present=self.future[0], past=(*self.past, self.present), future=self.future[1:])


def same_setting(first: Assumptions, second: Assumptions) -> bool:
    """Tell whether two settings have the same values and the same reasons."""
    return dict(first.values) == dict(second.values) and dict(first.reasons) == dict(second.reasons)
