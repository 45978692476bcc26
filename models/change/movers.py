"""Which rows and which assumptions moved the forecast most between two snapshots, each on its own.

Single effects need not add up to the change: two rows of one year may each do little alone and much together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Self

import numpy as np
import pandas as pd

from data.types import Evidence
from data.values import frozen
from models.assumptions.setting import Assumptions
from models.change.effects import Effect, Judge
from models.change.pieces import Piece, pieces, unlike
from models.change.side import WEIGHTS, Side
from models.fits.alignment_fit import AlignmentFit
from models.fits.probabilities import states
from models.forecast.answers import answers
from models.leave_out.cases import Basis
from models.leave_out.weighed import FAIR_ERROR, GOOD_ERROR
from models.library.answer import Answer
from models.library.members import FROZEN_SCALING
from models.measures.driver_table import Scaling
from models.measures.drivers import driver_table, drivers_behind, frozen_scaling
from models.names import STATES
from models.weighting.noise import standard_error
from models.weighting.status import Status

COLUMNS = [
    "kind",
    "name",
    "label",
    "happened",
    "target_end_date",
    "horizon",
    "state",
    "effect",
    "error",
    "models",
    "covered",
    "status",
    "pareto_k",
]
YEAR = "year"
MOST_ROWS = 60
"""Ledger rows that are judged one by one, at up to a second each; where more differ, another edition was read."""
MOST_YEARS = 10
"""Years that are judged where another edition was read: the last ones, twice what the rule remembers."""
SMALLEST = 1e-12
"""An effect below this is rounding."""

type OnDone = Callable[[int, int], None]


@frozen(eq=False)
class Movers:
    """What single pieces do to the published probabilities.

    Attributes
    ----------
    table : DataFrame
        `COLUMNS`; one row for each piece, year-end and state, pieces in order of their largest effect, those without
        any left out. ``effect`` is the probability now less that as if this piece alone were as before, weighted as in
        the mixture; ``models`` lists the models that could be asked and ``covered`` is their share of the mixture.
    pieces : int
        Rows, files or assumptions that differ, those without an effect too.
    silent : tuple of str
        Models with a share that could not be asked about rows.
    unasked : int
        Rows that differ and were not judged one by one, because there are too many; the last `MOST_YEARS` years that
        differ were, each with all its rows at once.
    """

    table: pd.DataFrame
    pieces: int
    silent: tuple[str, ...] = ()
    unasked: int = 0

    @property
    def single(self) -> pd.DataFrame:
        """The table without the years, whose rows are told one by one as well."""
        return self.table[self.table["kind"] != YEAR]

    @property
    def years(self) -> pd.DataFrame:
        """What all rows of a year did together."""
        return self.table[self.table["kind"] == YEAR]

    def largest(self, count: int) -> pd.DataFrame:
        """The largest effect of each of the single pieces that move most, one row a piece."""
        return _largest(self.single, count)

    def largest_years(self) -> pd.DataFrame:
        """The largest effect of each year, one row a year."""
        return _largest(self.years, len(self.years))

    def at(self, target_end_date: str, state: str, count: int) -> pd.DataFrame:
        """The single pieces that move one probability most, one row a piece."""
        return _by_size(_asked_about(self.single, target_end_date, state), count)

    def years_at(self, target_end_date: str, state: str) -> pd.DataFrame:
        """What all rows of each year together do to one probability."""
        return _asked_about(self.years, target_end_date, state)


def rows_that_moved(old: Side, new: Side, fit: AlignmentFit | None = None, on_done: OnDone | None = None) -> Movers:
    """What every ledger row and file of indicators that differs does alone.

    Parameters
    ----------
    old, new : Side
        With their evidence and library; nothing can be said of light ones.
    fit : AlignmentFit, optional
        A whole fit of M1, used where its evidence is the one in which a row is judged. Without it M1 is silent.
    on_done : callable, optional
        Told how many pieces are done, and how many there are.
    """
    if new.library is None or old.library is None:
        return _movers([], 0, ())
    every = pieces(old.evidence, new.evidence)
    rows = sum(piece.kind == "event" for piece in every)
    unasked = rows if rows > MOST_ROWS else 0
    differing = _by_year(every) if unasked else every
    sides, benches = (old, new), {}
    effects = []
    for done, piece in enumerate(differing, start=1):
        here = _judged_in(piece, old, new)
        if here not in benches:
            benches[here] = _Bench.of(sides[here], fit)
        effects.append(_row_effect(piece, benches[here], sides[1 - here].evidence, 1.0 if here else -1.0))
        if on_done:
            on_done(done, len(differing))
    shares = [{model for model, share in side.snapshot.model_weights.items() if share > 0} for side in (old, new)]
    asked = set().union(*(set(effect["models"].iloc[0].split(", ")) for effect in effects)) if effects else shares[1]
    single = sum(piece.kind != YEAR for piece in every)
    return replace(_movers(effects, single, tuple(sorted(shares[1] - asked))), unasked=unasked)


def _by_year(every: Sequence[Piece]) -> list[Piece]:
    """The files, and the last of the years that differ; no single row."""
    last = sorted({int(piece.name) for piece in every if piece.kind == YEAR})[-MOST_YEARS:]
    return [piece for piece in every if piece.kind == "indicator" or (piece.kind == YEAR and int(piece.name) in last)]


def _judged_in(piece: Piece, old: Side, new: Side) -> int:
    """Side in which a piece is judged, 0 or 1: where it stands, and of two versions in the evidence that reaches
    further, which alone can hold both."""
    if piece.happened == "changed":
        return int(new.evidence.as_of >= old.evidence.as_of)
    return int(piece.happened == "added")


def knobs_that_moved(old: Side, new: Side) -> Movers:
    """What every changed assumption does alone: the newer forecast less the same with this one knob as it was."""
    if new.library is None or not _same_knobs(old, new):
        return _movers([], 0, ())
    assumptions = new.assumptions
    before = old.snapshot.assumptions.values
    moved = [key for key, value in assumptions.values.items() if key not in WEIGHTS and before[key] != value]
    whole = answers(new.evidence, new.library, assumptions)
    effects = [
        _knob_effect(new, whole, key, _as_before(assumptions, key, before[key]), assumptions.knobs[key].label)
        for key in moved
    ]
    return _movers(effects, len(moved), ())


def _as_before(assumptions: Assumptions, key: str, value: float) -> Assumptions:
    """With one knob as it was, or as near as its bounds and steps of now let it be."""
    return assumptions.replace({key: assumptions.knobs[key].snap(value)})


@frozen(eq=False)
class _Bench:
    """A side with its basis, and the models that judge it."""

    side: Side
    basis: Basis
    scaling: Scaling
    judge: Judge

    @classmethod
    def of(cls, side: Side, fit: AlignmentFit | None) -> Self:
        members = side.library.members
        kept = members is not None and bool(members.ordered.settings.get(FROZEN_SCALING))
        rule = side.library.provenance.rule
        drivers = driver_table(side.evidence, drivers_behind(rule), frozen_scaling(rule) if kept else None)
        scaling = frozen_scaling(rule) if kept else Scaling.of(drivers.raw)
        basis = replace(Basis.of(side.evidence, side.assumptions), drivers=drivers)
        return cls(side=side, basis=basis, scaling=scaling, judge=Judge(basis, side.library, fit))


def _row_effect(piece: Piece, bench: _Bench, other: Evidence, sign: float) -> pd.DataFrame:
    left = unlike(piece, bench.basis, other, bench.scaling, bench.judge.rule)
    effects = bench.judge.effects(left)
    named = {"kind": piece.kind, "name": piece.name, "label": piece.label, "happened": piece.happened}
    return _rows(named, bench.side, effects, sign)


def _knob_effect(new: Side, whole: Mapping[str, Answer], key: str, before: Assumptions, label: str) -> pd.DataFrame:
    without = answers(new.evidence, new.library, before)
    effects = {model: _difference(whole[model], without[model]) for model in whole}
    named = {"kind": "assumption", "name": key, "label": label, "happened": "changed"}
    return _rows(named, new, effects, 1.0)


def _difference(here: Answer, there: Answer) -> Effect:
    return Effect(
        change=states(here.mean - there.mean),
        error=states(standard_error(here.noise - there.noise)),
        status=Status.worst(here.status, there.status),
        pareto_k=None,
    )


def _rows(named: Mapping[str, str], side: Side, effects: Mapping[str, Effect], sign: float) -> pd.DataFrame:
    """The mixture's share of what each model says, for the side's year-ends."""
    weights = side.snapshot.model_weights
    heard = {model: effect for model, effect in effects.items() if weights.get(model, 0.0) > 0}
    nothing = np.zeros((len(side.horizons), len(STATES)))
    change = sum((weights[model] * effect.change for model, effect in heard.items()), nothing)
    error = np.sqrt(
        sum(np.square(weights[model] * effect.error) for model, effect in heard.items()) + np.zeros_like(change)
    )
    shapes = [effect.pareto_k for effect in heard.values() if effect.pareto_k is not None]
    year = side.snapshot.reference_date.year
    return pd.DataFrame(
        {
            **named,
            "target_end_date": np.repeat([f"{year + horizon}-12-31" for horizon in side.horizons], len(STATES)),
            "horizon": np.repeat(side.horizons, len(STATES)),
            "state": np.tile(STATES, len(side.horizons)),
            "effect": sign * change.ravel(),
            "error": error.ravel(),
            "models": ", ".join(heard),
            "covered": sum(weights[model] for model in heard),
            "status": _status(heard, error),
            "pareto_k": max(shapes, default=np.nan),
        },
        columns=COLUMNS,
    )


def _status(heard: Mapping[str, Effect], error: np.ndarray) -> Status:
    """Of what is shown: the worst weights among the models, or the mixture's error if that is worse."""
    return Status.worst(*(effect.status for effect in heard.values())).allowing(error.max(), GOOD_ERROR, FAIR_ERROR)


def _movers(effects: list[pd.DataFrame], pieces: int, silent: tuple[str, ...]) -> Movers:
    def size(effect: pd.DataFrame) -> float:
        return float(effect["effect"].abs().max())

    moving = sorted((effect for effect in effects if size(effect) > SMALLEST), key=size, reverse=True)
    table = pd.concat(moving, ignore_index=True) if moving else pd.DataFrame(columns=COLUMNS)
    return Movers(table=table, pieces=pieces, silent=silent)


def _asked_about(table: pd.DataFrame, target_end_date: str, state: str) -> pd.DataFrame:
    return table[(table["target_end_date"] == target_end_date) & (table["state"] == state)]


def _largest(table: pd.DataFrame, count: int) -> pd.DataFrame:
    return _by_size(table.loc[table["effect"].abs().groupby([table["kind"], table["name"]]).idxmax()], count)


def _by_size(table: pd.DataFrame, count: int) -> pd.DataFrame:
    return table.reindex(table["effect"].abs().sort_values(ascending=False, kind="stable").index).head(count)


def _same_knobs(old: Side, new: Side) -> bool:
    return set(old.snapshot.assumptions.values) == set(new.snapshot.assumptions.values) and not new.obstacle
