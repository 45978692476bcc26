"""Simulated ledgers of one model, and what they say: each signpost's chance in every one of them, and its states.

Given a ledger and its rows the answers are independent, so a chance given what was observed is a weighted mean over
ledgers: nothing is filtered, and nothing runs out (docs/decisions/0022).
"""

from dataclasses import field

import numpy as np

from data.values import frozen, settle
from models.measures.readings import Readings
from models.measures.simulated import Simulated
from models.names import STATES
from models.outcome.rule import OutcomeRule, classify
from models.outcome.signpost_list import Signpost
from models.signposts.composition import countable, shares, usual_share
from models.signposts.constants import SignpostStructure
from models.signposts.rates import Rates, YearlyRows, yes_of
from models.signposts.windows import Coming
from models.weighting.noise import Blocks


@frozen(eq=False)
class SimulatedFutures:
    """Simulated ledgers of one model, and what they say of every open signpost.

    Attributes
    ----------
    simulated : Simulated
    labels : ndarray of int8, shape (ledger, horizon)
        Codes of the states; the ledgers of a draw are consecutive.
    exposure : ndarray of float32, shape (signpost, ledger)
        Rows that the question's window will bring, per unit, as far as the ledger has their kind; 0 or 1 for a break
        act: whether there is one.
    yes : ndarray of float64, shape (signpost, ledger)
        Chance of a recorded yes given the ledger.
    blocks : Blocks
        Of the draws.
    codes : ndarray of int, shape (horizon, ledger)
        State, and whether rupture and deeper cooperation have come at least once, as one number (`OUTCOMES_OF`).
    """

    simulated: Simulated
    labels: np.ndarray
    exposure: np.ndarray
    yes: np.ndarray
    blocks: Blocks
    codes: np.ndarray = field(init=False)
    _cells: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        codes, starts = outcome_codes(self.labels), self.blocks.starts
        sizes = np.diff(np.append(starts, self.simulated.year_means.shape[0])) * self.per_draw
        settle(self, codes=codes, _cells=np.repeat(np.arange(starts.size) * len(OUTCOMES_OF), sizes) + codes)
        for values in (self.labels, self.exposure, self.yes, self.codes, self._cells):
            values.flags.writeable = False

    @property
    def per_draw(self) -> int:
        """Ledgers that a draw keeps."""
        return self.simulated.year_means.shape[1]

    def weights(self, draws: np.ndarray) -> np.ndarray:
        """Weight of each ledger from those of the draws, shape (ledger,)."""
        return np.repeat(draws / self.per_draw, self.per_draw)

    def tables(self, weights: np.ndarray) -> np.ndarray:
        """Weight of the ledgers in which each outcome has come true, block by block, shape (block, horizon, outcome).

        Parameters
        ----------
        weights : ndarray, shape (ledger,)
        """
        blocks, codes = self.blocks.starts.size, len(OUTCOMES_OF)
        sums = [np.bincount(cells, weights=weights, minlength=blocks * codes) for cells in self._cells]
        return np.stack([part.reshape(blocks, codes) @ OUTCOMES_OF for part in sums], axis=1)


OUTCOMES_OF = np.array(
    [
        [*(state == code for code in range(len(STATES))), rupture, deeper]
        for state in range(len(STATES))
        for rupture in (False, True)
        for deeper in (False, True)
    ],
    dtype=float,
)
"""Which outcomes hold under each code of `SimulatedFutures.codes`, shape (code, outcome)."""


def outcome_codes(labels: np.ndarray) -> np.ndarray:
    """`SimulatedFutures.codes` of states (ledger, horizon)."""
    ever = [np.logical_or.accumulate(labels == code, axis=1) for code in (0, len(STATES) - 1)]
    return np.ascontiguousarray((4 * labels.astype(np.intp) + 2 * ever[0] + ever[1]).T)


@frozen(eq=False)
class Futures:
    """What every model's simulated ledgers are asked about, and how.

    Attributes
    ----------
    signposts : tuple of Signpost
    seen : tuple of int
        Rows that count already for each of them.
    rates : Rates
    record : YearlyRows
    coming : Coming
    readings : Readings
        Of the ledger that was continued.
    rule : OutcomeRule
        By which simulated years are labelled.
    hearing : float
        How loudly a simulated year's composition is heard, 0 to 1.
    structure : SignpostStructure
    """

    signposts: tuple[Signpost, ...]
    seen: tuple[int, ...]
    rates: Rates
    record: YearlyRows
    coming: Coming
    readings: Readings
    rule: OutcomeRule
    hearing: float
    structure: SignpostStructure

    def of(self, simulated: Simulated, blocks: Blocks) -> SimulatedFutures:
        """The answers of one model's ledgers.

        Parameters
        ----------
        blocks : Blocks
            Of its draws.
        """
        ledgers = simulated.ledgers
        counts = ledgers.counts.reshape(-1, *ledgers.counts.shape[2:])
        broken = ledgers.broken.reshape(-1, ledgers.broken.shape[-1])
        means = simulated.year_means.reshape(broken.shape).astype(float)
        depth = self.record.depth(self.structure)
        rows = self.coming.rows(depth, len(broken), self.structure) / self.structure.unit
        exposure = np.empty((len(self.signposts), len(broken)), dtype=np.float32)
        heard: dict[bytes, np.ndarray] = {}
        for index, signpost in enumerate(self.signposts):
            left = self.coming.open_to(signpost)
            if signpost.asks_for_a_break:
                exposure[index] = broken[:, left > 0].any(axis=1)
                continue
            key = countable(signpost).tobytes() + signpost.family.encode()
            if key not in heard:
                heard[key] = rows * self._heard(signpost, counts)
            exposure[index] = heard[key] @ left
        yes = np.array([self._yes(index, exposure[index]) for index in range(len(self.signposts))], dtype=float)
        labels = path_labels(self.readings.recent_means, means, broken, self.rule)
        return SimulatedFutures(simulated=simulated, labels=labels, exposure=exposure, yes=yes, blocks=blocks)

    def _heard(self, signpost: Signpost, counts: np.ndarray) -> np.ndarray:
        """What each simulated year's composition makes of its rows, shape (ledger, year); mean 1 at the usual one."""
        years = counts.shape[:2]
        if signpost.family == "context" or not self.hearing:
            return np.ones(years)
        cells = countable(signpost)
        share, usual = shares(cells, counts), usual_share(cells, self.readings, self.structure)
        heard, mean = share**self.hearing, share.mean(axis=0)
        level = (mean / usual) ** self.hearing if usual > 0 else np.ones(years[1])
        average = heard.mean(axis=0)
        return np.where(average > 0, heard * (level / np.where(average > 0, average, 1.0)), 1.0)

    def _yes(self, index: int, exposure: np.ndarray) -> np.ndarray:
        signpost = self.signposts[index]
        if signpost.asks_for_a_break:
            return yes_of(signpost, 1 - exposure)
        return yes_of(signpost, self.rates.fewer(index, exposure, signpost.rule.min_count - self.seen[index]))


def path_labels(before: np.ndarray, means: np.ndarray, broken: np.ndarray, rule: OutcomeRule) -> np.ndarray:
    """State of every simulated year-end, int8, shape (ledger, year).

    Parameters
    ----------
    before : ndarray, shape (memory_years - 1,)
        Means of the years before the simulated ones.
    means : ndarray, shape (ledger, year)
    broken : ndarray of bool, same shape
    """
    whole = np.concatenate([np.broadcast_to(before, (len(means), before.size)), means], axis=1)
    windows = np.lib.stride_tricks.sliding_window_view(whole, rule.memory_years, axis=1)
    return classify(windows, broken, rule).astype(np.int8)
