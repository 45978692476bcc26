"""Knobs: the brief's z table, bounds that make sense, and a grid that refuses what is not on it."""

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from scipy import stats

from data.errors import EvidenceError
from data.load import load_evidence
from data.types import Claim
from models.alignment.priors import prior_parameters
from models.assumptions import knobs as knobs_module
from models.assumptions.knobs import BASELINE_CLAIM, HISTORY_CLAIM, Knob, knobs, knobs_of, log_odds_sd
from models.assumptions.setting import Assumptions
from models.assumptions.shares import WEIGHT_KNOBS
from models.errors import AssumptionError
from models.names import MEMBERS, MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3
from models.ordered.law import ordered_prior
from tests.support.values.year_end import YEAR_END

CLAIMS = load_evidence(YEAR_END).claims
KNOBS: Mapping[str, Knob] = knobs(CLAIMS)
GLOBALS = ("confidence", "driver_strength", "persistence", "volatility", "rupture_hazard", "stickiness")
WEIGHTS = {"outside_view_weight": 0.25, "alignment_weight": 0.4, "ordered_weight": 0.03, "regimes_weight": 0.3}
BRIEF_Z = {0.9: 1.28, 0.8: 0.84, 0.7: 0.52, 0.6: 0.25}


def priors_under(setting: Assumptions) -> dict[str, object]:
    """What each model is told of a setting."""
    prior = prior_parameters(setting)
    return {
        MODEL_M0: setting.values["rupture_hazard"],
        MODEL_M1: prior.plain,
        MODEL_M2: ordered_prior(prior, setting.knobs),
        MODEL_M3: setting.values["stickiness"],
    }


def by_id(claim: str) -> Claim:
    return next(one for one in CLAIMS if one.id == claim)


@pytest.mark.parametrize(("p_sign", "z"), BRIEF_Z.items())
def test_prior_widths_follow_the_briefs_table(p_sign: float, z: float) -> None:
    # The table is rounded to two decimals: 0.005 in 0.25 is two per cent.
    assert log_odds_sd(1.4, p_sign) == pytest.approx(math.log(1.4) / z, rel=0.02)
    assert log_odds_sd(1 / 1.4, p_sign) == pytest.approx(log_odds_sd(1.4, p_sign), rel=1e-12)


@pytest.mark.parametrize("odds_ratio", [1.1, 1.25, 1.6, 2.2])
@pytest.mark.parametrize("p_sign", BRIEF_Z)
def test_the_prior_puts_the_claimed_probability_on_the_claimed_sign(odds_ratio: float, p_sign: float) -> None:
    effect = stats.norm(math.log(odds_ratio), log_odds_sd(odds_ratio, p_sign))
    assert effect.sf(0) == pytest.approx(p_sign, abs=1e-9)


def test_one_knob_per_claim_and_the_global_ones_in_page_order() -> None:
    assert tuple(KNOBS) == (*(f"C{number:02d}" for number in range(1, 15)), *GLOBALS, *WEIGHTS)
    assert all(knob.key == key for key, knob in KNOBS.items())
    assert [knob.group for knob in KNOBS.values()] == ["claim"] * 14 + ["global"] * 6 + ["weight"] * 4


@pytest.mark.parametrize("knob", KNOBS.values(), ids=KNOBS)
def test_every_knob_explains_itself(knob: Knob) -> None:
    assert all(text.strip() for text in (knob.label, knob.unit, knob.reason, knob.help))
    assert bool(knob.paragraph) == (knob.group == "claim")


@pytest.mark.parametrize("knob", KNOBS.values(), ids=KNOBS)
def test_bounds_and_default_stand_on_the_grid(knob: Knob) -> None:
    assert knob.low <= knob.default <= knob.high
    for value in (knob.low, knob.default, knob.high):
        steps = value / knob.step
        assert steps == pytest.approx(round(steps), abs=1e-6)
        assert knob.check(value) == value
        assert round(value, knob.decimals) == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize("knob", KNOBS.values(), ids=KNOBS)
def test_every_step_of_every_knob_is_accepted_and_shown_exactly(knob: Knob) -> None:
    count = round((knob.high - knob.low) / knob.step)
    walked = [knob.check(knob.low + index * knob.step) for index in range(count + 1)]
    assert walked[-1] == knob.high
    assert len({f"{value:.{knob.decimals}f}" for value in walked}) == count + 1
    assert all(float(f"{value:.{knob.decimals}f}") == value for value in walked)


@pytest.mark.parametrize("claim", [one for one in CLAIMS if one.id != BASELINE_CLAIM], ids=lambda one: one.id)
def test_a_claims_knob_carries_the_claim(claim: Claim) -> None:
    knob = KNOBS[claim.id]
    assert (knob.default, knob.direction, knob.paragraph) == (claim.odds_ratio, claim.direction, claim.paragraph)
    assert knob.sd == pytest.approx(math.log(claim.odds_ratio) / BRIEF_Z[claim.p_sign], rel=0.02)
    for bound, side in ((knob.low, -1), (knob.high, 1)):
        # Two prior sds on the log scale, rounded to the grid.
        assert bound == pytest.approx(claim.odds_ratio * math.exp(side * 2 * knob.sd), abs=knob.step / 2 + 1e-9)
    assert knob.low <= 1.0 <= knob.high, "it must be possible to switch the claim off"


def test_the_two_special_claims() -> None:
    assert (HISTORY_CLAIM, by_id(HISTORY_CLAIM).mechanism) == ("C13", "history")
    assert (BASELINE_CLAIM, by_id(BASELINE_CLAIM).direction) == ("C14", 0)
    assert "break" in KNOBS[HISTORY_CLAIM].unit
    assert (KNOBS[BASELINE_CLAIM].default, KNOBS[BASELINE_CLAIM].direction) == (0.5, 0)


def test_globals_stand_where_decision_17_put_them() -> None:
    defaults = {key: KNOBS[key].default for key in GLOBALS}
    assert (defaults["confidence"], defaults["driver_strength"]) == (1.0, 0.1)
    assert (KNOBS["confidence"].low, KNOBS["confidence"].high) == (0.5, 2.0)
    assert (defaults["persistence"], defaults["volatility"]) == (0.85, 1.0)
    assert defaults["rupture_hazard"] == pytest.approx(1.5 / 61.5, abs=0.0005)
    assert (defaults["stickiness"], KNOBS["stickiness"].low, KNOBS["stickiness"].high) == (0.75, 0.6, 0.95)


def test_the_models_weights_are_the_plans_with_the_regression_at_its_learned_share() -> None:
    found = {key: KNOBS[key] for key in WEIGHTS}
    assert {key: knob.default for key, knob in found.items()} == WEIGHTS
    assert all((knob.low, knob.high) == (0.0, 1.0) for knob in found.values()), "0 must switch a model off"
    assert set(found) == set(WEIGHT_KNOBS.values())


def test_a_knob_acts_on_every_model_whose_priors_follow_it_and_on_no_other() -> None:
    acting = set(knobs_of(MODEL_M1, KNOBS))
    assert acting == set(KNOBS) - set(WEIGHTS) - {"rupture_hazard", "stickiness"}
    defaults = Assumptions.defaults(CLAIMS)
    before = priors_under(defaults)
    for key, knob in KNOBS.items():
        after = priors_under(defaults.replace({key: knob.high}))
        moved = tuple(model for model in MEMBERS if after[model] != before[model])
        assert moved == knob.acts_on, key


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("0.005,0.1,0.001", "0.005,a tenth,0.001", "row 6, column 'high'"),
        (",global,m0_base_rate", ",global,m0", "row 6, column 'acts_on'"),
        (",global,m0_base_rate", ",local,m0_base_rate", "row 6, column 'group'"),
        ("stickiness,", "confidence,", "row 7, column 'key'"),
    ],
)
def test_a_wrong_cell_is_named(before: str, after: str, named: str, monkeypatch, tmp_path: Path) -> None:
    text = (knobs_module.FOLDER / knobs_module.GLOBAL_KNOBS).read_text()
    (tmp_path / knobs_module.GLOBAL_KNOBS).write_text(text.replace(before, after, 1))
    monkeypatch.setattr(knobs_module, "FOLDER", tmp_path)
    with pytest.raises(EvidenceError, match=rf"global_knobs\.csv, {named}"):
        knobs_module.global_knobs.__wrapped__()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, True, False, "1.4", None, [1.4], 1.4 + 0j], ids=repr)
def test_what_is_not_a_finite_number_is_refused(value: object) -> None:
    with pytest.raises(AssumptionError, match=r"C01.*finite number"):
        KNOBS["C01"].check(value)


@pytest.mark.parametrize("knob", KNOBS.values(), ids=KNOBS)
def test_a_step_beyond_either_bound_or_half_a_step_off_is_refused(knob: Knob) -> None:
    for value in (knob.low - knob.step, knob.high + knob.step):
        with pytest.raises(AssumptionError, match="inside the bounds"):
            knob.check(value)
    with pytest.raises(AssumptionError, match="multiple of"):
        knob.check(knob.low + knob.step / 2)


@pytest.mark.parametrize("knob", KNOBS.values(), ids=KNOBS)
def test_snapping_gives_the_nearest_allowed_value(knob: Knob) -> None:
    assert knob.snap(-1e300) == knob.low
    assert knob.snap(1e300) == knob.high
    assert knob.snap(knob.default + 0.4 * knob.step) == knob.default
    assert knob.snap(knob.low + 0.6 * knob.step) == knob.check(knob.low + knob.step)


def test_rounding_noise_is_no_offence() -> None:
    knob = KNOBS["C01"]
    assert knob.check(0.1 + 0.2 + 1.3) == 1.6
    assert knob.check(2) == 2.0


@pytest.mark.parametrize(
    "change",
    [{"step": 0.0}, {"step": -0.05}, {"low": 4.0, "high": 1.0}, {"low": math.nan}, {"default": 9.0}, {"default": 1.61}],
    ids=repr,
)
def test_a_knob_that_cannot_be_is_refused(change: dict[str, float]) -> None:
    with pytest.raises(AssumptionError, match="C01"):
        replace(KNOBS["C01"], **change)


@pytest.mark.parametrize("change", [{"odds_ratio": 1.0}, {"p_sign": 0.5}], ids=repr)
def test_a_claim_without_an_effect_is_named(change: dict[str, float]) -> None:
    with pytest.raises(AssumptionError, match=r"claim C03.*claims\.csv"):
        knobs([replace(by_id("C03"), **change)])


def test_the_set_of_knobs_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        KNOBS["C01"] = KNOBS["C02"]
