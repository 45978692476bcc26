"""How much the labels of history depend on choices and accidents: cut-offs, gaps, doubtful rows, coding slips."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from data.digest import Fields
from data.types import Event, Evidence
from data.values import frozen
from models.errors import OutcomeError
from models.outcome.rule import DYAD, RULE, OutcomeRule, classify, yearly_codes

FIRST_YEAR = 1950
"""The ledger's first event is the alliance of February 1950."""
CUT_SHIFT = 0.10
"""All three cut-offs move together by a tenth: more than rounding, less than another rule."""
DROPPED_SHARE = 0.40
"""Chance that thinning drops a row: twice the share of all collected rows that the default ledger leaves out (19 %)."""
SHORTER_MEMORY = 4
"""One year-end fewer than the rule's five."""
INTENSITY_LIMIT = 10
MOST_FLIPS = 0.20
"""Share of labelled years that may flip under a variation before the rule counts as fragile (issue 2, acceptance 3)."""
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
    "meaning",
)
_SHOWN_YEARS = 5
_STREAMS = {"thinning": 0, "coding": 1}


@frozen
class Ledger:
    """The toned rows as arrays, one entry a row; context rows are left out.

    Attributes
    ----------
    year : ndarray of int, shape (row,)
    intensity : ndarray of int, shape (row,)
    space, dyadic : ndarray of bool, shape (row,)
        Whether the row is of a space domain; whether it can be a break act (both actors inside the pair).
    first, last : int
        Year-ends that are labelled.
    """

    year: np.ndarray
    intensity: np.ndarray
    space: np.ndarray
    dyadic: np.ndarray
    first: int
    last: int

    @classmethod
    def of(cls, events: Iterable[Event], first: int, last: int) -> Ledger:
        """Arrays of the rows that carry tone, up to the end of `last`, in ledger order."""
        rows = [event for event in events if not event.is_context and event.year <= last]
        return cls(
            year=np.array([event.year for event in rows], dtype=int),
            intensity=np.array([event.intensity for event in rows], dtype=int),
            space=np.array([event.is_space for event in rows], dtype=bool),
            dyadic=np.array([{event.initiator, event.target} <= DYAD for event in rows], dtype=bool),
            first=first,
            last=last,
        )

    @property
    def years(self) -> np.ndarray:
        """Year-ends that are labelled, shape (year,)."""
        return np.arange(self.first, self.last + 1)


def labels(ledger: Ledger, kept: np.ndarray, intensity: np.ndarray, rule: OutcomeRule = RULE) -> np.ndarray:
    """Label every year-end under many altered ledgers at once.

    Parameters
    ----------
    kept : ndarray of bool, shape (draw, row)
        Rows that survive in each draw.
    intensity : ndarray of int, shape (draw, row) or (row,)
        Intensities of each draw.

    Returns
    -------
    ndarray of int, shape (draw, year)
        Codes of `models.outcome.rule.classify`; -1 where nothing is left within the rule's memory.
    """
    start = ledger.first - rule.memory_years + 1
    by_year = (ledger.year[:, None] == np.arange(start, ledger.last + 1)).astype(float)
    weight = kept * np.where(ledger.space, rule.space_weight, rule.other_weight)
    mass, total = weight @ by_year, (weight * intensity) @ by_year
    means = np.divide(total, mass, out=np.full(mass.shape, np.nan), where=mass > 0)
    broken = (kept & ledger.dyadic & (intensity <= rule.break_intensity)).astype(float) @ by_year > 0
    windows = np.lib.stride_tricks.sliding_window_view(means, rule.memory_years, axis=-1)
    return classify(windows, broken[:, rule.memory_years - 1 :], rule)


def thinning(ledger: Ledger, draws: int, seed: int) -> np.ndarray:
    """Rows kept in each draw, shape (draw, row): each row falls out on its own with chance `DROPPED_SHARE`."""
    generator = np.random.default_rng((seed, _STREAMS["thinning"]))
    return generator.random((draws, ledger.year.size)) >= DROPPED_SHARE


def miscoded(ledger: Ledger, draws: int, seed: int) -> np.ndarray:
    """Intensities of each draw, shape (draw, row): -1, 0 or +1 added with equal chance, clipped to the scale."""
    generator = np.random.default_rng((seed, _STREAMS["coding"]))
    shift = generator.integers(-1, 2, size=(draws, ledger.year.size))
    return np.clip(ledger.intensity + shift, -INTENSITY_LIMIT, INTENSITY_LIMIT)


def flips(base: np.ndarray, varied: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which labelled years changed, and which lost their label; each of shape (draw, labelled year).

    Years without a base label are left out. A year that loses its label is annulled, not contradicted, so it is counted
    apart; both shares have the same denominator, and their sum is everything that changed.
    """
    labelled = base >= 0
    altered = varied[:, labelled]
    lost = altered < 0
    return (altered != base[labelled]) & ~lost, lost


def rule_robustness(
    evidence_default: Evidence,
    evidence_with_unverified: Evidence,
    evidence_with_reserve: Evidence,
    *,
    draws: int = 400,
    seed: int = 0,
    rule: OutcomeRule = RULE,
) -> pd.DataFrame:
    """Share of the labelled year-ends since 1950 whose label differs from the base, one row a variation.

    Parameters
    ----------
    evidence_default, evidence_with_unverified, evidence_with_reserve : Evidence
        The rows that fits use; the same with the unverified rows; the same with the reserve rows.
    draws : int
        Altered ledgers for each of the two random variations. 400 give the mean share a standard error of 0.003.
    seed : int
        The same seed gives the same table.

    Returns
    -------
    DataFrame
        `variation`; `flipped_share` (to another label, mean over draws, 0-1); `low`, `high` (its 5 and 95 % over the
        draws; equal to it where nothing is random); `unlabelled_share` (label lost, mean over draws, out of the same
        years); `draws`; `most_flipped_years` (text); `meaning` (one sentence).

    Raises
    ------
    OutcomeError
        No draws, a negative seed, or three evidences that end on different days.
    """
    _check(draws, seed, (evidence_default, evidence_with_unverified, evidence_with_reserve))
    last = evidence_default.as_of.year
    ledger = Ledger.of(evidence_default.events, FIRST_YEAR, last)
    base = yearly_codes(evidence_default.events, FIRST_YEAR, last, rule)
    varied = [
        *_other_rules(ledger, rule),
        *_random_ledgers(ledger, draws, seed, rule),
        *_other_rows(ledger, evidence_default, evidence_with_unverified, evidence_with_reserve, rule),
    ]
    rows = [_summary(name, *flips(base, codes), ledger.years[base >= 0], meaning) for name, codes, meaning in varied]
    return pd.DataFrame(rows, columns=list(COLUMNS))


_Varied = Iterator[tuple[str, np.ndarray, str]]


def _other_rules(ledger: Ledger, rule: OutcomeRule) -> _Varied:
    everything = np.ones((1, ledger.year.size), dtype=bool)
    for sign, word in ((1, "+10 %"), (-1, "-10 %")):
        moved = replace(rule, cuts=tuple(cut * (1 + sign * CUT_SHIFT) for cut in rule.cuts))
        away = "away from" if sign > 0 else "towards"
        meaning = f"All three cut-offs moved a tenth {away} zero: years whose tone lies close to a border change sides."
        yield f"cut-offs {word}", labels(ledger, everything, ledger.intensity, moved), meaning
    shorter = replace(rule, memory_years=SHORTER_MEMORY)
    meaning = (
        f"The rule remembers {SHORTER_MEMORY} year-ends instead of {rule.memory_years}: turns arrive and fade sooner."
    )
    yield f"memory of {SHORTER_MEMORY} years", labels(ledger, everything, ledger.intensity, shorter), meaning


def _random_ledgers(ledger: Ledger, draws: int, seed: int, rule: OutcomeRule) -> _Varied:
    kept = thinning(ledger, draws, seed)
    meaning = "Each row is lost with a chance of 40 %, as if history had been recorded less densely."
    yield "40 % of rows dropped at random", labels(ledger, kept, ledger.intensity, rule), meaning
    everything = np.ones_like(kept)
    meaning = "Every intensity is off by -1, 0 or +1 with equal chance: two careful coders disagree by about that much."
    yield "coding error of one point", labels(ledger, everything, miscoded(ledger, draws, seed), rule), meaning


def _other_rows(
    ledger: Ledger, default: Evidence, unverified: Evidence, reserve: Evidence, rule: OutcomeRule
) -> _Varied:
    def relabelled(events: Iterable[Event]) -> np.ndarray:
        return yearly_codes(events, ledger.first, ledger.last, rule)[None, :]

    added = len(unverified.events) - len(default.events)
    meaning = f"{added} rows for which no page was found are counted as well; by default they are left out."
    yield "unverified rows added", relabelled(unverified.events), meaning
    added = len(reserve.events) - len(default.events)
    meaning = f"{added} weaker or redundant rows are counted as well; by default they are kept apart."
    yield "reserve rows added", relabelled(reserve.events), meaning
    settled = [event for event in default.events if event.id not in CONTESTED_IDS]
    dropped = len(default.events) - len(settled)
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


def _check(draws: int, seed: int, evidences: tuple[Evidence, ...]) -> None:
    if draws < 1 or seed < 0:
        raise OutcomeError(f"got {draws} draws and seed {seed}; expected at least one draw and a seed of 0 or more")
    if len({evidence.as_of for evidence in evidences}) > 1:
        days = ", ".join(str(evidence.as_of) for evidence in evidences)
        raise OutcomeError(f"got evidence as of {days}; expected one date for all three; load them with the same as_of")
