"""Days as a reader on another day sees them: how far off, and whether they have come. Today is given, never asked.

A sentence in the future tense is about a day that has not come. What is worked out about one that has is a *hindcast*,
and is marked so; what was saved before it is not, and only its tense changes.
"""

from datetime import date

from dashboard.wording.labels import date_text

HINDCAST_MARK = "◇"
"""The hollow mark of everything drawn after the fact, on every page and in every file."""
_UNITS = ((730, 365.25, "year"), (60, 30.44, "month"), (14, 7, "week"), (0, 1, "day"))
"""From so many days on a distance is told in units of so many days."""
SOON = 366
"""Days within which the distance of a year-end is told: later ones are told apart by their years."""


def day_of(day: date | str) -> date:
    """A date; ISO text is read."""
    return date.fromisoformat(day) if isinstance(day, str) else day


def has_come(day: date | str, today: date) -> bool:
    """Whether nothing said now about a day is made before it: as the record counts, from that very day on."""
    return day_of(day) <= today


def distance(days: int) -> str:
    """“5 weeks”, “1 day”, “7 months”: a number of days as one speaks of it."""
    length, unit = next(row[1:] for row in _UNITS if abs(days) >= row[0])
    count = round(abs(days) / length)
    return f"{count} {unit}{'' if count == 1 else 's'}"


def until(day: date | str, today: date) -> str:
    """“in 5 weeks”, “tomorrow”, “today”, “7 weeks ago”, “yesterday”."""
    days = (day_of(day) - today).days
    if abs(days) <= 1:
        return ("yesterday", "today", "tomorrow")[days + 1]
    return f"in {distance(days)}" if days > 0 else f"{distance(days)} ago"


def year_choice(day: date | str, today: date) -> str:
    """A year-end among several: “2026 · in 5 weeks”, “2028”, “2025 ◇ hindcast”."""
    day = day_of(day)
    if has_come(day, today):
        return f"{day.year} {HINDCAST_MARK} hindcast"
    return f"{day.year} · {until(day, today)}" if (day - today).days <= SOON else str(day.year)


def year_label(day: date | str, made_on: date) -> str:
    """A year-end on an axis, marked where its day had come when the forecast was made: “2028”, “2025 ◇”."""
    day = day_of(day)
    return f"{day.year} {HINDCAST_MARK}" if has_come(day, made_on) else str(day.year)


def date_choice(day: date, newest: date) -> str:
    """A reference date among several: “8 October 2026, newest”."""
    return f"{date_text(day)}{', newest' if day == newest else ''}"


def hindcast_note(day: date | str, reference: date | str, today: date) -> str:
    """What stands beside numbers about a day that has come; empty while it is still ahead."""
    if not has_come(day, today):
        return ""
    return (
        f"{HINDCAST_MARK} Hindcast: {date_text(day)} has come. These numbers follow from the evidence as of "
        f"{date_text(reference)} and could not be proved wrong any more; no score counts them as foresight."
    )
