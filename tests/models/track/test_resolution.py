"""What became of questions: open until the day, due until the ledger covers it, then answered, annulled or disputed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from data.types import Evidence
from models.errors import RecordError, StorageError
from models.names import Scenario
from models.outcome.rule import RULE_1, RULE_2, resolve, resolve_history, yearly_codes
from models.outcome.signpost_identity import signpost_digest
from models.outcome.signpost_list import SIGNPOSTS
from models.outcome.signposts import DUE, resolve_signpost, resolve_signposts
from models.published.place import ProjectRecord
from models.record.entry_checks import SIGNPOST, STATE
from models.record.listing import read_listing
from models.record.resolutions import Resolution, ResolutionDraft
from models.track.doubt import doubtful_events, label_doubt, signpost_doubt
from models.track.drafts import signpost_drafts
from models.track.resolution import BY_RULE, OPEN, dispute, due, questions, settled_again, settled_labels
from tests.support.values.saved import digest_of, make_event, resolved, saved, saved_within

TODAY, ENDS = date(2026, 11, 23), date(2024, 12, 31)

DIFFERS = "1993"
"""A year-end that the two rules label differently."""


def of_states(drafts: Iterable[ResolutionDraft]) -> list[ResolutionDraft]:
    """Answers about year-ends; signposts are answered from the same ledger."""
    return [draft for draft in drafts if draft.question == STATE]


def written(draft: ResolutionDraft, sequence: int) -> Resolution:
    fields = {name: getattr(draft, name) for name in ResolutionDraft.__dataclass_fields__ if name != "outcome"}
    return resolved(sequence, draft.as_of.year, draft.outcome, **fields)


def stands(found, subject: str) -> str:
    return next(one.status for one in found if one.subject == subject)


def test_a_question_is_open_until_its_day_and_due_until_it_is_answered(real_evidence: Evidence) -> None:
    forecasts, then = [saved(1, 2024)], real_evidence.visible(date(2024, 12, 31))
    found = questions(TODAY, forecasts, [])
    assert [stands(found, str(year)) for year in range(2025, 2030)] == [DUE, OPEN, OPEN, OPEN, OPEN]
    assert stands(questions(date(2025, 12, 31), forecasts, []), "2025") == OPEN  # the day itself still counts
    assert due(then, TODAY, forecasts, []) == ()  # the ledger ends before the first target


def test_year_ends_are_answered_by_the_rule_with_its_reason_and_rows(real_evidence: Evidence) -> None:
    drafts = of_states(due(real_evidence, TODAY, [saved(1, 2019)], []))
    assert [one.subject for one in drafts] == ["2020", "2021", "2022", "2023", "2024"]
    codes = yearly_codes(real_evidence.events, 2020, 2024)
    for draft, code in zip(drafts, codes, strict=True):
        expected = resolve(real_evidence.events, int(draft.subject))
        assert (draft.status, draft.outcome, draft.note) == ("resolved", expected.state.value, expected.reason)
        assert draft.outcome == ("rupture", "strain", "transactional", "deeper")[code]
        assert draft.events == tuple(event.id for event in expected.decisive)


def test_a_year_that_has_begun_is_answered_when_it_has_ended_and_the_ledger_covers_it(real_evidence: Evidence) -> None:
    forecasts = [saved_within(1, date(2023, 10, 8))]
    assert [one.subject for one in questions(TODAY, forecasts, []) if one.question == STATE][:2] == ["2023", "2024"]
    for as_of, subjects in ((date(2023, 12, 30), []), (date(2023, 12, 31), ["2023"]), (date(2024, 10, 8), ["2023"])):
        drafts = of_states(due(real_evidence.visible(as_of), TODAY, forecasts, []))
        assert [one.subject for one in drafts] == subjects


def test_nothing_is_written_twice_and_a_person_is_not_overruled(real_evidence: Evidence) -> None:
    forecasts, then = [saved(1, 2023)], real_evidence.visible(date(2024, 12, 31))
    (draft,) = due(then, TODAY, forecasts, [])
    answered = written(draft, 2)
    assert due(then, TODAY, forecasts, [answered]) == ()
    wrong = replace(answered, outcome="rupture")
    assert due(then, TODAY, forecasts, [wrong]) == (draft,)  # the rule says otherwise now
    by_hand = replace(wrong, sequence=3, author="Ada")
    assert due(then, TODAY, forecasts, [answered, by_hand]) == ()


def test_a_year_end_is_answered_under_each_rule_that_it_was_asked_under(real_evidence: Evidence) -> None:
    """The two rules label it differently: neither answer stands for the other."""
    forecasts = [saved(1, 1990), saved(2, 1990, rule=RULE_1.digest)]
    drafts = [draft for draft in due(real_evidence, TODAY, forecasts, []) if draft.subject == DIFFERS]
    expected = {rule.digest: resolve(real_evidence.events, int(DIFFERS), rule) for rule in (RULE_1, RULE_2)}
    assert {draft.rule: draft.outcome for draft in drafts} == {rule: one.state for rule, one in expected.items()}
    assert len({draft.outcome for draft in drafts}) == 2, "both rules say the same, so nothing was tested"
    assert {draft.note.startswith("Asked under rule-1. ") for draft in drafts if draft.rule == RULE_1.digest} == {True}
    answered = [written(draft, 3 + place) for place, draft in enumerate(drafts)]
    found = [one for one in questions(TODAY, forecasts, answered) if one.subject == DIFFERS]
    assert {one.rule: one.outcome for one in found} == {draft.rule: draft.outcome for draft in drafts}
    title = f"State at the end of {DIFFERS}"
    assert {one.title for one in found} == {title, f"{title}, asked under rule-1"}
    assert [one for one in due(real_evidence, TODAY, forecasts, answered) if one.subject == DIFFERS] == []


def test_an_unknown_rule_annuls_and_so_does_an_empty_ledger(real_evidence: Evidence) -> None:
    then = real_evidence.visible(date(2024, 12, 31))
    (draft,) = due(then, TODAY, [saved(1, 2023, rule=digest_of("a rule to come"))], [])
    assert (draft.status, draft.outcome, draft.rule) == ("annulled", "", digest_of("a rule to come"))
    assert "which this program does not know" in draft.note
    (draft,) = due(replace(then, events=()), TODAY, [saved(1, 2023)], [])
    assert draft.status == "annulled"
    assert "no event" in draft.note


def test_doubtful_rows_that_would_change_the_label_make_it_disputed(real_evidence: Evidence) -> None:
    """Independently: the whole ledger with the rows that were left out gives another label."""
    doubtful = doubtful_events()
    whole = [*real_evidence.events, *doubtful]
    for rule in (RULE_1, RULE_2):
        forecasts = [saved(place, year, rule=rule.digest) for place, year in enumerate(range(1994, 2020, 5), 1)]
        drafts = of_states(due(real_evidence, TODAY, forecasts, [], doubtful))
        disputed = {one.subject for one in drafts if one.status == "disputed"}
        for draft in drafts:
            here, there = (resolve(events, int(draft.subject), rule).state for events in (real_evidence.events, whole))
            assert here == there or draft.subject in disputed
        assert len(disputed) < len(drafts)


def test_rows_that_change_the_label_alone_are_named() -> None:
    calm = [make_event("E2024-05-01-deal", intensity=1)]
    war = make_event("E2024-06-01-war", intensity=-9, reserve=True)
    mild = make_event("E2024-07-01-note", intensity=1, reserve=True)
    found = label_doubt(calm, 2024, [war, mild])
    assert found is not None
    assert (found.which, found.other, found.events) == ("reserve", "rupture", ("E2024-06-01-war",))
    assert label_doubt(calm, 2024, [mild]) is None


def test_signposts_are_answered_after_their_day_only(real_evidence: Evidence) -> None:
    late = replace(real_evidence, as_of=date(2025, 12, 31), events=(*real_evidence.events, _deal_of_2025()))
    ended = {one.id for one in SIGNPOSTS if one.deadline == date(2025, 12, 31)}
    assert {one.subject for one in due(late, TODAY, [], [])} == ended
    assert due(late, date(2025, 12, 31), [], []) == ()
    for draft in due(late, TODAY, [], []):
        signpost = next(one for one in SIGNPOSTS if one.id == draft.subject)
        assert draft.outcome == resolve_signpost(signpost, late.events, late.as_of).status


def test_a_note_names_rows_that_only_miss_a_keyword(real_evidence: Evidence) -> None:
    signpost = next(one for one in SIGNPOSTS if one.id == "S39")
    kind = {"event_type": "mou_signed", "domain": "civil_space", "initiator": "both"}
    near = make_event("E2029-05-01-crater", intensity=4, summary="The agencies signed a memorandum on Selene.", **kind)
    end = signpost.deadline
    (draft,) = signpost_drafts(replace(real_evidence, as_of=end, known_on=end, events=(near,)), signpost, [])
    assert (draft.status, draft.outcome, draft.events) == ("resolved", "no", ())
    assert f"Only a keyword is missing in {near.id}" in draft.note


def test_published_answers_stay_answers_to_the_same_questions() -> None:
    """Their digests name what was asked: a field more in the list must not ask them anew."""
    with ProjectRecord().read() as record:
        answered = [one for one in read_listing(record, record.head).resolutions if one.question == SIGNPOST]
    by_id = {one.id: one for one in SIGNPOSTS}
    assert {one.subject for one in answered} >= {"S07", "S12", "S30"}
    for one in answered:
        assert one.rule == signpost_digest(by_id[one.subject])


def test_an_unverified_row_that_would_settle_a_signpost_makes_it_doubtful() -> None:
    signpost = next(one for one in SIGNPOSTS if one.id == "S01")
    row = make_event(
        "E2026-05-01-treaty",
        intensity=6,
        event_type="agreement_signed",
        domain="civil_space",
        initiator="both",
        source_kind="unverified",
    )
    other = make_event("E2027-05-01-talk", intensity=1, domain="diplomacy")
    found = signpost_doubt(signpost, [other], [row], date(2027, 12, 31))
    assert found is not None
    assert (found.which, found.other, found.events) == ("unverified", "yes", (row.id,))


def test_a_dispute_stops_the_score_until_somebody_settles_it(real_evidence: Evidence) -> None:
    answered = resolved(2, 2024, "transactional", events=("E2024-geoint-warning",))
    question = next(one for one in questions(TODAY, [saved(1, 2023)], [answered]) if one.subject == "2024")
    objection = dispute(question, "Ada", "The row is doubtful.", real_evidence)
    assert (objection.status, objection.outcome, objection.events) == ("disputed", "", answered.events)
    history = [answered, written(objection, 3)]
    disputed = next(one for one in questions(TODAY, [saved(1, 2023)], history) if one.subject == "2024")
    assert (disputed.status, disputed.outcome, len(disputed.history)) == ("disputed", "", 2)
    lifted = settled_again(disputed, "Bo", "strain", "Seen the page.")
    again = next(
        one for one in questions(TODAY, [saved(1, 2023)], [*history, written(lifted, 4)]) if one.subject == "2024"
    )
    assert (again.status, again.outcome) == ("resolved", "strain")


def test_disputes_need_a_day_a_reason_and_a_person(real_evidence: Evidence) -> None:
    found = {one.subject: one for one in questions(TODAY, [saved(1, 2024)], [])}
    with pytest.raises(RecordError, match="wait for the day"):
        dispute(found["2027"], "Ada", "No.", real_evidence)
    answered = questions(TODAY, [saved(1, 2024)], [resolved(2, 2025, "strain")])
    passed = next(one for one in answered if one.subject == "2025")
    with pytest.raises(StorageError, match="blank"):
        dispute(passed, "Ada", "  ", real_evidence)
    with pytest.raises(RecordError, match="a person's name"):
        dispute(passed, BY_RULE.title(), "No.", real_evidence)
    with pytest.raises(RecordError, match="resolve what is due first"):
        settled_again(found["2025"], "Ada", "strain", "No.")
    with pytest.raises(RecordError, match="no answer yet"):
        dispute(found["2025"], "Ada", "Too early.", real_evidence)


def test_an_answer_by_rule_is_not_replaced_without_a_dispute() -> None:
    answered = next(
        one for one in questions(TODAY, [saved(1, 2023)], [resolved(2, 2024, "strain")]) if one.subject == "2024"
    )
    with pytest.raises(RecordError, match="dispute it first"):
        settled_again(answered, "Ada", "deeper", "I know better.")


def _deal_of_2025():
    return make_event("E2025-05-01-talks", intensity=1, domain="diplomacy")


def test_labels_follow_the_record_where_it_has_an_answer(real_evidence: Evidence) -> None:
    labels = resolve_history(real_evidence.events, 2019, 2021)
    found = settled_labels(labels, [resolved(1, 2019, "", status="disputed"), resolved(2, 2020, "strain")])
    assert [one.year for one in found] == [2020, 2021]
    assert found[0].state == Scenario.STRAIN
    assert found[1] == labels[2]


@pytest.mark.parametrize(
    "today", [date(2024, 12, 31), date(2025, 12, 31), date(2026, 1, 1), TODAY, date(2028, 1, 1), date(2032, 1, 1)]
)
def test_a_signpost_has_one_word_in_the_ledgers_list_and_in_the_records(real_evidence: Evidence, today: date) -> None:
    listed = {one.signpost.id: one.status for one in resolve_signposts(real_evidence.events, ENDS, today=today)}
    recorded = {one.subject: one.status for one in questions(today, [], [])}
    assert listed == recorded
    late = {one.id for one in SIGNPOSTS if one.deadline < today}
    assert {subject for subject, status in listed.items() if status == DUE} == late
