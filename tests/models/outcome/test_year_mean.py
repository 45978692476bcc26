"""A year's own mean: from the ledger by hand, in three words, annulled without a row, refused where a rule has none."""

import math

import numpy as np
import pytest

from models.errors import OutcomeError
from models.names import YEAR_WORDS
from models.outcome.rule import RULE_1, RULE_2, resolve, yearly_readings
from models.outcome.words import break_words, cut_words, tone_words, weight_words, year_words
from models.outcome.year_mean import past_differences, resolve_year_mean, tone_at, word_codes
from tests.models.outcome.test_rule import act


def test_the_mean_of_a_year_is_weighed_by_the_rule_and_set_against_the_tone_at_the_origin() -> None:
    events = [act(1, 2003, 2), act(2, 2004, 4), act(3, 2006, 4), act(4, 2006, -1, "civil_space")]
    found = resolve_year_mean(events, 2006, 2004)
    assert found.mean == pytest.approx((16 * 4 - 1) / (16 + 1), abs=1e-13)  # half of 4**2.5, and 1 in space
    assert found.tone == pytest.approx((0.7 * 2 + 4) / 1.7, abs=1e-13) == resolve(events, 2004).tone
    assert found.difference == pytest.approx(3.7059 - 3.1765, abs=1e-4)
    assert found.word == "about_as_before"
    assert "average +3.71, +0.53 from the tone of +3.18 at the end of 2004" in found.reason
    assert resolve_year_mean(events, 2006, 2003).word == "better"
    assert resolve_year_mean([*events, act(5, 2006, -5)], 2006, 2004).word == "worse"


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ([act(1, 2004, 4)], "no act of 2005"),
        ([act(1, 2004, 4), act(2, 2005, 0), act(3, 2005, 0, context=True)], "no act of 2005"),
        ([act(1, 1999, 4), act(2, 2005, 4)], "within 5 years to the end of 2004"),
    ],
)
def test_without_a_row_that_weighs_the_answer_is_annulled(events: list, told: str) -> None:
    found = resolve_year_mean(events, 2005, 2004)
    assert (found.word, found.difference) == (None, None)
    assert found.reason.startswith("Annulled")
    assert told in found.reason


def test_a_difference_on_a_cut_is_about_as_before() -> None:
    low, high = RULE_2.word_cuts
    given = np.array([[low - 1e-9, low, 0.0], [high, high + 1e-9, np.nan]])
    np.testing.assert_array_equal(word_codes(given), [[0, 1, 1], [1, 2, -1]])
    assert YEAR_WORDS == ("worse", "about_as_before", "better")


def test_a_rule_without_the_words_and_a_year_before_its_origin_are_refused() -> None:
    with pytest.raises(OutcomeError, match=r"rule-1.*no cuts between worse"):
        resolve_year_mean([act(1, 2005, 4)], 2005, 2004, RULE_1)
    with pytest.raises(OutcomeError, match="expected a later year"):
        resolve_year_mean([act(1, 2005, 4)], 2004, 2004)


def test_past_differences_are_those_of_single_years(editions) -> None:
    events = editions.default.events
    for horizon in (1, 3):
        found = past_differences(events, (1950, 1968, 2019), horizon)
        single = [resolve_year_mean(events, origin + horizon, origin).difference for origin in (1950, 1968, 2019)]
        # Sums in another order: rounding only.
        np.testing.assert_allclose(found, single, rtol=0, atol=1e-12)


def test_the_tone_at_an_origin_knows_nothing_later(editions) -> None:
    events = editions.default.events
    assert tone_at(events, 1998) == tone_at([event for event in events if event.year <= 1998], 1998)
    assert math.isnan(tone_at(events, 1940))
    means, _ = yearly_readings(events, 1994, 1998)
    assert tone_at(events, 1998) == pytest.approx(float(np.average(means, weights=0.7 ** np.arange(4, -1, -1.0))))


def test_words_take_their_numbers_from_the_rule() -> None:
    assert cut_words(RULE_2).startswith(
        "rupture below -4.5 or after a break act, strain below 0, transactional below +4.5"
    )
    assert cut_words(RULE_1).startswith("rupture below -3 ")
    assert "power 2.5" in weight_words(RULE_2)
    assert weight_words(RULE_1).endswith("whatever their size")
    assert "last 5 years" in tone_words(RULE_2)
    assert "counting 0.7 of" in tone_words(RULE_2)
    assert all(kind.replace("_", " ") in break_words(RULE_2) for kind in RULE_2.break_types)
    assert break_words(RULE_1) == "an act between the two of -8 or worse"
    assert year_words(RULE_2).startswith("worse below -0.8 ")
    assert year_words(RULE_1) == ""
