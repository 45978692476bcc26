"""The record as programs read it: what a reader of the page sees, and nothing more."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlencode

from dashboard.api.asking import one_of, only, require, whole
from dashboard.api.calls import ZIP, Call, Reply
from dashboard.api.problems import Refused
from dashboard.cache import reference, shelves
from dashboard.cache.replies import kept
from dashboard.cache.shelves import Shelf
from models.answers import saved as answers
from models.published.owners import OWN, PROJECT
from models.record.bodies import plain
from models.record.entries import HINDCAST, LIVE, SavedForecast
from models.record.listing import Filter

OWNER, LIMIT, BEFORE = "owner", "limit", "before"
FILTERS = ("author", "kind", "text", "changed")
USUAL_LIMIT, MOST = 100, 1000
LARGEST_NUMBER = 10**9
DIGITS = "0123456789abcdef"
FEWEST, FULL = 6, 64


def listed(call: Call) -> Reply:
    """Saved forecasts, the newest first; where there are more, the header Link names the next page."""
    said = only(call, (OWNER, LIMIT, BEFORE, *FILTERS))
    limit = whole(LIMIT, said.get(LIMIT, str(USUAL_LIMIT)), 1, MOST)
    before = whole(BEFORE, said.get(BEFORE, str(LARGEST_NUMBER)), 1, LARGEST_NUMBER)
    if "kind" in said:
        one_of("kind", said["kind"], (LIVE, HINDCAST))
    shelf = _shelf(said)
    wanted = Filter(**{name: said.get(name, "") for name in FILTERS})
    found = [one for one in answers.chosen(shelf.listing, wanted) if one.sequence < before]
    headers = {}
    if len(found) > limit:
        more = urlencode({**said, BEFORE: found[limit - 1].sequence})
        headers["Link"] = f'<{call.base}/api/v1/record?{more}>; rel="next"'
    return Reply.of(answers.rows(shelf.listing, found[:limit]), headers)


def head(call: Call) -> Reply:
    """Number and digest of the newest entry, to be kept elsewhere."""
    sequence, digest = _shelf(only(call, (OWNER,))).listing.head
    return Reply.of({"entries": sequence, "head": digest})


def resolutions(call: Call) -> Reply:
    """How questions ended, the oldest first; the last one of a question counts."""
    listing = _shelf(only(call, (OWNER,))).listing
    return Reply.of([plain(resolution) for resolution in listing.resolutions])


def shown(call: Call) -> Reply:
    """One entry and what was said about it, as `python -m models record show ENTRY --json` prints it."""
    shelf, saved = entry_of(call)
    return Reply.of(answers.entry(shelf.listing, saved))


def document(call: Call) -> Reply:
    """The stored snapshot's document."""
    shelf, saved = entry_of(call)
    return kept("document", (saved.snapshot,), lambda: Reply(body=shelf.opened.content(saved.snapshot)))


def archive(call: Call) -> Reply:
    """The stored snapshot's zip, as the page and `python -m models record get` write it."""
    from dashboard.cache import forecasts
    from models.record.drawn import charts_of

    shelf, saved = entry_of(call)
    charts, missing = charts_of(shelf.opened, saved, lambda known: forecasts.own(known.as_of)[1])
    headers = {"Conjunction-Note": missing} if missing else {}
    return Reply(body=shelf.opened.archive(saved, charts), media=ZIP, headers=headers)


def scores(call: Call) -> Reply:
    """Mean scores, as `python -m models track score --json` prints them."""
    shelf = _shelf(only(call, (OWNER,)))
    shelf.listing.require_whole()
    today = reference.today()

    def make() -> Reply:
        from models.answers.scores import scores as scored

        return Reply.of(scored(shelf.opened, shelf.listing, today, _quiet)[0])

    return kept("scores", (shelf.owner, shelf.place, shelf.listing.head, today), make)


_quiet: Callable[[str], None] = str
"""Nobody waits in front of a screen."""


def _shelf(said) -> Shelf:
    return shelves.shelf(one_of(OWNER, said.get(OWNER, OWN), (OWN, PROJECT)))


def entry_of(call: Call, more: tuple[str, ...] = ()) -> tuple[Shelf, SavedForecast]:
    """The saved forecast that an address names, and whose record it is of; without a word on that, both are looked
    through.

    Raises
    ------
    Refused, RecordError
    """
    said, digits = only(call, (OWNER, *more)), call.path["entry"]
    if not (FEWEST <= len(digits) <= FULL and set(digits) <= set(DIGITS)):
        require((f"entry: got “{digits[:80]}”, expected {FEWEST} to {FULL} digits of its digest (0-9 and a-f).",))
    places = dict.fromkeys([_shelf(said)] if OWNER in said else shelves.holding(digits))
    found = [(shelf, saved) for shelf in places for saved in shelf.listing.beginning(digits)]
    if len(found) != 1:
        count = "more than one forecast" if found else "no forecast"
        raise Refused(
            HTTPStatus.NOT_FOUND,
            f"got {count} whose digest begins with {digits}, expected one; {call.base}/api/v1/record lists them",
        )
    return found[0]
