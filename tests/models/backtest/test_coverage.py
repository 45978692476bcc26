"""Coverage: bands that calibrated forecasters stay in as often as promised, and others leave."""

import numpy as np
import pandas as pd
import pytest

from models.backtest.coverage import calibrated_places, coverage, left_of_surprises, spreads
from models.backtest.outcomes import QUANTILES
from models.names import HORIZONS, MODEL_M1, MODEL_MIXTURE
from tests.support.values.hindcasts import year_means

PLACES = [(origin, h) for origin in range(1990, 2025) for h in HORIZONS if origin + h <= 2025]
ORIGIN, HORIZON = (np.array(column) for column in zip(*PLACES, strict=True))


def test_how_much_is_left_of_a_surprise_follows_from_how_ranges_grow() -> None:
    """A walk of variance 0.25 in noise of variance 1: a year later 0.25 of the first year's 1.25 are left."""
    table = year_means(MODEL_M1)
    left = left_of_surprises(table[QUANTILES].to_numpy(), table["horizon"].to_numpy())
    np.testing.assert_allclose(left, [1, *[np.sqrt(0.25 / 1.25)] * 4], rtol=1e-6)
    steady = table[table["horizon"] == 1][QUANTILES].to_numpy()
    same = np.concatenate([steady[:40]] * 5)
    np.testing.assert_array_equal(left_of_surprises(same, np.repeat(HORIZONS, 40)), [1, 0, 0, 0, 0])


def test_calibrated_places_are_uniform_and_hang_together_as_the_forecasts_do() -> None:
    left = np.array([1.0, 0.6, 0.6, 0.6, 0.6])
    places = calibrated_places(ORIGIN, HORIZON, left, simulations=4_000)
    assert places.shape == (4_000, len(PLACES))
    np.testing.assert_allclose(np.quantile(places, [0.1, 0.5, 0.9], axis=0).mean(axis=1), [0.1, 0.5, 0.9], atol=0.01)
    correlation = np.corrcoef(places.T)
    at = {place: index for index, place in enumerate(PLACES)}
    expected = {
        ((2000, 1), (2001, 1)): 0.0,
        ((2000, 1), (2000, 2)): 0.6 / np.sqrt(1.36),
        ((2000, 2), (2001, 1)): 1 / np.sqrt(1.36),
        ((2000, 1), (2010, 5)): 0.0,
    }
    for (one, other), value in expected.items():
        assert correlation[at[one], at[other]] == pytest.approx(value, abs=0.05)


def test_the_band_holds_calibrated_forecasts_as_often_as_it_says() -> None:
    """Simulated worlds of the second kind, a walk in noise, and not the copula that the band is drawn from."""
    rng = np.random.default_rng(5)
    table = year_means(MODEL_M1, origins=range(1990, 2025))
    within = []
    for _ in range(20):
        walk, noise = np.cumsum(rng.normal(0, 0.5, 60)), rng.normal(0, 1, 60)
        observed = (walk + noise)[table["target_year"] - 1980]
        centre = walk[table["origin"] - 1980] - table["tone"]
        moved = table.assign(observed=observed)
        moved[QUANTILES] = table[QUANTILES].to_numpy() + centre.to_numpy()[:, None]
        found = coverage(moved)
        within.append(found["within"].to_numpy())
    assert 0.90 <= np.mean(within) <= 0.99


@pytest.mark.parametrize(("factor", "best"), [(1.0, 1.0), (0.6, 1.2), (1.7, 0.8)])
def test_ranges_that_are_too_wide_or_narrow_are_told(factor: float, best: float) -> None:
    table = pd.concat([year_means(MODEL_MIXTURE, factor, seed=11), year_means(MODEL_M1, factor, seed=11)])
    found = coverage(table, 1975).query("model_id == @MODEL_MIXTURE and horizon == 0 and level == 0.8").iloc[0]
    assert (found["origins"], found["forecasts"]) == (50, 240)
    assert found["within"] == (factor == 1.0)
    assert (found["inside"] > 0.8) == (factor > 1.0) or factor == 1.0
    told = spreads(table, 1975).query("model_id == @MODEL_MIXTURE").set_index("factor")
    assert list(told.index[told["best"]]) == [best]


def test_only_the_origins_asked_for_count() -> None:
    table = year_means(MODEL_M1)
    assert set(coverage(table, 1975, 1999).query("horizon == 0")["origins"]) == {25}
    assert set(coverage(table).query("horizon == 1")["origins"]) == {35}
