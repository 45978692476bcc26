"""Pins are weights on stored ledgers: nothing changes without them, their order does not matter, and answers add up."""

from itertools import permutations

import numpy as np
import pytest

from models.errors import AssumptionError
from models.forecast.results import make_forecast
from models.names import MODEL_M0, MODEL_M1, MODEL_M3, STATES, TARGET_DEEPER, TARGET_RUPTURE, TARGET_STATE
from models.signposts.ask import Question
from models.signposts.pinned import conditioned
from models.signposts.pins import Observed, implied, read_act, read_pin
from models.weighting.status import Status

PINS = ("S03=yes", "S01=no", "deeper@2028")


def pins(*texts):
    return [read_pin(text) for text in texts]


def test_without_pins_the_published_numbers_are_the_answer_to_the_last_digit(question):
    asked, forecast = question.ask(), question.forecast
    for at, horizon in enumerate(forecast.horizons):
        for code, state in enumerate(STATES):
            assert asked.published[at, code] == forecast.probability(TARGET_STATE, horizon, state)
        assert asked.published[at, 4] == forecast.probability(TARGET_RUPTURE, horizon, "yes")
        assert asked.published[at, 5] == forecast.probability(TARGET_DEEPER, horizon, "yes")
    assert asked.mixture.chance == pytest.approx(1, abs=1e-15)
    assert dict(asked.shares) == pytest.approx(dict(forecast.model_weights))
    assert asked.mixture.status == forecast.status


def test_the_order_of_pins_does_not_matter_to_the_last_bit(question):
    answers = [question.ask(pins(*order)) for order in permutations(PINS)]
    for answer in answers[1:]:
        np.testing.assert_array_equal(answer.mixture.outcomes, answers[0].mixture.outcomes)
        assert answer.mixture.chance == answers[0].mixture.chance


@pytest.mark.parametrize("given", [(), ("S09=yes",)])
def test_yes_and_no_add_up_to_what_was_inside_the_stored_ledgers(question, given):
    whole = question.pinned(pins(*given))
    for identifier in ("S01", "S03", "S16", "S20", "S22"):
        parts = [question.pinned([*pins(*given), Observed(id=identifier, yes=yes)]) for yes in (True, False)]
        for model in (MODEL_M1, MODEL_M3):
            total = sum(part[model].shares for part in parts)
            np.testing.assert_allclose(total, whole[model].shares, rtol=0, atol=1e-12)


def test_what_is_so_has_been_so_at_least_once_and_stays_so(question):
    outcomes = question.ask(pins("S03=yes", "S11=yes")).mixture.outcomes
    np.testing.assert_allclose(outcomes[:, :4].sum(axis=1), 1)
    assert (outcomes[:, 4] >= outcomes[:, 0] - 1e-12).all()
    assert (outcomes[:, 5] >= outcomes[:, 3] - 1e-12).all()
    assert (np.diff(outcomes[:, 4:], axis=0) >= -1e-12).all()


def test_a_state_that_is_pinned_is_certain_and_no_break_means_no_rupture_by_then(question):
    deeper = question.ask(pins("deeper@2028")).mixture
    assert deeper.outcomes[2, 3] == pytest.approx(1)
    broken = question.ask(pins("S20=yes")).mixture
    calm = question.ask(pins("S20=no")).mixture
    assert broken.outcomes[3, 4] > 0.9 > 0.02 > calm.outcomes[3, 4]


def test_models_without_ledgers_borrow_and_never_earn_a_good_badge(question):
    asked = question.ask(pins("S03=yes"))
    assert asked.models[MODEL_M0].borrowed
    assert not asked.models[MODEL_M1].borrowed
    assert asked.models[MODEL_M0].status is Status.FAIR
    assert 0 < asked.borrowed < 1
    assert question.ask().borrowed == pytest.approx(asked.borrowed, abs=0.05)


def test_hostile_news_speaks_for_worse_states_and_for_more_hostile_news(question):
    plain, asked = question.ask(), question.ask(pins("S03=yes"))
    assert (asked.mixture.outcomes[:, :2].sum(axis=1) > plain.mixture.outcomes[:, :2].sum(axis=1)).all()
    before, after = (question.chances(given)["mixture"] for given in ((), pins("S03=yes")))
    assert after[question.board.index("S03")] == 1
    assert after[question.board.index("S11")] > before[question.board.index("S11")]


def test_errors_are_those_of_the_long_way_a_bootstrap_of_blocks(question):
    asked, published = question.pinned(pins("S03=yes"))[MODEL_M1], question.published[MODEL_M1]
    fits, rng = asked.futures.blocks.fit, np.random.default_rng(5)
    groups = [np.flatnonzero(fits == fit) for fit in np.unique(fits)]

    def given(blocks):
        joint, base = (tables[blocks].sum(axis=0) for tables in (asked.tables, asked.before.tables))
        rest, others = (whole[:, :4].sum(axis=1, keepdims=True) - whole for whole in (joint, base))
        likelihood, otherwise = joint / np.where(base > 0, base, 1), rest / np.where(others > 0, others, 1)
        return conditioned(published, likelihood, otherwise)[:, :4]

    repeated = [given(np.concatenate([rng.choice(group, group.size) for group in groups])) for _ in range(300)]
    expected = np.std(repeated, axis=0)
    whole = conditioned(published, asked.likelihood, asked.otherwise)
    error = asked.errors(published, np.zeros((asked.blocks, published.size)), whole)[:, :4]
    counts = expected > 5e-4
    assert counts.sum() >= 4
    np.testing.assert_allclose(error[counts], expected[counts], rtol=0.25)


def test_what_cannot_be_asked_is_refused_in_words(question):
    for given, words in (
        (["S99=yes"], "S99"),
        (["S03=yes", "S03=no"], "one answer"),
        (["S03=yes", "S03=yes"], "twice"),
        (["deeper@2028", "strain@2028"], "one state"),
        (["deeper@2040"], "expected a year from"),
        (["S01=yes", "S02=yes", "S03=yes", "S09=yes"], "at most 3"),
    ):
        with pytest.raises(AssumptionError, match=words):
            question.ask(pins(*given))
    for text in ("S03", "S03=maybe", "bliss@2028", ""):
        with pytest.raises(AssumptionError, match="expected a signpost"):
            read_pin(text)


def test_a_setting_is_asked_with_its_own_weights(question, evidence, library):
    moved = make_forecast(evidence, library, question.forecast.assumptions.replace({"C01": 3.0}))
    other = Question.of(question.board, evidence, library, moved)
    assert other.ask(pins("S03=yes")).mixture.chance != question.ask(pins("S03=yes")).mixture.chance


def test_an_act_changes_no_year_before_its_own_and_nothing_else_than_states(question):
    plain, done = question.ask(), question.ask((), [read_act("S03@2027")])
    np.testing.assert_allclose(done.mixture.outcomes[0], plain.mixture.outcomes[0], atol=1e-12)
    assert done.mixture.outcomes[1, 3] < plain.mixture.outcomes[1, 3]
    assert done.mixture.chance == plain.mixture.chance
    broken = question.ask((), [read_act("S20@2028")]).mixture.outcomes
    assert broken[2, 0] == pytest.approx(1)
    assert broken[2, 4] == pytest.approx(1)


@pytest.mark.parametrize("text", ["S16@2027", "S22@2026", "S03@2029", "S07@2026"])
def test_what_no_act_can_settle_is_not_done(question, text):
    with pytest.raises(AssumptionError, match=r"expected|answers already"):
        question.ask((), [read_act(text)])


def test_nested_rules_are_told_and_their_contradiction_is_refused_in_any_order(question):
    assert implied(pins("S46=yes", "S20=yes"), question.board) == (("S46", "S20"),)
    assert implied(pins("S20=yes", "S09=yes"), question.board) == ()
    for order in (("S46=yes", "S20=no"), ("S20=no", "S46=yes")):
        with pytest.raises(AssumptionError, match="says yes to S20"):
            question.ask(pins(*order))
