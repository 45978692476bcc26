"""What the draws' noise does to weighted sums: block by block, so that answers from the same draws can be compared."""

from collections.abc import Sequence
from typing import Self

import numpy as np

from data.values import frozen
from models.weighting.batch_means import block_starts, centred
from models.weighting.mbar import block_influence


@frozen(eq=False)
class Blocks:
    """Blocks of the draws of pooled fits, for batch means.

    Of two sums over the same draws the noises are subtracted, block by block, before they are squared.

    Attributes
    ----------
    starts, fit : ndarray of int, shape (block,)
        First draw of each block, and the fit it belongs to: blocks are compared within a fit.
    share : ndarray, shape (sample, fit)
        Share of each fit in the pool's mixture at each draw.
    influence : ndarray, shape (block, fit)
        What each block's noise does to the log supports (relative to the first fit's), on which all weights depend.
    """

    starts: np.ndarray
    fit: np.ndarray
    share: np.ndarray
    influence: np.ndarray

    def __post_init__(self) -> None:
        for values in (self.starts, self.fit, self.share, self.influence):
            values.flags.writeable = False

    @classmethod
    def of(cls, chain: np.ndarray, fit: np.ndarray, share: np.ndarray) -> Self:
        """From each draw's chain, fit, and shares."""
        starts = block_starts(chain)
        return cls(starts=starts, fit=fit[starts], share=share, influence=block_influence(share, starts, fit[starts]))

    @classmethod
    def alone(cls, chain: np.ndarray) -> Self:
        """Of one fit by itself, whose weights rest on no support."""
        return cls.of(chain, np.zeros(chain.size, dtype=int), np.ones((chain.size, 1)))

    def of_sum(self, terms: np.ndarray) -> np.ndarray:
        """Noise of the sum of `terms` (sample, ...), shape (block, ...)."""
        sums = centred(np.add.reduceat(terms, self.starts, axis=0), self.fit)
        return sums + self.influence @ (self.share.T @ terms)

    def of_mean(self, p: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Noise of the weighted mean of `p` (sample, column), linearised: each draw brings ``w * (p - mean)``."""
        return self.of_means((p,), weights)[0]

    def of_means(self, tables: Sequence[np.ndarray], weights: np.ndarray) -> list[np.ndarray]:
        """`of_mean` of several tables: most of the time goes into reading the shares, which is then done once.

        The noise is linear, so that of ``w * p`` less the mean times that of ``w`` is the same.
        """
        ends = np.cumsum([table.shape[1] for table in tables])
        terms = np.empty((ends[-1] + 1, weights.size))
        for table, end in zip(tables, ends, strict=True):
            np.multiply(table.T, weights, out=terms[end - table.shape[1] : end])
        terms[-1] = weights
        noise = self.of_sum(terms.T)
        means = terms[:-1].sum(axis=1) / weights.sum()
        return np.split(noise[:, :-1] - noise[:, -1:] * means, ends[:-1], axis=1)


def standard_error(noise: np.ndarray) -> np.ndarray:
    """Monte Carlo standard error behind a noise (block, ...), shape (...)."""
    return np.sqrt(np.square(noise).sum(axis=0))
