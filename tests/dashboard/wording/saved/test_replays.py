"""A replay says what it would write before it writes, and stands last where it is shown."""

from datetime import date

from dashboard.wording.record import in_order
from dashboard.wording.saved.replays import replay_done, replay_label, replay_question
from data.load import load_evidence
from models.record.entries import HINDCAST
from models.track.marks import REPLAYED_BY, is_replay
from models.track.replay import ORIGINS, answers_to_come, missing_origins
from tests.support.values.saved import resolved, saved


def replayed(sequence: int, year: int):
    return saved(sequence, year, author=REPLAYED_BY, kind=HINDCAST)


def test_what_it_would_write_is_counted():
    evidence = load_evidence(date(2024, 12, 31))
    assert missing_origins([]) == ORIGINS
    assert answers_to_come([], [], evidence, ORIGINS) == 19  # 2006 to 2024
    assert answers_to_come([], [resolved(1, 2010, "strain")], evidence, ORIGINS) == 18
    assert answers_to_come([saved(1, 1999)], [], evidence, ORIGINS) == 24  # and those that somebody asked before
    assert replay_question(20, 19).startswith(
        "This writes 39 entries into this server’s record that cannot be taken out"
    )


def test_a_replay_that_was_stopped_goes_on():
    there = [replayed(place, year) for place, year in enumerate(ORIGINS[:5])]
    assert missing_origins([*there, saved(90, ORIGINS[7], kind=HINDCAST)]) == ORIGINS[5:]
    assert "15 of 20 left" in replay_label(15, 20)
    assert replay_done(1, 1) == "one hindcast was saved and one answer written."


def test_live_ones_stand_first_and_replays_last():
    live, back, replay = saved(1, 2024), saved(2, 2020, kind=HINDCAST), replayed(3, 2020)
    assert in_order([replay, back, live]) == [live, back, replay]
    assert [is_replay(one) for one in (live, back, replay)] == [False, False, True]
    assert not is_replay(saved(4, 2024, author=REPLAYED_BY))  # a person's name
