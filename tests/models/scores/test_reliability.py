"""CORP reliability: the isotonic fit by its max-min formula, the score's parts, and bands that hold when calibrated."""

import numpy as np
import pytest

from models.scores.reliability import BAND, ReliabilityCurve, reliability
from models.scores.rules import ScoreError


def pairs(seed: int, n: int, values: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """Calibrated forecasts on a grid, with outcomes drawn from them."""
    rng = np.random.default_rng(seed)
    forecast = rng.integers(0, values + 1, size=n) / values
    return forecast, rng.random(n) < forecast


def isotonic_by_hand(forecast: np.ndarray, happened: np.ndarray) -> np.ndarray:
    """At each distinct forecast: the largest over lower ends of the smallest over upper ends of the mean between."""
    values = np.unique(forecast)

    def mean(low: float, high: float) -> float:
        return happened[(forecast >= low) & (forecast <= high)].mean()

    return np.array([max(min(mean(a, b) for b in values[values >= v]) for a in values[values <= v]) for v in values])


@pytest.mark.parametrize("seed", range(5))
def test_recalibrated_is_the_isotonic_regression(seed: int) -> None:
    forecast, happened = pairs(seed, 60)
    curve = reliability(forecast, happened, resamples=10)
    np.testing.assert_allclose(curve.recalibrated, isotonic_by_hand(forecast, happened), rtol=0, atol=1e-12)
    np.testing.assert_array_equal(curve.forecast, np.unique(forecast))
    np.testing.assert_array_equal(curve.count, [(forecast == value).sum() for value in curve.forecast])


@pytest.mark.parametrize("seed", range(5))
def test_parts_add_up_to_the_brier_score_and_are_what_they_say(seed: int) -> None:
    forecast, happened = pairs(seed, 60)
    curve = reliability(forecast, happened, resamples=10)
    recalibrated = isotonic_by_hand(forecast, happened)[np.searchsorted(curve.forecast, forecast)]
    score, best = np.mean((forecast - happened) ** 2), np.mean((recalibrated - happened) ** 2)
    rate = happened.mean()
    np.testing.assert_allclose(curve.mean_score, score, rtol=1e-12)
    np.testing.assert_allclose(curve.uncertainty, rate * (1 - rate), rtol=1e-12)
    np.testing.assert_allclose(curve.miscalibration, score - best, rtol=0, atol=1e-12)
    np.testing.assert_allclose(curve.discrimination, rate * (1 - rate) - best, rtol=0, atol=1e-12)
    assert curve.miscalibration >= 0
    assert curve.discrimination >= 0


def test_parts_of_known_forecasts() -> None:
    happened = np.array([0, 1] * 20)
    perfect, base, wrong = (
        reliability(p, happened, resamples=10) for p in (happened, happened * 0 + 0.5, 1 - happened)
    )
    parts = [[c.miscalibration, c.discrimination, c.uncertainty] for c in (perfect, base, wrong)]
    np.testing.assert_allclose(parts, [[0, 0.25, 0.25], [0, 0, 0.25], [0.75, 0, 0.25]], rtol=0, atol=1e-12)


def test_bands_hold_nine_times_in_ten_when_calibrated_and_not_when_bold() -> None:
    """200 curves of ten points each: the share inside has a standard error of a point. Counts are whole, so that bands
    hold a little more than 90 %. Events as frequent under every forecast leave all but the middle ones outside."""
    rng = np.random.default_rng(1)
    forecast = np.repeat(np.linspace(0.05, 0.95, 10), 12)
    curve = reliability(forecast, rng.random(forecast.size) < forecast)
    found = []
    for _ in range(200):
        again = reliability(forecast, rng.random(forecast.size) < forecast, resamples=1)
        found.append(np.mean((again.recalibrated >= curve.low) & (again.recalibrated <= curve.high)))
    assert BAND[1] - BAND[0] - 0.04 <= np.mean(found) <= 0.98
    bold = reliability(forecast, np.arange(forecast.size) % 2)
    assert bold.share_outside >= 0.6
    assert curve.share_outside < 0.4


def test_bands_of_one_value_are_binomial_quantiles() -> None:
    """Forty forecasts of 0.3: counts of Binomial(40, 0.3) at 5 and 95 % are 7 and 17; resampled, one off at most."""
    curve = reliability(np.full(40, 0.3), np.arange(40) < 12)
    np.testing.assert_allclose(curve.low * 40, [7], rtol=0, atol=1)
    np.testing.assert_allclose(curve.high * 40, [17], rtol=0, atol=1)
    assert curve.share_outside == 0


def test_below_thirty_pairs_dots_and_no_verdict() -> None:
    few, enough = (reliability(*pairs(2, n), resamples=20) for n in (29, 30))
    assert (few.has_verdict, enough.has_verdict) == (False, True)
    assert few.share_outside is None
    assert np.isnan(few.table[["low", "high"]].to_numpy()).all()
    assert not enough.table.isna().to_numpy().any()


def test_table_has_a_row_per_forecast() -> None:
    curve = reliability(*pairs(3, 80), resamples=20)
    assert list(curve.table.columns) == ["forecast", "recalibrated", "low", "high", "count"]
    assert curve.table["count"].sum() == curve.pairs == 80
    assert not curve.recalibrated.flags.writeable


@pytest.mark.parametrize(
    ("forecast", "happened", "message"),
    [
        ([], [], "row of pairs"),
        ([0.1, 0.2], [1], "row of pairs"),
        ([1.1], [1], "outside 0 to 1"),
        ([np.nan], [1], "outside 0 to 1"),
        ([0.5], [-1], "other than 0 and 1"),
        ([0.5], [np.nan], "unresolved"),
    ],
)
def test_what_is_no_pair_is_refused(forecast: list, happened: list, message: str) -> None:
    with pytest.raises(ScoreError, match=message):
        reliability(np.array(forecast), np.array(happened))


def test_uneven_columns_are_refused() -> None:
    column = np.array([0.1, 0.1])
    with pytest.raises(ScoreError, match="rising forecasts"):
        ReliabilityCurve(
            forecast=column,
            recalibrated=column,
            low=column,
            high=column,
            count=np.array([1, 1]),
            miscalibration=0.0,
            discrimination=0.0,
            uncertainty=0.0,
            dates=2,
        )
