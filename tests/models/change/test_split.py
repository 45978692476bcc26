"""The split adds up, gives every cause its own, and says so where it cannot."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import permutations

import numpy as np
import pytest

from models.change.compare import ROUNDING
from models.change.game import PLAYERS
from models.change.side import Side
from models.change.split import COLUMNS, TOGETHER, Split, split
from models.commands.actions import compare
from models.errors import SnapshotError
from models.forecast.results import make_forecast
from models.names import MODEL_M0, MODEL_MIXTURE, PMF, STATES, TARGET_STATE
from models.outcome.rule import resolve
from models.snapshot.parts import Version
from tests.support.values.change_sides import mixed_setting, settings, side
from tests.support.values.factories import within_year
from tests.support.values.weights import only

ADDS_UP = 1e-12
"""Sums of sixteen numbers of order one: far below the 0.002 that is asked for."""
OWN = 0.99


def pairs(count: int, kinds: tuple[str, ...]) -> Iterator[tuple[Side, Side]]:
    """Random beliefs and weights on every mix of date, rows and draws."""
    rng = np.random.default_rng(20_261_123)
    for number in range(count):
        first, second = rng.choice(kinds, 2)
        one = settings(rng, 4, weights=False) | settings(rng, number % 3, weights=True)
        other = settings(rng, number % 6, weights=False) | settings(rng, 2, weights=True)
        seed = 3 if second == "2024" and number % 2 else 20241231
        yield side(first, one), side(second, other, seed=seed)


def left_over(found: Split) -> float:
    """Largest difference between a change and the sum of its parts."""
    table = found.table
    return float((table["new"] - table["old"] - table[list(found.parts)].sum(axis=1)).abs().max())


def require_whole(old: Side, new: Side, by: str) -> None:
    """Columns as promised, parts that add up, and states whose changes cancel."""
    found = split(old, new, by)
    assert list(found.table.columns) == COLUMNS
    assert left_over(found) < ADDS_UP
    np.testing.assert_allclose(found.table["total"], found.table["new"] - found.table["old"], rtol=0, atol=ADDS_UP)
    moved = found.table.groupby("target_end_date")["total"].sum()
    np.testing.assert_allclose(moved, 0.0, rtol=0, atol=2 * ROUNDING)


@pytest.mark.parametrize("by", ["date", "horizon"])
def test_the_parts_of_a_few_pairs_add_up(by: str) -> None:
    for old, new in pairs(5, ("2023", "2024", "later")):
        require_whole(old, new, by)


@pytest.mark.slow
@pytest.mark.parametrize("by", ["date", "horizon"])
def test_the_parts_of_twenty_pairs_add_up(by: str) -> None:
    for old, new in pairs(20, ("2022", "2023", "2024", "fewer", "later")):
        require_whole(old, new, by)


OWN_CASES = {
    "data": (partial(side, "fewer"), partial(side, "2024")),
    "prior": (partial(side), partial(side, values={"C01": 2.0, "persistence": 0.8, "stickiness": 0.7})),
    "model": (partial(side), partial(side, values={"outside_view_weight": 0.9}, seed=3)),
    "time": (partial(side, "2024"), partial(side, "later")),
}


@pytest.mark.parametrize("by", ["date", "horizon"])
@pytest.mark.parametrize("player", PLAYERS)
def test_a_change_of_one_thing_is_attributed_to_that_thing(player: str, by: str) -> None:
    old, new = (make() for make in OWN_CASES[player])
    found = split(old, new, by)
    sums = found.table[list(found.parts)].abs().sum()
    assert found.game.changed == (player,)
    assert sums[player] / sums.sum() >= OWN
    assert found.table["total"].abs().max() > 0.001, "nothing changed, so nothing was tested"


def by_permutations(old: Side, new: Side, year: int) -> dict[str, np.ndarray]:
    """Parts at one year-end from whole forecasts, in every order in which the players can arrive."""
    sides, seen = (old, new), {}

    def value(chosen: frozenset[str]) -> np.ndarray:
        if chosen not in seen:
            data, beliefs, weights = (sides[player in chosen] for player in ("data", "prior", "model"))
            forecast = make_forecast(data.evidence, data.library, mixed_setting(data, beliefs, weights))
            at = year - data.snapshot.reference_date.year
            seen[chosen] = np.array([forecast.probability(TARGET_STATE, at, state) for state in STATES])
        return seen[chosen]

    return averaged(("data", "prior", "model"), value)


def averaged(players: tuple[str, ...], value: Callable[[frozenset[str]], np.ndarray]) -> dict[str, np.ndarray]:
    parts = dict.fromkeys(players, 0.0)
    orders = list(permutations(players))
    for order in orders:
        for place, player in enumerate(order):
            gain = value(frozenset(order[: place + 1])) - value(frozenset(order[:place]))
            parts[player] = parts[player] + gain / len(orders)
    return parts


def test_parts_are_those_of_whole_forecasts_in_every_order_of_arrival() -> None:
    old = side("2023", {"C01": 2.0, "regimes_weight": 0.6})
    new = side("2024", {"persistence": 0.85, "outside_view_weight": 0.5})
    found = split(old, new, "date").table
    for year in (2025, 2028):
        rows = found[found["target_end_date"] == f"{year}-12-31"]
        for player, part in by_permutations(old, new, year).items():
            np.testing.assert_allclose(rows[player], part, rtol=0, atol=2 * ROUNDING)


def test_old_data_asked_for_the_new_day_and_new_data_for_a_day_that_has_passed() -> None:
    """Four forecasts by hand: only rows and dates differ, so that the mean of two orders is the part."""
    old, new = side("2023"), side("2024")
    found = split(old, new, "horizon").table
    before = make_forecast(old.evidence, old.library, old.assumptions)
    after = make_forecast(new.evidence, new.library, new.assumptions)
    label = resolve(new.evidence.events, 2024).state

    def told(forecast, at: int) -> np.ndarray:
        return np.array([forecast.probability(TARGET_STATE, at, state) for state in STATES])

    passed = np.array([float(label == state) for state in STATES])
    for ahead, known in ((1, passed), (4, told(after, 3))):
        rows = found[found["horizon"] == ahead]
        time = ((told(before, ahead + 1) - told(before, ahead)) + (told(after, ahead) - known)) / 2
        data = ((known - told(before, ahead)) + (told(after, ahead) - told(before, ahead + 1))) / 2
        np.testing.assert_allclose(rows["time"], time, rtol=0, atol=2 * ROUNDING)
        np.testing.assert_allclose(rows["data"], data, rtol=0, atol=2 * ROUNDING)
    assert set(found["horizon"]) == {1, 2, 3, 4}


@pytest.mark.parametrize("by", ["date", "horizon"])
def test_the_way_back_has_the_same_parts_with_the_other_sign(by: str) -> None:
    old, new = side("2023", {"C01": 2.0}), side("2024", {"outside_view_weight": 0.5})
    there, back = split(old, new, by), split(new, old, by)
    key = ["state", "target_end_date" if by == "date" else "horizon"]
    rows = there.table.merge(back.table, on=key, suffixes=("_there", "_back"))
    assert len(rows) == 16
    for part in (*PLAYERS, "total"):
        np.testing.assert_allclose(rows[f"{part}_there"], -rows[f"{part}_back"], rtol=0, atol=ADDS_UP)
        np.testing.assert_allclose(rows[f"{part}_error_there"], rows[f"{part}_error_back"], rtol=1e-9, atol=ADDS_UP)


def test_by_date_passing_time_has_no_part_where_rows_were_added() -> None:
    found = split(side("2023"), side("2024"), "date")
    told = compare.split_lines(found)
    assert "the same year-ends, split by Shapley" in told[0]
    assert len(told) == 2 + 4 * 4
    table = found.table
    assert (table["time"] == 0).all()
    assert (table["time_error"] == 0).all()


def test_weights_in_another_unit_are_the_same_weights() -> None:
    values = dict.fromkeys(("outside_view_weight", "alignment_weight", "ordered_weight", "regimes_weight"), 0.25)
    found = split(side(values=values), side(values=dict.fromkeys(values, 0.75)))
    assert found.game.changed == ()
    assert (found.table["total"] == 0).all()


def test_another_rule_is_told_as_one_part_with_what_came_with_it() -> None:
    old, new = side("2023"), side("2024", {"C01": 2.0})
    foreign = replace(old, snapshot=replace(old.snapshot, rule=Version(version="rule-0", digest="0" * 64)))
    found = split(foreign, new, "horizon")
    assert found.game.together == ("data", "prior", "model")
    assert found.parts == ("time", TOGETHER)
    assert left_over(found) < ADDS_UP
    assert "got the outcome rule '00000000" in found.notes[0]
    assert found.notes[-1].startswith("The question changed: the older forecast was asked under rule-0")
    assert "cannot be told apart" in found.notes[0]


def test_light_snapshots_are_split_where_only_one_thing_differs() -> None:
    old, new = side(), side(values={"C01": 2.0})
    light = (replace(one, evidence=None, library=None) for one in (old, new))
    found, full = split(*light), split(old, new)
    np.testing.assert_allclose(found.table["prior"], full.table["prior"], rtol=0, atol=2 * ROUNDING)
    assert (found.table["prior_error"] >= full.table["prior_error"]).all(), "the same draws are the better comparison"
    assert found.notes == ()
    light = (replace(one, evidence=None, library=None) for one in (old, side(values={"C01": 2.0, **only(MODEL_M0)})))
    found = split(*light)
    assert found.parts == ("data", "time", TOGETHER)
    assert "carries no inputs" in found.notes[0]


def test_a_year_end_keeps_its_date_when_the_year_has_begun() -> None:
    """From the end of 2024 and from October 2025 the same five year-ends, told by the horizons of the newer one."""
    old = replace(side(), evidence=None, library=None)
    within = within_year(old.snapshot, date(2025, 10, 8))
    chances = {1: 0.5, 0: 0.25}
    rows = tuple(
        (
            *row[:-1],
            chances.get(row[3], row[-1]) if (row[0], row[2], row[5]) == (MODEL_MIXTURE, TARGET_STATE, PMF) else row[-1],
        )
        for row in within.results
    )
    found = split(old, Side(snapshot=replace(within, results=rows)), "date").table
    first = found[found["target_end_date"] == "2025-12-31"]
    assert set(first["horizon"]) == {0}
    assert (first["new"] == 0.25).all()
    assert sorted(set(found["target_end_date"])) == [f"{year}-12-31" for year in range(2025, 2030)]
    assert left_over(split(old, Side(snapshot=within), "date")) < ADDS_UP
    fewer = dict(list(within.evidence.events.items())[:-3])
    other = replace(within, evidence=replace(within.evidence, events=fewer, digest="0" * 64))
    assert split(old, Side(snapshot=other), "date").notes[-1].startswith("The 281 days from 2024-12-31 to 2025-10-08")
    ahead = split(old, Side(snapshot=replace(within, results=rows)), "horizon").table
    assert sorted(set(ahead["horizon"])) == [1, 2, 3, 4, 5]
    assert (ahead.loc[ahead["horizon"] == 1, "new"] == 0.5).all()


def test_numbers_that_its_inputs_do_not_give_are_not_taken_apart() -> None:
    old, new = side(), side("fewer", {"C01": 2.0})
    rows = tuple((*row[:-1], row[-1] * 0.999) for row in old.snapshot.results)
    found = split(replace(old, snapshot=replace(old.snapshot, results=rows)), new)
    assert "publishes other numbers" in found.notes[0]


def test_fits_that_only_one_side_has_are_told_with_the_data() -> None:
    found = split(side("2023", members=False), side("2024", {"C01": 2.0}))
    assert found.game.together == ("data", "model")
    assert "fits of every model" in found.notes[0]
    assert left_over(found) < ADDS_UP


def test_what_is_too_far_apart_is_refused_with_a_reason() -> None:
    new, light = side("2024"), replace(side("2023"), evidence=None, library=None)
    early = (
        replace(light, snapshot=replace(light.snapshot, reference_date=date(year, 12, 31))) for year in (2018, 2022)
    )
    with pytest.raises(SnapshotError, match="compare the same horizons"):
        split(next(early), new, "date")
    found = split(next(early), new, "horizon")
    assert set(found.table["horizon"]) == {1, 2, 3}
    assert "4 years ahead is left out: the older data would be asked for 2028" in found.notes[0]
    with pytest.raises(SnapshotError, match="expected one of date, horizon"):
        split(side(), side(), "week")


def test_a_side_takes_only_the_evidence_and_draws_that_its_snapshot_names() -> None:
    one, other = side("2024"), side("2023")
    with pytest.raises(SnapshotError, match="another evidence"):
        Side(snapshot=one.snapshot, evidence=other.evidence, library=other.library)
    with pytest.raises(SnapshotError, match="another library"):
        Side(snapshot=one.snapshot, evidence=one.evidence, library=side(seed=3).library)
    assert Side.of(one.snapshot, {}, (other.evidence, other.library)).library is None
    assert Side.of(one.snapshot, {}, (one.evidence, one.library)).library is one.library
