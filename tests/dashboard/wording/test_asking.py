"""What is said of pins, acts, signposts and the worth of answers."""

from dataclasses import replace
from datetime import date

import pytest

from dashboard.wording.ask import given, signposts, value
from dashboard.wording.ask.given import Shift
from models.outcome.past_rows import past_rows
from models.outcome.signpost_list import SIGNPOSTS
from models.signposts.pins import Act, Observed, StateHeld
from models.signposts.ranges import YesCount

QUESTIONS = {signpost.id: signpost for signpost in SIGNPOSTS}
YES, HELD, ACT = Observed(id="S03", yes=True), StateHeld(state="deeper", year=2028), Act(id="S09", year=2027)


def test_what_is_supposed_is_named_with_its_question():
    assert given.asked_text(YES, QUESTIONS).startswith("S03 observed: yes. Is a joint")
    assert given.asked_text(HELD, QUESTIONS) == "Deeper cooperation at the end of 2028."
    assert given.asked_text(ACT, QUESTIONS).startswith("S09 made to happen in 2027. Does")
    assert given.asked_text(Observed(id="S99", yes=False), QUESTIONS) == "S99 observed: no. "
    short = given.short_text((YES, HELD), (ACT,))
    assert short == "S03 yes, deeper cooperation at the end of 2028 and S09 made to happen in 2027"


@pytest.mark.parametrize(
    ("chance", "told"),
    [(0.31, "31 %"), (0.01, "1 %"), (0.0099, "1 in 100"), (0.00155, "1 in 650"), (0.0004, "less than 1 in 1,000")],
)
def test_a_rare_condition_is_told_as_one_in_so_many(chance, told):
    assert told in given.chance_sentence(chance)


def shift(state: str, before: float, after: float) -> Shift:
    return Shift(state=state, before=before, after=after)


def test_the_states_that_move_most_are_named_largest_first():
    moves = [shift("strain", 0.02, 0.04), shift("deeper", 0.15, 0.05), shift("rupture", 0.02, 0.022)]
    assert given.given_sentence(moves, 2028) == (
        "At the end of 2028 deeper cooperation falls from 15 % to 5 % and strain rises from 2 % to 4 %."
    )
    assert given.moves_text(moves[2:]) == "no state’s chance moves by a point"
    assert "Deeper cooperation at the end of 2029 moves most, from 15 % to 5 %" in given.course_sentence(
        {2028: moves[:1], 2029: moves}
    )
    assert given.course_sentence({2028: moves[2:]}).startswith("No state")


def test_a_coarse_error_hides_a_move_that_it_could_have_made():
    assert not Shift(state="deeper", before=0.15, after=0.17, error=0.05).moves


def test_observing_and_doing_are_told_by_the_readers_own_case():
    observed, made = shift("deeper", 0.12, 0.09), shift("deeper", 0.12, 0.11)
    text = given.difference_sentence(ACT, QUESTIONS["S09"], 2028, observed, made)
    assert "S09 came true by the end of 2029" in text
    assert "deeper cooperation at the end of 2028 goes from 12 % to 9 %" in text
    assert "Made to happen in 2027, it adds its row to that year and nothing else: from 12 % to 11 %" in text
    late = given.difference_sentence(
        Act(id="S09", year=2029), QUESTIONS["S09"], 2028, observed, shift("deeper", 0.12, 0.12)
    )
    assert "its row comes after that day and cannot move it: nowhere from 12 %" in late


def test_the_signs_that_move_most_are_told_without_those_supposed():
    signs = tuple(QUESTIONS[name] for name in ("S03", "S09", "S20"))
    lines = given.sign_lines(signs, (0.1, 0.4, 0.06), (1.0, 0.5, 0.061), ("S03",))
    assert lines == (f"50 % instead of 40 %: {QUESTIONS['S09'].question} (S09)",)


def test_nested_answers_carry_a_warning():
    assert given.overlap_sentence([]) == ""
    assert given.overlap_sentence([("S31", "S01")]).startswith("A yes to S31 says yes to S01: one row")


def test_a_rule_is_told_in_words_with_every_column_it_reads():
    text = signposts.rule_sentence(QUESTIONS["S02"])
    for part in ("1 January 2025 to 31 December 2029", "project cancelled", "civil space", "−4 or below", "“Moon”"):
        assert part in text
    assert "by either side or both" in text
    away = signposts.rule_sentence(QUESTIONS["S16"])
    assert away.startswith("Yes if acts of this kind stay away")
    assert "says no" in away


@pytest.mark.parametrize("signpost", SIGNPOSTS, ids=lambda signpost: signpost.id)
def test_every_rule_has_words(signpost):
    text = signposts.rule_sentence(signpost)
    assert text.endswith(".")
    assert "_" not in text


def test_past_answers_are_told_by_the_year(evidence):
    rows = past_rows(QUESTIONS["S09"], evidence.events)
    assert "2 of 34 years since 1992 (2007 and 2021)" in signposts.past_sentence(rows, 2025)
    assert "Never in the ledger" in signposts.past_sentence(replace(rows, rows=()), 2025)


def test_a_range_holds_its_chance_and_a_break_act_has_none():
    assert signposts.chance_of(0.5, (0.17, 0.89)).range == "17 % to 89 %"
    assert signposts.chance_of(0.5, (float("nan"), float("nan"))).range == ""


def test_the_assumption_beside_a_recorded_chance_is_labelled():
    assert "an assumption" in signposts.any_yes_sentence(0.3, QUESTIONS["S03"])
    assert signposts.any_yes_sentence(0.3, QUESTIONS["S20"]) == ""


def test_a_line_of_the_list_says_what_is_supposed_and_what_it_changes():
    signpost = QUESTIONS["S03"]
    assert signposts.line(signpost, 0.1, "") == "10 % · by the end of 2027 · friction · S03"
    assert signposts.line(signpost, 0.1, "", 0.101).startswith("10 % · ")
    assert signposts.line(signpost, 0.2, "", 0.1).startswith("20 %, without what you suppose 10 %")
    assert signposts.line(signpost, 1.0, "yes", 0.1).startswith("supposed: yes")


def test_saved_chances_stand_below_the_present_one_newest_first():
    saved = [(date(2026, 11, 28), "Autumn", 0.34), (date(2027, 1, 5), "Winter", 0.4)]
    assert signposts.course_lines(saved, 0.38) == (
        "Now: 38 %",
        "5 January 2027: 40 % (Winter)",
        "28 November 2026: 34 % (Autumn)",
    )


def test_the_sum_of_all_chances_has_its_range():
    text = signposts.count_sentence(YesCount(mean=13.6, low=6, high=23, of=43))
    assert "Some 14 of the 43 can be expected" in text
    assert "6 to 23" in text


def test_the_worth_of_answers_is_the_models_word():
    assert "by the model" in value.value_title(2028)
    assert value.value_text(0.0245) == "24.5"
    assert value.value_text(0.00001) == "none"
    assert "16 %" in value.worth_sentence(0.0245, 0.15, 2028)
    assert "teaches nothing" in value.worth_sentence(0.0, 0.15, 2028)
    pair = QUESTIONS["S03"], QUESTIONS["S20"]
    assert value.best_sentence(pair, (0.001, 0.02), 0.1, 2028).startswith("By the model S20 and S03 would teach most")
    assert "no open question" in value.best_sentence(pair, (0.0, 0.0), 0.1, 2028)
    assert value.hearing_sentence(0.0, 0.033).startswith("From none where")


@pytest.mark.parametrize(("met", "told"), [(False, "were not shown to come nearer"), (True, "came nearer")])
def test_what_history_says_of_all_chances_stands_in_one_line(met, told):
    assert told in value.held_sentence({"met": met}, 32)


def test_questions_bear_a_minus_and_not_a_hyphen():
    assert "−8" in signposts.question_text(QUESTIONS["S20"])
    assert QUESTIONS["S20"].deadline == date(2029, 12, 31)
