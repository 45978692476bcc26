"""How much the labels of history depend on choices and accidents: depth, gaps, doubtful rows, coding slips, cuts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.digest import Fields
from data.types import Event, Evidence
from data.values import frozen
from models.errors import OutcomeError
from models.outcome.alterations import CODING, FIRST, FLOOR, NAMES, SECOND, THINNED, alterations, untouched
from models.outcome.ledger import Ledger, labels
from models.outcome.rule import RULE, Label, OutcomeRule, resolve, yearly_codes

if TYPE_CHECKING:
    from data.readings import Reading

FIRST_YEAR = 1950
"""The ledger's first event is the alliance of February 1950."""
CUT_SHIFT = 0.10
"""All cut-offs move together by a tenth: more than rounding, less than another rule."""
SHORTER_MEMORY = 4
"""One year-end fewer than the rule's five."""
MOST_FLIPS = 0.20
"""Share of labelled years that may flip under a variation before the rule counts as fragile (issue 2, acceptance 3)."""
LIMITED_YEARS = 75
"""Labels of 1950 to 2024, out of which the limits of issue 13, acceptance 2, are counted."""
MOST_CHANGED = {FIRST: 8, FLOOR[3]: 10, SECOND: 7, THINNED: 14, CODING: 7}
"""Labels of those years that may change under an alteration; the mean over draws where it is random."""
LIMITS = {NAMES[key]: count / LIMITED_YEARS for key, count in MOST_CHANGED.items()}
"""The same as shares by name of the variation; the others may flip `MOST_FLIPS`."""
DEEP = FLOOR[3]
"""The alteration that the newest, most deeply searched years are also told under."""
CONTESTED_IDS = (
    "E1969-08-18-nuclear-probe",
    "E1969-03-02-zhenbao",
    "E1969-03-15-zhenbao-2",
    "E2006-01-01-j11-halt",
    "E2013-01-22-blits",
    "E2020-07-24-s400-suspension",
    "E2021-04-zhenghe-payload",
)
"""Rows that the codebook calls contested (probe, Zhenbao, J-11 line, BLITS, S-400, Tianwen-2 instruments)."""
COLUMNS = (
    "variation",
    "flipped_share",
    "low",
    "high",
    "unlabelled_share",
    "draws",
    "most_flipped_years",
    "limit",
    "meaning",
)
_SHOWN_YEARS = 5


@frozen(eq=False)
class Editions:
    """The rows that the robustness of a rule is tried on.

    Attributes
    ----------
    default, with_unverified, with_reserve : Evidence
        The rows that fits use; the same with the unverified rows; the same with the reserve rows.
    readings : tuple of Reading
        Both codings of every row and the search that found it.

    Raises
    ------
    OutcomeError
        The three evidences end on different days.
    """

    default: Evidence
    with_unverified: Evidence
    with_reserve: Evidence
    readings: tuple[Reading, ...]

    def __post_init__(self) -> None:
        evidences = (self.default, self.with_unverified, self.with_reserve)
        if len({evidence.as_of for evidence in evidences}) > 1:
            days = ", ".join(str(evidence.as_of) for evidence in evidences)
            raise OutcomeError(
                f"got evidence as of {days}; expected one date for all three; load them with the same as_of"
            )


def flips(base: np.ndarray, varied: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which labelled years changed, and which lost their label; each of shape (draw, labelled year).

    Years without a base label are left out. A year that loses its label is annulled, not contradicted, so it is counted
    apart; both shares have the same denominator, and their sum is everything that changed.
    """
    labelled = base >= 0
    altered = varied[:, labelled]
    lost = altered < 0
    return (altered != base[labelled]) & ~lost, lost


def rule_robustness(editions: Editions, *, draws: int = 400, seed: int = 0, rule: OutcomeRule = RULE) -> pd.DataFrame:
    """Share of the labelled year-ends since 1950 whose label differs from the base, one row a variation.

    Parameters
    ----------
    draws : int
        Altered ledgers for each of the two random variations. 400 give the mean share a standard error of 0.003.
    seed : int
        The same seed gives the same table.

    Returns
    -------
    DataFrame
        `variation`; `flipped_share` (to another label, mean over draws, 0-1); `low`, `high` (its 5 and 95 % over the
        draws; equal to it where nothing is random); `unlabelled_share` (label lost, mean over draws, out of the same
        years); `draws`; `most_flipped_years` (text); `limit` (share that may change, lost labels included, before the
        rule counts as fragile); `meaning` (one sentence).

    Raises
    ------
    OutcomeError
        No draws, or a negative seed.
    """
    if draws < 1 or seed < 0:
        raise OutcomeError(f"got {draws} draws and seed {seed}; expected at least one draw and a seed of 0 or more")
    years = (FIRST_YEAR, editions.default.as_of.year)
    ledger = Ledger.of(editions.default.events, editions.readings, years, rule)
    base = yearly_codes(editions.default.events, *years, rule)
    varied = [
        *((each.name, labels(ledger, each, rule), each.meaning) for each in alterations(ledger, draws, seed).values()),
        *_other_rules(ledger, rule),
        *_other_rows(ledger, editions, rule),
    ]
    rows = [_summary(name, *flips(base, codes), ledger.years[base >= 0], meaning) for name, codes, meaning in varied]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def within_limits(table: pd.DataFrame) -> pd.Series:
    """Which variations change no more labels than they may, in the index of `rule_robustness`."""
    return table["flipped_share"] + table["unlabelled_share"] <= table["limit"]


def deep_labels(events: Iterable[Event], years: Iterable[int], rule: OutcomeRule = RULE) -> pd.DataFrame:
    """Label year-ends by every row, and by those alone that a shallow search would have found too.

    The newest years are searched most deeply: what they would be called, had they been searched like the others.

    Returns
    -------
    DataFrame
        A row a year: `year`; `state`, `tone` and `rows` (toned rows of the year) of the whole ledger; `grave_state`,
        `grave_tone`, `grave_rows` by the acts of three or more alone. A state is None where a label cannot be given.
    """
    whole = [event for event in events if not event.is_context]
    grave = [event for event in whole if abs(event.intensity) >= _GRAVE]
    return pd.DataFrame([_named(whole, year, rule, "") | _named(grave, year, rule, "grave_") for year in years])


_GRAVE = next(size for size, key in FLOOR.items() if key == DEEP)

_Varied = Iterator[tuple[str, np.ndarray, str]]


def _named(events: list[Event], year: int, rule: OutcomeRule, prefix: str) -> Fields:
    label: Label = resolve(events, year, rule)
    rows = sum(event.year == year for event in events)
    state = label.state.value if label.state else None
    return {"year": year, f"{prefix}state": state, f"{prefix}tone": label.tone, f"{prefix}rows": rows}


def _other_rules(ledger: Ledger, rule: OutcomeRule) -> _Varied:
    for sign, word in ((1, "+10 %"), (-1, "-10 %")):
        moved = replace(rule, cuts=tuple(cut * (1 + sign * CUT_SHIFT) for cut in rule.cuts))
        away = "away from" if sign > 0 else "towards"
        kept = " (a cut at zero stays)" if 0 in rule.cuts else ""
        meaning = f"All cut-offs moved a tenth {away} zero{kept}: years whose tone lies close to a border change sides."
        yield f"cut-offs {word}", labels(ledger, untouched(ledger), moved), meaning
    shorter = replace(rule, memory_years=SHORTER_MEMORY)
    meaning = (
        f"The rule remembers {SHORTER_MEMORY} year-ends instead of {rule.memory_years}: turns arrive and fade sooner."
    )
    yield f"memory of {SHORTER_MEMORY} years", labels(ledger, untouched(ledger), shorter), meaning


def _other_rows(ledger: Ledger, editions: Editions, rule: OutcomeRule) -> _Varied:
    def relabelled(events: Iterable[Event]) -> np.ndarray:
        return yearly_codes(events, ledger.first, ledger.last, rule)[None, :]

    default = editions.default.events
    added = len(editions.with_unverified.events) - len(default)
    meaning = f"{added} rows for which no page was found are counted as well; by default they are left out."
    yield "unverified rows added", relabelled(editions.with_unverified.events), meaning
    added = len(editions.with_reserve.events) - len(default)
    meaning = f"{added} weaker or redundant rows are counted as well; by default they are kept apart."
    yield "reserve rows added", relabelled(editions.with_reserve.events), meaning
    settled = [event for event in default if event.id not in CONTESTED_IDS]
    dropped = len(default) - len(settled)
    meaning = (
        f"{dropped} rows with disputed facts are left out, among them the Zhenbao clashes and the strike probe of 1969."
    )
    yield "contested rows dropped", relabelled(settled), meaning


def _summary(name: str, flipped: np.ndarray, lost: np.ndarray, years: np.ndarray, meaning: str) -> Fields:
    shares = flipped.mean(axis=1)
    low, high = np.quantile(shares, (0.05, 0.95))
    values = (
        name,
        float(shares.mean()),
        float(low),
        float(high),
        float(lost.mean()),
        len(shares),
        _most_flipped(flipped.mean(axis=0), years, len(shares)),
        LIMITS.get(name, MOST_FLIPS),
        meaning,
    )
    return dict(zip(COLUMNS, values, strict=True))


def _most_flipped(share: np.ndarray, years: np.ndarray, draws: int) -> str:
    """Years in words: all of them where one ledger was tried, else the five that flip most often, with how often."""
    if not share.any():
        return "none"
    if draws == 1:
        return ", ".join(str(year) for year in years[share > 0])
    order = np.lexsort((years, -share))[:_SHOWN_YEARS]
    return ", ".join(f"{years[i]} ({share[i]:.0%})" for i in order if share[i] > 0)
