"""The outcome rule: which of the four states a year-end stands in, read from a ledger of events.

One rule labels history, every simulated future, every backtest target and every issued forecast when its day comes.
It looks at the *mean* intensity of each year, never at a sum, so that a year recorded twenty times as densely as
another counts the same; and since `rule-2` an act counts by its own size, so that a year dug into more deeply, which
yields minor acts, counts nearly the same (docs/decisions/0015).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np

from data.types import Event
from data.values import frozen
from models.errors import OutcomeError
from models.names import STATES, Scenario
from models.outcome.constants import OutcomeRule

RULE_1 = OutcomeRule(version="rule-1")
RULE_2 = OutcomeRule(
    version="rule-2",
    cuts=(-4.5, 0.0, 4.5),
    severity_power=2.5,
    break_types=(
        "agreement_abrogated",
        "agreement_terminated",
        "armed_clash",
        "cooperation_terminated",
        "embassy_siege",
        "expulsion",
        "military_incident",
        "nuclear_threat",
        "personnel_withdrawn",
        "proxy_war",
        "relations_severed",
        "ultimatum",
    ),
    word_cuts=(-0.8, 0.8),
)
RULES = (RULE_1, RULE_2)
RULE = RULE_2
"""The rule under which questions are asked now; what was asked under another keeps its own (`rule_of`)."""
_BY_NAME = {name: rule for rule in RULES for name in (rule.version, rule.digest)}


def rule_of(name: str) -> OutcomeRule:
    """The rule with a version or digest.

    Raises
    ------
    OutcomeError
        No rule has it.
    """
    if name in _BY_NAME:
        return _BY_NAME[name]
    known = ", ".join(f"{rule.version} ({rule.digest[:12]})" for rule in RULES)
    more = "correct it, or use a program that knows it"
    raise OutcomeError(f"got the outcome rule {name[:64]!r}, expected one of {known}; {more}")


@frozen
class Label:
    """The label of one year-end and why.

    Attributes
    ----------
    state : Scenario or None
        None when no event at all was recorded within the rule's memory: the question is annulled.
    tone : float
        Decayed mean intensity, -10 to 10 (NaN when annulled).
    decisive : tuple of Event
        The break act, or the up to three events of the window that weigh most in the direction of the label.
    """

    year: int
    state: Scenario | None
    tone: float
    reason: str
    decisive: tuple[Event, ...]


def tone(means: np.ndarray, rule: OutcomeRule = RULE) -> np.ndarray:
    """Decayed mean of the yearly means.

    Parameters
    ----------
    means : ndarray, shape (..., years)
        Weighted mean intensity of each year, oldest first, NaN for a year without events. Only the last
        ``rule.memory_years`` columns count.

    Returns
    -------
    ndarray, shape (...)
        NaN where no year in memory has an event.
    """
    window = means[..., -rule.memory_years :]
    decay = rule.decay ** np.arange(window.shape[-1] - 1, -1, -1.0)
    present = ~np.isnan(window)
    weight = (decay * present).sum(axis=-1)
    total = (decay * np.where(present, window, 0.0)).sum(axis=-1)
    return mean_where_known(total, weight)


def mean_where_known(total: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Weighted mean from a weighted sum and its weight, in the shape of both; NaN where nothing has a weight."""
    return np.divide(total, weight, out=np.full(weight.shape, np.nan), where=weight > 0)


def mean_needed(recent_means: np.ndarray, rule: OutcomeRule = RULE) -> np.ndarray:
    """Mean intensity that the next year would need for its tone to stand exactly at each cut.

    Most of a next year's label is on the books already; this is the rest. A break act is not considered.

    Parameters
    ----------
    recent_means : ndarray, shape (years,)
        As for `tone`, the years before the next one; a year without events has no weight.

    Returns
    -------
    ndarray, shape (3,)
        One for each of ``rule.cuts``. Outside -10 to 10 no year can bring the tone there.
    """
    window = recent_means[-(rule.memory_years - 1) :]
    decay = rule.decay ** np.arange(window.size, 0, -1.0)
    present = ~np.isnan(window)
    return np.array(rule.cuts) * (1 + (decay * present).sum()) - (decay * np.where(present, window, 0.0)).sum()


def booked_share(recent_means: np.ndarray, rule: OutcomeRule = RULE) -> float:
    """Share (0-1) of the next year-end's tone that years before it decide, if the next year has an event.

    Parameters
    ----------
    recent_means : ndarray, shape (years,)
        As for `mean_needed`.
    """
    window = recent_means[-(rule.memory_years - 1) :]
    weight = (rule.decay ** np.arange(window.size, 0, -1.0) * ~np.isnan(window)).sum()
    return float(weight / (1 + weight))


def classify(means: np.ndarray, breaks: np.ndarray, rule: OutcomeRule = RULE) -> np.ndarray:
    """Label the last year of each row.

    Parameters
    ----------
    means : ndarray, shape (..., years)
        As for `tone`.
    breaks : ndarray of bool, shape (...)
        Whether the last year saw a break act.

    Returns
    -------
    ndarray of int, shape (...)
        0 rupture, 1 strain, 2 transactional, 3 deeper cooperation; -1 where annulled.
    """
    values = tone(means, rule)
    codes = np.where(np.isnan(values), -1, np.digitize(values, rule.cuts))
    return np.where(breaks, Scenario.RUPTURE.code, codes)


def yearly_readings(
    events: Iterable[Event], first: int, last: int, rule: OutcomeRule = RULE
) -> tuple[np.ndarray, np.ndarray]:
    """Weighted mean intensity and break flag of every year.

    Returns
    -------
    means : ndarray of float, shape (last - first + 1,)
        NaN for a year without a non-context event.
    breaks : ndarray of bool, same shape
    """
    total, weight = np.zeros(last - first + 1), np.zeros(last - first + 1)
    breaks = np.zeros(last - first + 1, dtype=bool)
    for event in events:
        if event.is_context or not first <= event.year <= last:
            continue
        index = event.year - first
        total[index] += rule.weight(event) * event.intensity
        weight[index] += rule.weight(event)
        breaks[index] |= rule.is_break(event)
    means = np.divide(total, weight, out=np.full(total.shape, np.nan), where=weight > 0)
    return means, breaks


def yearly_codes(events: Iterable[Event], first: int, last: int, rule: OutcomeRule = RULE) -> np.ndarray:
    """Labels of the year-ends `first` to `last` as codes, shape (last - first + 1,)."""
    means, breaks = yearly_readings(events, first - rule.memory_years + 1, last, rule)
    windows = np.lib.stride_tricks.sliding_window_view(means, rule.memory_years)
    return classify(windows, breaks[rule.memory_years - 1 :], rule)


def resolve(events: Iterable[Event], year: int, rule: OutcomeRule = RULE) -> Label:
    """Label one year-end from a ledger and say why.

    Parameters
    ----------
    events : iterable of Event
        The ledger as it may be seen; events outside the window are ignored, context rows never count.
    year : int
        The year whose end is labelled.
    """
    window = [event for event in events if year - rule.memory_years < event.year <= year and not event.is_context]
    means, breaks = yearly_readings(window, year - rule.memory_years + 1, year, rule)
    code, value = int(classify(means, breaks[-1], rule)), float(tone(means, rule))
    state = None if code < 0 else Scenario(STATES[code])
    decisive = _decisive(window, year, state, rule)
    reason = _reason(state, value, decisive, bool(breaks[-1]), rule)
    return Label(year=year, state=state, tone=value, reason=reason, decisive=decisive)


def resolve_history(events: Iterable[Event], first: int, last: int, rule: OutcomeRule = RULE) -> tuple[Label, ...]:
    """Label every year-end from `first` to `last`."""
    if first > last:
        raise OutcomeError(f"got first year {first} after last year {last}; expected first <= last; swap them")
    ledger = tuple(events)
    return tuple(resolve(ledger, year, rule) for year in range(first, last + 1))


def pulls(window: Iterable[Event], year: int, rule: OutcomeRule = RULE) -> Mapping[str, float]:
    """What each event of a year-end's memory adds to the sum of decayed yearly means, by id; the tone is that sum over
    the years' weight. Events that weigh nothing are left out."""
    window = tuple(window)
    weight: dict[int, float] = defaultdict(float)
    for event in window:
        weight[event.year] += rule.weight(event)
    weighing = (event for event in window if rule.weight(event) > 0)
    return {e.id: rule.decay ** (year - e.year) * rule.weight(e) / weight[e.year] * e.intensity for e in weighing}


def _decisive(window: list[Event], year: int, state: Scenario | None, rule: OutcomeRule) -> tuple[Event, ...]:
    broken = tuple(event for event in window if event.year == year and rule.is_break(event))
    if broken or state is None:
        return broken
    sign = -1 if state in (Scenario.RUPTURE, Scenario.STRAIN) else 1
    shares = pulls(window, year, rule)
    pulling = [event for event in window if sign * shares.get(event.id, 0.0) > 0]
    return tuple(sorted(pulling, key=lambda event: (-sign * shares[event.id], event.id))[:3])


def _reason(state: Scenario | None, value: float, decisive: tuple[Event, ...], broken: bool, rule: OutcomeRule) -> str:
    if state is None:
        return f"Annulled: no event was recorded within {rule.memory_years} years."
    ids = ", ".join(event.id for event in decisive) or "no single event"
    if broken:
        return f"A break act (intensity {rule.break_intensity} or worse) decides the year: {ids}."
    return f"Tone {value:+.2f} over {rule.memory_years} year-ends is {_band(state, rule)}; most weight: {ids}."


def _band(state: Scenario, rule: OutcomeRule) -> str:
    low, middle, high = (f"{cut:+g}" if cut else "0" for cut in rule.cuts)
    return {
        Scenario.RUPTURE: f"below {low}",
        Scenario.STRAIN: f"between {low} and {middle}",
        Scenario.TRANSACTIONAL: f"between {middle} and {high}",
        Scenario.DEEPER: f"{high} or more",
    }[state]
