"""What a picture says of itself once it stands on somebody's slide, away from the page it came from. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from dashboard.wording.labels import date_text
from dashboard.wording.numerals import minus
from data.values import frozen
from models.assumptions.knobs import Knobs
from models.text.visible import spelled_out

PRODUCT = "Conjunction"
SUBJECT = "China–Russia space relationship"
ABOUT_PRODUCT = f"{PRODUCT}, forecasts from a dated ledger of acts and fitted models"
UNMOVED = "Starting view: no assumption changed."
MOST_CHANGES = 4
"""Changed assumptions that a picture names; the address holds them all."""
ADDRESS_LETTERS = 230
"""Of an address that a picture shows: two lines. A longer one stands whole in the file's description."""


@frozen
class Card:
    """The words of one picture.

    Attributes
    ----------
    name : str
        Of the chart, in small letters and hyphens; begins the file's name after the product's.
    title : str
    subject : str
        Which relationship, and which year-end where it is about one.
    sentence : str
        What there is to see.
    as_of : date
        Last day of the evidence.
    changed : str
        How the setting differs from the starting view; empty for a chart that no slider moves.
    address : str
        Where the reader had it from; empty where that is not known.
    note : str
        What only the file's description says, such as digests.
    """

    name: str
    title: str
    subject: str
    sentence: str
    as_of: date
    changed: str = ""
    address: str = ""
    note: str = ""

    @property
    def stem(self) -> str:
        """The file's name without its ending: “conjunction-forecast-states-2026-10-08”."""
        return f"{PRODUCT.lower()}-{self.name}-{self.as_of.isoformat()}"

    @property
    def facts(self) -> tuple[str, ...]:
        """The lines at the foot: what of, as of when, changed how, and from where."""
        about = f"{self.subject}. Evidence as of {date_text(self.as_of)}."
        where = self.address
        if len(where) > ADDRESS_LETTERS:
            where = f"{where.partition('?')[0]} (settings in the file’s description)"
        source = f"Source: {ABOUT_PRODUCT}"
        return tuple(filter(None, (about, self.changed, f"{source} · {where}" if where else f"{source}.")))

    @property
    def description(self) -> str:
        """All of it as one text, for those who cannot see it and for whoever opens the file's properties."""
        where = f"Address: {self.address}" if self.address else ""
        return " ".join(filter(None, (self.sentence, *self.facts, where, self.note)))


def changed_words(values: Mapping[str, float], knobs: Knobs, most: int = MOST_CHANGES) -> str:
    """What was changed: “Changed: Pride and rank 2 instead of 1.4; and 3 more.”

    Parameters
    ----------
    values : Mapping of str to float
        Of a setting, which may have been saved when there were other knobs: one that is gone goes by its key.
    """
    moved = {key: value for key, value in values.items() if key not in knobs or value != knobs[key].default}
    if not moved:
        return UNMOVED
    changes = [_change(key, value, knobs) for key, value in moved.items()]
    more = [f"and {len(changes) - most} more"] if len(changes) > most else []
    return f"Changed: {'; '.join([*changes[:most], *more])}."


def _change(key: str, value: float, knobs: Knobs) -> str:
    if key not in knobs:
        return f"{key} {_plain(value)}"
    return f"{knobs[key].label} {_plain(value)} instead of {_plain(knobs[key].default)}"


def _plain(value: float) -> str:
    return minus(f"{value:g}")


def slug(text: str) -> str:
    """A text as part of an address or of a file's name: small Latin letters, digits, hyphens."""
    bare = unicodedata.normalize("NFKD", spelled_out(text)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:60] or "chart"
