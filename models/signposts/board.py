"""Everything that is asked of one library, made once: each signpost's chance in every simulated ledger, and its states.

Given a ledger and its rows the answers are independent, so a chance given what was observed is a weighted mean over
ledgers: nothing is filtered, and nothing runs out (shared design notes, signposts, section B).
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from types import MappingProxyType
from typing import Self

import numpy as np

from data.types import Evidence
from data.values import frozen, settle
from models.errors import MissingFitError
from models.library.library import Library
from models.measures.readings import Readings, read_ledger
from models.measures.simulated import Simulated
from models.names import MODEL_M1, MODEL_M3, STATES
from models.outcome.rule import OutcomeRule, classify
from models.outcome.signpost_list import SIGNPOSTS, Signpost
from models.outcome.signposts import OPEN, SignpostResolution, resolve_signposts
from models.signposts.composition import TypicalRow, countable, shares, usual_share
from models.signposts.constants import SIGNPOSTS_1, SignpostStructure
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
class Board:
    """All signposts before one library.

    Attributes
    ----------
    answers : tuple of SignpostResolution
        What the record so far says to every signpost of the list, in its order.
    open : tuple of Signpost
        Those that have a chance: not settled, and with a deadline among the simulated years.
    rows : tuple of TypicalRow
        What the act of each open one would leave in the ledger.
    record : YearlyRows
        Of the open ones.
    rates : Rates
    coming : Coming
    futures : Mapping[str, SimulatedFutures]
        By the id of each model that simulates ledgers.
    readings : Readings
        Of the ledger that was continued.
    hearing : float
        How loudly a simulated year's composition is heard, 0 to 1.
    """

    answers: tuple[SignpostResolution, ...]
    open: tuple[Signpost, ...]
    rows: tuple[TypicalRow, ...]
    record: YearlyRows
    rates: Rates
    coming: Coming
    futures: Mapping[str, SimulatedFutures]
    readings: Readings
    rule: OutcomeRule
    structure: SignpostStructure
    hearing: float
    _places: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        places = {signpost.id: index for index, signpost in enumerate(self.open)}
        settle(self, futures=MappingProxyType(dict(self.futures)), _places=MappingProxyType(places))

    @classmethod
    def of(
        cls,
        evidence: Evidence,
        library: Library,
        signposts: Sequence[Signpost] = SIGNPOSTS,
        hearing: float | None = None,
        structure: SignpostStructure = SIGNPOSTS_1,
    ) -> Self:
        """Ask a library's ledgers about every open signpost; a second or two, hence once a library.

        Parameters
        ----------
        hearing : float, optional
            Other than the structure's own.

        Raises
        ------
        MissingFitError
            The library keeps no simulated ledgers (one of before 2026-11-28).
        """
        if library.simulated is None:
            raise MissingFitError(
                f"got the library {library.key[:12]} without simulated ledgers, expected one that keeps them; without "
                "these no signpost has a chance: take the present library"
            )
        answers = resolve_signposts(evidence.events, evidence.as_of, signposts)
        coming = Coming.after(evidence.as_of, structure)
        asked = tuple(
            answer.signpost for answer in answers if answer.status == OPEN and coming.open_to(answer.signpost).any()
        )
        record = YearlyRows.of(evidence.events, asked, evidence.as_of, structure)
        rates = Rates.of(record, [signpost.family for signpost in asked], structure)
        readings, rule = read_ledger(evidence, library.provenance.rule), library.provenance.rule
        heard = structure.hearing if hearing is None else hearing
        maker = _Maker(
            signposts=asked,
            seen=tuple(_seen(signpost, evidence) for signpost in asked),
            rates=rates,
            record=record,
            coming=coming,
            readings=readings,
            rule=rule,
            hearing=heard,
            structure=structure,
        )
        futures = {MODEL_M1: maker.futures(library.simulated, library.blocks)}
        if library.members is not None and library.members.regimes[0].simulated is not None:
            joined = Simulated.joined([fit.simulated for fit in library.members.regimes])
            futures[MODEL_M3] = maker.futures(joined, library.members.regimes_blocks)
        return cls(
            answers=answers,
            open=asked,
            rows=tuple(TypicalRow.of(signpost, evidence.events) for signpost in asked),
            record=record,
            rates=rates,
            coming=coming,
            futures=futures,
            readings=readings,
            rule=rule,
            structure=structure,
            hearing=heard,
        )

    @property
    def settled(self) -> Mapping[str, str]:
        """Yes or no by id, of the signposts that the record so far answers."""
        return {a.signpost.id: a.status for a in self.answers if a.status in ("yes", "no")}

    def index(self, identifier: str) -> int:
        """Position of an open signpost; KeyError for another."""
        return self._places[identifier]

    def horizon(self, signpost: Signpost) -> int:
        """Position of the year-end of the signpost's deadline, of the last simulated one if it lies beyond."""
        return min(signpost.deadline.year - self.coming.years[0], len(self.coming.years) - 1)


@frozen
class _Maker:
    """What the futures of every model are made from."""

    signposts: tuple[Signpost, ...]
    seen: tuple[int, ...]
    rates: Rates
    record: YearlyRows
    coming: Coming
    readings: Readings
    rule: OutcomeRule
    hearing: float
    structure: SignpostStructure

    def futures(self, simulated: Simulated, blocks: Blocks) -> SimulatedFutures:
        """Of one model's ledgers."""
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


def _seen(signpost: Signpost, evidence: Evidence) -> int:
    """Rows of an open window that count already, fewer than settle the question."""
    window = (e for e in evidence.events if signpost.opens < e.latest_date <= signpost.deadline)
    return sum(signpost.rule.matches(event) for event in window)
