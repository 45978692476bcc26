"""A results table by what its rows are about: its columns are read once, however many sentences and charts ask."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import pandas as pd

from data.values import frozen
from models.names import MCSE

type Part = Mapping[str, Mapping[str, float]]

KEPT = 32
"""Tables whose cells are kept: those of a few readers' present and last settings."""
_NONE: Part = MappingProxyType({})


@frozen
class Cells:
    """The values of a results table.

    Attributes
    ----------
    ends : mapping of int to str
        ISO date of the year-end of each horizon, in order.
    parts : mapping of (model, target, horizon) to mapping of str to mapping of str to float
        By output type, then by its identifier.
    """

    ends: Mapping[int, str]
    parts: Mapping[tuple[str, str, int], Part]

    @property
    def models(self) -> tuple[str, ...]:
        """Models in the table's order."""
        return tuple(dict.fromkeys(model for model, _, _ in self.parts))

    @property
    def worst_error(self) -> float:
        """The largest Monte Carlo standard error of the table."""
        return max(error for part in self.parts.values() for error in part.get(MCSE, _NONE).values())

    def part(self, model: str, target: str, horizon: int) -> Part:
        """What a model says of a target at a horizon; empty where it says nothing."""
        return self.parts.get((model, target, horizon), _NONE)


def cells(table: pd.DataFrame) -> Cells:
    """The cells of a table.

    Parameters
    ----------
    table : DataFrame
        Columns ``models.names.TABLE_COLUMNS``.

    Raises
    ------
    ValueError
        Two rows are about the same.
    """
    return _cells(_Same(table, table["value"].to_numpy().tobytes()))


class _Same:
    """A table by its identity, for as long as its values stay."""

    __slots__ = ("table", "values")

    def __init__(self, table: pd.DataFrame, values: bytes) -> None:
        self.table, self.values = table, values

    def __hash__(self) -> int:
        return id(self.table)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.table is other.table and self.values == other.values


@lru_cache(maxsize=KEPT)
def _cells(same: _Same) -> Cells:
    names = ("model_id", "target", "horizon", "output_type", "output_type_id", "value")
    parts: dict[tuple[str, str, int], dict[str, dict[str, float]]] = {}
    for *place, kind, name, value in zip(*(same.table[column].tolist() for column in names), strict=True):
        rows = parts.setdefault(tuple(place), {}).setdefault(kind, {})
        if name in rows:
            raise ValueError(f"got two rows for {(*place, kind, name)}, expected one; make the forecast again")
        rows[name] = value
    ends = dict(zip(same.table["horizon"].tolist(), same.table["target_end_date"].tolist(), strict=True))
    return Cells(ends=MappingProxyType(dict(sorted(ends.items()))), parts=MappingProxyType(parts))
