"""What a library keeps of the futures that its draws simulated: whole ledgers, and where each draw stands today."""

from collections.abc import Sequence
from typing import Self

import numpy as np

from data.values import frozen
from models.measures.ledgers import Ledgers, Scale
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
    scale : Scale
        What turns their counts into years' means.
    year_means : ndarray of float32, shape (sample, ledger, horizon)
        The year's own mean under the outcome rule.
    standing : Mapping of ndarray, shape (sample, ...)
        `STANDING` by name; empty where a model has none of it.
    """

    ledgers: Ledgers
    scale: Scale
    year_means: np.ndarray
    standing: Arrays

    @classmethod
    def of(cls, ledgers: Ledgers, readings: Readings, standing: Arrays) -> Self:
        """Of ledgers written with these readings' bands."""
        halved = {name: values.astype(np.float16) for name, values in standing.items()}
        return cls.read(ledgers, Scale.of(readings), halved)

    @classmethod
    def read(cls, ledgers: Ledgers, scale: Scale, standing: Arrays) -> Self:
        """From what is stored."""
        return cls(ledgers=ledgers, scale=scale, year_means=ledgers.year_means(scale), standing=standing)

    @classmethod
    def of_arrays(cls, arrays: Arrays) -> Self | None:
        """From `arrays` among others; None where there are none."""
        own = {name.removeprefix(PREFIX): values for name, values in arrays.items() if name.startswith(PREFIX)}
        if not own:
            return None
        ledgers = Ledgers.of_flat(own.pop("counts"), own.pop("broken"), own.pop("rows", None))
        return cls.read(ledgers, Scale.read(own.pop("scale")), own)

    @property
    def arrays(self) -> Arrays:
        """As they are stored."""
        scale = self.scale.stored(begun=self.ledgers.rows is not None)
        named = {**self.ledgers.flat, "scale": scale, **self.standing}
        return {PREFIX + name: values for name, values in named.items()}

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """One after the other, of draws that were made on one evidence."""
        ledgers = Ledgers.of_flat(**stacked([part.ledgers.flat for part in parts]))
        return cls.read(ledgers, parts[0].scale, stacked([part.standing for part in parts]))

    def part(self, rows: slice | np.ndarray) -> "Simulated":
        """Some draws only."""
        ledgers = Ledgers.of_flat(**rows_of(self.ledgers.flat, rows))
        return Simulated(
            ledgers=ledgers,
            scale=self.scale,
            year_means=self.year_means[rows],
            standing=rows_of(self.standing, rows),
        )
