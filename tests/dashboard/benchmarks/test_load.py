"""Many visitors at once: what is counted, where sliders go, and that a real page answers its own protocol."""

import numpy as np
import pytest

from dashboard.benchmarks import load
from dashboard.benchmarks.visitor import Run, Slider
from models.benchmarks.crowd import Crowd


def test_waits_are_those_of_answered_moves_and_faults_are_counted():
    moves = [Run(first=number / 1000, whole=number / 500, size=1) for number in range(101)]
    told = load._waits(
        Crowd(visitors=3), [Run(first=1, whole=2, size=1)], [*moves, Run(first=9, whole=9, size=0, fault="x")]
    )
    assert (told["visitors"], told["moves"], told["faults"], told["fault"]) == (3, 102, 1, "x")
    waits = {name: value for name, value in told.items() if name.endswith("_ms")}
    expected = {"page_p95_ms": 2000, "first_p50_ms": 50, "first_p95_ms": 95, "whole_p50_ms": 100, "whole_p95_ms": 190}
    assert waits == pytest.approx(expected)


def test_where_nothing_was_answered_there_is_no_time_to_tell():
    told = load._waits(
        Crowd(visitors=1), [Run(first=1, whole=1, size=1)], [Run(first=0, whole=0, size=0, fault="gone")]
    )
    assert np.isnan(told["whole_p95_ms"])


def test_a_slider_goes_elsewhere_near_its_middle_and_within_its_range():
    slider = Slider(id="", value=0.1, low=0.0, high=1.0, step=0.1, fragment="")
    rng = np.random.default_rng(7)
    went = {load._elsewhere(slider, 0.1, rng) for _ in range(200)}
    assert went == {0.0, 0.2, 0.3, 0.4}


@pytest.mark.slow
def test_a_real_page_answers_two_visitors_and_is_timed(evidence):
    (told,) = load.measure(evidence, [Crowd(visitors=2, seconds=25.0)])
    assert (told["visitors"], told["faults"], told["fault"]) == (2, 0, "")
    assert told["moves"] == 4
    assert 0 < told["first_p50_ms"] <= told["whole_p50_ms"]
    assert told["memory_most_mb"] >= told["memory_start_mb"] > 100
