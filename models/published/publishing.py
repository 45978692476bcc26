"""One more live forecast in the project's record, and how questions of its forecasts ended."""

from datetime import date

from data.types import Evidence
from data.values import frozen
from models.errors import RecordError
from models.published.changelog import changelog_line
from models.published.place import ProjectRecord
from models.record.entries import LIVE, Draft, SavedForecast
from models.record.listing import DIGITS
from models.record.resolutions import Resolution
from models.snapshot.value import Snapshot
from models.track.doubt import doubtful_events
from models.track.replay import resolve_due


@frozen
class Publication:
    """What was published, or would be.

    Attributes
    ----------
    saved : SavedForecast
        In a rehearsal its digest and time are those that it would have had.
    previous : SavedForecast or None
        What the project published before: the forecast that this one grew from.
    head : str
        Digest of the record's newest entry, to be noted elsewhere.
    line : str
        What the changelog says of it.
    """

    saved: SavedForecast
    previous: SavedForecast | None
    head: str
    line: str


def publish(
    project: ProjectRecord, snapshot: Snapshot, author: str, note: str = "", *, again: bool = False, dry: bool = False
) -> Publication:
    """Add a live forecast to the project's record, and its line to the changelog.

    Parameters
    ----------
    snapshot : Snapshot
        At the default assumptions and light: the draws of its date lie in the repository already
        (``models/fits/dates``), and the entry names them by digest.
    author, note : str
        As in any saved forecast.
    again : bool
        Publish although the newest entry says the same of the same evidence.
    dry : bool
        Do everything, and write nothing.

    Returns
    -------
    Publication

    Raises
    ------
    RecordError
        The snapshot is not at the defaults or carries inputs, its forecast is published already (`published_before`
        tells beforehand), the record is damaged, or another process is adding to it.
    FileError
        A file could not be written; what stood there still stands.
    """
    _require_plain(snapshot)
    with project.adding(keep=not dry) as record:
        forecasts = record.forecasts()
        same = _same(forecasts, snapshot)
        if same is None or again:
            previous = next(iter(forecasts), None)
            draft = Draft(
                name=f"As of {snapshot.reference_date.day} {snapshot.reference_date:%B %Y}",
                author=author,
                note=note,
                kind=LIVE,
                parent=previous.digest if previous else "",
            )
            saved = record.save(draft, snapshot)
            return Publication(saved=saved, previous=previous, head=record.head[1], line=changelog_line(saved))
    raise RecordError(  # after the block, which has written a line that an interrupted publication left out
        f"this forecast was published on {same.saved_at:%Y-%m-%d} as entry {same.sequence} ({same.digest[:DIGITS]}): "
        "the same evidence, rule, models and assumptions; ask for it again only if it shall stand twice"
    )


def published_before(project: ProjectRecord, snapshot: Snapshot) -> SavedForecast | None:
    """The newest published forecast from the same evidence, rule, models and assumptions; None if there is none.

    Raises
    ------
    RecordError
    """
    from models.record.listing import read_listing

    with project.read() as opened:
        return _same(read_listing(opened, opened.head).forecasts, snapshot)


def resolve_published(
    project: ProjectRecord, evidence: Evidence, today: date, *, dry: bool = False
) -> tuple[Resolution, ...]:
    """Write into the project's record how the questions ended that can be answered now; `publish` afterwards, so that
    the changelog names a head that covers them.

    Parameters
    ----------
    evidence : Evidence
        All of it, up to the newest day.

    Raises
    ------
    RecordError
    FileError
    """
    with project.adding(keep=not dry) as record:
        return resolve_due(record, evidence, today, doubtful_events())


def _require_plain(snapshot: Snapshot) -> None:
    if snapshot.assumptions.changed:
        moved = ", ".join(snapshot.assumptions.changed)
        raise RecordError(
            f"got a forecast with moved assumptions ({moved[:120]}), expected the project's defaults; save it to a "
            "record of your own (`python -m models record save`)"
        )
    if snapshot.inputs:
        raise RecordError(
            f"got a snapshot with {len(snapshot.inputs)} inputs, expected a light one: the repository holds the draws; "
            "build the snapshot without inputs"
        )


def _same(forecasts: tuple[SavedForecast, ...], snapshot: Snapshot) -> SavedForecast | None:
    wanted = (snapshot.evidence.digest, snapshot.rule.digest, snapshot.model.digest, snapshot.assumptions.digest)
    for saved in forecasts:
        if (saved.evidence, saved.rule, saved.model, saved.assumptions) == wanted:
            return saved
    return None
