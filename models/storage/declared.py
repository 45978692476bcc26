"""What installed packages declare under a name: `models` may not import `dashboard`, so it asks (decision 0004)."""

import importlib.metadata
from collections.abc import Callable, Mapping

from data.errors import ConjunctionError

type Declarations = Callable[[str], Mapping[str, Callable]]
"""`declared`, or what a test puts in its place."""


def declared(group: str) -> Mapping[str, Callable]:
    """The functions of an entry-point group by their names; none where the package is not installed."""
    return {point.name: point.load() for point in importlib.metadata.entry_points(group=group)}


def renderer(functions: Mapping[str, Callable], what: str, error: type[ConjunctionError]) -> Callable:
    """The one function that a group is expected to hold, where it draws or lays out.

    Parameters
    ----------
    what : str
        For the message: "charts (the group's name)".

    Raises
    ------
    ConjunctionError
        No package declares one; of the type that was given.
    """
    if not functions:
        raise error(f"no package declares {what}; install this one with `pip install -e .` and try again")
    return next(iter(functions.values()))
