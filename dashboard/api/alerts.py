"""A feed that tells when a chance has moved since its reader last looked.

The memory lies in the address, which the page fills in (`seen`, `since`), and in the feed's own items: the feed is a
function of the address and of the fits that there are, so that the server keeps nothing about anybody. An item is what
the reader has seen from then on, and the next one is measured from it.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from urllib.parse import urlencode

from dashboard.api.asking import Asked, asked, one_of, require
from dashboard.api.atom import Feed, Item, other_id
from dashboard.api.calls import ATOM, Call, Reply
from dashboard.api.routes import API
from dashboard.cache import forecasts as cache
from dashboard.settings.link import YEAR
from dashboard.wording.labels import STATE_SHORT, date_text
from data.csv.numbers import finite_number
from data.load import load_evidence
from data.values import frozen
from models.fits.dated import fitted_dates
from models.names import STATES, TARGET_STATE

STATE, POINTS, SEEN, SINCE = "state", "points", "seen", "since"
OWN = (STATE, POINTS, SEEN, SINCE)
LEAST, MOST = 0.1, 100.0
"""Points of a chance: the page shows none finer than one."""


@frozen
class Watched:
    """A chance and what its reader has seen of it.

    Attributes
    ----------
    points : float
        Hundredths by which it must have moved.
    seen : float
        Chance (0-1) that the reader saw.
    since : date
        Reference date of the forecast that the reader saw it in.
    """

    question: Asked
    state: str
    points: float
    seen: float
    since: date

    @property
    def name(self) -> str:
        """What is watched, in words."""
        return f"{STATE_SHORT[self.state]} at the end of {self.question.year}"


def chance(call: Call) -> Reply:
    """The feed of one chance."""
    watched = _watched(call)
    link = [(key, text) for key, texts in call.query.items() if key not in OWN for text in texts]
    page = f"{call.base}/?{urlencode(link)}" if link else f"{call.base}/"
    data = f"{call.base}{API}/forecast{f'?{urlencode(link)}' if link else ''}"
    said = [(key, text) for key, texts in call.query.items() for text in texts]
    moves = [_item(watched, move, page, data) for move in _moves(watched)]
    feed = Feed(
        name=f"conjunction chance {urlencode(sorted(said))}",
        title=f"{watched.name}: moves of {watched.points:g} points",
        subtitle=f"Measured from {100 * watched.seen:.1f} % of {date_text(watched.since)}, then from each item here.",
        updated=max((item.updated for item in moves), default=_midnight(watched.since)),
        address=f"{call.base}/feed/chance.atom?{urlencode(said)}",
        page=page,
        items=tuple(reversed(moves)),
    )
    return Reply(body=feed.xml, media=ATOM)


def _watched(call: Call) -> Watched:
    question = asked(call, OWN)
    missing = [name for name in (YEAR, *OWN) if name not in call.query]
    require(tuple(f"{name}: is not said; give it as the page's own link does." for name in missing))
    said = {name: call.query[name][-1].strip() for name in OWN}
    since, points, seen = said[SINCE], finite_number(said[POINTS]), finite_number(said[SEEN])
    if points is None or not LEAST <= points <= MOST:
        require((f"points: got “{said[POINTS][:20]}”, expected a number from {LEAST:g} to {MOST:g}; correct it.",))
    if seen is None or not 0 <= seen <= 100:
        require((f"seen: got “{said[SEEN][:20]}”, expected the per cent that you saw, 0 to 100; correct it.",))
    try:
        day = date.fromisoformat(since)
    except ValueError:
        require((f"since: got “{since[:20]}”, expected a day such as {question.evidence.as_of}; correct it.",))
    state = one_of(STATE, said[STATE], STATES)
    return Watched(question=question, state=state, points=points, seen=seen / 100, since=day)


def _moves(watched: Watched) -> Iterator[tuple[date, str, float, float]]:
    """Each day on which the chance had moved enough since the last item: day, key, before, after."""
    seen, newest = watched.seen, watched.question.evidence.as_of
    for day in (day for day in fitted_dates() if watched.since <= day <= newest):
        known = load_evidence(day)
        made = cache.forecast(watched.question.assumptions, known)
        horizon = watched.question.year - day.year
        if horizon not in made.horizons:
            continue
        now = made.probability(TARGET_STATE, horizon, watched.state)
        if abs(now - seen) >= watched.points / 100:
            yield day, f"{known.digest} {made.library_key}", seen, now
            seen = now


def _item(watched: Watched, move: tuple[date, str, float, float], page: str, data: str) -> Item:
    day, key, before, after = move
    title = f"{watched.name}: {100 * before:.1f} % → {100 * after:.1f} %"
    return Item(
        id=other_id("conjunction move", watched.question.assumptions.digest, watched.name, key, f"{before:.6f}"),
        title=title,
        updated=_midnight(day),
        author="Conjunction",
        summary=f"By the evidence of {date_text(day)}; you asked to be told of {watched.points:g} points or more.",
        link=page,
        data=data,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
