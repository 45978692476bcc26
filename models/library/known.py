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
