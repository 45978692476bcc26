"""What a library keeps of the futures that its draws simulated: whole ledgers, and where each draw stands today."""

from collections.abc import Sequence
from typing import Self

import numpy as np

from data.values import frozen
from models.measures.futures import Ledgers
from models.measures.readings import Readings
from models.storage.arrays import Arrays, rows_of, stacked

PREFIX = "simulated."
STANDING = ("alignment", "space_offset", "cutpoints")
"""Of each draw, in half precision: latent alignment at the reference date, offset of space, cut-points."""


@frozen(eq=False)
class Simulated:
    """Simulated ledgers of every draw of a library or fit.

    Attributes
    ----------
    ledgers : Ledgers
    scale : ndarray, shape (band + 2,)
        Mean intensity of each band, then readings that a break act weighs, then readings of a simulated year.
    year_means : ndarray of float32, shape (sample, ledger, horizon)
        The year's own mean under the outcome rule.
    standing : Mapping of ndarray, shape (sample, ...)
        `STANDING` by name; empty where a model has none of it.
    """

    ledgers: Ledgers
    scale: np.ndarray
    year_means: np.ndarray
    standing: Arrays

    @classmethod
    def of(cls, ledgers: Ledgers, readings: Readings, standing: Arrays) -> Self:
        """Of ledgers written with these readings' bands."""
        number = float(ledgers.counts[0, 0, 0].sum())
        scale = np.array([*readings.band_values, readings.break_readings, number])
        return cls.read(ledgers, scale, {name: values.astype(np.float16) for name, values in standing.items()})

    @classmethod
    def read(cls, ledgers: Ledgers, scale: np.ndarray, standing: Arrays) -> Self:
        """From what is stored."""
        means = ledgers.year_means(scale[:-2], float(scale[-2]))
        return cls(ledgers=ledgers, scale=scale, year_means=means, standing=standing)

    @classmethod
    def of_arrays(cls, arrays: Arrays) -> Self | None:
        """From `arrays` among others; None where there are none."""
        own = {name.removeprefix(PREFIX): values for name, values in arrays.items() if name.startswith(PREFIX)}
        if not own:
            return None
        ledgers = Ledgers.of_flat(own.pop("counts"), own.pop("broken"))
        return cls.read(ledgers, own.pop("scale"), own)

    @property
    def arrays(self) -> Arrays:
        """As they are stored."""
        counts, broken = self.ledgers.flat
        named = {"counts": counts, "broken": broken, "scale": self.scale, **self.standing}
        return {PREFIX + name: values for name, values in named.items()}

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """One after the other, of draws that were made on one evidence."""
        ledgers = Ledgers(
            counts=np.concatenate([part.ledgers.counts for part in parts]),
            broken=np.concatenate([part.ledgers.broken for part in parts]),
        )
        return cls.read(ledgers, parts[0].scale, stacked([part.standing for part in parts]))

    def part(self, rows: slice | np.ndarray) -> "Simulated":
        """Some draws only."""
        ledgers = Ledgers(counts=self.ledgers.counts[rows], broken=self.ledgers.broken[rows])
        return Simulated(
            ledgers=ledgers,
            scale=self.scale,
            year_means=self.year_means[rows],
            standing=rows_of(self.standing, rows),
        )
