"""New rows beside those that are held: the same again, of the same matter, or another content for an id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from data.csv.rows import Row
from data.event import EVENT_COLUMNS, Event
from data.update.parts import Near

APART = timedelta(days=10)
"""Two reports of one act are rarely dated further apart."""
ALIKE = 0.3
"""Of the 726 pairs of rows within ten days that the second edition holds, five have this share of words in common."""
_SHORT = 3
_EVERYWHERE = frozenset(
    (
        *("china", "chinese", "beijing", "russia", "russian", "moscow", "soviet", "space"),
        *("about", "after", "been", "first", "from", "have", "into", "than", "that", "their", "this", "were", "which"),
        *("while", "with", "would"),
    )
)
"""Words that tell no matter from another in this ledger."""


def same_content(row: Row, other: Row) -> bool:
    """Whether two rows say the same in every column of the ledger, apart from space around a cell."""
    return all(row.text(column) == other.text(column) for column in EVENT_COLUMNS)


def near_rows(new: Sequence[Event], held: Iterable[Event]) -> Iterator[Near]:
    """New rows that may tell of what another row tells already, each with that row, the likest first."""
    new_ids = {event.id for event in new}
    others = [*(event for event in held if event.id not in new_ids), *new]
    pairs = [
        Near(event=event, other=other, alike=likeness(event.summary, other.summary))
        for place, event in enumerate(new)
        for other in others[: len(others) - len(new) + place]
        if abs(event.date - other.date) <= APART
    ]
    return iter(sorted((pair for pair in pairs if pair.alike >= ALIKE), key=lambda pair: -pair.alike))


def likeness(text: str, other: str) -> float:
    """Share of the shorter text's telling words that the other has too, 0 to 1."""
    words, others = _words(text), _words(other)
    shorter = min(len(words), len(others))
    return len(words & others) / shorter if shorter else 0.0


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > _SHORT} - _EVERYWHERE
