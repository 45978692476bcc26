"""What was made of an array once, forgotten with the array: of the same draws the same is asked at every move."""

import weakref
from collections.abc import Callable, Hashable

import numpy as np


class Known[T]:
    """Things made of arrays, by the array's identity and by what else they depend on."""

    def __init__(self) -> None:
        self._made: dict[Hashable, T] = {}

    def __len__(self) -> int:
        return len(self._made)

    def of(self, array: np.ndarray, make: Callable[[], T], *more: Hashable) -> T:
        """The thing, made now if it is asked for the first time.

        Parameters
        ----------
        array : ndarray
            Read-only, since it is known by its identity.
        make : callable
        *more : hashable
            What else the thing depends on.
        """
        key = id(array), *more
        if key not in self._made:
            made = make()
            weakref.finalize(array, self._made.pop, key, None)
            self._made[key] = made
        return self._made[key]


class Latest[T]:
    """The last few things made of an array, by what else they depend on.

    Parameters
    ----------
    kept : int
        So many of each array.
    """

    def __init__(self, kept: int) -> None:
        self._known: Known[dict[Hashable, T]] = Known()
        self._kept = kept

    def of(self, array: np.ndarray, key: Hashable, make: Callable[[], T]) -> T:
        """The thing, made now unless it is among the last; `array` as for `Known.of`."""
        latest = self._known.of(array, dict)
        thing = latest.get(key)
        if thing is None:
            thing = make()
            for old in list(latest)[: len(latest) + 1 - self._kept]:
                latest.pop(old, None)  # another thread may have taken it out
            latest[key] = thing
        return thing
