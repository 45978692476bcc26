"""Signposts in a hub: yes-or-no questions with an id of their own, and conditional answers beside the forecasts."""

import io
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from models.formats.hubverse import CONDITIONAL, MODEL_OUTPUT, Submission, hub_files
from models.formats.hubverse_config import TASKS
from models.formats.hubverse_questions import NO_ID, SIGNPOST_ID, TARGET_SIGNPOST
from models.formats.hubverse_read import read_hub_files, read_outside, score
from models.formats.hubverse_validate import validate_files
from models.names import MODEL_MIXTURE
from models.snapshot.value import Snapshot
from models.storage.disk import Files
from tests.support.values.asked import asked_snapshot


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return asked_snapshot()


def hub(snapshot: Snapshot, form: str = "csv") -> Files:
    return hub_files([Submission(snapshot=snapshot)], [], form, answers={"S01": "yes", "S02": "no"})


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_chances_come_back_as_answers_to_questions_with_an_id(snapshot: Snapshot, form: str) -> None:
    files = hub(snapshot, form)
    assert validate_files(files) == ()
    table = read_hub_files(files).table
    rows = table[table["target"] == TARGET_SIGNPOST]
    assert set(rows["model_id"]) == {MODEL_MIXTURE}
    yes = rows[rows["output_type_id"] == "yes"].set_index(SIGNPOST_ID)
    said = {row.id: row for row in snapshot.signposts.chances}
    assert yes["value"].to_dict() == {name: row.chance for name, row in said.items()}
    assert yes["target_end_date"].to_dict() == {name: row.deadline.isoformat() for name, row in said.items()}
    assert set(table.loc[table["target"] != TARGET_SIGNPOST, SIGNPOST_ID]) == {NO_ID}


def test_what_came_of_them_is_scored_by_signpost(snapshot: Snapshot) -> None:
    scores = score(read_hub_files(hub(snapshot))).set_index(SIGNPOST_ID)
    said = {row.id: row.chance for row in snapshot.signposts.chances}
    assert set(scores.index) == {"S01", "S02"}
    assert scores.loc["S01", "observed"] == "yes"
    assert scores.loc["S01", "brier"] == pytest.approx(2 * (1 - said["S01"]) ** 2)
    assert scores.loc["S02", "brier"] == pytest.approx(2 * said["S02"] ** 2)


def test_conditional_answers_lie_beside_the_forecasts(snapshot: Snapshot) -> None:
    files = hub(snapshot)
    (name,) = (name for name in files if name.startswith(CONDITIONAL))
    table = pd.read_csv(io.BytesIO(files[name]), keep_default_na=False)
    assert set(table["kind"]) == {"observe", "do"}
    first = snapshot.signposts.answers[0]
    rows = table[(table["observed"] == ";".join(first.pins)) & (table["target_end_date"] == "2027-12-31")]
    states = rows[rows[SIGNPOST_ID] == NO_ID].set_index("outcome")["value"]
    assert tuple(states) == first.outcomes[1]
    outputs = [content for path, content in files.items() if path.startswith(MODEL_OUTPUT)]
    assert not any(b"transactional@" in content for content in outputs)


def test_a_hub_without_signposts_has_no_column_for_them(snapshot: Snapshot) -> None:
    files = hub_files([Submission(snapshot=replace(snapshot, signposts=None))], [])
    assert SIGNPOST_ID.encode() not in files[TASKS]
    assert not any(SIGNPOST_ID.encode() in content for content in files.values())


def test_an_id_that_is_not_asked_and_one_under_another_target_are_found(snapshot: Snapshot) -> None:
    files = hub(snapshot)
    tasks = read_hub_files(files).tasks
    name = next(path for path in files if path.startswith(f"{MODEL_OUTPUT}/conjunction-{MODEL_MIXTURE}"))
    text, day = files[name].decode(), date.isoformat(snapshot.reference_date)
    assert read_outside(f"{day}-other-team.csv", text.encode(), tasks)["model_id"].eq("other-team").all()
    for old, new in ((",S01,", ",S77,"), (f",{NO_ID},pmf", ",S01,pmf")):
        broken = {**files, name: text.replace(old, new).encode()}
        assert {fault.rule for fault in validate_files(broken)} == {"task"}
