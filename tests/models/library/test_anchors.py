"""The design of the library: what is fitted beforehand, and that every build plans the same."""

import numpy as np
import pytest

from models.alignment.priors import prior_parameters
from models.assumptions.knobs import knobs_of
from models.assumptions.setting import Assumptions
from models.assumptions.shares import WEIGHT_KNOBS
from models.library.anchors import SOBOL_POINTS, Design, corner_candidates, first_design
from models.names import MODEL_M1

TWICE = ("driver_strength", "low")
"""Where a knob begins at its default."""
UNFITTED = {"rupture_hazard", "stickiness", *WEIGHT_KNOBS.values()}
"""They act on the base rate, the hidden regimes and the mixture; latent alignment's posterior stays when they move."""


@pytest.fixture(scope="module")
def designs(default_assumptions: Assumptions) -> tuple[Design, ...]:
    return first_design(default_assumptions)


def test_knobs_that_no_posterior_knows_are_left_out(default_assumptions, designs):
    assert set(knobs_of(MODEL_M1, default_assumptions.knobs)) == set(default_assumptions.knobs) - UNFITTED
    assert not any(UNFITTED & set(design.assumptions.changed) for design in designs)


def test_the_base_comes_first(designs):
    assert designs[0].name == "base"
    assert designs[0].assumptions.is_default


def test_every_fitted_knob_stands_alone_at_both_ends(default_assumptions, designs):
    found = {design.name: design.assumptions for design in designs}
    for key in knobs_of(MODEL_M1, default_assumptions.knobs):
        for end in ("low", "high"):
            setting = found[f"{key} {end}"]
            assert setting.changed == ((key,) if (key, end) != TWICE else ())
            assert setting.values[key] == getattr(default_assumptions.knobs[key], end)


def test_sobol_points_cover_every_knob_evenly(default_assumptions, designs):
    points = [design.assumptions for design in designs if design.name.startswith("sobol")]
    assert len(points) == SOBOL_POINTS
    for key in knobs_of(MODEL_M1, default_assumptions.knobs):
        knob = default_assumptions.knobs[key]
        shares = (np.array([point.values[key] for point in points]) - knob.low) / (knob.high - knob.low)
        quarters = np.histogram(shares, bins=4, range=(0, 1))[0]
        assert quarters.min() >= 1, f"{key}: {quarters} of twelve points; four would be missed by chance 3 % each"
    assert len(designs) == 1 + 2 * len(knobs_of(MODEL_M1, default_assumptions.knobs)) + SOBOL_POINTS


def test_only_the_default_is_fitted_twice(designs):
    priors = [prior_parameters(design.assumptions) for design in designs]
    assert len({design.name for design in designs}) == len(designs)
    again = [index for index, one in enumerate(priors) if any(one.same_posterior(other) for other in priors[:index])]
    assert [designs[index].name for index in again] == [" ".join(TWICE)]
    assert designs[again[0]].assumptions.is_default


def test_every_build_plans_the_same(default_assumptions, designs):
    again = first_design(Assumptions(knobs=default_assumptions.knobs))
    assert [(one.name, one.assumptions.digest) for one in again] == [
        (one.name, one.assumptions.digest) for one in designs
    ]


def test_corner_candidates_lie_within_the_ranges_and_lean_to_the_ends(default_assumptions):
    candidates = corner_candidates(default_assumptions, 1)
    keys = knobs_of(MODEL_M1, default_assumptions.knobs)
    shares = []
    for setting in candidates:
        assert not UNFITTED & set(setting.changed)
        for key in keys:
            knob = default_assumptions.knobs[key]
            assert knob.low <= setting.values[key] <= knob.high
            shares.append((setting.values[key] - knob.low) / (knob.high - knob.low))
    # Under the arcsine law 41 % lie within a tenth of either end, 20 % under an even one; 5,400 draws, se 0.7 %.
    outer = np.mean(np.abs(np.array(shares) - 0.5) >= 0.4)
    assert 0.35 < outer < 0.47


def test_corner_candidates_are_new_in_every_round_and_the_same_in_every_build(default_assumptions):
    first, again, other = (corner_candidates(default_assumptions, seed) for seed in (1, 1, 2))
    assert [one.digest for one in first] == [one.digest for one in again]
    assert not {one.digest for one in first} & {one.digest for one in other}
