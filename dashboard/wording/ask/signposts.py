"""Words for one signpost: its chance, its rule, what it would have counted before, how it is settled. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from dashboard.wording.chances import Chance, chance, percent
from dashboard.wording.labels import ACTOR_LABELS, DOMAIN_LABELS, date_text, joined, years_text
from dashboard.wording.numerals import minus, signed
from data.types import Event
from data.vocabulary import INTENSITY_LIMIT
from models.outcome.past_rows import SINCE, PastRows
from models.outcome.signpost_list import Rule, Signpost
from models.signposts.ranges import YesCount, chance_of_any_yes
from models.text.visible import isolated

FAMILY_LABELS: Mapping[str, str] = MappingProxyType(
    {"cooperation": "Cooperation", "friction": "Friction", "context": "Context"}
)
FAMILY_MEANINGS = (
    "On which side the acts lie that the question counts. Context: acts of third parties, which move no state."
)
OTHER_MECHANISMS: Mapping[str, str] = MappingProxyType(
    {"us_pressure": "Pressure by the United States", "other": "Other"}
)
PAIR = {"both", "CHN", "RUS"}
MOST_NAMED = 3
MOST_SAVED = 8
"""Near misses that are told in full."""
RECORDING = "if the ledger misses 3 acts of such a kind in 11; an assumption that no score ever tests"
BREAK_RANGE = "no range of its own: the models’ own chance of a break act"
HISTORY_LATER = "No saved forecast holds this chance yet: how it has moved can be told from the next one on."


def chance_of(value: float, ends: Sequence[float]) -> Chance:
    """A chance of a recorded yes; its range is missing for a break act."""
    low, high = (float(end) for end in ends)
    return chance(value) if low != low else chance(value, interval=(min(low, value), max(high, value)))


def any_yes_sentence(value: float, signpost: Signpost) -> str:
    """The labelled assumption beside the chance of a recorded yes; nothing for a break act, which nobody misses."""
    if signpost.asks_for_a_break:
        return ""
    return f"Chance of a yes, recorded or not: {percent(chance_of_any_yes(value, signpost))}, {RECORDING}."


def question_text(signpost: Signpost) -> str:
    """The question as people write it."""
    return minus(signpost.question)


def deadline_text(signpost: Signpost) -> str:
    """“by the end of 2027”."""
    return f"by the end of {signpost.deadline.year}"


def line(signpost: Signpost, value: float, pinned: str, before: float | None = None) -> str:
    """What stands below a question in the list.

    Parameters
    ----------
    value : float
        Chance of a recorded yes.
    pinned : {"", "yes", "no"}
        The answer that is supposed.
    before : float, optional
        The chance without what is supposed.
    """
    if pinned:
        said = f"supposed: {pinned}"
    elif before is None or percent(value) == percent(before):
        said = percent(value)
    else:
        said = f"{percent(value)}, without what you suppose {percent(before)}"
    return f"{said} · {deadline_text(signpost)} · {FAMILY_LABELS[signpost.family].lower()} · {signpost.id}"


def rule_sentence(signpost: Signpost) -> str:
    """Which rows settle the question, in words."""
    rule, number = signpost.rule, signpost.rule.min_count
    rows = "One verified row" if number == 1 else f"{number} verified rows"
    window = f"from {date_text(signpost.opens.replace(year=signpost.opens.year + 1, month=1, day=1))} to "
    window += date_text(signpost.deadline)
    if rule.none_expected:
        no = "a single verified row says no" if number == 1 else f"{number} verified rows say no"
        return f"Yes if acts of this kind stay away {window}; {no}. Counted are rows {_kind(rule)}."
    verb = "says" if number == 1 else "say"
    return f"{rows} of the ledger {window} {verb} yes: {_kind(rule)}."


def _kind(rule: Rule) -> str:
    parts = [
        f"of the kind {_either(rule.event_types)}" if rule.event_types else "of any kind",
        f"in {_either([DOMAIN_LABELS[name].lower() for name in rule.domains])}" if rule.domains else "",
        f"about {_either(rule.mechanisms)}" if rule.mechanisms else "",
        f"by {_actors(rule.initiators)}" if rule.initiators else "",
        f"towards {_actors(rule.targets)}" if rule.targets else "",
        _band(rule),
        f"naming {_either([f'“{word}”' for word in rule.keywords])}" if rule.keywords else "",
        "acts of third parties among them" if rule.context_counts else "",
    ]
    return ", ".join(filter(None, parts))


def _either(names: Sequence[str]) -> str:
    plain = [name.replace("_", " ") for name in names]
    return joined(plain).replace(" and ", " or ") if len(plain) > 1 else plain[0]


def _actors(codes: Sequence[str]) -> str:
    if set(codes) == PAIR:
        return "either side or both"
    names = {"both": "both together", "other": "others"}
    return _either([names.get(code, ACTOR_LABELS[code]) for code in codes])


def _band(rule: Rule) -> str:
    low, high = rule.min_intensity, rule.max_intensity
    if low == -INTENSITY_LIMIT:
        return "" if high == INTENSITY_LIMIT else f"with an intensity of {signed(high)} or below"
    if high == INTENSITY_LIMIT:
        return f"with an intensity of {signed(low)} or above"
    return f"with an intensity from {signed(low)} to {signed(high)}"


def past_sentence(past: PastRows, last: int) -> str:
    """In which years the question would have been answered yes, had it been asked of each alone."""
    answers = past.answers(last)
    years = [year for year, yes in answers.items() if yes]
    if not past.rows and not past.signpost.rule.none_expected:
        return "Never in the ledger: the chance rests on the prior alone."
    if not years:
        return f"Asked of each year alone: never yes from {SINCE} to {last}."
    return f"Asked of each year alone: yes in {len(years)} of {len(answers)} years since {SINCE} ({years_text(years)})."


def near_sentence(misses: Sequence[Event]) -> str:
    """Rows of which only a keyword is missing, for a person to look at."""
    if not misses:
        return ""
    named = " ".join(f"{event.id}: {event.summary}" for event in misses[:MOST_NAMED])
    more = f" And {len(misses) - MOST_NAMED} more." if len(misses) > MOST_NAMED else ""
    return f"{named}{more}"


def count_sentence(count: YesCount) -> str:
    """How many of the open questions will be answered yes."""
    return (
        f"Some {count.mean:.0f} of the {count.of} can be expected to be answered yes (nine times in ten {count.low} to "
        f"{count.high}), if the ledger goes on being kept as in the last three years."
    )


def course_lines(saved: Sequence[tuple[date, str, float]], now: float) -> tuple[str, ...]:
    """What saved forecasts gave the question, the newest first, below what it is given now.

    Parameters
    ----------
    saved : sequence of (date, str, float)
        Day of saving, name, chance of a recorded yes; oldest first.
    """
    lines = (
        f"{date_text(day)}: {percent(value)} ({isolated(name)})" for day, name, value in reversed(saved[-MOST_SAVED:])
    )
    return (f"Now: {percent(now)}", *lines)


def mechanism_text(signpost: Signpost, titles: Mapping[str, str]) -> str:
    """The essay's claim that a question speaks to, by its title, or what else it is about."""
    return titles.get(signpost.claim) or OTHER_MECHANISMS[signpost.mechanism]


def answers_sentence(signpost: Signpost, year: int, yes: str, no: str) -> str:
    """What either answer would make of the states, from `dashboard.wording.ask.given.moves_text`."""
    return f"At the end of {year}, if {signpost.id} is answered yes: {yes}; if no: {no}."
