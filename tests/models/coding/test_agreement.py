"""Agreement by two routes, on codings whose answer is known, and on the readings that are held."""

from dataclasses import replace

import numpy as np
import pytest

from data.readings import Coding, Reading, load_readings
from models.coding.agreement import (
    CODED,
    EVERYTHING,
    FEWEST_ROWS,
    METRICS,
    agreements,
    alpha,
    closeness,
    disagreements,
    gap,
    resampled_alphas,
)

ONE = Coding(intensity=3, direction="cooperation", domain="economy", mechanism="other")


def reading(name: str, first: int, second: int | None) -> Reading:
    again = None if second is None else replace(ONE, intensity=second)
    return Reading(id=name, search="first", first=replace(ONE, intensity=first), second=again)


def by_hand(codes: np.ndarray, metric: str) -> float:
    """Observed over expected disagreement, pair by pair as the definition says."""
    far = (lambda a, b: (a - b) ** 2) if metric == "interval" else (lambda a, b: float(a != b))
    within = [far(a, b) for a, b in codes.T]
    every = codes.ravel()
    among = [far(a, b) for i, a in enumerate(every) for j, b in enumerate(every) if i != j]
    return 1 - np.mean(within) / np.mean(among)


@pytest.mark.parametrize("metric", ["interval", "nominal"])
def test_alpha_is_the_same_by_three_routes(metric: str) -> None:
    rng = np.random.default_rng(4)
    first = rng.integers(-4, 5, size=40)
    codes = np.stack([first, np.where(rng.random(40) < 0.7, first, rng.integers(-4, 5, size=40))]).astype(float)
    expected = by_hand(codes, metric)
    assert 0.2 < expected < 0.9
    np.testing.assert_allclose(alpha(codes, metric), expected, rtol=1e-12)
    np.testing.assert_allclose(resampled_alphas(codes, metric, np.ones((1, 40), dtype=int)), [expected], rtol=1e-12)
    drawn = rng.integers(0, 40, size=40)
    counts = np.bincount(drawn, minlength=40)[None]
    again = resampled_alphas(codes, metric, counts)
    np.testing.assert_allclose(again, [by_hand(codes[:, drawn], metric)], rtol=1e-12)


def test_chance_gives_nought_and_contradiction_less() -> None:
    rng = np.random.default_rng(5)
    codes = rng.integers(0, 4, size=(2, 20_000)).astype(float)
    assert abs(alpha(codes, "nominal")) < 0.03
    assert alpha(np.array([[0.0, 1.0] * 10, [1.0, 0.0] * 10]), "nominal") < -0.9


def test_what_never_varies_has_no_alpha() -> None:
    assert alpha(np.zeros((2, 12)), "nominal") is None
    still = [reading(f"E{place}", 3, 3) for place in range(FEWEST_ROWS)]
    found = agreements(still)
    assert {one.alpha for one in found} == {one.low for one in found} == {None}


def test_the_readings_agree_as_the_codebook_says() -> None:
    found = agreements(load_readings())
    whole = {one.column: one for one in found if one.group == EVERYTHING}
    expected = {"intensity": 0.97, "direction": 0.88, "domain": 0.97, "mechanism": 0.94}
    assert {name: round(whole[name].alpha, 2) for name in expected} == expected
    assert {one.rows for one in whole.values()} == {906}
    assert all(one.low <= one.alpha <= one.high for one in found)
    assert {one.column for one in found if one.group == "domain"} == set(CODED) - {"domain"}
    by_search = [one for one in found if one.group == "search" and one.column == "intensity"]
    assert sum(one.rows for one in by_search) == 906
    assert found == agreements(load_readings())
    assert METRICS["intensity"] == "interval"


def test_closeness_of_the_readings() -> None:
    close = closeness(load_readings())
    assert (round(close.mean, 2), round(close.sd, 2)) == (-0.06, 0.83)
    assert 0.57 <= close.exact < 0.58
    assert 0.93 <= close.within_one < 0.94


def test_the_rows_that_the_rules_decided_are_named_the_widest_first() -> None:
    apart = disagreements(load_readings())
    assert len(apart) == 16
    gaps = [abs(gap(one)) for one in apart]
    assert gaps == sorted(gaps, reverse=True)
    one, other, same = reading("a", 1, -1), reading("b", 5, 2), reading("c", 5, 3)
    assert disagreements([same, one, other]) == (other, one)


def test_a_row_read_once_is_left_out() -> None:
    rng = np.random.default_rng(6)
    values = enumerate(rng.integers(1, 8, 30).tolist())
    twice = [reading(f"E{place}", value, value + place % 2) for place, value in values]
    once = [reading(f"O{place}", 9, None) for place in range(20)]
    assert agreements([*twice, *once]) == agreements(twice)
    assert closeness([*twice, *once]) == closeness(twice)
    assert disagreements(once) == ()
