"""The candidates among which `rule-2` was chosen: how little each moves when the same history is recorded otherwise.

No score of any forecast enters. Each candidate says how an act counts inside its year; memory, decay and weights of
domains are those of the frozen rules. Under each, the tone comes first: how far an altered ledger moves it, relative to
how far it moves by itself. Then cuts are laid on borders of the codebook's bands, and changed labels are counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import product

import numpy as np
import pandas as pd

from data.digest import Fields
from data.values import frozen
from models.outcome.alterations import FIRST, alterations, untouched
from models.outcome.ledger import Altered, Ledger, Weighing, windows
from models.outcome.robustness import CUT_SHIFT, MOST_CHANGED
from models.outcome.rule import RULE_1, RULE_2, OutcomeRule, classify, tone

DRAWS, SEED = 400, 20261128
"""Altered ledgers for each of the two random alterations, and where they start."""
POWERS = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)
FLOORS, BALANCES = (2, 3, 4, 5), (3, 4)
RAMPS = ((1, 3), (1, 4), (1, 5), (2, 4), (2, 5), (2, 6), (3, 5), (3, 6), (0, 5), (0, 6))
SQUARED_RAMPS = ((0, 5), (0, 6), (0, 7), (1, 5))
LOW_CUTS, MIDDLE_CUTS, HIGH_CUTS = (-4.5, -2.5), (-0.5, 0.0), (2.5, 3.5, 4.5)
"""Borders of the codebook's bands, zero for balance, and the middle of the band of +3 and +4."""
LABELLED = (1950, 2024)
"""First and last of the year-ends whose labels are counted."""
RECENT = 1990
"""Since then labels must still change, or a rule is robust and says nothing."""
LEAST_CHANGES, LEAST_BITS = 4, 0.4
"""Changes of label since then, and bits that this year's label leaves open of the next one's (issue 13)."""
MOST_MOVED = 0.25
"""Root mean square change of the tone from the first search to the whole ledger, over the first one's sd (issue 13)."""
NEAR = 0.25
"""Half a point in all around each cut: how many year-ends lie on an edge."""
LETTERS = "RSTD-"
"""Rupture, strain, transactional, deeper; the last is a year without a label."""


def candidates() -> tuple[Weighing, ...]:
    """Every way for an act to count that was compared, named as the table names it."""
    named = {
        **{f"power {power:g}": replace(RULE_2, severity_power=power).severity for power in POWERS},
        **{f"floor {size}": partial(_floor, size=size) for size in FLOORS},
        **{f"ramp {start}-{full}": partial(_ramp, start=start, full=full) for start, full in RAMPS},
        **{f"squared ramp {a}-{b}": partial(_ramp, start=a, full=b, power=2) for a, b in SQUARED_RAMPS},
    }
    plain = (Weighing(name=name, severity=severity) for name, severity in named.items())
    signs = (
        Weighing(name=f"sign balance {size}", severity=partial(_floor, size=size), content=_sign) for size in BALANCES
    )
    return (*plain, *signs)


def cut_sets() -> tuple[tuple[float, float, float], ...]:
    """Every triple of cuts that was tried on each candidate."""
    return tuple(product(LOW_CUTS, MIDDLE_CUTS, HIGH_CUTS))


def candidate_table(ledger: Ledger, draws: int = DRAWS, seed: int = SEED) -> pd.DataFrame:
    """Judge every candidate under every triple of cuts, and `rule-1` under its own.

    Parameters
    ----------
    ledger : Ledger
        Under `rule-2`, so that every candidate asks the same of a break act.

    Returns
    -------
    DataFrame
        `candidate`; `low`, `middle`, `high` (cuts); for each alteration its `tone_` (root mean square change over the
        sd of the tone that it starts from; a mean over draws) and `changed_` (labels, lost ones included; a mean over
        draws); `changed_cuts_up`, `changed_cuts_down` (all cuts a tenth away from and towards zero); `near_a_cut`
        (share of year-ends within `NEAR`); `changes`, `bits` since `RECENT`; `informative`, `within_limits`, and
        `history`, a letter of `LETTERS` a year-end.
    """
    altered = alterations(ledger, draws, seed)
    rows = [row for how in candidates() for row in _judged(ledger, altered, how, cut_sets())]
    former = Weighing(name=RULE_1.version, severity=RULE_1.severity)
    return pd.DataFrame([*_judged(ledger, altered, former, (RULE_1.cuts,)), *rows])


def chosen(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of `candidate_table` that move and keep to every limit, the steadiest tone first."""
    kept = table[table["informative"] & table["within_limits"]]
    return kept.sort_values(["tone_first", "changed_first"], kind="stable")


def bits_open(codes: np.ndarray) -> float:
    """Bits of the next label that this one leaves open: conditional entropy of the pairs that follow each other."""
    pairs = np.zeros((len(LETTERS), len(LETTERS)))
    np.add.at(pairs, (codes[:-1], codes[1:]), 1)
    seen = pairs[pairs > 0] / pairs.sum()
    given = np.broadcast_to(pairs.sum(axis=1, keepdims=True), pairs.shape)[pairs > 0]
    return float((seen * np.log2(given / pairs[pairs > 0])).sum())


@frozen(eq=False)
class _Read:
    """One ledger, or many draws of one, as a candidate reads it."""

    means: np.ndarray
    breaks: np.ndarray
    tone: np.ndarray

    @classmethod
    def of(cls, ledger: Ledger, altered: Altered, how: Weighing) -> _Read:
        means, breaks = windows(ledger, altered, RULE_2, how)
        return cls(means=means, breaks=breaks, tone=tone(means))

    def codes(self, rule: OutcomeRule) -> np.ndarray:
        return classify(self.means, self.breaks, rule)


def _judged(
    ledger: Ledger, altered: Mapping[str, Altered], how: Weighing, cuts: tuple[tuple[float, float, float], ...]
) -> Iterator[Fields]:
    base = _Read.of(ledger, untouched(ledger), how)
    read = {key: _Read.of(ledger, each, how) for key, each in altered.items()}
    moved = {f"tone_{key}": _moved(base.tone[0], each.tone, from_altered=key == FIRST) for key, each in read.items()}
    for triple in cuts:
        rule = replace(RULE_2, cuts=triple)
        codes = base.codes(rule)[0]
        changed = {f"changed_{key}": _changed(codes, each.codes(rule)) for key, each in read.items()}
        named = dict(zip(("low", "middle", "high"), triple, strict=True))
        row = {
            "candidate": how.name,
            **named,
            **moved,
            **changed,
            **_shifted(base, rule),
            **_informative(ledger, codes),
        }
        row["near_a_cut"] = float((np.abs(base.tone[0][:, None] - np.array(triple)) <= NEAR).any(axis=1).mean())
        limits = all(row[f"changed_{key}"] <= most for key, most in MOST_CHANGED.items())
        yield row | {"within_limits": limits and row[f"tone_{FIRST}"] <= MOST_MOVED, "history": _letters(codes)}


def _shifted(base: _Read, rule: OutcomeRule) -> Fields:
    codes = base.codes(rule)[0]
    ways = {"changed_cuts_up": 1 + CUT_SHIFT, "changed_cuts_down": 1 - CUT_SHIFT}
    return {
        name: _changed(codes, base.codes(replace(rule, cuts=tuple(by * cut for cut in rule.cuts))))
        for name, by in ways.items()
    }


def _informative(ledger: Ledger, codes: np.ndarray) -> Fields:
    recent = codes[ledger.years >= RECENT]
    changes, bits = int((recent[1:] != recent[:-1]).sum()), bits_open(recent)
    return {"changes": changes, "bits": bits, "informative": changes >= LEAST_CHANGES and bits >= LEAST_BITS}


def _moved(base: np.ndarray, varied: np.ndarray, *, from_altered: bool) -> float:
    """Relative change of the tone, a mean over draws; years without one of the two tones are left out."""
    change = np.sqrt(np.nanmean((varied - base) ** 2, axis=1))
    return float((change / np.nanstd(varied if from_altered else base[None, :], axis=1)).mean())


def _changed(base: np.ndarray, varied: np.ndarray) -> float:
    return float((varied != base).sum(axis=1).mean())


def _letters(codes: np.ndarray) -> str:
    return "".join(LETTERS[code] for code in codes)


def _floor(intensity: np.ndarray, size: int) -> np.ndarray:
    return (np.abs(intensity) >= size).astype(float)


def _ramp(intensity: np.ndarray, start: int, full: int, power: int = 1) -> np.ndarray:
    return np.clip((np.abs(intensity) - start) / (full - start), 0, 1) ** power


def _sign(intensity: np.ndarray) -> np.ndarray:
    return 10 * np.sign(intensity)
