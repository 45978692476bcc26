"""Stacking weights: against a brute-force grid, at the limits of the prior, and with no look into the future."""

import numpy as np
import pytest

from models.scores.bootstrap import times_drawn
from models.scores.rules import FLOOR, ScoreError
from models.scores.stacking import (
    compare_stack,
    left_out,
    mixture,
    prequential,
    prequential_weights,
    stack,
    stack_interval,
)


def past(seed: int, origins: int = 20, models: int = 3, horizons: int = 5) -> np.ndarray:
    """Densities with the latest targets unresolved, shape (origin, horizon, model)."""
    table = np.random.default_rng(seed).beta(1.5, 1.5, size=(origins, horizons, models))
    for ahead in range(1, horizons):
        table[origins - ahead :, ahead] = np.nan
    return table


def objective(weights: np.ndarray, table: np.ndarray, pseudo: float) -> float:
    """By loops over origins, the definition."""
    total = pseudo * np.log(weights).sum()
    for origin in table:
        resolved = [row for row in origin if not np.isnan(row).any()]
        total += sum(np.log(np.maximum(row, FLOOR) @ weights) for row in resolved) / max(len(resolved), 1)
    return float(total)


@pytest.mark.parametrize("pseudo", [0.2, 1.0, 5.0])
@pytest.mark.parametrize("models", [2, 3])
def test_weights_are_the_best_of_a_grid(models: int, pseudo: float) -> None:
    """No point of a simplex grid of 0.04 does better, and the best of them is a step away at most."""
    table = past(1, origins=12, models=models)
    steps = np.stack(np.meshgrid(*[np.arange(1, 25)] * (models - 1)), axis=-1).reshape(-1, models - 1)
    grid = np.column_stack([steps, 25 - steps.sum(axis=1)])[steps.sum(axis=1) < 25] / 25
    values = [objective(point, table, pseudo) for point in grid]
    found = stack(table, pseudo)
    assert objective(found, table, pseudo) >= max(values)
    assert np.abs(found - grid[int(np.argmax(values))]).max() <= 0.04


def test_first_order_condition_holds() -> None:
    """At an inner maximum all partial derivatives are equal; central differences know them within 1e-5."""
    table = past(2, models=4)
    found, step = stack(table, 1.0), 1e-5
    slopes = [
        (objective(found + step * unit, table, 1.0) - objective(found - step * unit, table, 1.0)) / (2 * step)
        for unit in np.eye(4)
    ]
    np.testing.assert_allclose(slopes, slopes[0], rtol=1e-4)


def test_a_huge_prior_gives_equal_weights_and_a_tiny_one_the_best_model() -> None:
    table = past(3)
    table[..., 1] = np.where(np.isnan(table[..., 1]), np.nan, np.fmax(table[..., 0], table[..., 2]))
    np.testing.assert_allclose(stack(table, 1e6), 1 / 3, rtol=0, atol=1e-4)
    assert stack(table, 1e-3)[1] > 0.999


def test_a_dominating_model_gets_what_the_prior_leaves() -> None:
    """A model 80 times as good on each of n origins takes nearly all: about (n + 1) / (n + 3) of three models."""
    table = np.full((20, 5, 3), FLOOR)
    table[..., 2] = 0.8
    np.testing.assert_allclose(stack(table, 1.0), [1 / 23, 1 / 23, 21 / 23], rtol=0, atol=0.01)


def test_equal_models_and_an_empty_past_get_equal_weights() -> None:
    table = np.repeat(past(4, models=1), 3, axis=2)
    np.testing.assert_allclose(stack(table), 1 / 3, rtol=1e-9)
    np.testing.assert_allclose(stack(np.full((3, 5, 3), np.nan)), 1 / 3, rtol=1e-12)


def test_repeating_a_forecast_at_every_horizon_adds_no_evidence() -> None:
    table = past(5, horizons=1)
    np.testing.assert_allclose(stack(np.repeat(table, 5, axis=1)), stack(table), rtol=0, atol=1e-6)


def test_the_floor_is_applied_once_to_each_model() -> None:
    table = np.array([[[0.0, 0.5]]])
    np.testing.assert_allclose(mixture(table, np.array([0.5, 0.5])), [[0.5 * FLOOR + 0.25]], rtol=1e-12)
    np.testing.assert_allclose(stack(table), stack(np.array([[[FLOOR, 0.5]]])), rtol=1e-12)


def test_interval_holds_the_weights_and_narrows_with_the_prior() -> None:
    table = past(6, origins=25)
    wide, narrow = (stack_interval(table, pseudo, resamples=100) for pseudo in (1.0, 50.0))
    assert wide.shape == (3, 2)
    assert np.all((wide[:, 0] <= stack(table)) & (stack(table) <= wide[:, 1]))
    assert np.all(np.diff(narrow, axis=1) < np.diff(wide, axis=1) / 2)


def test_interval_is_that_of_stacks_of_repeated_origins() -> None:
    """The same blocks of nine (memory and overlap), each resample written out and stacked on its own."""
    table = past(13)
    again = [stack(np.repeat(table, counts.astype(int), axis=0)) for counts in times_drawn(20, 9, 25, 4)]
    expected = np.quantile(again, (0.025, 0.975), axis=0).T
    np.testing.assert_allclose(stack_interval(table, resamples=25, seed=4), expected, rtol=0, atol=1e-6)


def test_origins_that_are_all_alike_leave_no_interval() -> None:
    table = np.broadcast_to([0.2, 0.5, 0.3], (20, 5, 3))
    np.testing.assert_allclose(
        stack_interval(table, resamples=20), np.repeat(stack(table)[:, None], 2, axis=1), atol=1e-6
    )


def test_prequential_weights_are_a_stack_of_what_was_known() -> None:
    table = past(7)
    weights = prequential_weights(table, minimum=6)
    np.testing.assert_allclose(weights[:6], 1 / 3, rtol=1e-12)
    known = table[:12].copy()
    for origin in range(12):
        known[origin, 12 - origin :] = np.nan  # known at origin 12: origin + h <= 12
    np.testing.assert_allclose(weights[12], stack(known), rtol=0, atol=1e-6)
    expected = (np.maximum(table[12], FLOOR) * weights[12]).sum(axis=1)
    np.testing.assert_allclose(prequential(table, minimum=6)[12], expected, rtol=1e-9)


def test_nothing_resolved_after_an_origin_changes_its_weights() -> None:
    table, origin = past(8), 10
    changed = table.copy()
    late = np.arange(20)[:, None] + np.arange(1, 6) > origin
    changed[late] = np.where(np.isnan(changed[late]), np.nan, 1 - changed[late])
    before, after = (prequential_weights(one, minimum=3) for one in (table, changed))
    np.testing.assert_array_equal(before[: origin + 1], after[: origin + 1])
    assert np.abs(before[origin + 1 :] - after[origin + 1 :]).max() > 0.01


def test_left_out_blocks_have_no_say_in_their_weights() -> None:
    table = past(9)
    others = np.concatenate([table[:5], table[10:]])
    np.testing.assert_allclose(left_out(table)[5:10], mixture(table[5:10], stack(others)), rtol=0, atol=1e-6)


STACKS = ("stack", "stack_left_out", "stack_prequential", "stack_learned")


def test_comparison_has_a_row_per_forecaster_and_differences_that_add_up() -> None:
    table = past(10)
    found = compare_stack(table, ["a", "b", "c"], [0.5, 0.5, 0.0], minimum=8).set_index("forecaster")
    assert list(found.index) == ["a", "b", "c", "equal", "published", *STACKS]
    learned = found.loc["stack_learned"]
    later = np.log(prequential(table, 8)[8:]) - np.log(mixture(table[8:], np.array([0.5, 0.5, 0.0])))
    assert learned["forecasts"] == 90 - 8 * 5
    assert learned["versus_published"] == pytest.approx(-np.nanmean(later), abs=1e-12)
    found = found.drop(index="stack_learned")
    floored = np.maximum(table, FLOOR)
    np.testing.assert_allclose(found.loc["b", "log_score"], -np.nanmean(np.log(floored[..., 1])), rtol=1e-12)
    equal = -np.nanmean(np.log(floored.mean(axis=2)))
    np.testing.assert_allclose(found.loc["equal", "log_score"], equal, rtol=1e-12)
    np.testing.assert_allclose(found["versus_equal"], found["log_score"] - equal, rtol=0, atol=1e-12)
    best = found.loc[["a", "b", "c"], "log_score"].min()
    np.testing.assert_allclose(found["versus_best"], found["log_score"] - best, rtol=0, atol=1e-12)
    expected = -np.nanmean(np.log(prequential(table, 8)))
    np.testing.assert_allclose(found.loc["stack_prequential", "log_score"], expected, rtol=1e-12)
    assert set(found["forecasts"]) == {90}
    assert (found["versus_equal_low"] <= found["versus_equal"]).all()


def test_origins_without_a_resolved_target_at_the_end_change_nothing() -> None:
    table = past(11)
    longer = np.concatenate([table, np.full((2, 5, 3), np.nan)])
    first, second = (compare_stack(one, ["a", "b", "c"], [1, 1, 1], minimum=8) for one in (table, longer))
    np.testing.assert_allclose(
        first.drop(columns="forecaster"), second.drop(columns="forecaster"), rtol=1e-6, atol=1e-9
    )


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (np.ones((3, 5)), "origin, horizon, model"),
        (np.full((3, 5, 2), 1.5), "outside 0 to 1"),
        (np.full((3, 5, 2), [0.5, np.nan]), "all models or none"),
    ],
)
def test_bad_densities_are_refused(table: np.ndarray, message: str) -> None:
    with pytest.raises(ScoreError, match=message):
        stack(table)


def test_other_impossible_requests_are_refused() -> None:
    with pytest.raises(ScoreError, match="more than 0"):
        stack(past(12), 0.0)
    with pytest.raises(ScoreError, match="names"):
        compare_stack(past(12), ["a", "b"], [1, 1])
    with pytest.raises(ScoreError, match="no resolved target"):
        compare_stack(np.full((3, 5, 2), np.nan), ["a", "b"], [1, 1])
