"""Words for the evidence: the ledger’s rows, one indicator with its gaps and breaks, how often each state held."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

import pandas as pd

from dashboard.wording.chances import percent
from dashboard.wording.days import until
from dashboard.wording.labels import (
    DOMAIN_LABELS,
    STATE_LABELS,
    date_text,
    event_date_text,
    event_label,
    joined,
    years_text,
)
from dashboard.wording.numerals import number, signed
from data.publication import PublicationLag
from data.readings import Coding, Reading
from data.types import Event, Indicator
from data.unused import Unused
from models.coding.agreement import EVERYTHING, Agreement, Closeness
from models.coding.searches import Pull
from models.names import STATES, Scenario
from models.outcome.rule import Label

COLUMN_LABELS = {"intensity": "Intensity", "direction": "Direction", "domain": "Domain", "mechanism": "Mechanism"}
DOUBTS = {0: "without doubt", 1: "some doubt", 2: "much doubt"}
_KINDS = {"cooperation": "cooperative", "conflict": "hostile", "mixed": "mixed", "context": "for context"}


def history_sentence(history: Sequence[Label]) -> str:
    """How often each state held, and since when the present one does."""
    labelled = [label for label in history if label.state is not None]
    counts = Counter(label.state.value for label in labelled)
    states = joined([f"{counts[state]} {STATE_LABELS[state]}" for state in STATES if counts[state]])
    last = labelled[-1]
    run = next((index for index, label in enumerate(reversed(labelled)) if label.state != last.state), len(labelled))
    since = "for the first year-end" if run == 1 else f"for the last {run} year-ends"
    annulled = [label.year for label in history if label.state is None]
    gap = f" No label for {years_text(annulled)}: nothing was recorded." if annulled else ""
    return (
        f"Of {len(labelled)} labelled year-ends from {labelled[0].year} to {last.year}: {states}. "
        f"{STATE_LABELS[last.state.value]} has held {since}.{gap}"
    )


def days_sentence(reference: date, known_on: date, today: date) -> str:
    """Up to when was searched, how long ago that is, and from when the forecasts look ahead."""
    searched = f"Evidence searched up to {date_text(known_on)}, {until(known_on, today)}"
    return f"{searched}." if reference == known_on else f"{searched}; forecasts look ahead from {date_text(reference)}."


def former_sentence(reference: date, newest: date, today: date) -> str:
    """That another day than the newest was chosen, and what that means."""
    return (
        f"You look from {date_text(reference)}, {until(reference, today)}: nothing that happened later is in these "
        f"numbers. The newest evidence ends on {date_text(newest)}."
    )


def fitting_sentence(reference: date, fitted: Sequence[date]) -> str:
    """Which reference dates have a fit, and how this one gets its own."""
    listed = joined([date_text(day) for day in fitted]) if fitted else "no day"
    return (
        f"A forecast looks ahead from a day that the models were fitted for. There is a fit for {listed}. One for "
        f"{date_text(reference)} takes some ten minutes on the command line; reload this page then:"
    )


def fitting_commands(reference: date) -> str:
    """What fits the models as of a day."""
    return f"python -m models library fit --as-of {reference}"


def ahead_sentence(acts: Sequence[Unused], reference: date) -> str:
    """What lies between the reference date and the last day searched: on the Evidence page, not in the forecast."""
    if not acts:
        return ""
    count, day = len(acts), date_text(reference)
    which = f"One act after {day} is" if count == 1 else f"{count} acts after {day} are"
    first = min(acts, key=lambda act: (act.day, act.name)).name
    return f"{which} on the Evidence page and not in this forecast, the first of them {first}."


def unseen_sentence(seen: Sequence[Scenario], since: int) -> str:
    """Which states the ordered regression never saw, so that its own belief decides about them."""
    never = [STATE_LABELS[state].lower() for state in STATES if Scenario(state) not in seen]
    if not never:
        return f"**The ordered regression is short.** It reads {len(seen)} year-ends since {since}."
    return (
        f"**The ordered regression has never seen {joined(never)}.** No year-end since {since} stood there; what "
        "it says of them is its prior."
    )


def event_sentence(event: Event) -> str:
    """One act in a line: when, what, how it is coded."""
    day = event_date_text(event.date, event.date_precision)
    return f"{day}, {event_label(event.id)} ({signed(event.intensity)}): {event.summary}"


def ledger_sentence(ledger: pd.DataFrame) -> str:
    """What the shown rows of the ledger hold, with the warning that counts measure recording.

    Parameters
    ----------
    ledger : DataFrame
        Columns of `Evidence.ledger`, possibly filtered.
    """
    if ledger.empty:
        return "No act matches; widen the search."
    counts = Counter(ledger["direction"])
    kinds = joined([f"{counts[key]} {_KINDS[key]}" for key in _KINDS if counts[key]])
    years = Counter(ledger["year"])
    busiest, most = min(years.items(), key=lambda item: (-item[1], item[0]))
    first, last = (ledger["date"].agg(how).date() for how in ("min", "max"))
    rows = f"{len(ledger)} act{'' if len(ledger) == 1 else 's'}"
    return (
        f"{rows} from {date_text(first)} to {date_text(last)}: {kinds}. The fullest year is {int(busiest)} with "
        f"{most}; how many acts a year has measures recording, not warmth."
    )


def used_sentence(rows: pd.DataFrame, reference: date) -> str:
    """How many of the shown rows the forecast uses, and why not the others; `rows` as `ledger_table` gives them."""
    used, count = int(rows["used"].sum()), len(rows)
    later = int((~rows["used"] & (rows["label"] == "read") & (rows["date"].dt.date > reference)).sum())
    why = {
        "without a page": int(rows["label"].str.contains("unverified").sum()),
        "in reserve": int((rows["label"] == "reserve").sum()),
        f"after {date_text(reference)}": later,
    }
    left = [f"{number} {kind}" for kind, number in why.items() if number]
    unused = f", {count - used} shown but not used ({joined(left)})" if left and count > used else ""
    return f"{used} row{'' if used == 1 else 's'} used{unused}."


def checks_text(*, twice: bool, second_page: bool) -> str:
    """How a row was checked: coded by a second reader or *read once*, supported by a second page or not."""
    coded = "coded twice" if twice else "read once"
    return f"{coded}, second page" if second_page else coded


def coding_text(coding: Coding) -> str:
    """One coding in words."""
    mechanism = coding.mechanism.replace("_", " ")
    return f"{signed(coding.intensity)}, {_KINDS[coding.direction]}, {DOMAIN_LABELS[coding.domain]}, {mechanism}"


def readings_text(reading: Reading | None) -> str:
    """Both codings of a row, and how doubtful the second reader was; a row read once says so."""
    if reading is None:
        return "Read once: nobody has coded this row a second time."
    first = f"First reading: {coding_text(reading.first)}"
    if reading.second is None:
        return f"{first}. Read once: nobody has coded this row a second time."
    second = "the same" if reading.second == reading.first else coding_text(reading.second)
    doubt = f" ({DOUBTS[reading.doubt]})" if reading.doubt is not None else ""
    return f"{first}. Second reading, blind to the first: {second}{doubt}."


def alpha_text(one: Agreement) -> str:
    """Alpha with its interval."""
    if one.alpha is None:
        return "nothing varies"
    return f"{one.alpha:.2f} ({one.low:.2f} to {one.high:.2f})".replace("-", "−")


def agreement_sentence(found: Sequence[Agreement], close: Closeness, once: int) -> str:
    """How far two codings of a row agree, and what that is not."""
    whole = {one.column: one for one in found if one.group == EVERYTHING and one.alpha is not None}
    shown = joined([f"{one.alpha:.2f} on the {COLUMN_LABELS[name].lower()}" for name, one in whole.items()])
    left = f" {once} rows were read once and are left out." if once else ""
    return (
        f"{close.rows} rows were coded a second time from their summary alone, blind to the first coding. "
        f"Krippendorff’s alpha (1 is perfect, 0 is chance): {shown}. The same intensity in {percent(close.exact)} of "
        f"the rows, within one step in {percent(close.within_one)}. Both were automated readings, so this measures how "
        f"clear the codebook is, not truth.{left}"
    )


def pull_sentence(found: Sequence[Pull]) -> str:
    """What the second search did to yearly means, for warm and for cold years."""
    kinds = {1: "warm", -1: "cold"}
    parts = [
        f"in {one.years} {kinds[one.sign]} years the plain mean went from {signed(round(one.before, 1))} to "
        f"{signed(round(one.after, 1))}"
        for one in found
    ]
    return f"Digging deeper pulled both sides towards nought: {joined(parts)}." if parts else ""


def lag_text(lag: PublicationLag) -> str:
    """From when the figures of a file are known, with the argument."""
    when = "when its period ends" if not lag.months_after else f"{lag.months_after} months after its period"
    when = when.replace("1 months", "1 month") if lag.months_after == 1 else when
    return f"each figure counts from {when} on. {lag.why}"


def indicator_sentence(indicator: Indicator) -> str:
    """First and last figure, gaps, definition breaks and doubtful figures of one series."""
    seen = indicator.observations
    if not seen:
        return "No figure with an opened source is in this evidence."
    years = sorted({figure.period_end.year for figure in seen})
    ends = [f"{number(figure.value)} in {figure.period_end.year}" for figure in (seen[0], seen[-1])]
    parts = [f"{' and '.join(ends)}" if len(seen) > 1 else f"One figure only: {ends[0]}"]
    parts[0] += f" ({indicator.unit})."
    if missing := sorted(set(range(years[0], years[-1])) - set(years)):
        parts.append(f"No figure for {years_text(missing)}; nothing is filled in.")
    if indicator.definition_breaks:
        parts.append(f"Do not compare across a definition break. {'; '.join(indicator.definition_breaks)}.")
    if doubtful := sorted({figure.period_end.year for figure in seen if not figure.verified}):
        parts.append(f"Unverified: {years_text(doubtful)}.")
    return " ".join(parts)
