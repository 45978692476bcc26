"""The forecasts between two snapshots: what the mixture says with some players as before and the others as now."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from models.change.compare import ROUNDING
from models.change.game import DATA, MODEL, PRIOR, TIME, By, Coalition, Game, draws, game
from models.change.side import Side
from models.change.values import Value, mixed, published, resolved
from models.errors import SnapshotError
from models.forecast.answers import answers
from models.library.answer import Answer
from models.weighting.status import Status

OLD, NEW = 0, 1
NAMES = ("older", "newer")


class Coalitions:
    """Every forecast between two sides, each answer of the engine computed once.

    Parameters
    ----------
    old, new : Side
    by : {"date", "horizon"}

    Attributes
    ----------
    game : Game
    rows : tuple of int
        Years whose end is asked about, or horizons.
    left_out : tuple of str
        Why some horizons are not there, a plain sentence each.

    Raises
    ------
    SnapshotError
        No row is left.
    """

    def __init__(self, old: Side, new: Side, by: By) -> None:
        self.sides, self.by = (old, new), by
        self._models = lru_cache(maxsize=4)(self._answers)
        self._published = tuple(published(side.snapshot, index) for index, side in enumerate(self.sides))
        self._same_draws = draws(old) == draws(new)
        self.obstacles = tuple(
            f"the {NAMES[index]} snapshot {text}" for index in (OLD, NEW) if (text := self._why(index))
        )
        self.game: Game = game(old, new, by, self.obstacles)
        self._years = tuple(side.snapshot.reference_date.year for side in self.sides)
        self.rows, self.left_out = self._answerable()
        if not self.rows:
            raise SnapshotError(
                f"got forecasts of {self._years[OLD]} and {self._years[NEW]}, expected a year-end that both can answer "
                f"for; compare {'the same horizons' if by == 'date' else 'forecasts less far apart'}"
            )

    def value(self, players: Coalition) -> Value:
        """The forecast with these players as in the newer snapshot."""
        mixture = self._mixture(players)
        places = [self._place(players, row) for row in self.rows]
        mean = np.stack([mixture.mean[at] if at >= 0 else self._label(players, year) for at, year in places])
        keep = np.array([at >= 0 for at, _ in places])
        index = np.array([max(at, 0) for at, _ in places])
        noise = {name: blocks[:, index] * keep[:, None] for name, blocks in mixture.noise.items()}
        return Value(mean=mean, noise=noise, status=mixture.status if keep.any() else Status.EXACT)

    def _mixture(self, players: Coalition) -> Value:
        mixing = {self.game.owner, PRIOR, MODEL} & set(self.game.changed)
        if self.obstacles:
            return self._published[NEW if mixing & players else OLD]
        return self._mixed(self._library(players), int(PRIOR in players), int(MODEL in players))

    def _library(self, players: Coalition) -> int:
        return OLD if self._same_draws else int(self.game.owner in players)

    def _mixed(self, library: int, beliefs: int, weights: int) -> Value:
        return mixed(self._models(library, beliefs), self.sides[weights].snapshot.model_weights, library)

    def _answers(self, library: int, beliefs: int) -> Mapping[str, Answer]:
        side = self.sides[library]
        return answers(side.evidence, side.library, self.sides[beliefs].assumptions)

    def _why(self, index: int) -> str:
        """Why a side cannot be asked again. Its own numbers must come out of it first."""
        if reason := self.sides[index].obstacle:
            return reason
        missed = np.abs(self._mixed(index, index, index).mean - self._published[index].mean).max()
        return "" if missed <= ROUNDING else "publishes other numbers than this program computes from what it carries"

    def _place(self, players: Coalition, row: int) -> tuple[int, int]:
        """Place among the horizons of the coalition's draws, below 0 for a year-end that they know, and its year."""
        side = int(self.game.owner in players)
        when = side if self.game.owner == TIME else int(TIME in players)
        year = row if self.by == "date" else self._years[when] + row
        return year - self._years[side] - self.sides[side].horizons[0], year

    def _label(self, players: Coalition, year: int) -> np.ndarray:
        return resolved(self.sides[int(self.game.owner in players)], year)

    def _answerable(self) -> tuple[tuple[int, ...], tuple[str, ...]]:
        if self.by == "date":
            ends = ({year + h for h in side.horizons} for side, year in zip(self.sides, self._years, strict=True))
            return tuple(sorted(set.intersection(*ends))), ()
        whys = {row: self._why_not(row) for row in sorted({*self.sides[OLD].horizons} & {*self.sides[NEW].horizons})}
        notes = tuple(
            f"{row} year{'' if row == 1 else 's'} ahead is left out: {why}" for row, why in whys.items() if why
        )
        return tuple(row for row, why in whys.items() if not why), notes

    def _why_not(self, horizon: int) -> str:
        """Why a horizon cannot be split, over every pair of draws and day that the coalitions need."""
        both = (frozenset(), frozenset({DATA}), frozenset({TIME}), frozenset({DATA, TIME}))
        for players in both if self.game.owner == DATA else ():
            at, year = self._place(players, horizon)
            name = NAMES[int(DATA in players)]
            if at >= len(self.sides[int(DATA in players)].horizons):
                return f"the {name} data would be asked for {year}, further ahead than they answer."
            if at < 0 and self._label(players, year) is None:
                return f"the state at the end of {year} is not known from the {name} data."
        return ""
