"""What-ifs with a name: what the essay speaks of, and the driver that stands in for it."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from data.csv.rows import Row, collect, read_rows, require_unique
from data.receipts import split_list
from data.values import frozen
from models.errors import AssumptionError
from models.paths.holds import SHOWN, Hold

FOLDER, NAMED = Path(__file__).parent, "named.csv"
COLUMNS = ("key", "label", "holds", "paragraph", "stands_for")
ANY_YEAR = 0


@frozen
class NamedPath:
    """One of them.

    Attributes
    ----------
    key, label : str
    levels : tuple of Hold
        From no year in particular (`ANY_YEAR`).
    paragraph : str
        Paragraph(s) of the essay.
    stands_for : str
        What is held in its place, in a sentence or two.
    """

    key: str
    label: str
    levels: tuple[Hold, ...]
    paragraph: str
    stands_for: str

    def holds(self, start: int) -> tuple[Hold, ...]:
        """From a year on."""
        return tuple(Hold(claim=hold.claim, level=hold.level, start=start) for hold in self.levels)


@cache
def named_paths(folder: Path = FOLDER) -> Mapping[str, NamedPath]:
    """All of them by key, in page order.

    Raises
    ------
    EvidenceError
        A cell that cannot be read, with its row and column.
    """
    rows = read_rows(folder, NAMED, COLUMNS)
    require_unique(rows, "key")
    return MappingProxyType({path.key: path for path in collect(rows, _path)})


def named_path(text: str, start: int) -> tuple[NamedPath, tuple[Hold, ...]]:
    """The what-if of a name, and its holds; the name may carry its first year, ``wolf@2028``.

    Parameters
    ----------
    start : int
        First year, where the name carries none.

    Raises
    ------
    AssumptionError
        No what-if of this name, or no year after it.
    """
    key, sign, year = text.partition("@")
    available = named_paths()
    if key not in available:
        raise AssumptionError(
            f"got the what-if {key[:SHOWN]!r}, expected one of {', '.join(available)}; correct its name"
        )
    if sign and not (year.isascii() and year.isdigit()):
        raise AssumptionError(
            f"got {text[:SHOWN]!r}, expected a name and a year such as {key}@{start}; correct the year"
        )
    path = available[key]
    return path, path.holds(int(year) if sign else start)


def _path(row: Row) -> NamedPath | None:
    texts = {name: row.text(name) for name in COLUMNS if name != "holds"}
    try:
        levels = tuple(Hold.read(text, ANY_YEAR) for text in split_list(row.text("holds"), ";"))
    except AssumptionError as error:
        row.complain("holds", str(error))
        return None
    return row.build(NamedPath, {**texts, "levels": levels})
