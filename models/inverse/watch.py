"""How a search tells how far it has come, and how it is stopped."""

from collections.abc import Callable
from dataclasses import dataclass

from models.errors import SearchCancelled

type Told = Callable[[float, str], None]
"""Hears the share that is done, 0 to 1 and never less than before, and what is being done."""
type Cancelled = Callable[[], bool]


@dataclass(slots=True, kw_only=True)
class Watch:
    """One search's progress.

    Attributes
    ----------
    told : callable
    cancelled : callable
        Asked before every evaluation.
    share : float
        The largest that was told.
    """

    told: Told = lambda _share, _message: None
    cancelled: Cancelled = lambda: False
    share: float = 0.0

    def step(self, share: float, message: str) -> None:
        """Say what comes next.

        Raises
        ------
        SearchCancelled
            The search shall stop.
        """
        if self.cancelled():
            raise SearchCancelled("the search was stopped; your setting is as it was")
        self.share = max(self.share, min(share, 1.0))
        self.told(self.share, message)
