"""Why do two forecasts differ? The change of each state's probability, split into data, prior, model and passing time.

Every player can be as in the older snapshot or as in the newer one, which makes sixteen forecasts; a player's part is
its Shapley value in that game (docs/decisions/0008-shapley.md).
"""

from collections.abc import Hashable, Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from data.days import is_year_end
from data.errors import ConjunctionError
from data.values import frozen
from models.change.across import Chain, bridge_note
from models.change.bridge import FOLDER, Bridge, load_bridge
from models.change.coalitions import NEW, OLD, Coalitions
from models.change.compare import question_changed
from models.change.game import BRIDGE, BY, DATA, PLAYERS, By, Game, coalitions, shapley_coefficients
from models.change.side import Side
from models.change.values import Value
from models.errors import SnapshotError
from models.names import STATES
from models.outcome.rule import RULES, rule_of
from models.weighting.status import Status

TOGETHER = "together"
PARTS = (*PLAYERS, BRIDGE, TOGETHER)
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
        ``together``, which is NaN when all can be separated. ``bridge``, rule and structure at once, is NaN where both
        were asked under one rule.
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


def split(old: Side, new: Side, by: By = "date", bridges: Path = FOLDER) -> Split:
    """Split the change of the published mixture's state probabilities.

    Parameters
    ----------
    old, new : Side
    by : {"date", "horizon"}
        "date": the same year-ends, so that passing time has no part unless nothing else can have moved them.
        "horizon": as many year-ends ahead, where time moves the day that is asked about.
    bridges : Path
        Folder of the fits that lead from one outcome rule to another.

    Raises
    ------
    SnapshotError
        Another `by`, or no year-end that every forecast between the two can answer for.
    """
    if by not in BY:
        raise SnapshotError(f"got by={by!r}, expected one of {', '.join(BY)}; correct it")
    between = Coalitions(old, new, by)
    changed = old.snapshot.rule.digest != new.snapshot.rule.digest
    if changed and not between.obstacles:
        return _across(old, new, by, bridges)
    question = (question_changed(old.snapshot, new.snapshot),) if changed else ()
    groups = between.game.groups
    names = tuple(TOGETHER if len(group) > 1 else next(iter(group)) for group in groups)
    members = dict(zip(names, groups, strict=True))
    players = {chosen: frozenset().union(*(members[name] for name in chosen)) for chosen in coalitions(names)}
    values = {chosen: between.value(arrived) for chosen, arrived in players.items()}
    whole, nobody = frozenset(names), frozenset()
    ends = {"old": {nobody: 1.0}, "new": {whole: 1.0}, "total": {whole: 1.0, nobody: -1.0} if names else {}}
    return Split(
        by=by,
        table=_table(between, values, ends | shapley_coefficients(names), between.game.together),
        game=between.game,
        statuses={players[chosen]: value.status for chosen, value in values.items()},
        notes=(*_joined(between.game), *_passed(between), *between.left_out, *question),
    )


def _across(old: Side, new: Side, by: By, bridges: Path) -> Split:
    """Between two rules that this program knows, the newer rule's side last: the other way round all signs turn."""
    turned = RULES.index(rule_of(old.snapshot.rule.digest)) > RULES.index(rule_of(new.snapshot.rule.digest))
    sides = (new, old) if turned else (old, new)
    bridge, missing = _bridge(*sides, bridges)
    chain = Chain(*sides, by, bridge, missing)
    first, last = ("old under old", OLD, 0), ("new under new", NEW, 0)
    ends = {"old": {first: 1.0}, "new": {last: 1.0}, "total": {last: 1.0, first: -1.0}}
    together = chain.game.together
    parts = {TOGETHER if cause in together else cause: terms for cause, terms in chain.terms.items()}
    values = {term: chain.value(term) for terms in (*ends.values(), *parts.values()) for term in terms}
    table = _table(chain, values, ends | parts, together)
    notes = (question_changed(old.snapshot, new.snapshot), *_joined(chain.game), *chain.left_out)
    return Split(
        by=by,
        table=_turned(table, new.snapshot.reference_date.year, by) if turned else table,
        game=chain.game,
        statuses={frozenset({str(term)}): value.status for term, value in values.items()},
        notes=notes if bridge is None else (*notes, bridge_note(chain)),
    )


def _bridge(old: Side, new: Side, folder: Path) -> tuple[Bridge | None, str]:
    """The bridge between two sides, or why there is none."""
    if old.evidence.digest == new.evidence.digest:
        return None, ""  # nothing but rule and structure lies between the two
    try:
        bridge = load_bridge(folder, tuple(rule_of(side.snapshot.rule.digest) for side in (old, new)))
    except ConjunctionError as error:
        return None, f"the fits that bridge the two rules are missing: {error}"
    misfit = bridge.misfit(old.snapshot, new.snapshot)
    return (None, f"the stored bridge between the two rules does not lead there: {misfit}") if misfit else (bridge, "")


def _turned(table: pd.DataFrame, reference: int, by: By) -> pd.DataFrame:
    """The way back: what rose falls."""
    signed = {name: -table[name] for name in ("total", *PARTS)}
    swapped = {
        "old": table["new"],
        "new": table["old"],
        "old_error": table["new_error"],
        "new_error": table["old_error"],
    }
    years = pd.to_datetime(table["target_end_date"]).dt.year
    ahead = years - reference if by == "date" else table["horizon"]
    days = [date(reference + int(horizon), 12, 31).isoformat() for horizon in ahead]
    return table.assign(**signed, **swapped, horizon=ahead, target_end_date=days)


def _table[Name: Hashable](
    between: Coalitions | Chain,
    values: Mapping[Name, Value],
    sums: Mapping[str, Mapping[Name, float]],
    together: tuple[str, ...],
) -> pd.DataFrame:
    """Columns by the forecasts that each one is a sum of: both ends, the whole change, and its parts."""
    shape = (len(between.rows), len(STATES))
    absent = {BRIDGE, TOGETHER, *together} - sums.keys()
    columns = {part: np.full(shape, np.nan if part in absent else 0.0) for part in PARTS}
    columns |= {f"{part}_error": columns[part] for part in PARTS}
    for name, terms in sums.items():
        columns[name] = sum((weight * values[term].mean for term, weight in terms.items()), np.zeros(shape))
        columns[f"{name}_error"] = _error(values, terms, shape)
    years, horizons = _asked(between)
    named = {
        "target_end_date": np.repeat([date(year, 12, 31).isoformat() for year in years], len(STATES)),
        "horizon": np.repeat(horizons, len(STATES)),
        "state": np.tile(STATES, len(years)),
    }
    return pd.DataFrame(named | {name: values.ravel() for name, values in columns.items()}, columns=COLUMNS)


def _asked(between: Coalitions | Chain) -> tuple[list[int], list[int]]:
    reference = between.sides[NEW].snapshot.reference_date.year
    horizons = [row - reference if between.by == "date" else row for row in between.rows]
    return [reference + horizon for horizon in horizons], horizons


def _error[Name: Hashable](
    values: Mapping[Name, Value], coefficients: Mapping[Name, float], shape: tuple[int, int]
) -> np.ndarray:
    """Monte Carlo standard error of a weighted sum of values, whose noise meets block by block, shape (row, state)."""
    sums: dict[object, np.ndarray] = {}
    for chosen, weight in coefficients.items():
        for name, noise in values[chosen].noise.items():
            sums[name] = sums.get(name, 0.0) + weight * noise
    return np.sqrt(sum((np.square(noise).sum(axis=0) for noise in sums.values()), np.zeros(shape)))


def _passed(between: Coalitions) -> tuple[str, ...]:
    """That days have passed within a year, where they came with rows and the same year-ends are compared."""
    old, new = (side.snapshot.reference_date for side in between.sides)
    if between.by != "date" or between.game.owner != DATA or old == new or (is_year_end(old) and is_year_end(new)):
        return ()
    return (
        f"The {abs((new - old).days)} days from {old} to {new} are part of the data's: nobody fitted the one day with "
        "the rows of the other. What all rows of a year did together stands beside what single rows did.",
    )


def _joined(played: Game) -> tuple[str, ...]:
    """Why some parts are told as one."""
    if not played.together:
        return ()
    words = [{BRIDGE: "rule and structure"}.get(player, player) for player in played.together]
    names = ", ".join(words[:-1]) + f" and {words[-1]}"
    return (f"{names.capitalize()} cannot be told apart, because {' and '.join(played.notes)}.",)
