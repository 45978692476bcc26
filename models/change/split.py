"""Why do two forecasts differ? The change of each state's probability, split into data, prior, model and passing time.

Every player can be as in the older snapshot or as in the newer one, which makes sixteen forecasts; a player's part is
its Shapley value in that game (docs/decisions/0008-shapley.md).
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from data.values import frozen
from models.change.coalitions import NEW, Coalitions
from models.change.game import BY, PLAYERS, By, Coalition, Game, coalitions, shapley_coefficients
from models.change.side import Side
from models.change.values import Value
from models.errors import SnapshotError
from models.names import STATES
from models.weighting.status import Status

TOGETHER = "together"
PARTS = (*PLAYERS, TOGETHER)
COLUMNS = ["target_end_date", "horizon", "state", "old", "new", "total", *PARTS]
COLUMNS += [f"{name}_error" for name in ("old", "new", "total", *PARTS)]


@frozen(eq=False)
class Split:
    """A change and its parts.

    Attributes
    ----------
    by : {"date", "horizon"}
        Whether the same year-ends are compared, or as many years ahead.
    table : DataFrame
        `COLUMNS`, one row for each year-end and state. ``target_end_date`` and ``horizon`` are those of the newer
        snapshot; ``old`` and ``new`` are probabilities, ``total`` their difference; the parts add up to it; errors are
        Monte Carlo standard errors. A player that cannot be separated has NaN: what it does with others stands in
        ``together``, which is NaN when all can be separated.
    game : Game
    statuses : Mapping[frozenset of str, Status]
        How far each forecast between the two can be trusted, by the players that are as in the newer snapshot.
    notes : tuple of str
        What could not be separated or computed, a plain sentence each.
    """

    by: By
    table: pd.DataFrame
    game: Game
    statuses: Mapping[frozenset[str], Status]
    notes: tuple[str, ...]

    @property
    def status(self) -> Status:
        """Of the forecast that can be trusted least, which may be worse than both ends."""
        return Status.worst(*self.statuses.values())

    @property
    def parts(self) -> tuple[str, ...]:
        """Columns that hold parts: of the players that can be told apart, and ``together`` if some cannot."""
        return tuple(part for part in PARTS if not self.table[part].isna().any())


def split(old: Side, new: Side, by: By = "date") -> Split:
    """Split the change of the published mixture's state probabilities.

    Parameters
    ----------
    old, new : Side
    by : {"date", "horizon"}
        "date": the same year-ends, so that passing time has no part unless nothing else can have moved them.
        "horizon": as many year-ends ahead, where time moves the day that is asked about.

    Raises
    ------
    SnapshotError
        Another `by`, or no year-end that every forecast between the two can answer for.
    """
    if by not in BY:
        raise SnapshotError(f"got by={by!r}, expected one of {', '.join(BY)}; correct it")
    between = Coalitions(old, new, by)
    groups = between.game.groups
    names = tuple(TOGETHER if len(group) > 1 else next(iter(group)) for group in groups)
    members = dict(zip(names, groups, strict=True))
    players = {chosen: frozenset().union(*(members[name] for name in chosen)) for chosen in coalitions(names)}
    values = {chosen: between.value(arrived) for chosen, arrived in players.items()}
    return Split(
        by=by,
        table=_table(between, values, names),
        game=between.game,
        statuses={players[chosen]: value.status for chosen, value in values.items()},
        notes=(*_joined(between.game), *between.left_out),
    )


def _table(between: Coalitions, values: Mapping[Coalition, Value], names: tuple[str, ...]) -> pd.DataFrame:
    first, last = values[frozenset()], values[frozenset(names)]
    columns = {"old": first.mean, "new": last.mean, "total": last.mean - first.mean}
    whole, nobody = frozenset(names), frozenset()
    ends = {"old": {nobody: 1.0}, "new": {whole: 1.0}, "total": {whole: 1.0, nobody: -1.0} if names else {}}
    columns |= {f"{name}_error": _error(values, coefficients) for name, coefficients in ends.items()}
    for part in PARTS:
        joined = part in between.game.together or (part == TOGETHER and TOGETHER not in names)
        columns[part] = columns[f"{part}_error"] = np.full(first.mean.shape, np.nan if joined else 0.0)
    for part, coefficients in shapley_coefficients(names).items():
        columns[part] = sum(weight * values[chosen].mean for chosen, weight in coefficients.items())
        columns[f"{part}_error"] = _error(values, coefficients)
    years, horizons = _asked(between)
    named = {
        "target_end_date": np.repeat([date(year, 12, 31).isoformat() for year in years], len(STATES)),
        "horizon": np.repeat(horizons, len(STATES)),
        "state": np.tile(STATES, len(years)),
    }
    return pd.DataFrame(named | {name: values.ravel() for name, values in columns.items()}, columns=COLUMNS)


def _asked(between: Coalitions) -> tuple[list[int], list[int]]:
    reference = between.sides[NEW].snapshot.reference_date.year
    horizons = [row - reference if between.by == "date" else row for row in between.rows]
    return [reference + horizon for horizon in horizons], horizons


def _error(values: Mapping[Coalition, Value], coefficients: Mapping[Coalition, float]) -> np.ndarray:
    """Monte Carlo standard error of a weighted sum of values, whose noise meets block by block, shape (row, state)."""
    sums: dict[object, np.ndarray] = {}
    for chosen, weight in coefficients.items():
        for name, noise in values[chosen].noise.items():
            sums[name] = sums.get(name, 0.0) + weight * noise
    shape = values[frozenset()].mean.shape
    return np.sqrt(sum((np.square(noise).sum(axis=0) for noise in sums.values()), np.zeros(shape)))


def _joined(played: Game) -> tuple[str, ...]:
    """Why some parts are told as one."""
    if not played.together:
        return ()
    names = ", ".join(played.together[:-1]) + f" and {played.together[-1]}"
    return (f"{names.capitalize()} cannot be told apart, because {' and '.join(played.notes)}.",)
