"""How often something may be done: by one visitor, and by all of them together. Counted in memory, by each server."""

import math
import threading
import time
from functools import cache
from typing import TYPE_CHECKING

from data.values import frozen

if TYPE_CHECKING:
    from limits.strategies import MovingWindowRateLimiter

ALL = "all"
_ONE_AT_A_TIME = threading.Lock()


@frozen
class Allowance:
    """Two limits, each as the `limits` library writes them: "20 per 10 minutes".

    Attributes
    ----------
    each, together : str
        Of one visitor, and of all.
    """

    each: str
    together: str


def spend(what: str, allowance: Allowance, visitor: str) -> str:
    """Count one use.

    Returns
    -------
    str
        Why there is none left, in a sentence that says when there is; empty where it was counted.
    """
    from limits import parse

    with _ONE_AT_A_TIME:
        if not (reason := spent(what, allowance, visitor)):
            _limiter().hit(parse(allowance.each), what, visitor)
            _limiter().hit(parse(allowance.together), what, ALL)
    return reason


def spent(what: str, allowance: Allowance, visitor: str) -> str:
    """What `spend` would say, without counting."""
    from limits import parse

    for limit, who, sentence in (
        (allowance.each, visitor, f"One visitor may do this {_said(allowance.each)}."),
        (allowance.together, ALL, f"All visitors together may do this {_said(allowance.together)}, and they have."),
    ):
        if not _limiter().test(parse(limit), what, who):
            return f"{sentence} {_again(_limiter().get_window_stats(parse(limit), what, who)[0])}"
    return ""


def forget() -> None:
    """Begin to count anew."""
    _limiter.cache_clear()


@cache
def _limiter() -> "MovingWindowRateLimiter":
    from limits.storage import MemoryStorage
    from limits.strategies import MovingWindowRateLimiter

    return MovingWindowRateLimiter(MemoryStorage())


def _said(limit: str) -> str:
    return limit.replace(" per ", " times in ", 1)


def _again(reset: float) -> str:
    minutes = max(1, math.ceil((reset - time.time()) / 60))
    return f"Try again in {minutes} minute{'s' if minutes != 1 else ''}."
