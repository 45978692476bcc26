"""Monte Carlo errors of correlated draws by batch means: chains are cut into nearly independent blocks."""

import numpy as np

MOST_BLOCKS, LEAST_DRAWS = 20, 40
"""Blocks a chain. 80 in the four chains of a fit give the error itself within 8 %; forty draws a block outlast the
autocorrelation of a fit that passed its gate."""


def block_starts(chain: np.ndarray) -> np.ndarray:
    """First draw of every block; a chain gives two blocks at least.

    Parameters
    ----------
    chain : ndarray of int, shape (sample,)
        A number per draw; the draws of a chain are consecutive and in order.
    """
    firsts = np.flatnonzero(np.r_[True, chain[1:] != chain[:-1]])
    sizes = np.diff(np.r_[firsts, chain.size])
    cuts = (min(size, max(2, min(MOST_BLOCKS, size // LEAST_DRAWS))) for size in sizes)
    parts = [first + np.arange(n) * size // n for first, size, n in zip(firsts, sizes, cuts, strict=True)]
    return np.concatenate(parts)


def centred(sums: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Block sums (block, ...) less the mean of their group's, stretched so that squares add up to a variance.

    Blocks of one group are repetitions of each other; the difference between groups is design, not noise.
    """
    _, index, counts = np.unique(group, return_inverse=True, return_counts=True)
    means = np.stack([sums[index == number].mean(axis=0) for number in range(counts.size)])
    stretch = np.sqrt(counts / np.maximum(counts - 1, 1))[index]
    return (sums - means[index]) * stretch.reshape(-1, *[1] * (sums.ndim - 1))


def mean_error(p: np.ndarray, chain: np.ndarray) -> np.ndarray:
    """Monte Carlo standard error of the plain mean of one fit's draws.

    Parameters
    ----------
    p : ndarray, shape (sample, ...)
    chain : ndarray of int, shape (sample,)

    Returns
    -------
    ndarray of float64, shape (...)
    """
    draws = np.asarray(p, dtype=np.float64)
    starts = block_starts(np.asarray(chain))
    sums = np.add.reduceat(draws - draws.mean(axis=0), starts, axis=0) / len(draws)
    return np.sqrt(np.square(centred(sums, np.zeros(starts.size, dtype=int))).sum(axis=0))


def chain_efficiency(p: np.ndarray, chain: np.ndarray) -> float:
    """Independent draws per draw, above 0 up to 1: the median over the columns of `p` (sample, column).

    Each is the variance of the mean that independent draws would have over the batch-means variance. Chains that do
    better than independent draws get no credit.
    """
    varying = p[:, np.ptp(p, axis=0) > 0].astype(np.float64)
    if not varying.size:
        return 1.0
    error = mean_error(varying, chain)
    return float(min(1.0, np.median(varying.var(axis=0) / (len(varying) * np.square(error)))))
