"""Block-bootstrap intervals: enumerated, on series of known spread, and the verdict by rule."""

import math
from itertools import product

import numpy as np
import pytest
from scipy import stats

from models.outcome.rule import RULE_1, classify
from models.scores.bootstrap import (
    NORMAL_QUANTILE,
    Interval,
    block_length,
    mean_interval,
    pooled_interval,
    shared_years,
    skill_verdict,
    small_sample_stretch,
    times_drawn,
)
from models.scores.rules import ScoreError, ranked_probability_score


def autoregressive(rng: np.random.Generator, phi: float, series: int, length: int) -> np.ndarray:
    """Stationary AR(1) series of mean zero, shape (series, length)."""
    found = np.empty((series, length))
    found[:, 0] = rng.standard_normal(series) / np.sqrt(1 - phi**2)
    for step in range(1, length):
        found[:, step] = phi * found[:, step - 1] + rng.standard_normal(series)
    return found


def coverage(series: np.ndarray, horizon: int) -> float:
    intervals = [mean_interval(one, horizon, resamples=500) for one in series]
    return float(np.mean([interval.low <= 0 <= interval.high for interval in intervals]))


def test_resampled_means_are_those_of_every_choice_of_blocks() -> None:
    """Six origins in two blocks of three: 36 resamples, each as likely; 30,000 draws, 4 standard errors."""
    values = np.array([1.0, 2, 4, 8, 16, 32])
    every = [sum(values[(s + k) % 6] for s in starts for k in range(3)) for starts in product(range(6), repeat=2)]
    found = (times_drawn(6, 3, 30_000, 1) @ values).round(9)
    assert set(found) == set(every)
    for total in set(every):
        share = every.count(total) / 36
        assert abs(np.mean(found == total) - share) <= 4 * math.sqrt(share * (1 - share) / 30_000)


def test_interval_is_the_stretched_quantile_of_every_choice_of_blocks() -> None:
    """Four blocks of two have 8^4 resamples; 40,000 draws put the ends within a twentieth of the interval's length."""
    values = np.random.default_rng(2).standard_normal(8)
    every = [np.mean([values[(s + k) % 8] for s in starts for k in range(2)]) for starts in product(range(8), repeat=4)]
    raw = np.quantile(every, (0.025, 0.975))
    expected = values.mean() + small_sample_stretch(8, 2, 2) * (raw - values.mean())
    found = mean_interval(values, 2, resamples=40_000)
    assert (found.block, found.origins) == (2, 8)
    np.testing.assert_allclose(found.mean, values.mean(), rtol=1e-12)
    np.testing.assert_allclose((found.low, found.high), expected, rtol=0, atol=np.ptp(expected) / 20)


def test_last_block_is_cut_and_every_origin_drawn_equally_often() -> None:
    drawn = times_drawn(7, 3, 20_000, 3)
    np.testing.assert_array_equal(drawn.sum(axis=1), 7)
    np.testing.assert_allclose(drawn.mean(axis=0), 1, rtol=0, atol=4 * math.sqrt(3 / 20_000))  # variance below 3


@pytest.mark.parametrize(
    ("origins", "horizon", "expected"), [(20, 1, 3), (20, 5, 5), (45, 1, 4), (64, 2, 4), (1, 1, 1)]
)
def test_blocks_are_as_long_as_the_horizon_at_least(origins: int, horizon: int, expected: int) -> None:
    assert block_length(origins, horizon) == expected


@pytest.mark.parametrize(("origins", "horizon"), [(20, 1), (20, 5), (49, 5)])
def test_scores_without_skill_that_share_their_future_are_covered_as_promised(origins: int, horizon: int) -> None:
    """Sums of h neighbouring years: 600 intervals at 95 %, 4 standard errors are 3.6 points. Plain quantiles of the
    bootstrap would cover twenty origins of five years three times in four."""
    noise = np.random.default_rng(4).standard_normal((600, origins + horizon - 1))
    series = np.lib.stride_tricks.sliding_window_view(noise, horizon, axis=1).sum(axis=2)
    assert abs(coverage(series, horizon) - 0.95) <= 0.036


LABELLED = 3000
"""Worlds of labels: as many give the true mean difference within a thirtieth of one series' spread."""


def label_memory_scores(horizon: int, origins: int) -> np.ndarray:
    """Score differences between a chain of the labels and their frequencies, mean zero, shape (series, origin).

    The years are independent; all dependence comes from the rule's memory of five year-ends and from the overlap.
    """
    years = 1 + 3 * np.random.default_rng(11).standard_normal((LABELLED, origins + horizon + RULE_1.memory_years - 1))
    windows = np.lib.stride_tricks.sliding_window_view(years, RULE_1.memory_years, axis=1)
    codes = classify(windows, np.zeros(windows.shape[:2], dtype=bool), RULE_1)  # the cuts that these years reach
    moves = np.zeros((4, 4))
    np.add.at(moves, (codes[:, :-1].ravel(), codes[:, 1:].ravel()), 1)
    chain = np.linalg.matrix_power((moves + 0.01) / (moves + 0.01).sum(axis=1, keepdims=True), horizon)
    known, came = codes[:, :-horizon], codes[:, horizon:].ravel()
    frequencies = np.bincount(codes.ravel(), minlength=4) / codes.size
    scores = [
        ranked_probability_score(p, came) for p in (chain[known.ravel()], np.broadcast_to(frequencies, (came.size, 4)))
    ]
    difference = (scores[0] - scores[1]).reshape(known.shape)
    return difference - difference.mean()


@pytest.mark.parametrize(("horizon", "origins"), [(1, 20), (2, 19), (3, 18), (1, 49)])
def test_scores_of_labels_with_a_memory_are_covered_as_promised(horizon: int, origins: int) -> None:
    """400 series: 4 standard errors of 95 % are 4.4 points. Blocks of the horizon alone cover 71 to 90 %."""
    series = label_memory_scores(horizon, origins)[:400]
    assert coverage(series, shared_years(horizon)) >= 0.95 - 0.044
    assert coverage(series, horizon) < 0.95 - 0.044


@pytest.mark.parametrize(("horizon", "origins"), [(1, 20), (2, 19), (3, 18)])
def test_intervals_of_labels_with_a_memory_are_as_wide_as_their_means_spread(horizon: int, origins: int) -> None:
    """The other route: the half-width against the true spread of the mean, known from all worlds, which a normal mean
    would leave at 1.96; blocks of the horizon alone stay below it."""
    series = label_memory_scores(horizon, origins)
    spread = series.mean(axis=1).std()
    wide, narrow = (
        np.median([(found.high - found.low) / 2 for found in (mean_interval(one, span, 300) for one in series[:150])])
        for span in (shared_years(horizon), horizon)
    )
    assert wide >= NORMAL_QUANTILE * spread * 0.9
    assert narrow < NORMAL_QUANTILE * spread


def test_years_are_shared_by_the_windows_of_both_labels() -> None:
    for horizon in (1, 3, 5):
        first = set(range(-RULE_1.memory_years + 1, 1)) | set(range(horizon - RULE_1.memory_years + 1, horizon + 1))
        apart = [step for step in range(1, 20) if first & {year + step for year in first}]
        assert shared_years(horizon) == max(apart)


def test_stretch_matches_the_spread_of_the_bootstrap_variance() -> None:
    """The variance that circular blocks give to overlapping sums: mean and degrees of freedom, by simulation.

    8,000 series know the mean within 1.5 % and the variance within 6 %, one standard error.
    """
    noise = np.random.default_rng(5).standard_normal((8000, 24))
    series = np.lib.stride_tricks.sliding_window_view(noise, 5, axis=1).sum(axis=2)
    starts = (np.arange(20)[:, None] + np.arange(5)) % 20
    variance = 5 / 20 * series[:, starts].mean(axis=2).var(axis=1)
    share = variance.mean() / series.mean(axis=1).var()
    freedom = 2 * variance.mean() ** 2 / variance.var()
    found = small_sample_stretch(20, 5, 5)
    assert found == pytest.approx(stats.t.ppf(0.975, freedom) / NORMAL_QUANTILE / math.sqrt(share), rel=0.1)
    assert found > 2
    np.testing.assert_allclose(small_sample_stretch(400, 1, 1), 1, rtol=0.01)


def test_dependence_widens_blocks_where_single_origins_would_be_too_sure() -> None:
    """At phi = 0.6 the mean's variance is four times the independent one: single origins cover two in three."""
    series = autoregressive(np.random.default_rng(6), 0.6, 200, 45)
    alone = np.quantile(series @ times_drawn(45, 1, 500, 1).T / 45, (0.025, 0.975), axis=1)
    single = np.mean((alone[0] <= 0) & (alone[1] >= 0))
    assert single <= 0.75
    assert coverage(series, 5) >= single + 0.12


def test_pooled_horizons_of_one_column_are_the_plain_mean() -> None:
    values = np.random.default_rng(7).standard_normal(20)
    assert pooled_interval(values[:, None], 1) == mean_interval(values, 1)


def test_pooled_mean_is_over_what_is_resolved_and_origins_stay_whole() -> None:
    rng = np.random.default_rng(8)
    table = np.repeat(rng.standard_normal(25)[:, None], 5, axis=1)
    whole = pooled_interval(table, 5)
    single = mean_interval(table[:, 0], 5)
    np.testing.assert_allclose((whole.low, whole.high), (single.low, single.high), rtol=1e-12)
    for missing in range(1, 5):
        table[25 - missing :, missing] = np.nan
    late = pooled_interval(table, 5)
    np.testing.assert_allclose(late.mean, np.nanmean(table), rtol=1e-12)
    drawn = times_drawn(25, 5, 10_000, 20241231)
    by_hand = [np.nanmean(np.repeat(table, counts.astype(int), axis=0)) for counts in drawn[:50]]
    weighed = (drawn[:50] @ np.nansum(table, axis=1)) / (drawn[:50] @ (~np.isnan(table)).sum(axis=1))
    np.testing.assert_allclose(weighed, by_hand, rtol=1e-12)
    ends = np.quantile((drawn @ np.nansum(table, axis=1)) / (drawn @ (~np.isnan(table)).sum(axis=1)), (0.025, 0.975))
    expected = late.mean + small_sample_stretch(25, 5, 5) * (ends - late.mean)
    np.testing.assert_allclose((late.low, late.high), expected, rtol=1e-9)


def test_fewer_than_two_blocks_claim_nothing() -> None:
    found = mean_interval(np.full(9, -1.0), 5)
    assert (found.mean, found.low, found.high) == (-1, -math.inf, math.inf)
    assert skill_verdict(found) == "no evidence of skill"
    assert skill_verdict(mean_interval(np.full(10, -1.0), 5)) == "skill"


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (-0.2, -0.01, "skill"),
        (-0.2, 0.0, "no evidence of skill"),
        (-0.2, 0.1, "no evidence of skill"),
        (0.0, 0.1, "no evidence of skill"),
        (0.01, 0.1, "worse"),
    ],
)
def test_verdict_follows_from_the_interval(low: float, high: float, verdict: str) -> None:
    assert skill_verdict(Interval(mean=(low + high) / 2, low=low, high=high, block=5, origins=20)) == verdict


def test_same_seed_same_interval() -> None:
    values = np.random.default_rng(9).standard_normal(20)
    assert mean_interval(values, 3) == mean_interval(values, 3)
    assert mean_interval(values, 3) != mean_interval(values, 3, seed=1)


@pytest.mark.parametrize("series", [[0.1, np.nan], [], [[0.1, 0.2]], [np.inf, 1.0]])
def test_unknown_numbers_are_refused(series: list) -> None:
    with pytest.raises(ScoreError, match="expected one finite number"):
        mean_interval(np.array(series), 1)


@pytest.mark.parametrize("table", [[0.1, 0.2], [[0.1, 0.2], [np.nan, np.nan]], [[0.1, np.inf]], [[]]])
def test_tables_without_a_resolved_target_are_refused(table: list) -> None:
    with pytest.raises(ScoreError, match="last origin that has a resolved target"):
        pooled_interval(np.array(table), 1)


@pytest.mark.parametrize(("origins", "block", "resamples"), [(0, 1, 1), (5, 0, 1), (5, 1, 0)])
def test_empty_resamples_are_refused(origins: int, block: int, resamples: int) -> None:
    with pytest.raises(ScoreError, match="one at least of each"):
        times_drawn(origins, block, resamples, 1)


def test_intervals_in_disorder_are_refused() -> None:
    with pytest.raises(ScoreError, match="in order"):
        Interval(mean=0.0, low=1.0, high=-1.0, block=1, origins=5)
