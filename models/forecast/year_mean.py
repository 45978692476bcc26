"""The second target: a coming year's own mean, as a distribution and in three words against the tone before it."""

from collections.abc import Mapping
from typing import Self

import numpy as np

from data.days import last_whole_year
from data.types import Evidence
from data.values import frozen
from models.errors import StaleFitError
from models.forecast.opinions import REACHED
from models.library.answer import Answer
from models.library.known import Known
from models.library.library import Library
from models.names import QUANTILE_LEVELS, YEAR_WORDS
from models.outcome.rule import OutcomeRule, rule_of, tone, yearly_readings
from models.weighting.noise import standard_error

FINENESS = 0.01
"""Width of a cell of the grid, about: quantiles are read between its edges, and ten times finer than the noise."""
LOWEST, HIGHEST = -10.0, 10.0
"""Of an act, and so of a year."""


@frozen
class Yardstick:
    """What a year is held against, and the grid that follows: both cuts between the words are edges of cells.

    Attributes
    ----------
    tone : float
        Over the rule's memory, at the last year-end.
    cuts : (float, float)
        Year's mean less the tone: below the first it is worse, above the second better.
    """

    tone: float
    cuts: tuple[float, float]

    @classmethod
    def of(cls, evidence: Evidence, rule: OutcomeRule) -> Self | None:
        """At the reference date; None where no year in memory has an event, or where the rule has no words."""
        year = last_whole_year(evidence.as_of)
        value = tone(yearly_readings(evidence.events, year - rule.memory_years + 1, year, rule)[0], rule)
        return cls(tone=float(value), cuts=rule.word_cuts) if rule.word_cuts and np.isfinite(value) else None

    @property
    def width(self) -> float:
        """Of a cell."""
        return (self.cuts[1] - self.cuts[0]) / (self.edges[1] - self.edges[0])

    @property
    def edges(self) -> tuple[int, int, int]:
        """First cell that is not worse, first that is better, and how many there are."""
        between = max(1, round((self.cuts[1] - self.cuts[0]) / FINENESS))
        width = (self.cuts[1] - self.cuts[0]) / between
        below = max(1, int(np.ceil((self.tone + self.cuts[0] - LOWEST) / width)))
        above = max(1, int(np.ceil((HIGHEST - self.tone - self.cuts[1]) / width)))
        return below, below + between, below + between + above

    def words(self, means: np.ndarray) -> np.ndarray:
        """Position of each year's word in `models.names.YEAR_WORDS`, in the shape of the means."""
        difference = np.asarray(means, dtype=float) - self.tone
        return (difference >= self.cuts[0]).astype(np.intp) + (difference > self.cuts[1])

    def cells(self, means: np.ndarray) -> np.ndarray:
        """Cell of each year's mean, in the shape of the means; never across a cut from its word."""
        first, better, size = self.edges
        place = np.floor((np.asarray(means, dtype=float) - self.tone - self.cuts[0]) / self.width) + first
        word = self.words(means)
        return np.clip(place, np.array([0, first, better])[word], np.array([first, better, size])[word] - 1).astype(int)

    def word_masses(self, masses: np.ndarray) -> np.ndarray:
        """Mass of each word from those of the cells (cell, ...), shape (..., word)."""
        first, better, _ = self.edges
        parts = masses[:first], masses[first:better], masses[better:]
        return np.stack([part.sum(axis=0) for part in parts], axis=-1)

    def quantiles(self, masses: np.ndarray) -> np.ndarray:
        """Quantiles at `models.names.QUANTILE_LEVELS` of each column of masses (cell, column), (column, level).

        Between the edges of a cell its mass counts as spread evenly, so that quantiles never cross.
        """
        lowest, width = self.tone + self.cuts[0] - self.edges[0] * self.width, self.width
        answers = []
        for column in masses.T:
            cumulated = np.cumsum(column)
            wanted = np.array(QUANTILE_LEVELS) * cumulated[-1]
            cell = np.searchsorted(cumulated, REACHED * wanted)
            inside = np.clip(1 - (cumulated[cell] - wanted) / column[cell], 0, 1)
            answers.append(np.clip(lowest + (cell + inside) * width, LOWEST, HIGHEST))
        return np.stack(answers)


def yardstick_of(evidence: Evidence, library: Library) -> Yardstick | None:
    """The yardstick of a forecast from a library, under the library's rule; None where no years were simulated."""
    if library.year_means is None:
        return None
    rule = rule_of(library.provenance.rule_digest)
    return _YARDSTICKS.of(library.year_means, lambda: Yardstick.of(evidence, rule), evidence.digest, rule)


@frozen(eq=False)
class YearOpinion:
    """What a model, or the mixture, says of the years' own means.

    Attributes
    ----------
    yardstick : Yardstick
    masses : ndarray, shape (cell, horizon)
        Chance of each cell of the grid; columns sum to 1.
    mcse : ndarray, shape (horizon, word)
        Monte Carlo standard error of the chances of the words.
    """

    yardstick: Yardstick
    masses: np.ndarray
    mcse: np.ndarray

    @classmethod
    def of(cls, answer: Answer, yardstick: Yardstick) -> Self:
        """From a model's weighted draws."""
        return _SAID.of(answer.noise, lambda: cls._of(answer, yardstick), yardstick)

    @classmethod
    def _of(cls, answer: Answer, yardstick: Yardstick) -> Self:
        years, weights = GriddedYears.of(answer.year_means, yardstick), answer.weights.values
        size, ledgers = yardstick.edges[2], len(years.cells)
        masses = np.zeros((years.cells.shape[1], size))
        for ledger in years.cells:
            for horizon, column in enumerate(ledger):
                masses[horizon] += np.bincount(column, weights=weights, minlength=size)
        noise = answer.beside if answer.beside is not None else answer.blocks.of_mean(years.shares, weights)
        noise = noise.reshape(-1, 2, len(masses))
        worse, better = noise[:, 0], noise[:, 1]
        errors = standard_error(np.stack([worse, -worse - better, better], axis=-1))
        return cls(yardstick=yardstick, masses=masses.T / ledgers, mcse=errors)

    @property
    def quantiles(self) -> np.ndarray:
        """At `models.names.QUANTILE_LEVELS`, shape (horizon, level), on the scale of the acts."""
        return self.yardstick.quantiles(self.masses)

    @property
    def words(self) -> np.ndarray:
        """Chances of `models.names.YEAR_WORDS`, shape (horizon, word)."""
        return self.yardstick.word_masses(self.masses)


def year_opinions(
    answers: Mapping[str, Answer], shares: Mapping[str, float], yardstick: Yardstick | None, mixture: str
) -> Mapping[str, YearOpinion]:
    """What the models that simulate ledgers say, and their mixture under the name `mixture` before them.

    The others' shares fall to these in proportion: a model that says nothing of a year's mean cannot be mixed in. Where
    none of them has a share there is no mixture, and where nothing was simulated there is nothing.
    """
    simulating = [model for model, answer in answers.items() if answer.year_means is not None]
    if yardstick is None or not simulating:
        return {}
    said = {model: YearOpinion.of(answers[model], yardstick) for model in simulating}
    weighed = renormalised(shares, simulating)
    if not weighed:
        return said
    pooled = YearOpinion(
        yardstick=yardstick,
        masses=sum(share * said[model].masses for model, share in weighed.items()),
        mcse=np.sqrt(sum(np.square(share * said[model].mcse) for model, share in weighed.items())),
    )
    return {mixture: pooled, **said}


def renormalised(shares: Mapping[str, float], models: list[str]) -> Mapping[str, float]:
    """Shares of some of the models among themselves; those without one are left out, and nothing is left of none."""
    present = {model: shares[model] for model in models if shares[model] > 0}
    return {model: share / sum(present.values()) for model, share in present.items()}


@frozen(eq=False)
class GriddedYears:
    """Simulated years by the cells of one yardstick, made once of the same draws.

    Attributes
    ----------
    cells : ndarray of int, shape (ledger, horizon, sample)
    shares : ndarray, shape (sample, 2 * horizon)
        Share of each draw's ledgers in which the year is worse, then in which it is better.
    """

    cells: np.ndarray
    shares: np.ndarray

    @classmethod
    def of(cls, year_means: np.ndarray, yardstick: Yardstick) -> Self:
        """From means (sample, ledger, horizon).

        Raises
        ------
        StaleFitError
            A simulated year without a mean.
        """
        return _GRIDDED.of(year_means, lambda: cls._made(year_means, yardstick), yardstick)

    @classmethod
    def _made(cls, year_means: np.ndarray, yardstick: Yardstick) -> Self:
        if not np.all(np.isfinite(year_means)):
            raise StaleFitError("got a simulated year without a mean, expected one for every draw; build the fit again")
        words = yardstick.words(year_means)
        ends = [(words == YEAR_WORDS.index(word)).mean(axis=1) for word in (YEAR_WORDS[0], YEAR_WORDS[-1])]
        cells = yardstick.cells(year_means).transpose(1, 2, 0)
        return cls(cells=np.ascontiguousarray(cells, dtype=np.int32), shares=np.asfortranarray(np.hstack(ends)))


_YARDSTICKS: Known[Yardstick | None] = Known()
_GRIDDED: Known[GriddedYears] = Known()
_SAID: Known[YearOpinion] = Known()
"""By the noise, which every answer has for itself: M3's answer is the same as long as its own knob stays."""
