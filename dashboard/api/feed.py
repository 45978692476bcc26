"""The feed of a record: what was saved, remarked and resolved in it, and the evidence brought up to date."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from urllib.parse import urlencode

from dashboard.api.asking import one_of, only, whole
from dashboard.api.atom import Feed, Item, entry_id, other_id
from dashboard.api.calls import ATOM, Call, Reply
from dashboard.api.routes import API
from dashboard.api.saved import BEFORE, LARGEST_NUMBER, OWNER
from dashboard.cache import forecasts as cache
from dashboard.cache import reference, shelves
from dashboard.cache.shelves import Shelf
from dashboard.settings.link import ENTRY_DIGITS, HEADLINE
from dashboard.wording.forecast import likeliest, number_sentence
from dashboard.wording.labels import STATE_SHORT, date_text
from data.days import horizons_from
from data.editions.edition import newest_edition
from data.load import load_evidence
from models.assumptions.setting import Assumptions
from models.errors import FitError
from models.names import MODEL_MIXTURE, STATES, TARGET_STATE
from models.published.owners import OWN, PROJECT
from models.record.entries import Remark, SavedForecast
from models.record.listing import Listing
from models.record.resolutions import Resolution

MOST = 50
"""Items of one document; the rest is at its link ``next`` (RFC 5005)."""
TITLES: Mapping[str, str] = {OWN: "Forecasts saved on this server", PROJECT: "The project’s own forecasts"}
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
"""When nothing has happened yet."""


def record(call: Call) -> Reply:
    """The feed, or an older part of it."""
    said = only(call, (OWNER, BEFORE))
    owner = one_of(OWNER, said.get(OWNER, OWN), (OWN, PROJECT))
    before = whole(BEFORE, said.get(BEFORE, str(LARGEST_NUMBER)), 1, LARGEST_NUMBER)
    shelf = shelves.shelf(owner)
    return Reply(body=feed_of(shelf, call.base, before).xml, media=ATOM)


def feed_of(shelf: Shelf, base: str, before: int = LARGEST_NUMBER) -> Feed:
    """The items of a record, the newest first."""
    listing, address = shelf.listing, f"{base}/feed/record.atom"
    values = sorted(_values(listing), key=lambda value: -value.sequence)
    older = [value for value in values if value.sequence < before]
    items = [_item(value, listing, base) for value in older[:MOST]]
    if before == LARGEST_NUMBER:
        items = sorted([*items, *_evidence(base)], key=lambda item: item.updated, reverse=True)
    head = listing.head
    damage = f" {listing.damage[0].upper()}{listing.damage[1:]}." if listing.damage else ""
    oldest = values[-1].digest if values else ""
    owner = {OWNER: shelf.owner} if shelf.owner != OWN else {}
    more = {**owner, BEFORE: older[MOST - 1].sequence} if len(older) > MOST else {}
    return Feed(
        name=f"conjunction record {shelf.owner} {oldest}",
        title=f"Conjunction: {TITLES[shelf.owner]}",
        subtitle=f"Newest entry {head[0]}, {head[1]}. Keep this feed: `record verify --feed` finds a cut tail.{damage}",
        updated=max((item.updated for item in items), default=EPOCH),
        address=f"{address}?{urlencode(owner)}" if owner else address,
        page=f"{base}/record",
        items=tuple(items),
        head=head,
        more=f"{address}?{urlencode(more)}" if more else "",
    )


def _values(listing: Listing) -> list[SavedForecast | Remark | Resolution]:
    remarks = [remark for said in listing.remarks.values() for remark in said]
    return [*listing.forecasts, *remarks, *listing.resolutions]


def _item(value: SavedForecast | Remark | Resolution, listing: Listing, base: str) -> Item:
    subject = value.subject if isinstance(value, Remark) else value.digest
    title, summary, author = _told(value, listing)
    resolved = isinstance(value, Resolution)
    return Item(
        id=entry_id(value.digest),
        title=title,
        updated=value.saved_at,
        author=author,
        summary=f"{summary} Entry {value.sequence}, {value.digest}.",
        link=f"{base}/track_record" if resolved else f"{base}/record?entry={subject[:ENTRY_DIGITS]}",
        data=f"{base}{API}/record/resolutions" if resolved else f"{base}{API}/record/{subject}",
    )


def _told(value: SavedForecast | Remark | Resolution, listing: Listing) -> tuple[str, str, str]:
    """Title, summary, and who said it."""
    if isinstance(value, Resolution):
        outcome = STATE_SHORT.get(value.outcome, value.outcome)
        return f"{value.status.capitalize()}: {value.subject}{outcome and f', {outcome}'}", value.note, value.author
    if isinstance(value, Remark):
        name = listing.names.get(value.subject, "a forecast that is not as saved")
        said = f"Renamed to “{value.name}”. {value.text}" if value.name else value.text
        return f"Remark on {name}", said.strip(), value.author
    return f"Saved: {listing.names[value.digest]}", f"{_chances(value)} {value.note}".strip(), value.author


def _chances(saved: SavedForecast) -> str:
    """What it published for the year-end that pages show first."""
    chances = saved.published[MODEL_MIXTURE][TARGET_STATE][HEADLINE]
    listed = ", ".join(
        f"{STATE_SHORT[state].lower()} {100 * p:.0f} %" for state, p in zip(STATES, chances, strict=True)
    )
    year = saved.reference_date.year + saved.horizons[HEADLINE]
    moved = f"{len(saved.changed)} assumptions changed" if saved.changed else "the starting view"
    return f"End of {year}: {listed}; {saved.counts_as}, evidence as of {date_text(saved.reference_date)}, {moved}."


def _evidence(base: str) -> list[Item]:
    """The newest evidence, with what the starting view says on it; nothing where the models were not fitted to it."""
    edition = newest_edition()
    known = load_evidence(edition.as_of)
    try:
        made = cache.forecast(Assumptions.defaults(known.claims), known)
    except FitError:
        return []
    horizon = horizons_from(known.as_of)[HEADLINE]
    said = likeliest(made.table, horizon, reference.today())
    item = Item(
        id=other_id("conjunction evidence", known.digest, made.library_key),
        title=f"Evidence as of {date_text(known.as_of)}: {said[0].lower()}{said[1:]}",
        updated=datetime.combine(edition.searched_until, time(), UTC),
        author="Conjunction",
        summary=f"{number_sentence(made.table, horizon)} {edition.note}".strip(),
        link=f"{base}/",
        data=f"{base}{API}/forecast",
    )
    return [item]
