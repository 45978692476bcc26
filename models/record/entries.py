"""What the record holds, as values: forecasts that were saved, remarks on them, and resolutions of what they asked."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any, Literal

from data.days import horizons_from
from data.values import frozen
from models.record.entry_checks import (
    NAME_LETTERS,
    NOTE_LETTERS,
    TextCheck,
    require_digests,
    require_moment,
    require_one_of,
    require_published,
    require_reasons,
    require_signposts,
    require_text,
    require_tone,
    require_typed,
)
from models.weighting.status import Status

FORECAST, REMARK, RESOLUTION = "forecast", "remark", "resolution"
LIVE, HINDCAST = "live", "hindcast"
GENESIS = "0" * 64
"""What the first entry names as the digest before it."""

GUARDS = "the guards"
"""Place of a `Damage` that altered nothing: the triggers that refuse a change do not all stand."""

type Kind = Literal["live", "hindcast"]
type Published = Mapping[str, Mapping[str, tuple]]
"""Model id to target to values by horizon, as many as the reference date has: four chances from rupture to deeper for
``state_at_year_end``, the chance of a yes for ``rupture_by_year_end`` and ``deeper_by_year_end``; of models that say
something of the years' own means also the quantiles of ``year_mean`` and the three chances of ``year_mean_class``."""
DAY = timedelta(days=1)
"""Somewhere on earth the next day has begun."""
NOTHING: Mapping = MappingProxyType({})


@frozen
class Entry:
    """One row of the record as it stands in the database; nothing in it has been believed yet.

    Attributes
    ----------
    sequence : int
        1, 2, 3, ... without gaps.
    previous, digest : str
        Digest of the entry before, and of this one: SHA-256 of the canonical JSON of the other five fields.
    saved_at : str
        ISO 8601 in UTC with microseconds, by the clock of the machine that saved.
    body : str
        Canonical JSON.
    """

    sequence: int
    previous: str
    digest: str
    type: str
    saved_at: str
    body: str


@frozen
class Place:
    """Where in the chain a value stands: what `Entry` says beside the body, and what the other entries say to its time.

    Attributes
    ----------
    doubt : str
        Why the time of saving cannot be believed, as far as the chain tells (`models.record.clocks`); else empty.
    """

    sequence: int
    digest: str
    previous: str
    saved_at: datetime
    doubt: str = ""

    def __post_init__(self) -> None:
        require_digests("the entry", self.digest, self.previous)
        require_moment(self.saved_at)


@frozen
class SavedForecast(Place):
    """A forecast as it was saved, with what a list and a score need, so that its documents can stay unread.

    Attributes
    ----------
    kind : {"live", "hindcast"}
        Whether it claims to have been made before what it forecasts; `counts_as` says whether that can be believed,
        and `mark` decides for one target.
    parent : str
        Digest of the entry that this one grew from, or empty.
    snapshot : str
        SHA-256 of the stored snapshot document.
    inputs : Mapping[str, str]
        Name to SHA-256 of every stored input; empty for a light snapshot.
    evidence, library, rule, model, assumptions : str
        Digests, as in the snapshot.
    published, default : Mapping[str, Mapping[str, tuple]]
        See `Published`. The first holds the mixture and every model in it; the second the mixture and the base rate
        under the default assumptions on the same evidence and library, or nothing when it wasn't known.
    tone : float or None
        At the reference date: what the words of a year's own mean were held against. None where nothing was said of
        these, as in every entry of before 2026-11-28.
    signposts : Mapping[str, Mapping]
        By id: ``digest`` of what was asked, ``deadline`` (ISO), ``chance`` of a recorded yes, and the chances
        ``expanding`` and ``ten_years`` that it is scored against. Empty where nothing was said of signposts.
    """

    name: str
    author: str
    note: str
    kind: Kind
    parent: str
    snapshot: str
    inputs: Mapping[str, str]
    reference_date: date
    evidence: str
    library: str
    rule: str
    model: str
    assumptions: str
    changed: tuple[str, ...]
    reasons: Mapping[str, str]
    status: str
    published: Published
    default: Published
    tone: float | None = None
    signposts: Mapping[str, Mapping[str, Any]] = NOTHING

    def __post_init__(self) -> None:
        Place.__post_init__(self)
        _require_labels(self)
        require_digests("the forecast", self.snapshot, self.evidence, self.library, self.rule, self.model)
        require_digests("the forecast", self.assumptions, *self.inputs.values())
        require_one_of("status", self.status, tuple(Status))
        require_reasons(self.changed, self.reasons)
        require_published(self.published, len(self.horizons))
        require_published(self.default, len(self.horizons))
        require_tone(self.tone, self.published)
        require_signposts(self.signposts)

    @property
    def horizons(self) -> tuple[int, ...]:
        """Years after the reference date's own that it speaks of, in the order of what it published: from 0, the end
        of a year that had begun, or from 1."""
        return horizons_from(self.reference_date)

    @property
    def time_doubt(self) -> str:
        """Why the time of saving cannot be believed: other entries or its own evidence contradict it; else empty."""
        saved = self.saved_at.astimezone(UTC).date()
        if saved + DAY < self.reference_date:
            return f"it claims to be saved on {saved}, before the last day of its evidence, {self.reference_date}"
        return self.doubt

    @property
    def counts_as(self) -> Kind:
        """What it claims to be, but never live where its time of saving cannot be believed."""
        return HINDCAST if self.time_doubt else self.kind


@frozen
class Remark(Place):
    """Something said about a saved forecast afterwards; with a `name`, the forecast is shown under that from then on.

    Attributes
    ----------
    subject : str
        Digest of the forecast's entry.
    """

    subject: str
    author: str
    text: str
    name: str

    def __post_init__(self) -> None:
        Place.__post_init__(self)
        require_remark(self.subject, self.author, self.text, self.name)


@frozen
class Draft:
    """What a person adds to a snapshot when saving it.

    Attributes
    ----------
    name, author : str
        One line each.
    note : str
        As many lines as wanted, up to 4,000 letters.
    kind : {"live", "hindcast"}
    parent : str
        Digest of the saved forecast that this one grew from, or empty.
    """

    name: str
    author: str
    note: str = ""
    kind: Kind = LIVE
    parent: str = ""

    def __post_init__(self) -> None:
        _require_labels(self, require_typed)


@frozen
class Damage:
    """Something in the record that is not as it was saved.

    Attributes
    ----------
    sequence : int
        Of the entry; 0 when it lies in no single entry.
    place : str
        The field of the entry, the content, or the part of the file.
    what : str
        What was found and what was expected.
    """

    sequence: int
    place: str
    what: str

    def __str__(self) -> str:
        where = f"entry {self.sequence}, {self.place}" if self.sequence else self.place
        return f"{where}: {self.what}"


def require_remark(subject: str, author: str, text: str, name: str, check: TextCheck = require_text) -> None:
    """Refuse a remark that says nothing, or not in plain text.

    Parameters
    ----------
    check : TextCheck
        `require_typed` for one that is written now.

    Raises
    ------
    RecordError
    """
    require_digests("the remark", subject)
    check("author", author, NAME_LETTERS)
    check("name", name, NAME_LETTERS, needed=bool(name))
    check("text", text, NOTE_LETTERS, needed=not name, multiline=True)


def _require_labels(draft: Draft | SavedForecast, check: TextCheck = require_text) -> None:
    check("name", draft.name, NAME_LETTERS)
    check("author", draft.author, NAME_LETTERS)
    check("note", draft.note, NOTE_LETTERS, needed=False, multiline=True)
    require_one_of("kind", draft.kind, (LIVE, HINDCAST))
    if draft.parent:
        require_digests("parent", draft.parent)
