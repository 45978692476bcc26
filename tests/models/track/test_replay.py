"""History replayed: the archive is of this version, agrees with the backtest, and fills the record as hindcasts."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.load import load_evidence
from models.assumptions.setting import Assumptions
from models.backtest.origins import LAST_ORIGIN, whole_evidence
from models.errors import RecordError, SnapshotError
from models.names import MEMBERS, MODEL_M0, STATES, TARGET_STATE, TARGET_YEAR_MEAN
from models.outcome.rule import RULE, resolve, rule_of
from models.record.entries import HINDCAST
from models.record.entry_checks import SIGNPOST
from models.record.store import Record
from models.snapshot.value import Snapshot
from models.storage.disk import FileError
from models.track.marks import REPLAYED_BY
from models.track.replay import ARCHIVE, ORIGINS, append, read_archive, resolve_due, write_archive
from models.track.scored_table import scored_table
from tests.support.values.saved import archived
from tests.support.values.year_end import YEAR_END

pytestmark = pytest.mark.machine

HINDCASTS = Path(__file__).parents[3] / "docs" / "backtest" / "hindcasts.csv"
PUBLISHED_DIGITS = 2e-6
"""Published numbers have six decimals, moved by one or two units where chances must add up to one."""
MCSE_FACTOR = 4
"""Combined Monte Carlo standard errors: a thousand comparisons stay within, but for one in fifteen runs."""
TODAY = date(2026, 11, 23)


SOME, ALL = (2005, 2021, 2022, 2023), pytest.param(ORIGINS, marks=pytest.mark.slow)
"""All take three seconds to read."""


@pytest.fixture(name="some")
def stored() -> Mapping[int, Snapshot]:
    return archived(*SOME)


@pytest.mark.parametrize("years", [SOME, ALL])
def test_the_archive_is_of_this_evidence_and_rule_and_at_the_defaults(years: tuple[int, ...]) -> None:
    evidence, stored = load_evidence(YEAR_END), read_archive() if years == ORIGINS else archived(*years)
    defaults = Assumptions.defaults(evidence.claims)
    assert tuple(stored) == years
    for year, snapshot in stored.items():
        seen = evidence.visible(date(year, 12, 31))
        assert snapshot.evidence.digest == seen.digest
        assert set(snapshot.evidence.events) == {event.id for event in seen.events}
        assert snapshot.rule.digest == RULE.digest
        assert snapshot.assumptions.digest == defaults.digest
        assert all(check.passed for check in snapshot.diagnostics)
    assert ARCHIVE.stat().st_size < 500_000


@pytest.mark.parametrize("years", [SOME, ALL])
def test_it_agrees_with_the_backtest_which_used_other_seeds(years: tuple[int, ...]) -> None:
    """M0 to the last published digit, M1 to M3 within the Monte Carlo error of both."""
    stored = pd.read_csv(HINDCASTS).query("variant == 'as recorded' and model_id in @MEMBERS and origin in @years")
    assert len(stored) == len(MEMBERS) * sum(min(5, LAST_ORIGIN + 1 - year) for year in years)
    ours = pd.concat([one.table for one in archived(*years).values()])
    ours = ours[ours["target"] == TARGET_STATE].assign(origin=lambda t: t["reference_date"].str[:4].astype(int))
    key = ["model_id", "origin", "horizon", "output_type_id"]
    wide = ours.pivot_table(index=key, columns="output_type", values="value")
    theirs = pd.concat(
        [stored.assign(output_type_id=state, p=stored[f"p_{state}"], error=stored[f"mcse_{state}"]) for state in STATES]
    ).set_index(key)
    both = theirs[["p", "error"]].join(wide[["pmf", "mcse"]], how="left")
    gap, error = (both["pmf"] - both["p"]).abs(), np.hypot(both["mcse"], both["error"])
    exact = both.index.get_level_values("model_id") == MODEL_M0
    assert gap[exact].max() <= PUBLISHED_DIGITS
    assert (gap[~exact] <= MCSE_FACTOR * error[~exact] + PUBLISHED_DIGITS).all()
    assert gap[~exact].max() > 0  # other seeds


def test_a_replay_fills_the_record_with_hindcasts_resolved_a_year_later(some, tmp_path: Path) -> None:
    past = {year: (some[year], {}) for year in (2021, 2022, 2023)}
    steps: list[int] = []
    with Record.open(str(tmp_path / "record.db")) as record:
        assert append(record, past, whole_evidence(), (), lambda done, *_: steps.append(done)) == (3, 4)
        assert append(record, past, whole_evidence()) == (0, 0)  # it can be taken up again
        forecasts, resolutions = record.forecasts(), record.resolutions()
        assert {one.question for one in resolve_due(record, whole_evidence(), TODAY)} == {SIGNPOST, TARGET_YEAR_MEAN}
    assert steps == [1, 2, 3]
    assert {(one.author, one.kind) for one in forecasts} == {(REPLAYED_BY, HINDCAST)}
    assert [(one.subject, one.as_of.year) for one in resolutions] == [
        ("2022", 2022),
        ("2023", 2023),
        ("2024", 2025),
        ("2025", 2025),
    ]
    made = {one.reference_date.year: one.sequence for one in forecasts}
    for one in resolutions:  # each after the forecast of the year before, and before that of its own year-end
        year = int(one.subject)
        assert max(made[before] for before in made if before < year) < one.sequence < made.get(year, 99)
        assert one.outcome == resolve(whole_evidence().events, year, rule_of(one.rule)).state.value  # later ones agree
    table = scored_table(forecasts, resolutions, TODAY)
    assert set(table["mark"]) == {HINDCAST}  # for days still to come as well
    assert table["target_end_date"].max() == pd.Timestamp(2028, 12, 31)


def test_a_replay_that_is_stopped_leaves_a_whole_record_and_goes_on(some, tmp_path: Path) -> None:
    past = {year: (some[year], {}) for year in (2021, 2022)}

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with Record.open(str(tmp_path / "record.db")) as record:
        with pytest.raises(KeyboardInterrupt):
            append(record, past, whole_evidence(), (), stop)
        assert [one.reference_date.year for one in record.forecasts()] == [2021]
        assert not record.verify()
        assert append(record, past, whole_evidence())[0] == 1


def test_snapshots_of_another_day_or_setting_are_refused(some, moved_snapshot: Snapshot, tmp_path: Path) -> None:
    with Record.open(str(tmp_path / "record.db")) as record:
        with pytest.raises(RecordError, match="expected the defaults at the end of 2022"):
            append(record, {2022: (some[2021], {})}, whole_evidence())
        with pytest.raises(RecordError, match="1 moved"):
            append(record, {moved_snapshot.reference_date.year: (moved_snapshot, {})}, whole_evidence())
        unknown = replace(some[2021], rule=replace(some[2021].rule, digest="0" * 64))
        with pytest.raises(RecordError, match="the replay of 2021 cannot be resolved here"):
            append(record, {2021: (unknown, {})}, whole_evidence())
        assert record.head[0] == 0


def test_the_archive_is_read_strictly(some: Mapping[int, Snapshot], tmp_path: Path) -> None:
    file = tmp_path / "snapshots.zip"
    with pytest.raises(FileError):
        read_archive(file)
    file.write_bytes(b"PK\x03\x04 no zip")
    with pytest.raises(SnapshotError, match="damaged"):
        read_archive(file)
    write_archive({2005: some[2005]}, file)
    assert list(read_archive(file)) == [2005]  # former archives end earlier
    write_archive({2006: some[2005]}, file)
    with pytest.raises(SnapshotError, match="other files"):
        read_archive(file)
    shifted = io.BytesIO()
    with zipfile.ZipFile(shifted, "w", zipfile.ZIP_DEFLATED) as archive:
        for year in ORIGINS:
            archive.writestr(f"{year}.json", some[2005].json)
    file.write_bytes(shifted.getvalue())
    with pytest.raises(SnapshotError, match=r"2006\.json: got a forecast from 2005-12-31"):
        read_archive(file)


def test_the_archive_holds_the_documents_as_they_are(some: Mapping[int, Snapshot], tmp_path: Path) -> None:
    write_archive(some, tmp_path / "snapshots.zip")
    with zipfile.ZipFile(tmp_path / "snapshots.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            f"{year}.json": one.json for year, one in some.items()
        }
