"""Saved forecasts as people look for them: under their newest name, by author, kind, words and moved assumptions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models.errors import RecordError
from models.names import MODEL_MIXTURE, STATES, TARGET_STATE
from models.record.entries import HINDCAST, LIVE, Remark, SavedForecast

DIGITS = 12
"""Of a digest in a list: far beyond an accidental collision, short enough to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which forecasts to show; what is empty does not choose.

    Attributes
    ----------
    author : str
        The whole name, capitals or not.
    kind : str
        "live" or "hindcast".
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
        said = (name, saved.name, saved.author, saved.note, *saved.reasons.values(), *(one.text for one in remarks))
        return (
            self.author.casefold() in ("", saved.author.casefold())
            and self.kind in ("", saved.kind)
            and self.changed in ("", *saved.changed)
            and self.text.casefold() in "\n".join(said).casefold()
        )


def shown_names(forecasts: Iterable[SavedForecast], remarks: Iterable[Remark]) -> Mapping[str, str]:
    """Digest of each forecast to the name it is shown under: the newest one it was given."""
    names = {one.digest: one.name for one in forecasts}
    return names | {one.subject: one.name for one in remarks if one.name and one.subject in names}


def told_line(saved: SavedForecast, name: str) -> str:
    """A forecast in one line of a terminal: what was published for one year ahead, from rupture to deeper."""
    chances = " ".join(f"{100 * chance:3.0f}" for chance in saved.published[MODEL_MIXTURE][TARGET_STATE][0])
    moved = ", ".join(saved.changed) or "defaults"
    return (
        f"{saved.sequence:5}  {saved.digest[:DIGITS]}  {saved.saved_at:%Y-%m-%d %H:%M}  {saved.kind:8}  "
        f"{saved.reference_date}  {chances} %  {saved.author[:20]:20}  {name[:40]} ({moved})"
    )


def told(saved: SavedForecast, name: str, remarks: Iterable[Remark]) -> str:
    """A forecast in a page of text."""
    renamed = f" (saved as “{saved.name}”)" if name != saved.name else ""
    horizons = saved.published[MODEL_MIXTURE][TARGET_STATE]
    lines = [
        f"{name}{renamed}",
        f"Entry {saved.sequence}, {saved.digest}",
        f"Saved {saved.saved_at:%Y-%m-%d %H:%M:%S} UTC by {saved.author}, {saved.kind}",
        f"Reference date {saved.reference_date}; reliability {saved.status}; "
        f"{'with' if saved.inputs else 'without'} what it was computed from",
        *([f"Grew from {saved.parent[:DIGITS]}"] if saved.parent else []),
        *([f"Note: {saved.note}"] if saved.note else []),
        "Moved from their defaults:" if saved.changed else "All assumptions at their defaults",
        *(f"  {key}: {saved.reasons[key]}" for key in saved.changed),
        f"{'':12}" + "".join(f"{state:>15}" for state in STATES),
        *(
            f"{saved.reference_date.year + ahead} {'':7}" + "".join(f"{100 * chance:13.1f} %" for chance in chances)
            for ahead, chances in enumerate(horizons, 1)
        ),
        *(f"{one.saved_at:%Y-%m-%d} {one.author}: {one.text or f'renamed to “{one.name}”'}" for one in remarks),
    ]
    return "\n".join(lines)
