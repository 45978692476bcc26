"""Arrays by their names are joined by the names of the first, and keep what is beside the first axis."""

import numpy as np

from models.storage.arrays import rows_of, stacked


def test_the_first_comes_first_and_decides_which_names_there_are():
    both = stacked([{"x": np.array([7.0])}, {"x": np.arange(3.0), "other": np.zeros(3)}])
    assert {name: values.tolist() for name, values in both.items()} == {"x": [7.0, 0.0, 1.0, 2.0]}


def test_rows_are_taken_along_the_first_axis():
    arrays = {"x": np.arange(6).reshape(3, 2), "y": np.arange(3)}
    assert rows_of(arrays, slice(1, None))["x"].tolist() == [[2, 3], [4, 5]]
    assert rows_of(arrays, np.array([2, 0]))["y"].tolist() == [2, 0]
