"""Arrays by their names, such as a fit's draws: joined, and some rows of each."""

from collections.abc import Mapping, Sequence

import numpy as np

type Arrays = Mapping[str, np.ndarray]
"""Arrays by their names."""


def stacked(parts: Sequence[Arrays]) -> Arrays:
    """The first axes of several one after the other, for every name of the first."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def rows_of(arrays: Arrays, rows: slice | np.ndarray) -> Arrays:
    """Some rows along the first axis of each."""
    return {name: values[rows] for name, values in arrays.items()}
