"""Scores from exported tables against another implementation, and forecasts of others beside ours."""

import json
import re

import numpy as np
import pytest

from models.errors import FormatError
from models.formats.hubverse import Submission, hub_files
from models.formats.hubverse_read import read_hub_files, read_outside, score, with_outside
from models.formats.hubverse_target import years_after
from models.names import STATES, TARGET_STATE
from models.scores.rules import FLOOR

TASKS = "hub-config/tasks.json"
OURS = "model-output/conjunction-mixture/2019-12-31-conjunction-mixture.csv"
THEIRS = "2019-12-31-other-model.csv"


@pytest.fixture(scope="module")
def hub(old, resolutions):
    return hub_files([Submission(snapshot=old, kind="hindcast")], resolutions, "parquet")


@pytest.fixture(scope="module")
def plain(old, resolutions):
    return hub_files([Submission(snapshot=old)], resolutions)


def probabilities(table, row) -> np.ndarray:
    rows = table[
        (table["model_id"] == row.model_id) & (table["target"] == row.target) & (table["horizon"] == row.horizon)
    ]
    categories = STATES if row.target == TARGET_STATE else ("no", "yes")
    return rows.set_index("output_type_id")["value"].loc[list(categories)].to_numpy()


@pytest.mark.slow
def test_scores_equal_an_independent_implementation(hub, scoringrules):
    read = read_hub_files(hub)
    scored = score(read)
    assert len(scored) == 5 * 3 * 5  # models, targets, horizons: the ledger reaches every one of these days
    assert set(scored["mark"]) == {"hindcast"}
    for row in scored[scored["model_id"] == "m2_ordered_regression_hindcast"].itertuples():
        p = probabilities(read.table, row)
        happened = (STATES if row.target == TARGET_STATE else ("no", "yes")).index(row.observed)
        one_hot = np.eye(p.size)[happened]
        each = [float(scoringrules.brier_score(seen, chance)) for seen, chance in zip(one_hot, p, strict=True)]
        expected = {
            "rps": float(scoringrules.rps_score(happened + 1, p)),
            "brier": sum(each),
            "log_score": -np.log(max(p[happened], FLOOR)),
        }
        found = {name: getattr(row, name) for name in expected}
        np.testing.assert_allclose(list(found.values()), list(expected.values()), rtol=0, atol=1e-9)


def test_quantiles_are_scored_by_what_the_year_became(old, resolutions, real_evidence):
    """One sum over the levels, each with the stretch that it stands for."""
    years = years_after(real_evidence, [old.reference_date])
    hub = read_hub_files(hub_files([Submission(snapshot=old)], resolutions, years=years))
    scored = score(hub)
    means = scored[(scored["target"] == "year_mean") & (scored["model_id"] == "mixture")]
    assert len(means) == 5
    assert means[["brier", "rps", "log_score"]].isna().all(axis=None)
    widths = (0.075, 0.1, 0.2, 0.25, 0.2, 0.1, 0.075)
    for row in means.itertuples():
        rows = hub.table[(hub.table["target"] == "year_mean") & (hub.table["horizon"] == row.horizon)]
        answer = rows[rows["model_id"] == "mixture"]
        observed = next(year.mean for year in years if year.year == old.reference_date.year + row.horizon)
        losses = [
            width * max(level * (observed - value), (level - 1) * (observed - value))
            for width, level, value in zip(widths, answer["output_type_id"].astype(float), answer["value"], strict=True)
        ]
        assert row.crps == pytest.approx(2 * sum(losses))
    words = scored[scored["target"] == "year_mean_class"]
    assert set(words["model_id"]) == {"mixture", "m1_latent_alignment", "m3_hidden_regimes"}
    assert words["rps"].between(0, 2).all()


def test_nothing_is_scored_before_its_day(default, resolutions):
    assert score(read_hub_files(hub_files([Submission(snapshot=default)], resolutions))).empty


def test_another_teams_table_stands_beside_ours_and_is_scored(tmp_path, plain):
    path = tmp_path / THEIRS
    path.write_bytes(plain[OURS])
    hub = with_outside(read_hub_files(plain), [path])
    assert set(hub.table["model_id"]) == set(read_hub_files(plain).table["model_id"]) | {"other-model"}
    scored = score(hub).set_index(["model_id", "target", "horizon"])["rps"]
    assert scored["other-model"].equals(scored["mixture"])


def test_a_model_of_another_team_inside_the_hub_keeps_its_name(plain):
    more = {
        f"model-output/other-model/{THEIRS}": plain[OURS],
        "model-metadata/other-model.yml": b"team_abbr: other\n",
    }
    assert "other-model" in set(read_hub_files({**plain, **more}).table["model_id"])


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("report.csv", bytes),
        (THEIRS, lambda c: c.replace(b"pmf,strain,0", b"pmf,strain,1")),
        (THEIRS, lambda c: c[:200]),
    ],
)
def test_another_teams_broken_table_is_refused(name, change, plain):
    with pytest.raises(FormatError):
        read_outside(name, change(plain[OURS]), read_hub_files(plain).tasks)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c[: c.index(b"\n") + 1], "got a header without rows, expected at least one row"),
        (lambda c: c.replace(b",", b";"), "row 1: got the one column .* separated by semicolons"),
        (lambda c: c.replace(b",", b"\t"), "row 1: got the one column .* separated by tabs"),
        (lambda c: c + b",,,,,,\n", "got a row without content, as spreadsheets leave them"),
        (
            lambda c: re.sub(rb"strain,0.(\d+)", rb'strain,"0,\1"', c, count=1),
            "row 3, column value: .* a decimal point",
        ),
        (lambda c: c.replace(b"strain,0.", b"strain,\xe2\x88\x920.", 1), "row 3, column value: .* write the hyphen -"),
        (lambda c: c.replace(b"strain,0.", b"strain,0_0.", 1), "row 3, column value: got '0_0."),
        (lambda c: c.replace(b"strain", b"str\xe2\x80\xaeain", 1), "row 3, column 'output_type_id': got the invisible"),
        (lambda c: c[:-4], "the file may be cut off"),
        (lambda c: c.replace(b"strain,", b"strain,,", 1), "row 3: got 8 cells, expected 7"),
        (lambda c: c.replace(b"pmf,strain,", b"pmf,", 1), "row 3: got 6 cells, expected 7"),
        (lambda c: b"sep=,\n" + c, "the first line is a note to Excel"),
        (lambda c: c.decode().encode("utf-16"), "the file is UTF-16"),
    ],
)
def test_what_a_spreadsheet_did_to_another_teams_table_is_named(change, message, plain):
    with pytest.raises(FormatError, match=f"(?s){THEIRS}.*({message})") as caught:
        read_outside(THEIRS, change(plain[OURS]), read_hub_files(plain).tasks)
    assert len(str(caught.value)) < 700


def test_the_same_table_of_a_spreadsheet_is_read(plain):
    tasks = read_hub_files(plain).tasks
    expected = read_outside(THEIRS, plain[OURS], tasks)
    for content in (b"\xef\xbb\xbf" + plain[OURS], plain[OURS].replace(b"\n", b"\r\n"), plain[OURS] + b"\n\n"):
        assert read_outside(THEIRS, content, tasks).equals(expected)


def test_the_same_model_twice_is_refused(tmp_path, plain):
    path = tmp_path / "2019-12-31-conjunction-mixture.csv"
    path.write_bytes(plain[OURS])
    with pytest.raises(FormatError, match="twice"):
        with_outside(read_hub_files(plain), [path])


@pytest.mark.slow
def test_samples_of_others_are_read_and_scored_by_their_shares(plain, resolutions, scoringrules):
    document = json.loads(plain[TASKS])
    for task in document["rounds"][0]["model_tasks"][:3]:  # those of the states
        task["output_type"]["pmf"]["is_required"] = False
        task["output_type"]["sample"] = {
            "output_type_id_params": {"type": "integer", "min_samples_per_task": 4, "max_samples_per_task": 4},
            "value": {"type": "integer", "minimum": 0, "maximum": 3},
            "is_required": False,
        }
    head = "reference_date,target,horizon,target_end_date,output_type,output_type_id,value"
    rows = [f"2019-12-31,state_at_year_end,1,2020-12-31,sample,{i},{code}" for i, code in enumerate((3, 3, 2, 3))]
    files = {
        **plain,
        TASKS: json.dumps(document).encode(),
        f"model-output/other-model/{THEIRS}": "\n".join([head, *rows, ""]).encode(),
        "model-metadata/other-model.yml": b"",
    }
    (found,) = score(read_hub_files(files)).query("model_id == 'other-model'").itertuples()
    happened = next(one.state.code for one in resolutions if one.year == 2020)
    shares = np.array([0, 0, 0.25, 0.75])
    assert found.rps == pytest.approx(float(scoringrules.rps_score(happened + 1, shares)), abs=1e-12)
    wrong = {**files, f"model-output/other-model/{THEIRS}": "\n".join([head, *rows[:3], ""]).encode()}
    with pytest.raises(FormatError, match="samples"):
        read_hub_files(wrong)
