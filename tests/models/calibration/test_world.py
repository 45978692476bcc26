"""Names and thinning of what is ranked."""

import numpy as np
import pytest

from models.calibration.ranks import DRAWS
from models.calibration.world import mixed, named, numbered, quantities, thinned
from models.fits.probabilities import StateProbabilities


def test_every_entry_gets_its_own_name():
    values = np.arange(12.0).reshape(2, 2, 3)
    found = named("row", values, ("a", "b"), numbered(3))
    assert list(found) == ["row a 1", "row a 2", "row a 3", "row b 1", "row b 2", "row b 3"]
    np.testing.assert_array_equal(found["row b 2"], values[:, 1, 1])


def test_labels_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="one label for each column"):
        named("row", np.zeros((2, 3)), ("a", "b"))


def test_thinned_rows_span_all_chains():
    rows = thinned(1000)
    assert (rows.size, rows[0], rows[-1]) == (DRAWS, 0, 999)
    assert set(np.diff(rows).tolist()) == {10, 11}


def test_too_few_draws_are_refused():
    with pytest.raises(ValueError, match="got 98 draws"):
        thinned(98)


def test_forecasts_are_ranked_at_one_and_five_years():
    state = np.arange(40.0).reshape(2, 5, 4)
    ever = np.arange(10.0).reshape(2, 5)
    found = quantities({}, StateProbabilities(state, ever, 100 + ever), np.zeros(2))["forecast"]
    assert len(found) == 10
    np.testing.assert_array_equal(found["strain next year"], state[:, 0, 1])
    np.testing.assert_array_equal(found["deeper in 5 years"], state[:, 4, 3])
    np.testing.assert_array_equal(found["any rupture within 5 years"], [4, 9])
    np.testing.assert_array_equal(found["any deeper within 5 years"], [104, 109])


@pytest.mark.parametrize(("rhat", "ess", "expected"), [(1.05, 99, True), (1.051, 500, False), (1.01, 98, False)])
def test_mixed_means_agreeing_chains_and_enough_draws(rhat, ess, expected):
    assert mixed(rhat, ess) is expected
