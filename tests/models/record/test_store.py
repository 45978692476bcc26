"""The record keeps what it is given, in order, and takes nothing that could not be held to account later."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest

from data.digest import digest
from models.errors import RecordError
from models.forecast.results import Forecast
from models.names import HORIZONS, MODEL_M0, MODEL_MIXTURE, MODELS, STATES, TARGET_STATE
from models.record import store
from models.record.entries import GENESIS, Draft
from models.record.store import Record
from models.snapshot.archive import read_archive, read_snapshot, snapshot_bytes
from models.snapshot.value import Snapshot
from tests.support.values.saved import answer

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
FIRST = Draft(name="First", author="A. Reader")


def clock(*minutes: float) -> Callable[[], datetime]:
    """A clock that shows these minutes after noon, one a look."""
    times = iter(NOON + timedelta(minutes=minute) for minute in minutes)
    return lambda: next(times)


def test_what_is_saved_is_read_again(
    url: str, plain_snapshot: Snapshot, moved_snapshot: Snapshot, default_forecast: Forecast
) -> None:
    note = "Two lines,\nand letters: é 中 “quoted”"
    with Record.open(url, clock(0, 1, 2, 3)) as record:
        assert record.head == (0, GENESIS)
        first = record.save(FIRST, plain_snapshot)
        draft = Draft(name="Second", author="Someone", note=note, kind="hindcast", parent=first.digest)
        second = record.save(draft, moved_snapshot, default=default_forecast)
        remark = record.remark(first.digest, "Someone", "Too sure.", name="Autumn")
        answered = record.resolve(answer())
    with Record.open(url) as record:
        assert record.forecasts() == (second, first)
        assert record.forecasts("live") == (first,)
        assert record.remarks() == record.remarks(first.digest) == (remark,)
        assert record.remarks(second.digest) == ()
        assert record.resolutions() == (answered,)
        assert record.head == (4, answered.digest)
        assert record.find(second.digest[:6]) == second
        assert record.snapshot(second) == moved_snapshot
        assert record.verify() == ()
    assert (second.note, second.parent, second.saved_at) == (note, first.digest, NOON + timedelta(minutes=1))
    assert (second.changed, second.reasons) == (("C01",), {"C01": "sanctions bite"})
    assert second.snapshot == hashlib.sha256(moved_snapshot.json).hexdigest()


def test_the_entry_repeats_the_published_chances(
    record: Record, moved_snapshot: Snapshot, default_forecast: Forecast
) -> None:
    saved = record.save(FIRST, moved_snapshot, default=default_forecast)
    table = moved_snapshot.table.set_index(["model_id", "target", "horizon", "output_type", "output_type_id"])["value"]
    assert set(saved.published) == set(MODELS)
    for model, horizon, state in ((m, h, s) for m in MODELS for h in HORIZONS for s in STATES):
        found = saved.published[model][TARGET_STATE][horizon - 1][STATES.index(state)]
        assert found == table[model, TARGET_STATE, horizon, "pmf", state]
    yes = saved.published[MODEL_MIXTURE]["rupture_by_year_end"][4]
    assert yes == table[MODEL_MIXTURE, "rupture_by_year_end", 5, "pmf", "yes"]
    by_default = default_forecast.probability(TARGET_STATE, 2, "deeper")
    assert saved.default[MODEL_MIXTURE][TARGET_STATE][1][3] == by_default


def test_a_forecast_at_the_defaults_is_its_own_default(record: Record, plain_snapshot: Snapshot) -> None:
    saved = record.save(FIRST, plain_snapshot)
    assert saved.default == {model: saved.published[model] for model in (MODEL_MIXTURE, MODEL_M0)}


def test_the_chain_is_what_the_description_says(record: Record, plain_snapshot: Snapshot) -> None:
    saved = record.save(FIRST, plain_snapshot)
    record.remark(saved.digest, "Someone", "Yes.")
    one, two = record.entries()
    for entry, previous in ((one, "0" * 64), (two, one.digest)):
        names = ("sequence", "previous", "type", "saved_at", "body")
        assert entry.previous == previous
        assert entry.digest == digest({name: getattr(entry, name) for name in names})


def test_inputs_come_back_in_the_zip(record: Record, plain_snapshot: Snapshot) -> None:
    inputs = {"evidence.json": b"{}", "library.json": b'{"a":1}', "library.npz": bytes(range(256)) * 50}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in inputs.items()}
    evidence = replace(plain_snapshot.evidence, digest=digests["evidence.json"])
    heavy = replace(plain_snapshot, evidence=evidence, inputs=MappingProxyType(digests))
    saved = record.save(FIRST, heavy, inputs)
    record.save(replace(FIRST, name="Again"), heavy, inputs)
    assert len(record.addresses()) == 4  # shared: the document and three inputs
    assert record.inputs(saved) == inputs
    content = record.archive(saved, {"states.png": b"picture"})
    assert content == snapshot_bytes(heavy, {"states.png": b"picture"}, inputs)
    assert read_archive(content).inputs == inputs
    assert read_snapshot(content) == heavy


def test_a_second_click_saves_once_and_a_later_save_again(url: str, plain_snapshot: Snapshot) -> None:
    with Record.open(url, clock(0, 0.5, 0.6, 2)) as record:
        first = record.save(FIRST, plain_snapshot)
        assert record.save(FIRST, plain_snapshot) == first
        assert record.save(replace(FIRST, name="Other"), plain_snapshot).sequence == 2
        assert record.save(FIRST, plain_snapshot).sequence == 3
        assert len(record.forecasts()) == 3


def test_clocks_that_differ_a_little_keep_the_order(url: str, plain_snapshot: Snapshot) -> None:
    with Record.open(url, clock(0, -5)) as record:
        first = record.save(FIRST, plain_snapshot)
        assert record.save(replace(FIRST, name="Second"), plain_snapshot).saved_at == first.saved_at
        assert record.verify() == ()
        assert record.doubted() == frozenset()


def test_a_clock_ten_years_ahead_stops_nobody_and_is_found_out(url: str, plain_snapshot: Snapshot) -> None:
    day, decade = 24 * 60, 3653 * 24 * 60
    with Record.open(url, clock(0, decade, 1, 1.5, day)) as record:
        before = record.save(FIRST, plain_snapshot)
        ahead = record.save(replace(FIRST, name="Ahead"), plain_snapshot)
        assert (ahead.saved_at.year, ahead.counts_as) == (2036, "live")  # nothing contradicts it yet
        after = record.save(replace(FIRST, name="After"), plain_snapshot)
        assert (after.saved_at, after.counts_as) == (NOON + timedelta(minutes=1), "hindcast")
        assert after.time_doubt == "its time of saving contradicts that of other entries"
        assert record.save(replace(FIRST, name="After"), plain_snapshot).sequence == 3  # a second click
        assert [one.counts_as for one in record.forecasts()] == ["hindcast", "hindcast", "live"]
        record.save(replace(FIRST, name="Next day"), plain_snapshot)
        assert record.doubted() == {ahead.sequence}
        assert {one.name for one in record.forecasts("live")} == {"First", "After", "Next day"}
        assert record.find(ahead.digest).counts_as == "hindcast"
        assert record.find(before.digest) == before
        assert record.verify() == ()  # nothing was altered


def test_a_clock_that_the_evidence_contradicts_saves_nothing_as_live(
    tmp_path: Path, plain_snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    early = datetime(2024, 12, 29, 12, tzinfo=UTC)
    with Record.open(str(tmp_path / "record.db"), lambda: early) as record:
        with pytest.raises(RecordError, match=r"clock shows 2024-12-29 \(UTC\), but the forecast's evidence reaches"):
            record.save(FIRST, plain_snapshot)
        assert record.head[0] == 0
        assert record.save(replace(FIRST, kind="hindcast"), plain_snapshot).sequence == 1
        monkeypatch.setattr(store, "_require_possible", lambda _: None)  # as earlier programs let it pass
        old = record.save(FIRST, plain_snapshot)
        assert (old.kind, old.counts_as) == ("live", "hindcast")
        assert record.forecasts("live") == ()
        assert record.verify() == ()


def test_a_moved_prior_needs_its_reason(record: Record, moved_snapshot: Snapshot) -> None:
    for reasons in ({}, {"C01": " \n"}):
        bare = replace(moved_snapshot, assumptions=replace(moved_snapshot.assumptions, reasons=reasons))
        with pytest.raises(RecordError, match="no reason for C01"):
            record.save(FIRST, bare)
    assert record.head == (0, GENESIS)
    assert record.addresses() == ()


def test_what_does_not_belong_together_is_refused(
    record: Record, plain_snapshot: Snapshot, moved_snapshot: Snapshot, default_forecast: Forecast
) -> None:
    with pytest.raises(RecordError, match=r"inputs that are not the snapshot's \(library.npz\)"):
        record.save(FIRST, plain_snapshot, {"library.npz": b"other"})
    with pytest.raises(RecordError, match="no saved forecast of this record"):
        record.save(replace(FIRST, parent="1" * 64), plain_snapshot)
    for changes in ({"evidence_digest": "c" * 64}, {"library_key": "c" * 64}, {"reference_date": date(2020, 12, 31)}):
        with pytest.raises(RecordError, match="the default forecast"):
            record.save(FIRST, moved_snapshot, default=replace(default_forecast, **changes))
    resolved = record.resolve(answer())
    with pytest.raises(RecordError, match="no saved forecast of this record"):
        record.remark(resolved.digest, "Someone", "Hm.")
    assert record.head[0] == 1
    assert record.addresses() == ()


def test_finding_wants_enough_digits_and_one_forecast(record: Record, plain_snapshot: Snapshot) -> None:
    saved = record.save(FIRST, plain_snapshot)
    for asked in (saved.digest[:5], "", "%%%%%%", saved.digest.upper(), saved.digest + "0"):
        with pytest.raises(RecordError, match="at least 6"):
            record.find(asked)
    with pytest.raises(RecordError, match="no forecast whose digest"):
        record.find("f" * 63 + ("0" if saved.digest.endswith("f") else "f"))
    remark = record.remark(saved.digest, "Someone", "Hm.")
    with pytest.raises(RecordError, match="no forecast whose digest"):
        record.find(remark.digest)


def test_only_a_dispute_lets_a_person_answer_and_only_by_settling(url: str) -> None:
    objection = answer(status="disputed", outcome="", author="Ada")
    settlement = answer(outcome="deeper", author="Bo")
    with Record.open(url) as record:
        for way, refused in (
            (record.resolve, settlement),
            (record.resolve, replace(settlement, author="Rule")),
            (record.resolve, replace(settlement, status="annulled", outcome="")),
            (record.settle_dispute, settlement),
            (record.settle_dispute, answer()),
        ):
            with pytest.raises(RecordError, match=r"expected (one by the rule|a disputed question|an answer by a per)"):
                way(refused)
        assert record.head[0] == 0
        record.resolve(answer())
        with pytest.raises(RecordError, match="got an answer by hand to what is resolved, expected a disputed"):
            record.settle_dispute(settlement)
        record.resolve(objection)
        with pytest.raises(RecordError, match="expected a person's; a dispute is settled with"):
            record.resolve(answer(note="By the rule again."))
        with pytest.raises(RecordError, match="expected an answer by a person"):
            record.settle_dispute(answer(author=" RULE "))
        record.resolve(answer(subject="2024"))  # another question
        settled = record.settle_dispute(settlement)
        assert record.resolutions()[-1] == settled
        assert (settled.sequence, settled.author, settled.outcome) == (4, "Bo", "deeper")


def test_threads_share_one_record(url: str, short_snapshot: Snapshot) -> None:
    with Record.open(url) as record, ThreadPoolExecutor(4) as pool:
        drafts = [replace(FIRST, name=f"View {number}") for number in range(8)]
        saved = list(pool.map(lambda draft: record.save(draft, short_snapshot), drafts))
        assert sorted(one.sequence for one in saved) == list(range(1, 9))
        assert record.verify() == ()
