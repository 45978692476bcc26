"""What can be asked in a conversation: each tool answers with the JSON that the command line prints.

The docstrings are what a client reads; they say what a number means before it is quoted.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from data.load import load_evidence
from data.types import Evidence
from data.values import frozen
from models.answers import saved
from models.answers.drawn import Drawn
from models.assumptions.knobs import knobs
from models.assumptions.presets import presets
from models.assumptions.setting import Assumptions
from models.errors import AssumptionError, FormatError
from models.fits.dated import fitted_dates
from models.library.files import committed_library
from models.library.library import Library
from models.record.listing import Filter, Listing, read_listing
from models.signposts.pins import read_act, read_pin
from models.text.output import json_text

MOST_ROWS = 200
"""Rows of the ledger in one answer."""


def _open_record() -> Any:
    from models.record.store import Record

    return Record.open()


@frozen(eq=False)
class Tools:
    """The tools, and where they take what they answer from.

    Attributes
    ----------
    evidence : callable
        The evidence as of a day, or the newest.
    library : callable
        The library that answers to an evidence.
    record : callable
        Opens the record.
    today : callable
    """

    evidence: Callable[[date | None], Evidence] = load_evidence
    library: Callable[[Evidence], Library] = committed_library
    record: Callable[[], Any] = _open_record
    today: Callable[[], date] = date.today

    @property
    def all(self) -> tuple[Callable[..., str], ...]:
        """Every tool."""
        return (
            self.assumptions,
            self.forecast,
            self.signposts,
            self.evidence_rows,
            self.saved_forecasts,
            self.saved_forecast,
            self.scores,
        )

    def assumptions(self) -> str:
        """List what can be believed: every knob with its key, bounds, step, default and meaning; every preset; and the
        days that the models were fitted for. Ask this before moving a knob."""
        available = knobs(self.evidence(None).claims)
        fields = ("key", "label", "unit", "low", "high", "step", "default", "group", "paragraph", "help")
        chosen = presets(available).values()
        return json_text(
            {
                "knobs": [{name: getattr(knob, name) for name in fields} for knob in available.values()],
                "presets": [{"key": one.key, "label": one.label, "meaning": one.description} for one in chosen],
                "fitted_dates": [str(day) for day in fitted_dates()],
            }
        )

    def forecast(self, values: dict[str, float] | None = None, preset: str = "", as_of: str = "") -> str:
        """Chances of rupture, strain, transactional status quo and deeper cooperation between China and Russia in space
        at coming year-ends, under a setting of the knobs. The answer is a snapshot's document; `results` is the table
        of the forecasting hubs (model_id "mixture" is the published one, output_type "pmf" a chance), `reliability`
        says how far to trust it. Most claims rest on assumptions, not on evidence: say so when you quote a number.

        Args:
            values: Knobs to move, by key, such as {"C07": 2.0}.
            preset: A setting to start from.
            as_of: Reference date, one of the fitted ones; empty for the newest.
        """
        return self._drawn(values, preset, as_of).snapshot().json.decode()

    def signposts(
        self,
        given: list[str] | None = None,
        made_to_happen: list[str] | None = None,
        year: int | None = None,
        values: dict[str, float] | None = None,
        preset: str = "",
    ) -> str:
        """Chance of a recorded yes for each open signpost by its deadline, and what follows once something is known.

        Args:
            given: Taken as observed, such as "S03=yes" or "deeper@2028".
            made_to_happen: Acts whose row is added, such as "S09@2027".
            year: Year-end that the states and values are about; by default the third ahead.
            values: Knobs to move.
            preset: A setting to start from.
        """
        asking = tuple(map(read_pin, given or ())), tuple(map(read_act, made_to_happen or ()))
        return json_text(self._drawn(values, preset, "").signposts(asking, year).document)

    def evidence_rows(self, text: str = "", since: str = "", until: str = "", limit: int = 50) -> str:
        """Rows of the dated ledger that forecasts count: what happened, when, how grave (-10 to 10), by which source.

        Args:
            text: Words that the summary holds, capitals or not.
            since: First day, such as 2024-01-01.
            until: Last day.
            limit: How many rows, the newest first; at most 200.
        """
        if not 1 <= limit <= MOST_ROWS:
            raise FormatError(f"got the limit {limit}, expected 1 to {MOST_ROWS}; ask for fewer rows")
        first, last = _day(since) or date.min, _day(until) or date.max
        known = self.evidence(None)
        wanted = text.casefold()
        rows = [row for row in known.document["events"] if wanted in row["summary"].casefold()]
        rows = [row for row in rows if first <= row["date"] <= last]
        chosen = [{name: _plain(cell) for name, cell in row.items()} for row in rows[::-1][:limit]]
        return json_text({"as_of": str(known.as_of), "found": len(rows), "rows": chosen})

    def saved_forecasts(self, text: str = "", author: str = "", kind: str = "", changed: str = "") -> str:
        """Forecasts that people saved in the record, the newest first, with their reasons and what they published.

        Args:
            text: Words in name, note, reasons or remarks.
            author: The whole name.
            kind: "live" or "hindcast".
            changed: Key of a knob that was moved.
        """
        listing = self._listing()
        wanted = Filter(author=author, kind=kind, text=text, changed=changed)
        return json_text(saved.rows(listing, saved.chosen(listing, wanted)))

    def saved_forecast(self, entry: str) -> str:
        """One saved forecast and what was said about it.

        Args:
            entry: At least six digits of its digest.
        """
        with self.record() as record:
            found = record.find(entry)
        return json_text(saved.entry(self._listing(), found))

    def scores(self) -> str:
        """How good the saved forecasts were, live ones and hindcasts apart, beside the base rate; lower is better."""
        from models.answers.scores import scores

        with self.record() as record:
            listing = read_listing(record, record.head)
            listing.require_whole()
            return json_text(scores(record, listing, self.today(), lambda _: None)[0])

    def _listing(self) -> Listing:
        with self.record() as record:
            return read_listing(record, record.head)

    def _drawn(self, values: dict[str, float] | None, preset: str, as_of: str) -> Drawn:
        known = self.evidence(_day(as_of))
        setting = Assumptions.defaults(known.claims)
        available = presets(setting.knobs)
        if preset and preset not in available:
            raise AssumptionError(f"got the preset {preset[:40]!r}, expected one of {', '.join(available)}")
        start = setting.replace(available[preset].values) if preset else setting
        return Drawn.of(known, self.library(known), start.replace(values or {}))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise FormatError(f"got {text[:40]!r}, expected a date such as 2024-12-31; correct it") from None


def _plain(cell: object) -> object:
    return cell.isoformat() if isinstance(cell, date) else cell
