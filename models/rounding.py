"""How published numbers are rounded, so that every processor publishes the same (docs/decisions/0010)."""

import numpy as np

from data.values import frozen


@frozen
class Rounding:
    """One way of rounding a results table, and the numbers that say how far to trust it.

    Attributes
    ----------
    decimals, reliability, quantiles : int
        Of the table's chances, of the numbers of the reliability, and of quantiles of a year's mean: these are read
        from a grid of a hundredth, and the scale runs from -10 to 10.
    whole : bool
        Whether the likeliest outcome of a question is published as what the others leave. Rounded one by one, four
        chances may miss one by two units of their last decimal, which the validators of forecasting hubs refuse.
    edge : float or None
        In units of the last decimal: how near to the edge between two roundings a number must be to fall to either
        side. None where a whole unit is allowed.
    """

    decimals: int
    reliability: int
    whole: bool
    edge: float | None
    quantiles: int = 3

    def chances(self, exact: np.ndarray) -> np.ndarray:
        """Chances of every outcome of a question, shape (..., outcome), rounded."""
        rounded = np.round(exact, self.decimals)
        if not self.whole:
            return rounded
        likeliest = np.expand_dims(rounded.argmax(axis=-1), axis=-1)
        rest = 1 - rounded.sum(axis=-1, keepdims=True) + np.take_along_axis(rounded, likeliest, axis=-1)
        np.put_along_axis(rounded, likeliest, np.round(rest, self.decimals), axis=-1)
        return rounded

    def explains(
        self, published: np.ndarray, again: np.ndarray, exact: np.ndarray, decimals: np.ndarray | int
    ) -> np.ndarray:
        """Whether another processor may have published these numbers, where they are not those computed again.

        Parameters
        ----------
        published, again, exact : ndarray or float
            As published, as computed and rounded again, and before that rounding.
        decimals : int or ndarray
            That they were rounded to.

        Returns
        -------
        ndarray of bool
        """
        unit = 10.0 ** -np.asarray(decimals)
        if self.edge is None:
            return np.abs(np.subtract(published, again)) <= 1.01 * unit  # a unit, in binary fractions
        return np.abs(np.subtract(published, exact)) <= (0.5 + self.edge) * unit


PUBLISHED = Rounding(decimals=6, reliability=5, whole=True, edge=0.01)
"""Between the kernels of one processor numbers differ by 9e-16 on average: among ten thousand snapshots of 650 numbers
one in two hundred times a single number falls to the other side of the edge between two roundings."""
TEN_DECIMALS = Rounding(decimals=10, reliability=6, whole=False, edge=None)
"""Of snapshots before 2026-11-28: their last decimal is not the same on every processor, hence a unit is allowed."""


def rounding_of(values: np.ndarray) -> Rounding:
    """By which of the two a results table's numbers were rounded: they show it."""
    return PUBLISHED if np.array_equal(values, np.round(values, PUBLISHED.decimals)) else TEN_DECIMALS
