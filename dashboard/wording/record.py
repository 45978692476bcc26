"""Words for the record of saved forecasts: marks, lists, where it lies and what it proves. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from types import MappingProxyType

from dashboard.wording.chances import percent
from dashboard.wording.labels import STATE_SHORT, date_text
from data.days import horizons_from, year_end
from data.types import Claim
from models.assumptions.knobs import Knobs, knobs
from models.errors import OutcomeError
from models.library.structures import knobs_behind
from models.names import MODEL_MIXTURE, STATES, TARGET_STATE
from models.outcome.rule import RULE, rule_of
from models.record.entries import GUARDS, HINDCAST, LIVE, Damage, SavedForecast
from models.text.visible import isolated
from models.track.marks import is_replay, mark

SHOWN_DIGITS = 12
MARKS = MappingProxyType({LIVE: "● live", HINDCAST: "◇ hindcast"})
"""A mark has a shape and a word: neither colour nor memory is needed to tell the two apart."""
MARK_MEANINGS = MappingProxyType(
    {
        LIVE: "Saved before the year-end it is about: it could be wrong.",
        HINDCAST: (
            "Saved after the year-end it is about, made to look back, or with a time of saving that cannot be "
            "believed: never counted with live forecasts."
        ),
    }
)
CHAIN_MEANING = (
    "Each entry carries the digest of the one before it, so a changed, removed or inserted entry shows. The chain does "
    "not prove when something was saved (that is the saving computer’s clock) nor that the newest entries were not cut "
    "off: for that, keep the digest of the newest entry somewhere else, for instance in a mail."
)
WHOLE_RECORD = (
    "The whole record goes out and comes in on the command line: `python -m models record export` and "
    "`python -m models record import`. Another record is used when the server is started with `CONJUNCTION_RECORD` set "
    "to a file or to the address of a PostgreSQL database."
)
EXPOSED = "Everyone on this machine can read the record’s file. If that is not meant, take the right away (`chmod o=`)."
EMPTY_RECORD = "Nothing has been saved yet. “Save”, above the answer on the Forecast page, keeps a forecast here."
LISTED = 3
_ASSUMPTION = re.compile(r"\b(assumption|reason for) (\w+)")


def moment_text(moment: datetime) -> str:
    """A moment as in “23 November 2026, 21:02 UTC”."""
    moment = moment.astimezone(UTC)
    return f"{date_text(moment.date())}, {moment:%H:%M} UTC"


def short(digest: str) -> str:
    """The first digits of a digest, enough to name it."""
    return digest[:SHOWN_DIGITS]


def next_horizon(saved: SavedForecast) -> int:
    """The first year-end that was still to come when the forecast was saved; the first of all for a hindcast."""
    horizons = horizons_from(saved.reference_date)
    ahead = (h for h in horizons if mark(saved, year_end(saved.reference_date, h)) == LIVE)
    return next(ahead, horizons[0])


def shown_mark(saved: SavedForecast) -> str:
    """Mark of the year-end that the list shows."""
    return mark(saved, year_end(saved.reference_date, next_horizon(saved)))


def in_order(forecasts: Iterable[SavedForecast]) -> list[SavedForecast]:
    """Live ones first, then those that look back, replayed history last; among equals as they come."""
    return sorted(forecasts, key=lambda saved: (is_replay(saved), shown_mark(saved) != LIVE))


def likeliest(saved: SavedForecast) -> str:
    """As in “Transactional 55 %, end of 2026”."""
    horizon = next_horizon(saved)
    chances = saved.published[MODEL_MIXTURE][TARGET_STATE][place_of(saved, horizon)]
    best = max(range(len(STATES)), key=chances.__getitem__)
    day = year_end(saved.reference_date, horizon)
    return f"{STATE_SHORT[STATES[best]]} {percent(chances[best])}, end of {day.year}"


def place_of(saved: SavedForecast, horizon: int) -> int:
    """Where a year-end stands among those that a saved forecast is about."""
    return horizons_from(saved.reference_date).index(horizon)


def changed_text(changed: Sequence[str], knobs: Knobs) -> str:
    """Labels of the assumptions that were moved, the first three in full."""
    labels = [knob_label(key, knobs) for key in changed]
    more = len(labels) - LISTED
    listed = "; ".join(labels[:LISTED]) + (f"; and {more} more" if more > 0 else "")
    return listed or "none"


def knob_label(key: str, knobs: Knobs) -> str:
    """Name of an assumption; of one that this program no longer has, its key."""
    return knobs[key].label if key in knobs else key


def with_labels(sentence: str, knobs: Knobs) -> str:
    """A sentence of a comparison, in which assumptions stand under their names and not under their keys alone."""

    def named(match: re.Match[str]) -> str:
        word, key = match.groups()
        return f"{word} “{knobs[key].label}” ({key})" if key in knobs else match[0]

    return _ASSUMPTION.sub(named, sentence)


def entry_line(saved: SavedForecast, position: int) -> str:
    """Who saved it, when, and where it stands in the chain."""
    day = date_text(saved.reference_date)
    return (
        f"Saved {moment_text(saved.saved_at)} by {isolated(saved.author)}. Reference date {day}. "
        f"Entry {saved.sequence} of {position}, digest {short(saved.digest)}."
    )


def choice(saved: SavedForecast, name: str) -> str:
    """A saved forecast in a list to choose from."""
    moment = f"{saved.saved_at.astimezone(UTC):%Y-%m-%d %H:%M}"
    who = f"{isolated(name)} · {isolated(saved.author)}"
    return f"{who} · {moment} · {MARKS[shown_mark(saved)]} · {short(saved.digest)}"


def mixed_mark(saved: SavedForecast) -> str:
    """The mark of all its year-ends together: a kind, or the years that had passed when it was saved."""
    horizons = horizons_from(saved.reference_date)
    late = [day.year for h in horizons if mark(saved, day := year_end(saved.reference_date, h)) == HINDCAST]
    if len(late) in (0, len(horizons)):
        return HINDCAST if late else LIVE
    return "◇ " + ", ".join(map(str, late)) + ": hindcast"


def marked(title: str, kind: str) -> str:
    """A chart's title; a hindcast's bears its mark, one of several days says which had passed."""
    shown = MARKS.get(kind, kind).replace(" ", "\N{NO-BREAK SPACE}")
    return title if kind == LIVE else f"{title} ({shown})"


def marked_year(saved: SavedForecast, end: date) -> str:
    """A year-end of a saved forecast as a choice, with its mark where that is a hindcast."""
    return str(end.year) if mark(saved, end) == LIVE else f"{end.year} {MARKS[HINDCAST]}"


def marks_sentence(saved: SavedForecast) -> str:
    """Which of the forecast's year-ends were still to come when it was saved."""
    if saved.time_doubt:
        return f"A hindcast throughout, never counted with live forecasts: {saved.time_doubt}."
    if saved.kind == HINDCAST:
        return "A hindcast throughout: made to look back, never counted with live forecasts."
    horizon = next_horizon(saved)
    first = year_end(saved.reference_date, horizon)
    if mark(saved, first) == HINDCAST:
        return "All its year-ends had passed when it was saved: a hindcast throughout."
    if horizon == horizons_from(saved.reference_date)[0]:
        return "Saved before all the year-ends it is about: live throughout."
    return (
        f"Live for the year-ends from {date_text(first)} on; the earlier ones had passed when it was saved, so for "
        "them it counts as a hindcast."
    )


def place_sentence(place: str, count: int, forecasts: int) -> str:
    """Which record this is and how long it is."""
    entries = f"{count} entr{'y' if count == 1 else 'ies'}"
    return f"Record: {place}. {entries}, {forecasts} of them forecasts."


def times_sentence(forecasts: Sequence[SavedForecast]) -> str:
    """Which times of saving cannot be believed; empty when all can."""
    doubted = sorted(saved.sequence for saved in forecasts if saved.time_doubt)
    if not doubted:
        return ""
    return (
        f"Their times of saving contradict other entries or their own evidence, so that a clock was wrong: "
        f"{_first_ten(doubted)}. They do not count as live."
    )


def _first_ten(entries: Sequence[int]) -> str:
    return ", ".join(map(str, entries[:10])) + (", …" if len(entries) > 10 else "")


def damage_sentence(damages: Sequence[Damage], count: int) -> str:
    """The result of checking the whole record."""
    if not damages:
        return f"All {count} entries and everything they point to are as they were saved."
    if all(damage.place == GUARDS for damage in damages):
        return (
            f"All {count} entries and everything they point to are as they were saved, but the database no longer "
            "refuses changes. `python -m models record guard` on the command line mends that."
        )
    places = f"{len(damages)} place{'s' * (len(damages) > 1)}"
    return f"Damaged in {places}. Bring the record back from an export; what follows tells where."


def count_sentence(shown: int, all_of_them: int) -> str:
    """How many forecasts the filters leave."""
    if shown == all_of_them:
        return f"{shown} saved forecast{'s' * (shown != 1)}. Tick a row to open it."
    return f"{shown} of {all_of_them} saved forecasts. Tick a row to open it."


def unknown_sentence(prefix: str, matches: int) -> str:
    """A link that names no saved forecast, or several."""
    if matches:
        return f"The link names {prefix}, with which {matches} saved forecasts begin. Choose one below."
    return (
        f"The link names the saved forecast {prefix}, which is not in this record. It may have been saved in another "
        "one, or the link may be cut off. Your settings are as they were."
    )


VERIFICATION = MappingProxyType(
    {
        "passed": "Verified: every number was computed again and is the same to the last digit.",
        "failed": "Not what it says: something in it is not as it was published.",
        "undecided": "Whole, but its numbers could not be computed again here.",
    }
)
KIND_HELP = (
    "Live: somebody stands by it for the year-ends still to come. Hindcast: made to look back; it is never counted "
    "with live forecasts."
)


def imported_note(sha256: str, outcome: str) -> str:
    """What the record says about a forecast that came in as a file."""
    return f"Imported from a file (SHA-256 {sha256[:16]}). {VERIFICATION[outcome]}"


VERIFY_HELP = (
    "Computes every published number again from the evidence and the draws that were stored with it, and compares to "
    "the last digit. Takes some seconds."
)


def damaged_sentence(damaged: Sequence[int]) -> str:
    """Entries that cannot be read as they were saved."""
    single = len(damaged) == 1
    return (
        f"{'Entry' if single else 'Entries'} {_first_ten(damaged)} of the record {'is' if single else 'are'} not as "
        f"saved and {'is' if single else 'are'} left out below. “Check the whole record” tells more; bring the record "
        "back from an export."
    )


def unreasoned_sentence(labels: str) -> str:
    """Why a file with moved assumptions cannot go into the record as it is."""
    return (
        f"It cannot be saved to the record as it is: it gives no reason for {labels}. Use its settings, and save them "
        "from the Forecast page with your reasons."
    )


def knobs_then(digest: str, claims: Iterable[Claim]) -> Knobs:
    """The knobs with their defaults of the time of an outcome rule; the present ones for a rule that is not known."""
    try:
        return knobs_behind(rule_of(digest), claims)
    except OutcomeError:
        return knobs(claims)


def rule_note(digest: str, version: str = "") -> str:
    """One line on a forecast that was asked under another outcome rule than the present one; empty under this one.

    Parameters
    ----------
    digest : str
        Of the rule that was asked under.
    version : str
        Its name, for a rule that this program does not know.
    """
    if digest == RULE.digest:
        return ""
    try:
        asked = rule_of(digest).version
    except OutcomeError:
        asked = f"{version or digest[:SHOWN_DIGITS]}, which this program does not know"
    return (
        f"Asked under {asked}: its numbers and its outcome are told and scored under that rule. Forecasts are made "
        f"under {RULE.version} now, which parts the states elsewhere: the two are different questions."
    )
