"""The preview in sentences."""

from collections.abc import Iterator, Sequence

from data.event import Event
from data.load import UPDATES_FOLDER
from data.update.parts import Update

SHOWN_LETTERS = 160


def preview(update: Update) -> tuple[str, ...]:
    """What an update would do, a sentence each, the days first and then row by row."""
    return (*_days(update), *_rows(update), *_to_look_at(update), *_past(update), *_files(update))


def _days(update: Update) -> Iterator[str]:
    before, after = update.before, update.edition
    yield (
        f"The ledger was searched to {before.searched_until}; with this update it is searched to "
        f"{after.searched_until}, which becomes the reference date ({before.as_of} until now)."
    )
    if not update.added and not update.revisions:
        yield "No new row: that nothing was found up to that day is news too."
    if update.waiting:
        yield (
            f"{_rows_word(update.waiting)} that the ledger holds already, "
            f"{_span(update.waiting)}, count{'s' if len(update.waiting) == 1 else ''} from now on."
        )
    if update.figures > 0:
        yield f"So do {update.figures} more values of indicators that have been published since."


def _rows(update: Update) -> Iterator[str]:
    if update.added:
        yield f"{_rows_word(update.added)} would join the ledger; {len(update.counted)} of them would count."
    for event in update.counted:
        yield f"Counted: {_told(event)}"
    for one in update.uncounted:
        yield f"Not counted ({one.reason}): {_told(one.event)}"
    if update.held:
        yield f"Skipped, since the ledger has them word for word: {', '.join(event.id for event in update.held)}."


def _to_look_at(update: Update) -> Iterator[str]:
    for near in update.near:
        yield (
            f"Look: {near.event.id} and {near.other.id} ({near.other.date}) have {near.alike:.0%} of their words in "
            f"common; are they one act? The latter: {_short(near.other.summary)}"
        )


def _past(update: Update) -> Iterator[str]:
    for event in update.past:
        yield f"Changes the past, which was searched to {update.before.searched_until} already: {event.id}."
    for revision in update.revisions:
        cells = "; ".join(
            f"{name} {_short(later)!r} instead of {_short(former)!r}"
            for name, former, later in revision.cells
            if former != later
        )
        yield f"Revised: {revision.before.id}: {cells}."


def _files(update: Update) -> Iterator[str]:
    for name, content in update.files.items():
        if content is None and name.startswith(f"{UPDATES_FOLDER}/"):
            yield f"data/{name} goes: all its rows are in the ledger then."


def _told(event: Event) -> str:
    tone = "context" if event.is_context else f"{event.intensity:+d}"
    return f"{event.id}, {tone}: {_short(event.summary)}"


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_LETTERS else f"{text[: SHOWN_LETTERS - 3].rstrip()}..."


def _span(events: Sequence[Event]) -> str:
    first, last = min(event.date for event in events), max(event.date for event in events)
    return f"of {first}" if first == last else f"{first} to {last}"


def _rows_word(events: Sequence[Event]) -> str:
    return "1 row" if len(events) == 1 else f"{len(events)} rows"
