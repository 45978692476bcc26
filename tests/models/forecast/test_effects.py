"""What each knob can do: both ends, one at a time, nothing else moved."""

from models.assumptions.setting import Assumptions
from models.forecast.effects import claim_ends, claim_reach, effects_table, knob_ends
from models.forecast.results import make_forecast
from models.names import HORIZONS, MODEL_M0, STATES, TARGET_RUPTURE, TARGET_STATE
from tests.support.values.factories import library_of, synthetic_fit, synthetic_library
from tests.support.values.weights import only


def test_ends_are_forecasts_with_that_one_knob_at_its_bounds(evidence) -> None:
    here = Assumptions.defaults(evidence.claims).replace({"C02": 1.5})
    library = synthetic_library(evidence, Assumptions.defaults(evidence.claims))
    ends = {one.key: one for one in knob_ends(evidence, library, here)}
    assert list(ends) == list(here.knobs)
    for key in ("C01", "rupture_hazard", "stickiness", "outside_view_weight", "regimes_weight"):
        high = make_forecast(evidence, library, here.replace({key: here.knobs[key].high}))
        assert ends[key].high[TARGET_RUPTURE, 5, "yes"] == high.probability(TARGET_RUPTURE, 5, "yes")
        for state in STATES:
            assert ends[key].high[TARGET_STATE, HORIZONS[2], state] == high.probability(TARGET_STATE, 3, state)


def test_the_reach_of_a_claim_is_the_largest_move_between_its_ends(evidence) -> None:
    """By another way: both ends as whole forecasts, whose numbers are rounded."""
    here = Assumptions.defaults(evidence.claims).replace({"driver_strength": 0.3})
    library = synthetic_library(evidence)
    shares, ends = make_forecast(evidence, library, here).model_weights, knob_ends(evidence, library, here)
    claims = [key for key, knob in here.knobs.items() if knob.group == "claim"]
    reach = {claim: claim_reach(claim_ends(library, here, claim), shares) for claim in claims}
    for end in (end for end in ends if end.key in reach):
        moves = [abs(end.high[cell] - end.low[cell]) for cell in end.low if cell[0] == TARGET_STATE]
        assert abs(reach[end.key] - max(moves)) < 3e-4
    assert max(reach.values()) > 0.01


def test_a_higher_base_rate_of_rupture_means_more_rupture_and_the_table_says_so(evidence) -> None:
    here = Assumptions.defaults(evidence.claims)
    ends = knob_ends(evidence, library_of(evidence, synthetic_fit(evidence, here)), here)
    row = effects_table(ends, TARGET_RUPTURE, 5, "yes").set_index("key").loc["rupture_hazard"]
    assert row["low"] < row["high"]
    assert row["status"] == "exact"  # the base rate acts outside the fitted model


def test_the_weight_of_the_only_model_that_is_on_moves_nothing(evidence) -> None:
    """It cannot be switched off, and every weight above 0 is all of it."""
    here = Assumptions.defaults(evidence.claims).replace(only(MODEL_M0))
    library = library_of(evidence, synthetic_fit(evidence))
    published = make_forecast(evidence, library, here).probability(TARGET_RUPTURE, 5, "yes")
    table = effects_table(knob_ends(evidence, library, here), TARGET_RUPTURE, 5, "yes").set_index("key")
    own, other = table.loc["outside_view_weight"], table.loc["alignment_weight"]
    assert own["low"] == own["high"] == other["low"] == published
    assert other["high"] != published
