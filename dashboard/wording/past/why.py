"""Words for one past year: its label and the reason, the rule's sum year by year, and its acts. Pure."""

from collections.abc import Sequence
from datetime import date

from dashboard.wording.labels import (
    ACTOR_LABELS,
    DOMAIN_LABELS,
    STATE_LABELS,
    date_text,
    event_date_text,
    event_label,
    joined,
)
from dashboard.wording.numerals import minus, share, signed
from data.types import Event
from models.names import Scenario
from models.outcome.breakdown import ActPart, Breakdown, YearPart
from models.outcome.constants import OutcomeRule
from models.outcome.rule import RULE

NAMED = 3
"""Acts named in a sentence: more would hide which weighed most."""


def heading(found: Breakdown, running: bool) -> str:
    """The question, and its answer in a word."""
    year, state = found.label.year, found.label.state
    if state is None:
        return f"Why {year} has no label"
    return f"{year} so far: {STATE_LABELS[state.value]}" if running else f"Why {year}: {STATE_LABELS[state.value]}"


def choice(year: int, state: Scenario | None, running: bool) -> str:
    """One year in a list of years."""
    word = STATE_LABELS[state.value].lower() if state else "no label"
    return f"{year}, {word}{' so far' if running else ''}"


def running_sentence(year: int, as_of: date) -> str:
    """That a year has not ended."""
    return (
        f"{year} is still running. The rule labels it when it ends; this is what it would say of the acts up to "
        f"{date_text(as_of)}."
    )


def ahead_sentence(year: int, as_of: date) -> str:
    """That a year lies after the evidence."""
    return f"{year} lies after {date_text(as_of)}, where the evidence in use ends: nothing of it is on the books."


def reason_sentence(found: Breakdown, rule: OutcomeRule = RULE) -> str:
    """Why the label is what it is: a break act, or where the tone lies."""
    label = found.label
    if label.state is None:
        return f"No act was recorded in the {rule.memory_years} years to the end of {label.year}, so there is no label."
    broken = [act.event for act in found.acts if act.breaks]
    if not broken:
        most = _listed(label.decisive) if label.decisive else "no single act"
        return f"{_tone(found, rule)}, which is {STATE_LABELS[label.state.value].lower()}. Most weight: {most}."
    acts = _listed(broken)
    alone = found.without_break
    without = "would say rupture too" if alone is Scenario.RUPTURE else f"alone would say {_state(alone)}"
    kind = "A break act makes a year rupture" if len(broken) == 1 else "Break acts make a year rupture"
    return f"{kind}, whatever else happens: {acts}. {_tone(found, rule)}; that {without}. {_break_act(rule)}"


def _break_act(rule: OutcomeRule) -> str:
    """What makes an act a break."""
    grave = ", grave in kind or told by two sources" if rule.break_types else ""
    return f"A break act is one of the two against the other, of {minus(f'{rule.break_intensity:g}')} or worse{grave}."


def sum_sentence(rule: OutcomeRule = RULE) -> str:
    """How the sum is made."""
    power = f" A great act counts far more than a minor one (intensity to the power {rule.severity_power:g})."
    return (
        f"The tone is the mean of {rule.memory_years} years, each counting {rule.decay:g} of the one after it. Inside "
        f"a year, acts outside space count {share(rule.other_weight / rule.space_weight)} of those in space."
        f"{power if rule.severity_power else ''}"
    )


def sum_rows(years: Sequence[YearPart]) -> tuple[tuple[str, ...], ...]:
    """The sum, a row a year and one for the tone: year, acts, their mean, share of the weight, what it adds."""
    rows = [
        (str(one.year), str(one.acts), "none" if one.mean is None else _two(one.mean), share(one.share), _two(one.part))
        for one in years
    ]
    total = sum(one.part for one in years)
    return (
        *rows,
        ("Tone", str(sum(one.acts for one in years)), "", share(sum(one.share for one in years)), _two(total)),
    )


def act_head(event: Event) -> str:
    """When, who, how grave, in which domain."""
    who = ACTOR_LABELS[event.initiator]
    if event.target != event.initiator:
        who = f"{who} → {ACTOR_LABELS[event.target]}"
    day = event_date_text(event.date, event.date_precision)
    return f"{day} · {who} · {DOMAIN_LABELS[event.domain]} · intensity {signed(event.intensity)}"


def act_weight(act: ActPart) -> str:
    """How much of its year an act is."""
    weighs = "less than 1 %" if 0 < act.share < 0.01 else share(act.share)
    return f"{'Breaks the year; ' if act.breaks else ''}{weighs} of the year’s weight"


def counted_sentence(found: Breakdown, unused: int) -> str:
    """How many acts of the year count, and how many are only shown."""
    year, count = found.label.year, len(found.acts)
    words = f"{count} act{'' if count == 1 else 's'} of {year} count{'s' if count == 1 else ''}"
    others = {"by third parties": len(found.context), "unverified or in reserve": unused}
    if left := [f"{number} {kind}" for kind, number in others.items() if number]:
        words = f"{words}; the ledger also holds {joined(left)}, not counted"
    return f"{words}."


def _named(event: Event) -> str:
    return f"{event_label(event.id)} ({signed(event.intensity)})"


def _listed(events: Sequence[Event]) -> str:
    more = [f"{len(events) - NAMED} more"] if len(events) > NAMED else []
    return joined([*map(_named, events[:NAMED]), *more])


def _state(state: Scenario | None) -> str:
    return STATE_LABELS[state.value].lower() if state else "nothing"


def _tone(found: Breakdown, rule: OutcomeRule) -> str:
    """The tone, and between which cuts it lies."""
    value, (low, middle, high) = found.label.tone, rule.cuts
    if value < low:
        where = f"below {signed(low)}"
    elif value >= high:
        where = f"at or above {signed(high)}"
    else:
        where = f"between {signed(low if value < middle else middle)} and {signed(middle if value < middle else high)}"
    return f"The tone of {rule.memory_years} years is {_two(value)}, {where}"


def _two(value: float) -> str:
    return minus(f"{value:+.2f}")
