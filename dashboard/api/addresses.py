"""Addresses at which a program asks for what is on screen: numbers, a card to embed, a feed of its moves. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

USUAL_POINTS = "5"
"""By how many points a chance must move before the feed tells it; the address can be changed by hand."""
TEXT = (
    "For programs: [the numbers as JSON]({json}) · [a card to embed]({card}) · [a feed that tells when the chance of "
    "{state} moves by {points} points]({feed})"
)


def programs_text(page: str, watched: tuple[str, str, float], as_of: date, year: int) -> str:
    """The line of links below the address of a page.

    Parameters
    ----------
    page : str
        Address of the Forecast page, with its setting.
    watched : (str, str, float)
        A state, its name in words, and its chance on screen.
    as_of : date
        Reference date of that.
    year : int
        The year-end that it is of; the feed names it, since a link that names none means another one next year.
    """
    state, name, chance = watched
    setting = parse_qsl(urlsplit(page).query, keep_blank_values=True)
    bare = [(key, text) for key, text in setting if key not in ("pin", "do")]
    dated = [(key, text) for key, text in bare if key not in ("year", "as_of")]
    seen = {"state": state, "points": USUAL_POINTS, "seen": f"{100 * chance:.4f}", "since": as_of.isoformat()}
    return TEXT.format(
        json=_address(page, "api/v1/forecast", bare),
        card=_address(page, "embed/forecast", setting),
        feed=_address(page, "feed/chance.atom", [*dated, ("year", str(year)), *seen.items()]),
        state=name,
        points=USUAL_POINTS,
    )


def _address(page: str, path: str, query: Sequence[tuple[str, str]] | Mapping[str, str]) -> str:
    parts = urlsplit(page)
    return urlunsplit((parts.scheme, parts.netloc, f"{parts.path.rstrip('/')}/{path}", urlencode(query), ""))
