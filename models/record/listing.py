"""Saved forecasts as people look for them: under their newest name, by author, kind, words and moved assumptions."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from data.values import frozen
from models.errors import RecordError
from models.names import MODEL_MIXTURE, STATES, TARGET_STATE
from models.record.bodies import Value, read_entry
from models.record.clocks import contradicted
from models.record.entries import FORECAST, HINDCAST, LIVE, REMARK, RESOLUTION, Remark, SavedForecast
from models.record.resolutions import Resolution
from models.record.verification import Source
from models.text.visible import spelled_out

DIGITS = 12
"""Of a digest in a list: far beyond an accidental collision, short enough to read."""


SHOWN = 10
"""Damaged entries named in a sentence."""


@frozen
class Listing:
    """What the record holds, as far as it can be read.

    Attributes
    ----------
    head : (int, str)
        Number and digest of the newest entry.
    forecasts : tuple of SavedForecast
        The newest first.
    names : Mapping[str, str]
        Digest to the name that a forecast is shown under: the newest one given.
    remarks : Mapping[str, tuple of Remark]
        Digest of a forecast to what was said about it, the oldest first.
    resolutions : tuple of Resolution
        The oldest first.
    damaged : tuple of int
        Numbers of the entries that are missing or not as they were saved.
    """

    head: tuple[int, str]
    forecasts: tuple[SavedForecast, ...]
    names: Mapping[str, str]
    remarks: Mapping[str, tuple[Remark, ...]]
    resolutions: tuple[Resolution, ...]
    damaged: tuple[int, ...]

    def beginning(self, prefix: str) -> tuple[SavedForecast, ...]:
        """Every forecast whose digest begins so."""
        return tuple(saved for saved in self.forecasts if saved.digest.startswith(prefix))

    def children(self, digest: str) -> tuple[SavedForecast, ...]:
        """Forecasts that grew from this one."""
        return tuple(saved for saved in self.forecasts if saved.parent == digest)

    @property
    def damage(self) -> str:
        """Which entries are left out, in words; empty when the record is whole."""
        if not self.damaged:
            return ""
        listed = ", ".join(map(str, self.damaged[:SHOWN])) + (", ..." if len(self.damaged) > SHOWN else "")
        several = len(self.damaged) > 1
        return f"{'entries' if several else 'entry'} {listed} of the record {'are' if several else 'is'} not as saved"

    def require_whole(self) -> None:
        """Refuse to go on without an entry that may be an answer, or the newest word on one.

        Raises
        ------
        RecordError
        """
        if self.damaged:
            raise RecordError(
                f"{self.damage}, expected all of them: one may be an answer that counts; run `python -m models record "
                "verify`, and bring the record back from an export"
            )


def read_listing(source: Source, head: tuple[int, str]) -> Listing:
    """Every entry up to the head, its digest checked; what was altered is left out and named."""
    entries = tuple(source.entries(up_to=head[0]))
    doubted = contradicted((entry.sequence, entry.saved_at) for entry in entries)
    values: dict[str, list[Value]] = {FORECAST: [], REMARK: [], RESOLUTION: []}
    damaged = set(range(1, head[0] + 1)) - {entry.sequence for entry in entries}
    for entry in entries:
        try:
            values[entry.type].append(read_entry(entry, doubted))
        except (RecordError, KeyError, TypeError):
            damaged.add(entry.sequence)
    remarks: dict[str, tuple[Remark, ...]] = {}
    for remark in values[REMARK]:
        remarks[remark.subject] = (*remarks.get(remark.subject, ()), remark)
    return Listing(
        head=head,
        forecasts=tuple(reversed(values[FORECAST])),
        names=MappingProxyType(shown_names(values[FORECAST], values[REMARK])),
        remarks=MappingProxyType(remarks),
        resolutions=tuple(values[RESOLUTION]),
        damaged=tuple(sorted(damaged)),
    )


@frozen
class Filter:
    """Which forecasts to show; what is empty does not choose.

    Attributes
    ----------
    author : str
        The whole name, capitals or not.
    kind : str
        "live" or "hindcast", as it counts.
    text : str
        Anywhere in the name, the author, the note, the reasons or a remark, capitals or not.
    changed : str
        Key of an assumption that was moved.
    """

    author: str = ""
    kind: str = ""
    text: str = ""
    changed: str = ""

    def __post_init__(self) -> None:
        if self.kind not in ("", LIVE, HINDCAST):
            raise RecordError(f"got the kind {self.kind[:40]!r}, expected {LIVE} or {HINDCAST}")

    def matches(self, saved: SavedForecast, name: str, remarks: Iterable[Remark] = ()) -> bool:
        """Is this forecast, shown under `name`, among them?"""
        said = (
            name,
            saved.name,
            saved.author,
            saved.note,
            *saved.reasons.values(),
            *(remark.text for remark in remarks),
        )
        return (
            self.author.casefold() in ("", saved.author.casefold())
            and self.kind in ("", saved.counts_as)
            and self.changed in ("", *saved.changed)
            and self.text.casefold() in "\n".join(said).casefold()
        )


def shown_names(forecasts: Iterable[SavedForecast], remarks: Iterable[Remark]) -> Mapping[str, str]:
    """Digest of each forecast to the name it is shown under: the newest one it was given."""
    names = {saved.digest: saved.name for saved in forecasts}
    given = sorted((remark for remark in remarks if remark.name), key=lambda remark: remark.sequence)
    return names | {remark.subject: remark.name for remark in given if remark.subject in names}


def forecast_line(saved: SavedForecast, name: str) -> str:
    """A forecast in one line of a terminal: what was published for the nearest year-end, from rupture to
    deeper."""
    chances = " ".join(f"{100 * chance:3.0f}" for chance in saved.published[MODEL_MIXTURE][TARGET_STATE][0])
    moved = ", ".join(saved.changed) or "defaults"
    who = f"{spelled_out(saved.author)[:20]:20}  {spelled_out(name)[:40]}"
    return (
        f"{saved.sequence:5}  {saved.digest[:DIGITS]}  {saved.saved_at:%Y-%m-%d %H:%M}  {saved.counts_as:8}  "
        f"{saved.reference_date}  {chances} %  {who} ({moved}){_doubted(saved)}"
    )


def forecast_text(saved: SavedForecast, name: str, remarks: Iterable[Remark]) -> str:
    """A forecast in a page of text."""
    renamed = f" (saved as “{saved.name}”)" if name != saved.name else ""
    horizons = saved.published[MODEL_MIXTURE][TARGET_STATE]
    lines = [
        f"{name}{renamed}",
        f"Entry {saved.sequence}, {saved.digest}",
        f"Saved {saved.saved_at:%Y-%m-%d %H:%M:%S} UTC by {saved.author}, {saved.counts_as}{_doubted(saved)}",
        f"Reference date {saved.reference_date}; reliability {saved.status}; "
        f"{'with' if saved.inputs else 'without'} what it was computed from",
        *([f"Builds on {saved.parent[:DIGITS]}"] if saved.parent else []),
        *([f"Note: {saved.note}"] if saved.note else []),
        "Moved from their defaults:" if saved.changed else "All assumptions at their defaults",
        *(f"  {key}: {saved.reasons[key]}" for key in saved.changed),
        f"{'':12}" + "".join(f"{state:>15}" for state in STATES),
        *(
            f"{saved.reference_date.year + ahead} {'':7}" + "".join(f"{100 * chance:13.1f} %" for chance in chances)
            for ahead, chances in zip(saved.horizons, horizons, strict=True)
        ),
        *(
            f"{remark.saved_at:%Y-%m-%d} {remark.author}: {remark.text or f'renamed to “{remark.name}”'}"
            for remark in remarks
        ),
    ]
    return spelled_out("\n".join(lines))


def _doubted(saved: SavedForecast) -> str:
    return f" [time doubted: {saved.time_doubt}]" if saved.time_doubt else ""
