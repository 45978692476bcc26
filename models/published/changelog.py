"""What docs/changelog.md says of published forecasts: a line each, with the digest of the record's head at that time.

The chain in docs/record cannot show that its newest entries were cut off. The changelog stands in another file and in
every clone's history: a head that it names must be in the chain.
"""

import re
from collections.abc import Iterable
from datetime import date

from data.days import horizons_from, year_end
from models.errors import RecordError
from models.names import MODEL_MIXTURE, STATES, TARGET_STATE
from models.record.entries import SavedForecast

HEADING = "## Published forecasts"
HEADLINE = 2
"""Place of the headline among a forecast's year-ends: the third one ahead."""
_HEAD = re.compile(r"head `([0-9a-f]{64})`")
_SECTION = re.compile(rf"^{re.escape(HEADING)}\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_NEXT = re.compile(r"^## ", re.MULTILINE)


def changelog_line(saved: SavedForecast) -> str:
    """Date of saving, reference date, the four chances at the third year-end ahead, and the entry's digest, which was
    the head's when it was saved."""
    horizons = horizons_from(saved.reference_date)
    chances = saved.published[MODEL_MIXTURE][TARGET_STATE][HEADLINE]
    told = ", ".join(f"{state} {100 * chance:.1f} %" for state, chance in zip(STATES, chances, strict=True))
    ends = year_end(saved.reference_date, horizons[HEADLINE])
    return (
        f"- {_day(saved.saved_at.date())}, as of {_day(saved.reference_date)}: at the end of {ends.year} {told}. "
        f"Entry {saved.sequence} of [record](record/README.md), head `{saved.digest}`."
    )


def noted_heads(changelog: str) -> tuple[str, ...]:
    """Digests under the heading, the newest first."""
    section = _SECTION.search(changelog)
    return tuple(_HEAD.findall(section[1])) if section else ()


def with_lines(changelog: str, forecasts: Iterable[SavedForecast]) -> str:
    """The changelog with a line for every forecast that has none yet, the newest first.

    Parameters
    ----------
    forecasts : iterable of SavedForecast
        The newest first.

    Raises
    ------
    RecordError
        The text has no section before which a new one could stand.
    """
    noted = set(noted_heads(changelog))
    new = [changelog_line(saved) for saved in forecasts if saved.digest not in noted]
    if not new:
        return changelog
    lines = "\n".join(new) + "\n"
    if section := _SECTION.search(changelog):
        at = section.start(1)
        return changelog[:at] + lines + changelog[at:]
    first = _NEXT.search(changelog)
    if first is None:
        raise RecordError("got a changelog without any section (## ...), expected docs/changelog.md; bring it back")
    return f"{changelog[: first.start()]}{HEADING}\n{lines}\n{changelog[first.start() :]}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
