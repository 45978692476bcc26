"""What installed packages declare under a name: `models` may not import `dashboard`, so it asks (decision 0004)."""

import importlib.metadata
from collections.abc import Callable, Mapping


def declared(group: str) -> Mapping[str, Callable]:
    """The functions of an entry-point group by their names; none where the package is not installed."""
    return {point.name: point.load() for point in importlib.metadata.entry_points(group=group)}
