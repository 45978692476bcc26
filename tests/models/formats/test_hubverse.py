"""Hub tables: what is written is what was published, under names that keep forecasts apart."""

import dataclasses
import json
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from models.errors import FormatError
from models.formats.hubverse import FORMATS, Submission, hub_files
from models.formats.hubverse_config import TASKS
from models.formats.hubverse_read import read_hub_files
from models.formats.hubverse_target import ORACLE, years_after
from models.formats.hubverse_validate import validate_files
from models.names import MODELS, PMF, QUANTILE, TABLE_COLUMNS
from models.outcome.year_mean import resolve_year_mean
from models.record.entries import HINDCAST
from tests.support.values.factories import within_year

ASKED = (PMF, QUANTILE)


@pytest.mark.parametrize("form", FORMATS)
def test_a_table_written_and_read_again_is_the_same_to_the_last_digit(form, default, changed, old, resolutions):
    files = hub_files([Submission(snapshot=one) for one in (default, changed, old)], resolutions, form)
    assert validate_files(files) == ()
    read = read_hub_files(files).table
    for snapshot, suffix in ((default, ""), (changed, f"_{changed.assumptions.digest[:8]}"), (old, "")):
        told = snapshot.table[snapshot.table["output_type"].isin(ASKED)]
        told = told.assign(model_id=told["model_id"] + suffix).reset_index(drop=True)
        names = [f"{model}{suffix}" for model in MODELS]
        rows = read[read["model_id"].isin(names) & (read["reference_date"] == snapshot.reference_date.isoformat())]
        pd.testing.assert_frame_equal(rows.reset_index(drop=True), told, check_exact=True)


def test_the_same_forecasts_give_the_same_bytes(default, resolutions):
    again = [hub_files([Submission(snapshot=default)] * 2, resolutions) for _ in range(2)]
    assert again[0] == again[1]
    assert len([name for name in again[0] if name.startswith("model-output/")]) == len(MODELS)


def test_a_hindcast_and_a_live_forecast_never_share_a_name(default, resolutions):
    submissions = [Submission(snapshot=default, kind=kind) for kind in ("live", "hindcast")]
    files = hub_files(submissions, resolutions)
    names = {name.split("/")[1] for name in files if name.startswith("model-output/")}
    assert {"conjunction-mixture", "conjunction-mixture_hindcast"} <= names
    assert len(names) == 2 * len(MODELS)
    told = {name: files[f"model-metadata/{name}.yml"].decode() for name in names}
    assert all(("hindcast: true" in text) == name.endswith("_hindcast") for name, text in told.items())


def test_days_that_a_live_forecast_came_too_late_for_stand_under_a_hindcasts_name(default, resolutions):
    first = default.reference_date.year + 1
    saved_at = datetime(first + 1, 6, 30, tzinfo=UTC)
    files = hub_files([Submission(snapshot=default, kind="live", saved_at=saved_at)], resolutions)
    assert validate_files(files) == ()
    table = read_hub_files(files).table
    states = table[table["target"] == "state_at_year_end"]
    years = states["target_end_date"].astype(str).str[:4].astype(int).groupby(states["model_id"]).agg(["min", "max"])
    late = years.index.str.endswith("_late_hindcast")
    assert late.sum() == len(MODELS)
    assert (years[late] == [first, first]).all(axis=None)
    assert (years[~late] == [first + 1, first + 4]).all(axis=None)
    windows = table[table["target"].str.endswith("_by_year_end")]  # the year-end that had come may have answered them
    assert windows["model_id"].str.endswith("_late_hindcast").all()
    means = table[table["target"] == "year_mean"]
    assert (means["model_id"].str.endswith("_late_hindcast") == (means["horizon"] == 1)).all()
    assert len(table) == default.table["output_type"].isin(ASKED).sum()


def test_two_forecasts_of_one_setting_and_day_keep_both_names(default, old, resolutions):
    other = dataclasses.replace(old, reference_date=default.reference_date, results=default.results)
    names = set(hub_files([Submission(snapshot=default), Submission(snapshot=other)], resolutions))
    assert f"model-output/conjunction-mixture_{other.digest[:8]}" in {name.rpartition("/")[0] for name in names}


def test_descriptions_are_json_values_so_that_nothing_breaks_out_of_yaml(changed, resolutions):
    files = hub_files([Submission(snapshot=changed)], resolutions)
    lines = (
        files[f"model-metadata/conjunction-mixture_{changed.assumptions.digest[:8]}.yml"].decode("ascii").splitlines()
    )
    values = {name: json.loads(value) for name, value in (line.split(": ", 1) for line in lines)}
    assert values["assumptions_changed"] == "C01"
    assert values["designated_model"] is False


def test_a_hub_asks_about_the_end_of_a_year_that_has_begun(default, old, resolutions, real_evidence):
    """One round a reference date, whatever day: the same year-end under another horizon."""
    within = within_year(old, date(2020, 10, 8))
    asked = [one.reference_date for one in (within, old)]
    submissions = [Submission(snapshot=one, kind=HINDCAST) for one in (within, old)]
    files = hub_files(submissions, resolutions, years=years_after(real_evidence, asked))
    assert validate_files(files) == ()
    hub = read_hub_files(files)
    rows = hub.table[hub.table["target"] == "state_at_year_end"].groupby("reference_date")
    assert {day: sorted(set(part["horizon"])) for day, part in rows} == {
        "2019-12-31": [1, 2, 3, 4, 5],
        "2020-10-08": [0, 1, 2, 3, 4, 5],
    }
    true = (
        hub.oracle[hub.oracle["oracle_value"] == 1]
        .set_index(["target", "target_end_date", "reference_date"])
        .sort_index()
    )
    for target in ("state_at_year_end", "rupture_by_year_end", "deeper_by_year_end"):  # both windows begin with 2020
        both = true.loc[(target, "2020-12-31"), "output_type_id"]
        assert both["2019-12-31"] == both["2020-10-08"]
    words = hub.oracle[hub.oracle["target"] == "year_mean_class"]
    assert sorted(set(words.loc[words["reference_date"] == "2020-10-08", "target_end_date"]))[0] == "2020-12-31"
    alone = json.loads(hub_files([Submission(snapshot=default)], resolutions)[TASKS])
    tasks = alone["rounds"][0]["model_tasks"]
    assert {tuple(task["task_ids"]["horizon"]["optional"]) for task in tasks} == {(1, 2, 3, 4, 5)}


def test_errors_and_ranges_are_left_out(default, resolutions):
    table = read_hub_files(hub_files([Submission(snapshot=default)], resolutions)).table
    assert list(table.columns) == list(TABLE_COLUMNS)
    assert set(table["output_type"]) == set(ASKED)


def test_target_data_appear_only_where_a_day_is_labelled(default, old, resolutions):
    assert ORACLE not in hub_files([Submission(snapshot=default)], resolutions)
    oracle = read_hub_files(hub_files([Submission(snapshot=old)], resolutions)).oracle
    labels = {f"{one.year}-12-31": one.state.value for one in resolutions}
    days = oracle[(oracle["target"] == "state_at_year_end") & (oracle["oracle_value"] == 1)]
    assert dict(zip(days["target_end_date"], days["output_type_id"], strict=True)) == {
        f"{year}-12-31": labels[f"{year}-12-31"] for year in range(2020, 2025)
    }
    windows = oracle[(oracle["target"] == "deeper_by_year_end") & (oracle["output_type_id"] == "yes")]
    seen = [int("deeper" in [labels[f"{year}-12-31"] for year in range(2020, last + 1)]) for last in range(2020, 2025)]
    assert windows["oracle_value"].tolist() == seen


def test_years_that_the_ledger_reached_have_a_mean_and_a_word(old, resolutions, real_evidence):
    origin = old.reference_date.year
    files = hub_files([Submission(snapshot=old)], resolutions, years=years_after(real_evidence, [old.reference_date]))
    assert validate_files(files) == ()
    oracle = read_hub_files(files).oracle
    means = oracle[oracle["target"] == "year_mean"].set_index("target_end_date")
    assert set(means["output_type_id"]) == {"NA"}
    for year in range(origin + 1, origin + 6):
        answer = resolve_year_mean(real_evidence.events, year, origin)
        assert means.loc[f"{year}-12-31", "oracle_value"] == answer.mean
        words = oracle[(oracle["target"] == "year_mean_class") & (oracle["target_end_date"] == f"{year}-12-31")]
        assert words.loc[words["oracle_value"] == 1, "output_type_id"].tolist() == [answer.word]


def test_a_window_with_an_unlabelled_year_stays_open(old, resolutions):
    holed = [one for one in resolutions if one.year != 2021]
    oracle = read_hub_files(hub_files([Submission(snapshot=old)], holed)).oracle
    ends = oracle.groupby("target")["target_end_date"].unique().map(sorted).to_dict()
    assert ends["rupture_by_year_end"] == ["2020-12-31"]
    assert ends["state_at_year_end"] == ["2020-12-31", "2022-12-31", "2023-12-31", "2024-12-31"]


@pytest.mark.parametrize("bad", [lambda s: Submission(snapshot=s, kind="maybe"), lambda _: hub_files([], ())])
def test_what_cannot_be_a_hub_is_refused(bad, default):
    with pytest.raises(FormatError, match="expected"):
        bad(default)
