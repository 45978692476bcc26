"""What may stand in an entry, and when a forecast counts as made before the day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from models.errors import RecordError, StorageError
from models.record.bodies import facts_of, plain, published_of
from models.record.entries import HINDCAST, LIVE, Draft, SavedForecast
from models.record.entry_checks import require_published
from models.record.listing import Filter, forecast_line, forecast_text, shown_names
from models.record.store import Record
from models.snapshot.value import Snapshot
from models.track.marks import mark
from tests.support.values.saved import answer

TARGET = date(2026, 12, 31)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory, moved_snapshot: Snapshot) -> SavedForecast:
    with Record.open(str(tmp_path_factory.mktemp("one") / "record.db")) as record:
        return record.save(Draft(name="Autumn", author="A. Reader", note="Long talk"), moved_snapshot)


@pytest.mark.parametrize(
    ("moment", "kind", "expected"),
    [
        (datetime(2026, 12, 30, 23, 59, tzinfo=UTC), LIVE, LIVE),
        (datetime(2026, 12, 31, tzinfo=UTC), LIVE, HINDCAST),
        (datetime(2027, 1, 1, tzinfo=UTC), LIVE, HINDCAST),
        (datetime(2020, 1, 1, tzinfo=UTC), HINDCAST, HINDCAST),
        (datetime(2026, 12, 31, 5, tzinfo=timezone(timedelta(hours=8))), LIVE, LIVE),
    ],
)
def test_only_a_forecast_from_before_the_day_is_live(
    saved: SavedForecast, moment: datetime, kind: str, expected: str
) -> None:
    assert mark(replace(saved, saved_at=moment, kind=kind), TARGET) == expected


def test_a_time_of_saving_that_cannot_be_is_never_live(saved: SavedForecast) -> None:
    last = saved.reference_date
    days = [
        last - timedelta(days=2),
        last - timedelta(days=1),
    ]  # somewhere on earth the last day of the evidence had come
    early, edge = (replace(saved, saved_at=datetime(one.year, one.month, one.day, tzinfo=UTC)) for one in days)
    assert (early.counts_as, mark(early, TARGET)) == (HINDCAST, HINDCAST)
    assert f"saved on {days[0]}, before the last day of its evidence, {last}" in early.time_doubt
    assert (edge.time_doubt, edge.counts_as, mark(edge, TARGET)) == ("", LIVE, LIVE)
    doubted = replace(saved, doubt="why")
    assert (doubted.time_doubt, mark(doubted, TARGET)) == ("why", HINDCAST)
    assert "hindcast" in (line := forecast_line(doubted, "Name"))
    assert "[time doubted: why]" in line
    assert "hindcast [time doubted: why]" in forecast_text(doubted, "Name", ())
    assert Filter(kind="hindcast").matches(doubted, "Name")
    assert not Filter(kind="live").matches(doubted, "Name")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": " "}, "name: got a blank"),
        ({"name": "x" * 121}, "121 letters, expected at most 120"),
        ({"name": "two\nlines"}, r"U\+000A"),
        ({"author": ""}, "author: got a blank"),
        ({"author": "\u202eevil"}, r"U\+202E"),
        ({"note": "x" * 4001}, "at most 4000"),
        ({"note": "\x00"}, r"U\+0000"),
        ({"note": 5}, "expected text"),
        ({"kind": "alive"}, "expected one of live, hindcast"),
        ({"parent": "abc"}, "64 hexadecimal digits"),
    ],
)
def test_a_draft_in_odd_words_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(StorageError, match=message):
        Draft(**({"name": "First", "author": "A. Reader"} | changes))
    assert Draft(name="First", author="A. Reader", note="two\nlines and é").kind == LIVE


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "yes"},
        {"outcome": ""},
        {"status": "annulled"},
        {"status": "open"},
        {"question": "window"},
        {"subject": "25"},
        {"note": ""},
        {"rule": "abc"},
        {"events": ("",)},
        {"question": "signpost", "subject": "S1"},
    ],
)
def test_a_resolution_that_contradicts_itself_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(StorageError):
        answer(**changes)
    assert answer(question="signpost", subject="S1", outcome="no").outcome == "no"
    assert answer(status="annulled", outcome="").status == "annulled"
    assert {answer(status="disputed", outcome=outcome).outcome for outcome in ("", "strain")} == {"", "strain"}


def test_published_chances_of_another_shape_are_refused(saved: SavedForecast) -> None:
    mixture = saved.published["mixture"]
    state = mixture["state_at_year_end"]
    for wrong in (
        {"mix": mixture},
        {"mixture": {"state_at_year_end": state}},
        {"mixture": {**mixture, "state_at_year_end": state[:4]}},
        {"mixture": {**mixture, "state_at_year_end": ((0.5, 0.5, 0.5, 0.5), *state[1:])}},
        {"mixture": {**mixture, "rupture_by_year_end": (1.5, 0, 0, 0, 0)}},
        {"mixture": {**mixture, "rupture_by_year_end": ("1", 0, 0, 0, 0)}},
    ):
        with pytest.raises(RecordError, match="published"):
            require_published(wrong, len(saved.horizons))


def test_a_body_has_as_many_horizons_as_its_reference_date(saved: SavedForecast) -> None:
    """From within a year the end of that year comes first; a year-end's five answers are not taken for six."""
    day = date(2026, 10, 8)
    with pytest.raises(RecordError, match="got 5 horizons, expected 6 from its reference date"):
        replace(saved, reference_date=day)
    six = {
        model: {target: (values[0], *values) for target, values in targets.items()}
        for model, targets in saved.published.items()
    }
    within = replace(saved, reference_date=day, published=six, default={})
    assert within.horizons == (0, 1, 2, 3, 4, 5)
    years = [line.split()[0] for line in forecast_text(within, "Name", ()).splitlines() if line[:4].isdigit()]
    assert years == [str(year) for year in range(2026, 2032)]


def test_a_table_from_within_a_year_is_read_from_that_years_end(moved_snapshot: Snapshot) -> None:
    own = [row for row in moved_snapshot.results if row[3] == 1]
    rows = [(row[0], "2026-10-08", row[2], h, f"{2026 + h}-12-31", *row[5:]) for h in range(6) for row in own]
    assert {len(values) for targets in published_of(rows).values() for values in targets.values()} == {6}
    with pytest.raises(RecordError, match="the results table lacks"):
        published_of([row for row in rows if row[3] != 0])


def test_a_table_that_lacks_a_number_is_refused(moved_snapshot: Snapshot) -> None:
    with pytest.raises(RecordError, match="the results table lacks"):
        published_of(moved_snapshot.results[1:])
    assert facts_of(moved_snapshot.document)["published"].keys() == {row[0] for row in moved_snapshot.results}


def test_a_list_is_filtered_by_what_people_remember(saved: SavedForecast) -> None:
    for asked in (
        {"author": "a. reader"},
        {"text": "TALK"},
        {"text": "sanctions"},
        {"changed": "C01", "kind": "live"},
        {"text": "new name"},
        {},
    ):
        assert Filter(**asked).matches(saved, "New name")
    for asked in ({"author": "reader"}, {"text": "winter"}, {"changed": "C02"}, {"kind": "hindcast"}):
        assert not Filter(**asked).matches(saved, "New name")
    with pytest.raises(RecordError, match="expected live or hindcast"):
        Filter(kind="other")


def test_a_forecast_is_told_in_a_line_and_a_page(record: Record, moved_snapshot: Snapshot) -> None:
    saved = record.save(Draft(name="Autumn", author="A. Reader"), moved_snapshot)
    record.remark(saved.digest, "Someone", "", name="Winter")
    names = shown_names(record.forecasts(), record.remarks())
    assert names == {saved.digest: "Winter"}
    line, page = forecast_line(saved, "Winter"), forecast_text(saved, "Winter", record.remarks())
    assert "Winter (C01)" in line
    assert saved.digest[:12] in line
    for words in ("Winter (saved as “Autumn”)", "C01: sanctions bite", "renamed to “Winter”", saved.digest, "2029"):
        assert words in page
    assert plain(saved)["saved_at"] == saved.saved_at.isoformat()


def test_no_invisible_letter_is_written_any_more_and_older_entries_are_read(
    saved: SavedForecast, record: Record, moved_snapshot: Snapshot
) -> None:
    """One rule for every text that a person types."""
    hidden, reason = "Ada\u200b", {"C01": "because\u3164"}
    setting = replace(moved_snapshot.assumptions, reasons=reason)
    kept = record.save(Draft(name="First", author="Ada"), moved_snapshot)
    for write in (
        lambda: Draft(name=hidden, author="Ada"),
        lambda: Draft(name="First", author="\u3164"),
        lambda: Draft(name="First", author="Ada", note=hidden),
        lambda: answer(author=hidden),
        lambda: answer(note="\u2800"),
        lambda: record.remark(kept.digest, hidden, "Hm."),
        lambda: record.remark(kept.digest, "Ada", hidden),
        lambda: record.remark(kept.digest, "Ada", "", name="\u200d"),
        lambda: record.save(Draft(name="First", author="Ada"), replace(moved_snapshot, assumptions=setting)),
    ):
        with pytest.raises(StorageError, match="invisible character"):
            write()
    assert record.head[0] == 1
    old = replace(saved, name=hidden, author="\u3164", note=hidden, reasons=reason)
    assert "Ada⟨U+200B⟩" in forecast_line(old, hidden)
    assert "⟨U+3164⟩" in forecast_text(old, hidden, ())
