"""Chances of signposts that were saved, held against what came of them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from data.load import load_evidence
from models.errors import RecordError
from models.outcome.signpost_identity import signpost_digest
from models.outcome.signpost_list import SIGNPOSTS
from models.record.bodies import facts_of
from models.record.entries import SavedForecast
from models.track.drafts import signpost_drafts
from models.track.resolution import questions
from models.track.signpost_table import signpost_scores, signpost_table
from tests.support.values.asked import asked_snapshot
from tests.support.values.saved import resolved, saved

TODAY = date(2031, 1, 5)
FIRST = next(one for one in SIGNPOSTS if one.id == "S01")


def said(chance: float, expanding: float = 0.5, ten_years: float = 0.4, **fields: object) -> dict[str, object]:
    own = {"digest": signpost_digest(FIRST), "deadline": FIRST.deadline.isoformat(), "chance": chance}
    return own | {"expanding": expanding, "ten_years": ten_years} | fields


def forecast(sequence: int, origin: int, **signposts: dict[str, object]) -> SavedForecast:
    return saved(sequence, origin, signposts=signposts)


def answered(name: str, outcome: str, sequence: int = 90, **fields: object):
    status = "resolved" if outcome else "annulled"
    about = {"question": "signpost", "subject": name, "status": status, "rule": signpost_digest(FIRST)}
    return resolved(sequence, FIRST.deadline.year, outcome, **{**about, **fields})


def test_an_answer_is_scored_beside_both_yardsticks() -> None:
    table = signpost_table([forecast(1, 2025, S01=said(0.7))], [answered("S01", "yes")], TODAY)
    scores = table.set_index("model_id")
    assert scores["brier"].to_dict() == pytest.approx({"mixture": 0.18, "expanding": 0.5, "ten_years": 0.72})
    assert scores["log"].to_dict() == pytest.approx(
        {"mixture": -np.log(0.7), "expanding": -np.log(0.5), "ten_years": -np.log(0.4)}
    )
    assert set(table["mark"]) == {"live"}


def test_a_chance_counts_as_one_in_a_hundred_at_least() -> None:
    table = signpost_table([forecast(1, 2025, S01=said(0.999))], [answered("S01", "no")], TODAY)
    assert table["log"].iloc[0] == pytest.approx(-np.log(0.01))


def test_one_saved_after_the_deadline_is_a_hindcast() -> None:
    late = replace(forecast(1, 2025, S01=said(0.7)), saved_at=datetime(2028, 1, 1, tzinfo=UTC))
    assert set(signpost_table([late], [answered("S01", "yes")], TODAY)["mark"]) == {"hindcast"}


def test_what_has_no_answer_or_was_asked_otherwise_has_no_score() -> None:
    forecasts = [forecast(1, 2025, S01=said(0.7))]
    other = answered("S01", "yes", rule="0" * 64)
    for resolutions, today, status in (
        ([], TODAY, "due"),
        ([], date(2026, 6, 1), "open"),
        ([answered("S01", "")], TODAY, "annulled"),
        ([other], TODAY, "annulled"),
    ):
        table = signpost_table(forecasts, resolutions, today)
        assert set(table["status"]) == {status}
        assert table[["brier", "log"]].isna().all(axis=None)
    assert signpost_table([], [], TODAY).empty
    assert signpost_scores(signpost_table([], [], TODAY)).empty


def test_scores_are_means_over_questions_and_differences_over_origins() -> None:
    names = [f"S{place:02}" for place in range(1, 5)]
    forecasts = [
        forecast(origin, origin, **{name: said(0.9, expanding=0.6, deadline="2029-12-31") for name in names})
        for origin in range(2025, 2029)
    ]
    answers = [answered(name, "no" if name == "S04" else "yes", place) for place, name in enumerate(names, 90)]
    scores = signpost_scores(signpost_table(forecasts, answers, TODAY)).set_index("score")
    brier = scores.loc["brier"]
    assert brier["ours"] == pytest.approx((3 * 0.02 + 1.62) / 4)
    assert brier["difference_expanding"] == pytest.approx(brier["ours"] - (3 * 0.32 + 0.72) / 4)
    assert (brier["origins"], brier["questions"], brier["verdict_expanding"]) == (4, 16, "too few to tell")


def test_a_snapshots_chances_become_facts_of_its_entry_and_questions_of_the_record() -> None:
    snapshot = asked_snapshot()
    facts = facts_of(snapshot.document)
    assert {name: one["chance"] for name, one in facts["signposts"].items()} == {
        row.id: row.chance for row in snapshot.signposts.chances
    }
    assert facts_of(replace(snapshot, signposts=None).document)["signposts"] == {}
    entry = saved(1, 2025, signposts=facts["signposts"])
    listed = {one.subject: one for one in questions(date(2026, 1, 5), [entry], []) if one.question == "signpost"}
    assert {name for name, one in listed.items() if one.live} == set(facts["signposts"])


@pytest.mark.parametrize(
    "fault",
    [{"chance": 1.2}, {"deadline": "soon"}, {"digest": "short"}, {"more": 1}],
    ids=lambda fault: next(iter(fault)),
)
def test_what_is_said_of_a_signpost_in_another_shape_is_refused(fault: dict[str, object]) -> None:
    with pytest.raises(RecordError):
        forecast(1, 2025, S01=said(0.7) | fault)


def test_a_silent_ledger_annuls_until_rows_of_the_year_come() -> None:
    evidence = load_evidence(date(2024, 12, 31))
    signpost = replace(FIRST, opens=date(2022, 12, 31), deadline=date(2024, 12, 31))
    silent = replace(evidence, events=tuple(event for event in evidence.events if event.year < 2024))
    (draft,) = signpost_drafts(silent, signpost, ())
    assert (draft.status, draft.outcome) == ("annulled", "")
    (draft,) = signpost_drafts(evidence, signpost, ())
    assert draft.outcome in ("yes", "no")
    assert signpost_drafts(evidence, replace(signpost, deadline=date(2029, 12, 31), opens=date(2024, 12, 31)), ()) == []
