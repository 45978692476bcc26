"""Every rule of the hubs, broken once; and files of strangers, which may fail but never do harm."""

import json
import re
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from models.errors import FormatError
from models.formats.folder import write_folder
from models.formats.hubverse import FORMATS, Submission, hub_files
from models.formats.hubverse_config import ADMIN, config_files
from models.formats.hubverse_folder import read_folder, read_table
from models.formats.hubverse_read import read_hub, read_hub_files
from models.formats.hubverse_validate import validate_files

FILE = "model-output/conjunction-mixture/2019-12-31-conjunction-mixture.csv"
TASKS, ORACLE = "hub-config/tasks.json", "target-data/oracle-output.csv"


@pytest.fixture(scope="module")
def hub(old, resolutions):
    """A hub of one model: enough to break every rule."""
    files = hub_files([Submission(snapshot=old)], resolutions)
    ours = ("hub-config/", "target-data/", FILE, "model-metadata/conjunction-mixture")
    return {name: content for name, content in files.items() if name.startswith(ours)}


def replaced(old: str, new: str, count: int = 1) -> Callable[[bytes], bytes]:
    return lambda content: content.decode().replace(old, new, count).encode()


def value(number: str) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        first, second, *rest = content.decode().split("\n")
        return "\n".join([first, f"{second.rpartition(',')[0]},{number}", *rest]).encode()

    return change


def quantile(level: str, number: str) -> Callable[[bytes], bytes]:
    pattern = rf"(quantile,{re.escape(level)},)[-0-9.]+"
    return lambda content: re.sub(pattern, rf"\g<1>{number}", content.decode(), count=1).encode()


def tasked(change: Callable[[dict], object]) -> Callable[[bytes], bytes]:
    def changed(content: bytes) -> bytes:
        document = json.loads(content)
        change(document)
        return json.dumps(document).encode()

    return changed


def task(document: dict) -> dict:
    return document["rounds"][0]["model_tasks"][0]


BROKEN = {
    "a sum": (FILE, value("0.9"), "sum"),
    "a negative chance": (FILE, value("-0.1"), "value"),
    "no number": (FILE, value("nan"), "table"),
    "endless": (FILE, value("1e999"), "table"),
    "a formula": (FILE, value("=1+1"), "table"),
    "another category": (FILE, replaced("pmf,rupture", "pmf,collapse"), "categories"),
    "a lost category": (FILE, lambda c: b"\n".join(c.split(b"\n")[:1] + c.split(b"\n")[2:]), "categories"),
    "a row twice": (FILE, lambda c: c + c.split(b"\n")[1] + b"\n", "duplicates"),
    "another round": (FILE, replaced("2019-12-31,", "2018-12-31,"), "round"),
    "another day": (FILE, replaced("2020-12-31", "2021-12-31"), "task"),
    "a far horizon": (FILE, replaced("state_at_year_end,1,", "state_at_year_end,9,"), "task"),
    "another target": (FILE, replaced("state_at_year_end", "state_tomorrow"), "task"),
    "a quantile": (FILE, replaced("pmf", "quantile"), "output type"),
    "quantiles that cross": (FILE, quantile("0.95", "-9.9"), "crossing"),
    "a quantile off the scale": (FILE, quantile("0.95", "10.5"), "value"),
    "a quantile of another level": (FILE, replaced("quantile,0.5,", "quantile,0.4,"), "levels"),
    "a quantile without a level": (FILE, replaced("quantile,0.5,", "quantile,median,"), "levels"),
    "a chance of a number": (FILE, replaced("quantile,0.5,", "pmf,0.5,"), "output type"),
    "a lost column": (FILE, lambda c: b"\n".join(line.rpartition(b",")[0] for line in c.split(b"\n")), "table"),
    "a new column": (FILE, lambda c: b"\n".join(line + b",x" for line in c.split(b"\n")), "table"),
    "a horizon demanded": (TASKS, tasked(lambda d: task(d)["task_ids"]["horizon"].update(required=[6])), "required"),
    "no table": (FILE, lambda _: b"\x00\xff\xfe" * 30, "table"),
    "empty": (FILE, lambda _: b"", "table"),
    "two truths": (ORACLE, replaced(",0\n", ",1\n"), "value"),
    "half a truth": (ORACLE, replaced(",1\n", ",0.5\n"), "value"),
    "a truth unasked": (ORACLE, replaced("2019-12-31", "2011-12-31"), "task"),
    "broken JSON": (TASKS, lambda c: c[:-20], "JSON"),
    "a key twice": (TASKS, replaced('"rounds"', '"schema_version": "x", "rounds"'), "JSON"),
    "no due date": (TASKS, tasked(lambda d: d["rounds"][0].pop("submissions_due")), "schema"),
    "an odd round": (TASKS, tasked(lambda d: d["rounds"][0].update(round_id="origin")), "tasks"),
    "a required derived day": (
        TASKS,
        tasked(lambda d: task(d)["task_ids"]["target_end_date"].update(required=["2020-12-31"])),
        "tasks",
    ),
    "a lost target": (TASKS, tasked(lambda d: task(d)["task_ids"]["target"].update(required=["x"])), "tasks"),
    "a value twice": (TASKS, tasked(lambda d: task(d)["task_ids"]["horizon"].update(required=[5])), "tasks"),
    "a column as an id": (
        TASKS,
        tasked(lambda d: task(d)["task_ids"].update(value={"required": None, "optional": [1]})),
        "tasks",
    ),
    "a target untold": (TASKS, tasked(lambda d: task(d)["task_ids"]["target"].update(optional=["x"])), "tasks"),
    "a task twice": (TASKS, tasked(lambda d: d["rounds"][0]["model_tasks"].append(task(d))), "tasks"),
    "an odd unit": ("hub-config/target-data.json", replaced('"reference_date",', '"place",'), "observable unit"),
    "a long target": (TASKS, tasked(lambda d: task(d)["target_metadata"][0].update(target_id="x" * 31)), "schema"),
    "steps of a year": (TASKS, tasked(lambda d: task(d)["target_metadata"][0].update(is_step_ahead=True)), "schema"),
    "no zone": ("hub-config/admin.json", replaced('"timezone": "Europe/London"', '"zone": 1'), "schema"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_rule_is_found_and_the_hub_refused(case, hub):
    name, change, rule = BROKEN[case]
    content = change(hub[name])
    assert content != hub[name]
    findings = validate_files({**hub, name: content})
    assert rule in {one.rule for one in findings if one.place in (name, FILE)}, findings


def test_a_hub_that_breaks_a_rule_is_not_read(hub):
    with pytest.raises(FormatError, match=r"breaks 1 rules.*sum"):
        read_hub_files({**hub, FILE: value("0.9")(hub[FILE])})


@pytest.mark.parametrize(
    "name",
    ["model-output/x/2019-12-31-y.csv", FILE.replace("2019", "2011"), "model-output/a-b/2019-12-31-a-b c.csv"],
)
def test_a_file_under_a_wrong_name_is_found(name, hub):
    findings = validate_files({**hub, name: hub[FILE]})
    assert {one.rule for one in findings} & {"file name", "round"}


def test_a_time_series_of_year_end_states_is_against_the_rules(hub):
    (finding,) = validate_files({**hub, "target-data/time-series.csv": b"x"})
    assert finding.rule == "time series"


def test_a_model_without_a_description_is_found(hub):
    (finding,) = validate_files(
        {name: c for name, c in hub.items() if name != "model-metadata/conjunction-mixture.yml"}
    )
    assert finding.rule == "model metadata"


@pytest.mark.parametrize("form", FORMATS)
def test_random_bytes_in_a_table_end_in_a_table_or_a_clear_error(form, old, resolutions):
    files = hub_files([Submission(snapshot=old)], resolutions, form)
    name = FILE.replace("csv", form)
    rng = np.random.default_rng(20261123)
    for _ in range(60):
        content = bytearray(files[name])
        for place in rng.integers(0, len(content), rng.integers(1, 9)):
            content[place] = rng.integers(0, 256)
        content = bytes(content[: rng.integers(1, len(content))]) if rng.random() < 0.3 else bytes(content)
        told = outcome(name, content)
        assert len(told) < 700
        assert told.isprintable()


def test_random_changes_of_a_configuration_end_in_findings_or_a_clear_error(hub):
    rng = np.random.default_rng(20261124)
    for _ in range(40):
        content = bytearray(hub[TASKS])
        for place in rng.integers(0, len(content), rng.integers(1, 4)):
            content[place] = rng.choice(list(b'{}[]",:0123456789abtnl'))
        try:
            found = validate_files({**hub, TASKS: bytes(content)})
        except FormatError as error:
            found = (error,)
        assert all(len(str(one)) < 1000 for one in found)


def outcome(name: str, content: bytes) -> str:
    try:
        return str(np.isfinite(read_table(name, content)["value"]).all())
    except FormatError as error:
        return str(error)


def test_a_hub_on_disk_is_the_same_hub_and_links_are_refused(tmp_path, hub):
    folder = tmp_path / "hub"
    write_folder(folder, hub)
    (folder / "model-output" / ".hidden").write_bytes(b"not looked at")
    (folder / "notes.txt").write_bytes(b"not looked at")
    (folder / "model-output" / "Thumbs.db").write_bytes(b"not looked at")
    (folder / "model-output" / "desktop.ini").write_bytes(b"not looked at")
    assert validate_files(read_folder(folder)) == ()
    assert read_hub(folder).table.equals(read_hub_files(hub).table)
    secret = tmp_path / "secret.csv"
    secret.write_bytes(hub[FILE])
    (folder / "model-output" / "link.csv").symlink_to(secret)
    with pytest.raises(FormatError, match="link"):
        read_folder(folder)


def test_the_exported_repository_is_what_version_six_of_the_schema_demands(hub):
    """Required there: host, owner and name, host one word alone, and nothing else beside them."""
    assert json.loads(hub[ADMIN])["repository"] == {
        "host": "github",
        "owner": "conjunction-project",
        "name": "conjunction",
    }


@pytest.mark.parametrize("lost", ["host", "owner", "name"])
def test_a_repository_without_its_place_is_told_and_the_forecasts_are_read(hub, lost):
    document = json.loads(hub[ADMIN])
    del document["repository"][lost]
    older = {**hub, ADMIN: json.dumps(document).encode()}
    (finding,) = validate_files(older)
    assert (finding.place, finding.rule) == (ADMIN, "repository")
    assert "host (github), owner and name" in finding.detail
    found = read_hub_files(older)
    assert found.notices == (finding,)
    assert found.table.equals(read_hub_files(hub).table)
    document["schema_version"] = document["schema_version"].replace("v6.0.0", "v5.1.0")
    assert validate_files({**hub, ADMIN: json.dumps(document).encode()}) == ()


def test_a_hub_names_the_repository_of_whoever_publishes_it():
    admin = json.loads(config_files([date(2024, 12, 31)], "some-team/space.hub")[ADMIN])
    assert admin["repository"] == {"host": "github", "owner": "some-team", "name": "space.hub"}
    for wrong in ("conjunction", "https://github.com/a/b", "a/b/c", "a b/c", "/b", "a/"):
        with pytest.raises(FormatError, match="expected OWNER/NAME"):
            config_files([date(2024, 12, 31)], wrong)


def test_a_folder_that_is_no_hub_is_refused(tmp_path):
    with pytest.raises(FormatError, match="hub-config"):
        read_hub(tmp_path)
    (tmp_path / "hub" / "hub-config").mkdir(parents=True)
    with pytest.raises(FormatError, match=f"give {tmp_path.name}/hub"):
        read_hub(tmp_path)
