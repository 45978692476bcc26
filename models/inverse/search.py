"""The inverse question: the least move of one lever, and of all together, that reaches a goal.

Distances are in prior standard deviations of each lever (`models.inverse.levers`). What comes out is a setting on the
sliders' own grid, whose number the engine has published like any other.
"""

from collections.abc import Sequence
from dataclasses import field

import numpy as np

from data.types import Evidence
from data.values import frozen, settle
from models.assumptions.setting import Assumptions
from models.forecast.libraries import best_forecast
from models.forecast.results import Forecast, make_forecast
from models.inverse.chance import Chance
from models.inverse.climb import Climb
from models.inverse.goal import Goal
from models.inverse.levers import Lever, Levers, lever_keys
from models.inverse.watch import Watch
from models.library.library import Library
from models.weighting.status import Status

CHECKED = 4
"""Levers whose answer is computed in full: the nearest ones, which a reader chooses from."""
WALK = 8
"""Steps of a slider by which a line may be wrong about where the goal is reached."""
THERE = 0.0005
"""A goal is asked to a tenth of a per cent: nearer than half of that it holds already."""
ROUNDED = 2e-6
"""Published numbers have six decimals, and the likeliest of four is what the others leave."""
ALONE_SHARE = 0.4
"""Of the progress: all levers one by one, before they are moved together."""


@frozen
class Move:
    """One lever's part in a shift.

    Attributes
    ----------
    start, end : float
        The knob's value before and after.
    sds : float
        Signed distance, in sds of its own prior.
    alone : float
        The goal's probability with this move and no other.
    """

    key: str
    start: float
    end: float
    sds: float
    alone: float


@frozen
class Shift:
    """What it takes to reach a goal.

    Attributes
    ----------
    keys : tuple of str
        The levers that were allowed to move.
    assumptions : Assumptions
        The nearest setting found that reaches the goal, or the one that comes nearest to the goal.
    moves : tuple of Move
        What moves, the furthest first.
    sds : float
        Euclidean length of all moves, in sds.
    probability : float
        Of the goal's outcome there, as published.
    reached : bool
    status : Status
        The engine's badge of that forecast.
    """

    keys: tuple[str, ...]
    assumptions: Assumptions
    moves: tuple[Move, ...]
    sds: float
    probability: float
    reached: bool
    status: Status


@frozen
class Alone:
    """What single levers can do.

    Attributes
    ----------
    shifts : tuple of Shift
        The nearest that reach the goal, the best first; where none does, the one that comes nearest.
    able, of : int
        Levers that can reach it inside their ranges, of how many.
    """

    shifts: tuple[Shift, ...]
    able: int
    of: int


@frozen
class Search:
    """A search from one setting towards one goal.

    Attributes
    ----------
    evidence : Evidence
    libraries : tuple of Library
        The committed one, then others that may answer where it cannot.
    start : Assumptions
    goal : Goal
    keys : tuple of str
        Levers; all of them when empty.
    watch : Watch
    now : float
        The goal's published probability at the start.

    Raises
    ------
    AssumptionError
        The goal is about a year-end that the forecast does not speak of.
    """

    evidence: Evidence
    libraries: tuple[Library, ...]
    start: Assumptions
    goal: Goal
    keys: tuple[str, ...] = ()
    watch: Watch = field(default_factory=Watch)
    now: float = field(init=False)
    levers: Levers = field(init=False)
    _chance: Chance = field(init=False)

    def __post_init__(self) -> None:
        reference = self.libraries[0].provenance.reference_date
        self.goal.require_open(reference)
        self.watch.step(0.0, "Reading what every lever does.")
        forecast = self._published(self.start)
        library = next(each for each in self.libraries if each.key == forecast.library_key)
        levers = Levers(start=self.start, keys=self.keys or lever_keys(self.start))
        chance = Chance(
            evidence=self.evidence,
            library=library,
            levers=levers,
            column=self.goal.column(reference),
            shares=forecast.model_weights,
        )
        settle(self, keys=levers.keys, levers=levers, now=self._of(forecast), _chance=chance)

    @property
    def there(self) -> bool:
        """Whether the goal is the present chance already."""
        return abs(self.now - self.goal.probability) < THERE

    def alone(self) -> Alone:
        """What each lever can do by itself: all of them nearly, the nearest in full."""
        nearest = []
        for done, lever in enumerate(self.levers.all):
            self.watch.step(ALONE_SHARE * (done + 1) / (len(self.keys) + CHECKED), f"Moving {lever.knob.label} alone.")
            line = self._chance.line(lever)
            row = self._nearest(lever, line)
            far = abs(lever.distance(lever.grid[row], self.start.values[lever.knob.key]))
            nearest.append((self._reaches(line[row]), far, abs(line[row] - self.goal.probability), lever, line))
        nearest.sort(key=lambda each: (not each[0], each[1] if each[0] else each[2]))
        able = sum(each[0] for each in nearest)
        shifts = [self._along(lever, line) for *_, lever, line in nearest[: max(1, min(able, CHECKED))]]
        return Alone(shifts=tuple(sorted(shifts, key=self._rank)), able=able, of=len(self.keys))

    def along(self, key: str) -> Shift:
        """The least move of one lever, whichever way; the value that comes nearest where none reaches the goal."""
        lever = Lever.of(self.start.knobs[key])
        return self._along(lever, self._chance.line(lever))

    def jointly(self, singles: Sequence[Shift] = ()) -> Shift:
        """The least move of all levers together, or the one that comes nearest to a goal out of reach.

        Parameters
        ----------
        singles : sequence of Shift
            Answers of single levers: further places to begin, and better ones where none is found.
        """
        reaching = [self.levers.point(shift.assumptions) for shift in singles if shift.reached]
        climb = Climb(
            levers=self.levers, chance=self._chance, goal=self.goal.probability, now=self.now, told=self._told
        )
        setting = climb.least(reaching[:1])
        return min((self._shift(setting), *singles), key=self._rank)

    def _nearest(self, lever: Lever, line: np.ndarray) -> int:
        """Row of the nearest value that reaches the goal by the line, or of the one that comes nearest to it."""
        reaching = [row for row in range(line.size) if self._reaches(line[row])]
        if not reaching:
            return int(np.abs(line - self.goal.probability).argmin())
        here = self.start.values[lever.knob.key]
        return min(reaching, key=lambda row: abs(lever.distance(lever.grid[row], here)))

    def _along(self, lever: Lever, line: np.ndarray) -> Shift:
        """A line's answer made good: outward until the goal is reached, or inward as long as it still is."""
        row, grid = self._nearest(lever, line), lever.grid
        here = int(np.abs(grid - self.start.values[lever.knob.key]).argmin())
        outward, last = (1, grid.size - 1) if row >= here else (-1, 0)
        if self._reached_at(lever, grid[row]):
            while row != here and self._reached_at(lever, grid[row - outward]):
                row -= outward
        elif self._reaches(line[row]):
            rows = range(row + outward, last + outward, outward)[:WALK]
            row = next((further for further in rows if self._reached_at(lever, grid[further])), row)
        return self._shift(self.start.replace({lever.knob.key: float(grid[row])}))

    def _reached_at(self, lever: Lever, value: float) -> bool:
        self.watch.step(self.watch.share, f"Moving {lever.knob.label} alone.")
        return self._reaches(self._chance.at({**self.start.values, lever.knob.key: float(value)}))

    def _told(self, share: float, message: str) -> None:
        self.watch.step(ALONE_SHARE + (1 - ALONE_SHARE) * share, message)

    def _published(self, setting: Assumptions) -> Forecast:
        return best_forecast(self.libraries, lambda library: make_forecast(self.evidence, library, setting))

    def _of(self, forecast: Forecast) -> float:
        return forecast.probability(self.goal.target, self.goal.horizon, self.goal.outcome)

    def _shift(self, setting: Assumptions) -> Shift:
        """A setting with its published number and what every move in it would do alone."""
        self.watch.step(self.watch.share, "Publishing the numbers of the answer.")
        forecast, point = self._published(setting), self.levers.point(setting)
        probability = self._of(forecast)
        moved = [key for key in self.keys if setting.values[key] != self.start.values[key]]
        sds = dict(zip(self.keys, point.tolist(), strict=True))
        moves = [
            Move(
                key=key,
                start=self.start.values[key],
                end=setting.values[key],
                sds=sds[key],
                alone=probability if len(moved) == 1 else self._alone_at(key, setting.values[key]),
            )
            for key in sorted(moved, key=lambda key: -abs(sds[key]))
        ]
        return Shift(
            keys=self.keys,
            assumptions=setting,
            moves=tuple(moves),
            sds=float(np.linalg.norm(point)),
            probability=probability,
            reached=self._reaches(probability),
            status=forecast.status,
        )

    def _alone_at(self, key: str, value: float) -> float:
        self.watch.step(self.watch.share, "What each move would do alone.")
        return self._chance.at({**self.start.values, key: value})

    def _rank(self, shift: Shift) -> tuple[bool, bool, float]:
        """The smallest first; those that only a refit could confirm and those that miss the goal come last."""
        missed = abs(shift.probability - self.goal.probability)
        return not shift.reached, shift.status == Status.POOR, shift.sds if shift.reached else missed

    def _reaches(self, probability: float) -> bool:
        goal = self.goal.probability
        return bool(probability >= goal - ROUNDED if goal >= self.now else probability <= goal + ROUNDED)
