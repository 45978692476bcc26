"""Words, tables and pictures of the track record: what is said follows from the numbers, and no mark is mixed."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dashboard.figures import track as figures
from dashboard.tables import track as track_tables
from dashboard.wording import track as wording_track
from dashboard.wording.saved.questions import due_sentence
from models.names import STATES
from models.record.entries import HINDCAST, LIVE
from models.record.resolutions import ResolutionDraft
from models.track.resolution import questions
from models.track.scored_table import scored_table
from models.track.track_record import BY_AUTHOR, BY_VARIANT, calibration, counts, paired, summary
from tests.support.page.charts import rows
from tests.support.values.saved import resolved, saved

TODAY = date(2026, 11, 23)
LEDGER_END = date(2024, 12, 31)
CHANCES = (0.1, 0.2, 0.3, 0.4)
WAITING = ResolutionDraft(
    question="signpost",
    subject="S01",
    status="resolved",
    outcome="yes",
    note="It happened.",
    author="rule",
    rule="a" * 64,
    evidence="b" * 64,
    as_of=LEDGER_END,
)


@pytest.fixture(scope="module")
def answers():
    return [resolved(1000 + year, year, STATES[2 + year % 2]) for year in range(2001, 2025)]


@pytest.fixture(scope="module")
def table(answers):
    live = [saved(year, year, CHANCES) for year in range(2000, 2020)]
    back = [saved(5000 + year, year, (0.4, 0.3, 0.2, 0.1), kind=HINDCAST) for year in range(2000, 2020)]
    return scored_table([*live, *back], answers, TODAY)


def headline(forecasts, resolutions, today=TODAY) -> str:
    table = scored_table(forecasts, resolutions, today)
    return wording_track.track_headline(counts(table), questions(today, forecasts, resolutions, ()))


def test_the_headline_says_what_nothing_means():
    assert "No live forecast is in the record" in headline([], [])
    assert "No live forecast is in the record" in headline([saved(1, 2010, kind=HINDCAST)], [])
    today = [saved(1, 2024, saved_at=datetime(2026, 11, 23, tzinfo=UTC))]
    told = headline(today, [])
    assert "no evidence, good or bad" in told
    assert "4 are still to come. The first answer falls due after 31 December 2026" in told
    later = headline(today, [], date(2027, 2, 1))
    assert "3 are still to come and one is passed but not answered yet" in later


def test_replaying_is_offered_only_where_it_can_be_done():
    assert "Replay history" in wording_track.empty_sentence(HINDCAST)
    assert wording_track.empty_sentence(HINDCAST, own=False) == "No hindcast is saved in the project’s record."


def test_the_headline_counts_live_answers_only():
    live, back = saved(1, 2022), saved(2, 2000, kind=HINDCAST)
    known = [resolved(10 + year, year, "strain") for year in (2001, 2002, 2023)]
    told = headline([live, back], known)
    assert told == ("One year-end that live forecasts speak about has been resolved; the next day is 31 December 2026.")


def test_scores_are_told_with_the_rule_and_the_number_compared(table):
    found = summary(paired(table), BY_VARIANT)
    one = found[found["mark"] == HINDCAST]
    told = wording_track.scores_sentence(one, "rps", HINDCAST)
    assert "Against the base rate under default assumptions:" in told
    assert "No chance counts as less than" not in told
    assert "No chance counts as less than 1 %" in wording_track.scores_sentence(one, "log", HINDCAST)
    assert "after 10 year-ends or more" in told
    assert told.endswith("These are hindcasts.")
    assert "by chance alone" not in told
    several = summary(paired(scored_table([saved(1, 2020, author=a) for a in ("x",)], [], TODAY)), BY_AUTHOR)
    assert several.empty
    authors = [saved(i, 2020, author=f"Author {i}") for i in range(1, 5)]
    many = summary(paired(scored_table(authors, [resolved(9, 2021, "strain")], TODAY)), BY_AUTHOR)
    told = wording_track.scores_sentence(many, "log", LIVE)
    assert "too few answers to tell (4 of 4)" in told
    assert "4 are compared: at least one comparison in 40 looks better by chance alone" in told


def test_the_score_table_shows_both_references(table):
    found = summary(paired(table), BY_VARIANT)
    live = found[found["mark"] == LIVE]
    shown = track_tables.score_table(live, "assumptions", "brier", track_tables.variant_names(table))
    assert shown["Assumptions"].tolist() == ["Forecast 2019 (and 19 more)"]
    assert shown["Year-ends"].tolist() == [24]
    usual = set(table["assumptions"])
    named = track_tables.score_table(live, "assumptions", "brier", track_tables.variant_names(table, usual))
    assert named["Assumptions"].tolist() == ["Default assumptions"]
    row = live[live["score"] == "brier"].iloc[0]
    assert shown.loc[0, "Score"] == row["ours"]
    assert shown.loc[0, "Base rate"] == row["base_rate"] == pytest.approx(0.75, abs=1e-12)


def test_the_index_stands_beside_the_ranked_score_alone_and_says_what_it_is_of(table):
    found = summary(paired(table), BY_VARIANT)
    live, back = (found[found["mark"] == mark] for mark in (LIVE, HINDCAST))
    names = track_tables.variant_names(table)
    assert "Index" not in track_tables.score_table(live, "assumptions", "brier", names)
    shown = track_tables.score_table(live, "assumptions", "rps", names)
    row = live[live["score"] == "rps"].iloc[0]
    assert row["index_low"] <= row["index_of_100"] <= row["index_high"]
    ends = f"({row['index_low']:.0f} to {row['index_high']:.0f})"
    assert shown.loc[0, "Index"] == f"{row['index_of_100']:.0f} {ends}"
    assert "Index, hindcast" in track_tables.score_table(back, "assumptions", "rps", names)
    assert "50 (the base rate)" in wording_track.scores_sentence(live, "rps", LIVE)


def test_the_index_is_not_given_after_few_year_ends():
    few = scored_table([saved(1, 2020, CHANCES)], [resolved(2, 2021, "strain")], TODAY)
    found = summary(paired(few), BY_VARIANT)
    assert found["index_of_100"].isna().all()
    shown = track_tables.score_table(found, "assumptions", "rps", track_tables.variant_names(few))
    assert shown["Index"].tolist() == ["Too few"]


def test_questions_say_where_they_stand_and_who_asks():
    forecasts = [saved(1, 2024, saved_at=datetime(2026, 11, 23, tzinfo=UTC)), saved(2, 2023, kind=HINDCAST)]
    found = questions(TODAY, forecasts, [resolved(3, 2024, "deeper")], ())
    table = track_tables.question_table(found, LEDGER_END).set_index("Question")
    past, waiting, ahead = (table.loc[f"State at the end of {year}"] for year in (2024, 2025, 2026))
    assert past[["Status", "Answer", "Answered, or waits"]].tolist() == ["Resolved", "Deeper", "by rule"]
    assert waiting[["Status", "Answered, or waits"]].tolist() == ["Due", "waits for the ledger"]
    assert ahead[["Status", "Answered, or waits"]].tolist() == ["Open", "waits for 31 December 2026"]
    assert [past["Asked by"], waiting["Asked by"], ahead["Asked by"]] == ["hindcasts only"] * 2 + ["live forecasts"]
    assert due_sentence((), found, LEDGER_END) == (
        "Nothing can be resolved now. The ledger of events ends 31 December 2024; 2025 can only be answered once it "
        "goes further."
    )


def test_what_can_be_resolved_is_counted_by_kind():
    waiting = [replace(WAITING, subject=str(at)) for at in range(3)]
    assert due_sentence(waiting, (), LEDGER_END) == "Can be resolved now: 0 year-ends, 3 signposts."
    assert due_sentence(
        [replace(WAITING, question="state", subject="2024", outcome="strain"), *waiting[:1]], (), LEDGER_END
    ) == ("Can be resolved now: 1 year-end, 1 signpost.")


@pytest.mark.parametrize(("mark", "word", "filled"), [(LIVE, "● live", True), (HINDCAST, "◇ hindcast", False)])
def test_a_chart_holds_one_mark_with_its_own_shape_and_word(table, mark, word, filled):
    given = figures.given_to_outcome(table, mark, 1)
    spec = figures.given_chart(given, mark, 1)
    drawn = rows(spec)
    assert all(one.startswith(word) for one in drawn["mark"])
    ours = drawn[drawn["who"] == figures.OURS].set_index("year")["value"]
    chances = CHANCES if mark == LIVE else CHANCES[::-1]
    assert ours.to_dict() == pytest.approx({year: chances[2 + year % 2] for year in range(2001, 2021)})
    curve = figures.calibration_chart(calibration(table, mark, "deeper"), mark)
    points = [layer["mark"] for layer in (*spec["layer"], *curve["layer"]) if layer["mark"]["type"] == "point"]
    assert {one["filled"] for one in points} <= {filled, False}
    assert any(one["filled"] is filled for one in points)
    assert ("diamond" in json.dumps(curve["layer"])) is (mark == HINDCAST)
    assert ("circle" in json.dumps(curve["layer"])) is (mark == LIVE)


def test_live_and_hindcast_look_different_in_shape_filling_and_colour():
    one, other = figures.look(LIVE), figures.look(HINDCAST)
    assert all(one[name] != other[name] for name in ("shape", "filled", "color"))


def test_sentences_tell_the_tables_own_numbers(table):
    given = figures.given_to_outcome(table, LIVE, 1)
    told = wording_track.given_sentence(given, LIVE)
    assert "live forecasts gave, on average, to what then happened: 35 %; the base rate alone: 25 %" in told
    found = calibration(table, HINDCAST, "deeper")
    assert "100 hindcasts on 24 year-ends" in wording_track.calibration_sentence(found, HINDCAST)
    few = calibration(scored_table([saved(1, 2020)], [resolved(2, 2021, "deeper")], TODAY), LIVE, "deeper")
    assert "too few for a verdict" in wording_track.calibration_sentence(few, LIVE)


def test_an_unknown_base_rate_is_named_and_not_drawn():
    moved = {"changed": ("rupture_hazard",), "reasons": {"rupture_hazard": "Because."}}
    known = [resolved(10 + year, year, "strain") for year in (2021, 2022)]
    table = scored_table([saved(1, 2020, CHANCES, **moved), saved(2, 2021, CHANCES)], known, TODAY)
    found = summary(paired(table), BY_VARIANT)
    alone = found[found["base_rate"].isna()]
    one = scored_table([saved(1, 2020, CHANCES, **moved)], known, TODAY)
    alone = summary(paired(one), BY_VARIANT)
    assert "Its hazard was moved, so that it is not known." in wording_track.scores_sentence(alone, "rps", LIVE)
    shown = track_tables.score_table(alone, "assumptions", "rps", track_tables.variant_names(one))
    assert shown[["Against the base rate", "Difference"]].to_numpy().tolist() == [["Not known", "not known"]]
    nothing = figures.given_to_outcome(one, LIVE, 1)
    assert "base rate" not in wording_track.given_sentence(nothing, LIVE)
    assert len(rows(figures.given_chart(nothing, LIVE, 1), "rows")) == 1
    partly = figures.given_to_outcome(table, LIVE, 1)
    told = wording_track.given_sentence(partly, LIVE)
    assert "20 %; the base rate alone: 25 %, where it is known and forecasts gave 20 %; guessing" in told


def test_answers_that_people_changed_are_named_with_what_the_rule_said():
    known = [resolved(10, 2021, "strain"), resolved(11, 2022, "deeper"), resolved(12, 2023, "strain")]
    people = [
        resolved(13, 2021, "", status="disputed", author="Ada"),
        resolved(14, 2022, "", status="disputed", author="Ada"),
        resolved(15, 2022, "strain", author="Bo"),
    ]
    asked = questions(TODAY, [saved(1, 2020)], [*known, *people], ())
    told = wording_track.by_hand_sentence(asked, LIVE)
    assert told == (
        "Not left to the rule: 2022 (resolved as strain by Bo; the rule said deeper) and 2021 (disputed by Ada; the "
        "rule said strain)."
    )
    assert wording_track.by_hand_sentence(asked, HINDCAST) == ""
    assert wording_track.by_hand_sentence(questions(TODAY, [saved(1, 2020)], known, ()), LIVE) == ""
