"""Assumptions: nothing wrong gets in by code, nothing wrong gets lost by a link."""

import math
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.load import load_evidence
from models.assumptions.knobs import Knob, knobs
from models.assumptions.setting import MAX_REASON_LENGTH, Assumptions, read_assumptions
from models.assumptions.shares import WEIGHT_KNOBS
from models.errors import AssumptionError
from tests.support.values.year_end import YEAR_END

CLAIMS = load_evidence(YEAR_END).claims
KNOBS = knobs(CLAIMS)
DEFAULTS = Assumptions.defaults(CLAIMS)
SEEDED = settings(derandomize=True, database=None, deadline=None, max_examples=60)


def away(knob: Knob) -> float:
    """A grid value one step from the default."""
    return knob.snap(knob.default + (knob.step if knob.default < knob.high else -knob.step))


def test_defaults_are_complete_and_unchanged() -> None:
    assert dict(DEFAULTS.values) == {key: knob.default for key, knob in KNOBS.items()}
    assert DEFAULTS.is_default
    assert DEFAULTS.changed == ()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"C99": 1.0}, "unknown knob 'C99'"),
        ({"c01": 1.0}, "unknown knob 'c01'"),
        ({"C01": 1.61}, "multiple of 0.05"),
        ({"C01": 40.0}, "bounds"),
        ({"C01": -1.0}, "bounds"),
        ({"persistence": 0.96}, "bounds"),
        ({"C01": math.nan}, "finite number"),
        ({"C01": math.inf}, "finite number"),
        ({"C01": -math.inf}, "finite number"),
        ({"outside_view_weight": True}, "finite number"),
        ({"C01": "1.6"}, "finite number"),
        ({"C01": None}, "finite number"),
    ],
    ids=repr,
)
def test_every_kind_of_bad_value_is_refused_with_the_knob_named(values: dict[str, float], words: str) -> None:
    with pytest.raises(AssumptionError, match=next(iter(values))) as caught:
        Assumptions(knobs=KNOBS, values=values)
    assert words in str(caught.value)
    with pytest.raises(AssumptionError):
        DEFAULTS.replace(values)


def test_reasons_are_kept_but_change_no_number() -> None:
    reasoned = DEFAULTS.replace({"C01": 2.0}, {"C01": "A reason."})
    assert reasoned.reasons == {"C01": "A reason."}
    assert reasoned.digest == DEFAULTS.replace({"C01": 2.0}).digest
    assert reasoned.replace({"C02": 1.2}).reasons == {"C01": "A reason."}


def test_replacing_one_value_keeps_the_others() -> None:
    both = DEFAULTS.replace({"C01": 2.0, "volatility": 0.9}).replace({"C01": 2.1})
    assert {key: both.values[key] for key in both.changed} == {"C01": 2.1, "volatility": 0.9}


@pytest.mark.parametrize(
    "reasons", [{"C99": "x"}, {"C01": "x" * (MAX_REASON_LENGTH + 1)}, {"C01": 3}], ids=lambda r: str(r)[:12]
)
def test_bad_reasons_are_refused(reasons: dict[str, str]) -> None:
    with pytest.raises(AssumptionError, match=next(iter(reasons))):
        Assumptions(knobs=KNOBS, reasons=reasons)
    Assumptions(knobs=KNOBS, reasons={"C01": "x" * MAX_REASON_LENGTH})


@pytest.mark.parametrize("key", KNOBS)
def test_the_digest_changes_with_each_knob_and_back(key: str) -> None:
    moved = DEFAULTS.replace({key: away(KNOBS[key])})
    assert moved.digest != DEFAULTS.digest
    assert moved.changed == (key,)
    assert not moved.is_default
    assert moved.replace({key: KNOBS[key].default}).digest == DEFAULTS.digest


def test_the_digest_does_not_depend_on_order_or_on_how_a_number_was_written() -> None:
    values = {"C02": 1.2, "C01": 2.0, "volatility": 0.5}
    backwards = dict(reversed(values.items()))
    noisy = {"C02": 1.2 + 1e-9, "C01": 2, "volatility": np.float64(0.5)}
    digests = {Assumptions(knobs=KNOBS, values=one).digest for one in (values, backwards, noisy)}
    reordered = dict(reversed(KNOBS.items()))
    digests.add(Assumptions(knobs=reordered, values=values).digest)
    assert len(digests) == 1


def test_nothing_can_be_changed_in_place() -> None:
    values, reasons = {"C01": 2.0}, {"C01": "Why."}
    setting = Assumptions(knobs=KNOBS, values=values, reasons=reasons)
    values["C01"], reasons["C01"] = 3.0, "Other."
    assert (setting.values["C01"], setting.reasons["C01"]) == (2.0, "Why.")
    with pytest.raises(TypeError):
        setting.values["C01"] = 3.0
    with pytest.raises(FrozenInstanceError):
        setting.values = {}
    DEFAULTS.replace({"C01": 3.0})
    assert DEFAULTS.values["C01"] == 1.6


def test_a_link_with_the_exact_values_is_read_without_a_word() -> None:
    wanted = DEFAULTS.replace({key: away(knob) for key, knob in KNOBS.items()})
    texts = {key: f"{value:.{KNOBS[key].decimals}f}" for key, value in wanted.values.items()}
    found, problems = read_assumptions(texts, CLAIMS)
    assert problems == ()
    assert found == wanted
    assert read_assumptions(dict(wanted.values), CLAIMS) == (wanted, ())
    assert read_assumptions({}, CLAIMS) == (DEFAULTS, ())


@pytest.mark.parametrize(
    ("text", "used"),
    [
        (" 2.0 ", 2.0),
        ("2", 2.0),
        ("2e0", 2.0),
        (2, 2.0),
    ],
)
def test_other_ways_of_writing_a_number_are_fine(text: object, used: float) -> None:
    found, problems = read_assumptions({"C01": text}, CLAIMS)
    assert (found.values["C01"], problems) == (used, ())


@pytest.mark.parametrize(
    ("text", "used", "words"),
    [
        ("99", "high", "is used"),
        ("-99", "low", "is used"),
        ("inf", "default", "not a number"),
        ("-inf", "default", "not a number"),
        ("1e999", "default", "not a number"),
        ("1_0", "default", "not a number"),
        ("\N{ARABIC-INDIC DIGIT TWO}", "default", "not a number"),
        ("9" * 4000, "default", "not a number"),
        ("1.62", 1.6, "1.62 is not in"),
        ("1.64", 1.65, "1.64 is not in"),
        ("nan", "default", "not a number"),
        ("", "default", "not a number"),
        ("much", "default", "“much” is not a number"),
        ("1,4", "default", "not a number"),
        (None, "default", "not a number"),
        (True, "default", "not a number"),
        ([2.0], "default", "not a number"),
        ("=1+1", "default", "not a number"),
    ],
    ids=repr,
)
def test_repairs_are_made_and_told(text: object, used: float | str, words: str) -> None:
    found, problems = read_assumptions({"C01": text, "C02": "1.2"}, CLAIMS)
    expected = getattr(KNOBS["C01"], used) if isinstance(used, str) else used
    assert found == DEFAULTS.replace({"C01": expected, "C02": 1.2})
    assert len(problems) == 1
    assert problems[0].startswith(KNOBS["C01"].label)
    assert words in problems[0]


def test_unknown_keys_are_ignored_and_named_and_cut_short() -> None:
    found, problems = read_assumptions({"C99": "1", "x" * 5000: "1", "C01": "2"}, CLAIMS)
    assert found == DEFAULTS.replace({"C01": 2.0})
    assert len(problems) == 2
    assert "C99" in problems[0]
    assert all(len(problem) < 120 for problem in problems)


keys = st.one_of(st.sampled_from(list(KNOBS)), st.text(max_size=60))
numbers = st.one_of(st.floats(), st.integers(), st.booleans(), st.none())
texts = st.one_of(st.text(max_size=60), st.floats().map(str), st.integers().map(str), numbers)


@SEEDED
@given(raw=st.dictionaries(keys, texts, max_size=12))
def test_any_link_gives_a_valid_setting_and_a_sentence_for_every_repair(raw: dict[str, object]) -> None:
    found, problems = read_assumptions(raw, CLAIMS)
    assert Assumptions(knobs=KNOBS, values=dict(found.values)) == found
    assert all(knob.low <= found.values[key] <= knob.high for key, knob in KNOBS.items())
    assert all(found.values[key] == KNOBS[key].default for key in KNOBS if key not in raw)
    untouched = [key for key, text in raw.items() if key in KNOBS and _number(text) == found.values[key]]
    assert len(problems) >= len(raw) - len(untouched)
    assert len(problems) <= len(raw)
    # Reading the result again has nothing to repair.
    assert read_assumptions(dict(found.values), CLAIMS) == (found, ())


def _number(text: object) -> float | None:
    try:
        return round(float(str(text)), 9)
    except ValueError:
        return None


def test_a_link_that_switches_every_model_off_is_repaired_and_says_so() -> None:
    claims = load_evidence(YEAR_END).claims
    nothing = dict.fromkeys(WEIGHT_KNOBS.values(), "0")
    found, problems = read_assumptions({**nothing, "C01": "1.8"}, claims)
    assert found.values["C01"] == 1.8
    assert {found.values[key] for key in nothing} == {found.knobs[key].default for key in nothing}
    assert problems == ("Every model was switched off; the default weights are used.",)
    with pytest.raises(AssumptionError, match="switch one of the four models on"):
        Assumptions.defaults(claims).replace(dict.fromkeys(nothing, 0.0))
