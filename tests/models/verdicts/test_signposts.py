"""Sentences of the signposts' backtest: what was reached is said, what was missed as plainly, and never "skill"."""

import pytest

from models.verdicts.signposts import (
    chances_sentence,
    controls_sentence,
    count_sentence,
    pins_sentence,
    ranking_sentence,
    searches_sentence,
    unseen_sentence,
)
from tests.support.values.signpost_studies import (
    against,
    controls,
    counts,
    expected_values,
    pinned,
    ranked,
    scored,
    searched,
)


def test_a_lower_score_is_told_with_its_numbers_and_without_the_word() -> None:
    said = chances_sentence(against(), scored())
    assert "from 32 year-ends since 1992, one to three years ahead (2945 answers)" in said
    assert "came nearer to what happened than each question's own frequency since 1992" in said
    assert "score 0.100 against 0.120, difference -0.020 (-0.030 to -0.010)" in said
    assert "no worse than each question's own last ten years" in said
    assert "skill" not in said


def test_what_was_missed_is_told() -> None:
    said = chances_sentence(against(gain=0.005, beside=-0.02), scored())
    assert "were not shown to come nearer than" in said
    assert "not shown to be no worse than" in said
    assert "which is not what calibrated ranges would do" in count_sentence(counts(inside=0.5))
    assert "is not so" in searches_sentence(searched(median=0.04))
    assert "CHANGED" in controls_sentence(controls(planted=False))
    assert "MORE" in controls_sentence(controls(doubled=False))


def test_what_held_is_told() -> None:
    assert "94% of origins 1 year ahead (84% to 100% if calibrated)" in count_sentence(counts())
    assert "as calibrated ranges would" in count_sentence(counts())
    assert "1.0 without the first one" in searches_sentence(searched())
    assert "is so" in searches_sentence(searched())
    assert "changed no chance; a year's rows doubled moved chances by the exposure alone" in controls_sentence(
        controls()
    )
    assert "(100 answers), 4.0% were answered yes, where 3.0% were expected" in unseen_sentence(scored())


def test_the_ranking_is_called_what_it_is() -> None:
    said = ranking_sentence(ranked())
    assert "+0.06 (-0.20 to +0.30) since 1976 over 28 questions and +0.28" in said
    assert "not the value that the model would have had then" in said


@pytest.mark.parametrize(("within", "words"), [(True, "of 4, 3 agree within 1.5 points"), (False, "and 0 more within")])
def test_pins_are_counted_by_how_near_they_are(within: bool, words: str) -> None:
    said = pins_sentence(pinned(within=within), expected_values())
    assert words in said
    assert "largest difference is 2.0 points" in said
    assert "Spearman 1.000 to 1.000" in said
