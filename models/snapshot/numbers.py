"""Every published number of a snapshot against the one that its inputs give: bit for bit, but on a rounding's edge.

A snapshot is judged by the rule that rounded it. Those of ten decimals may be a unit of the last one off.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields

import numpy as np
import pandas as pd

from data.types import Evidence
from data.values import frozen
from models.assumptions.knobs import BASELINE_CLAIM
from models.assumptions.setting import Assumptions
from models.forecast.opinions import BASE_RATE_SEED
from models.forecast.results import Forecast, make_forecast
from models.library.library import Library
from models.names import PMF, QUANTILE, TABLE_COLUMNS
from models.rounding import PUBLISHED, Rounding, rounding_of
from models.snapshot.parts import UsedAssumptions
from models.snapshot.value import Snapshot, reliability_of, used_assumptions

SHOWN = 3
"""Names listed in one sentence."""


@frozen
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    name : str
    passed : bool or None
        None where it could not be looked at: another version of the program computed these numbers.
    detail : str
        One sentence: what was compared, and what differs.
    """

    name: str
    passed: bool | None
    detail: str


def decided(name: str, passed: bool | None, good: str, bad: str) -> Finding:
    """One of two sentences, by how it came out."""
    return Finding(name=name, passed=passed, detail=good if passed else bad)


def same_finding(name: str, what: str, got: object, expected: object) -> Finding:
    """Two values that must be equal; digests are shown by their first digits."""
    if isinstance(got, Mapping) and isinstance(expected, Mapping):
        odd = sorted(key for key in got.keys() | expected if got.get(key) != expected.get(key))
        return decided(
            name, not odd, f"The {what} are those recorded.", f"The {what} differ: {', '.join(odd[:SHOWN])}."
        )
    shown = (str(value)[: 12 if isinstance(value, str) else 80] for value in (got, expected))
    bad = "The {} is recorded as {}, computed again it is {}.".format(what, *shown)
    return decided(name, got == expected, f"The {what} is the one recorded.", bad)


def compared_numbers(
    snapshot: Snapshot, evidence: Evidence, library: Library, assumptions: Assumptions
) -> Iterator[Finding]:
    """The forecast made again, and every number of it that the snapshot publishes."""
    used = used_assumptions(assumptions)
    yield same_finding("assumptions", "digest of the assumptions", snapshot.assumptions.digest, used.digest)
    fixed = frozenset(claim.id for claim in evidence.claims) - {BASELINE_CLAIM}
    yield compared_moves(snapshot.assumptions, used, fixed)
    rounding = rounding_of(snapshot.table["value"].to_numpy(dtype=float))
    forecast, exact = (make_forecast(evidence, library, assumptions, places) for places in (rounding, None))
    yield compared_table(snapshot.table, forecast.table, exact.table["value"].to_numpy(), rounding)
    yield same_finding(
        "model weights", "weights of the models", dict(snapshot.model_weights), dict(forecast.model_weights)
    )
    models = {name: library.structures[name] for name in forecast.model_weights}
    if snapshot.structures:
        yield same_finding("structures", "structures of the models", dict(snapshot.structures), models)
    yield same_finding("tone", "tone at the reference date", snapshot.tone, forecast.tone)
    yield _reliability(snapshot, library, forecast, rounding)
    yield same_finding("diagnostics", "list of acceptance checks", snapshot.diagnostics, library.diagnostics.checks)
    yield same_finding("seeds", "seeds", dict(snapshot.seeds), {"base_rate_intervals": BASE_RATE_SEED})


def compared_moves(stored: UsedAssumptions, now: UsedAssumptions, fixed: frozenset[str]) -> Finding:
    """The list of moved knobs against the defaults of its own time (docs/decisions/0020-defaults-of-their-time.md).

    Parameters
    ----------
    stored, now : UsedAssumptions
        As recorded, and the same values among this program's knobs.
    fixed : frozenset of str
        Knobs whose default stands in the evidence: no other can have been.
    """
    name, what = "assumptions: changed", "list of moved knobs"
    before = stored.defaults or now.defaults
    moved = tuple(key for key, value in now.values.items() if value != before.get(key))
    elsewhere = [key for key, default in now.defaults.items() if default != before.get(key)]
    odd = set(moved) ^ set(stored.changed)
    if stored.defaults and set(elsewhere) & fixed:
        wrong = ", ".join(sorted(set(elsewhere) & fixed)[:SHOWN])
        return Finding(name=name, passed=False, detail=f"Its defaults of {wrong} are not those of its own evidence.")
    if not stored.defaults and odd and not odd & fixed:
        told = ", ".join(sorted(odd)[:SHOWN])
        detail = f"By the defaults of today {told} would be told otherwise; an older file does not say what they were."
        return Finding(name=name, passed=None, detail=detail)
    found = same_finding(name, what, stored.changed, moved)
    if not (found.passed and elsewhere):
        return found
    then = ", ".join(f"{key} {before[key]:g} (now {now.defaults[key]:g})" for key in elsewhere)
    return Finding(name=name, passed=True, detail=f"The {what} is right by the defaults of its time: {then}.")


def compared_table(published: pd.DataFrame, again: pd.DataFrame, exact: np.ndarray, rounding: Rounding) -> Finding:
    """Every published number against the one computed again."""
    keys = [name for name in TABLE_COLUMNS if name != "value"]
    if published[keys].to_dict("list") != again[keys].to_dict("list"):
        return Finding(
            name="numbers", passed=False, detail="The table asks other questions than this forecast answers."
        )
    got, mine = (table["value"].to_numpy(dtype=float) for table in (published, again))
    other = got != mine
    decimals = np.where(published["output_type"] == QUANTILE, rounding.quantiles, rounding.decimals)
    same = ~other | rounding.explains(got, mine, exact, decimals)
    if rounding.whole:  # the likeliest outcome is what the others leave, and reading has held their sum against one
        same |= _likeliest(again.assign(value=np.round(exact, rounding.decimals)))
    if not same.all():
        return _differing(published, mine, same)
    detail = f"All {len(mine)} published numbers come out the same{_edges(int(other.sum()), rounding)}."
    return Finding(name="numbers", passed=True, detail=detail)


def _likeliest(table: pd.DataFrame) -> np.ndarray:
    """The row of each question's likeliest outcome, the first of equals, as a mask."""
    chances = table[table["output_type"] == PMF]
    rows = chances.groupby(["model_id", "target", "horizon"])["value"].idxmax()
    return table.index.isin(rows)


def _differing(published: pd.DataFrame, mine: np.ndarray, same: np.ndarray) -> Finding:
    distance = np.where(same, -1.0, np.abs(published["value"].to_numpy(dtype=float) - mine))
    row, again = published.iloc[int(distance.argmax())], float(mine[distance.argmax()])
    question = (
        f"{row['model_id']}, {row['target']}, {row['target_end_date']}, {row['output_type']} {row['output_type_id']}"
    )
    return Finding(
        name="numbers",
        passed=False,
        detail=f"{int((~same).sum())} of {len(mine)} numbers differ, most of all {question}: "
        f"published {float(row['value'])!r}, computed again {again!r}.",
    )


def _edges(count: int, rounding: Rounding) -> str:
    if not count:
        return ""
    if rounding is PUBLISHED:
        return f"; {count} of them on the edge of the last decimal, where processors round differently"
    unit = f"within one unit of decimal {rounding.decimals}"
    return f"; {count} of them {unit}, which older snapshots publish and processors do not round alike"


def _reliability(snapshot: Snapshot, library: Library, forecast: Forecast, rounding: Rounding) -> Finding:
    mine, exact = (reliability_of(library, forecast, places) for places in (rounding.reliability, None))
    pairs = {
        field.name: [getattr(part, field.name) for part in (snapshot.reliability, mine, exact)]
        for field in fields(mine)
    }
    other = [name for name, (got, again, _) in pairs.items() if got != again]
    wrong = [name for name in other if not _explained(*pairs[name], rounding)]
    return decided(
        "reliability",
        not wrong,
        f"The numbers that say how far the forecast can be trusted come out the same{_edges(len(other), rounding)}.",
        f"Of the reliability {', '.join(wrong[:SHOWN])} come out differently.",
    )


def _explained(got: object, again: object, exact: object, rounding: Rounding) -> bool:
    numbers = all(isinstance(value, float) and np.isfinite(value) for value in (got, again, exact))
    return numbers and bool(rounding.explains(got, again, exact, rounding.reliability))
