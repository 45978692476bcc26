"""Does a hub keep the hubs' published rules? Our own reading of them (docs/formats.md), one finding a broken rule."""

import json
import math
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pandas as pd
from jsonschema import Draft202012Validator

from data.digest import Fields
from data.values import frozen
from models.errors import FormatError, StorageError
from models.formats.hubverse import MODEL_OUTPUT, hub_columns
from models.formats.hubverse_config import ADMIN, METADATA_SCHEMA, TARGET_DATA, TASKS
from models.formats.hubverse_folder import ORACLE_VALUE, read_table
from models.formats.hubverse_questions import NO_ID
from models.formats.hubverse_target import ORACLE, UNIT_COLUMNS, oracle_columns
from models.formats.hubverse_tasks import SAMPLE, SIGNPOST_IDS, Asked, Tasks, read_tasks, task_faults, with_horizon
from models.names import PMF, QUANTILE
from models.record.entries import HINDCAST
from models.storage.disk import Files
from models.storage.strict_json import read_strict_json

SUM_TOLERANCE = 1.5e-8
"""The hubs' validator adds up probabilities with the default tolerance of R's `all.equal`."""
FILE_NAME = re.compile(r"(?P<round>\d{4}-\d{2}-\d{2})-(?P<model>[A-Za-z0-9_]+-[A-Za-z0-9_]+)\.(csv|parquet)")
REPOSITORY_RULE = "repository"
HARMLESS = frozenset({REPOSITORY_RULE})
"""Rules that say nothing about forecasts: hubs that this program exported before it knew them are still read."""
SCHEMAS = {TASKS: "tasks", ADMIN: "admin", TARGET_DATA: "target-data"}


@frozen
class HubFault:
    """One broken rule: in which file, which rule, and what was found."""

    place: str
    rule: str
    detail: str


def validate_files(files: Files) -> tuple[HubFault, ...]:
    """Findings about a hub whose files are given by path; of its configuration alone while that breaks a rule."""
    config = [finding for name in SCHEMAS for finding in _config_findings(name, files)]
    if METADATA_SCHEMA not in files:
        config.append(HubFault(place=METADATA_SCHEMA, rule="present", detail="the file is missing"))
    if any(finding.rule not in HARMLESS for finding in config):
        return tuple(config)
    tasks = read_tasks(files[TASKS])
    outputs = [name for name in files if name.startswith(f"{MODEL_OUTPUT}/")]
    faults = [finding for name in outputs for finding in _output_findings(name, files, tasks)]
    return (*config, *_unit_findings(files), *faults, *_oracle_findings(files, tasks), *_time_series_findings(files))


def _config_findings(name: str, files: Files) -> Iterator[HubFault]:
    if name not in files:
        if name != TARGET_DATA:
            yield HubFault(place=name, rule="present", detail="the file is missing")
        return
    try:
        content = read_strict_json(files[name], name)
    except StorageError as error:
        yield HubFault(place=name, rule="JSON", detail=str(error))
        return
    errors = list(_schema(SCHEMAS[name]).iter_errors(content))
    for error in errors:
        yield HubFault(place=name, rule="schema", detail=f"{error.json_path}: {error.message[:200]}")
    if name == ADMIN and not errors and not _has_repository(content):
        detail = "version 6 of the schema wants host (github), owner and name of the repository; export the hub again"
        yield HubFault(place=name, rule=REPOSITORY_RULE, detail=detail)
    if name == TASKS and not errors:
        yield from (HubFault(place=name, rule="tasks", detail=fault) for fault in task_faults(content))


def _has_repository(content: Fields) -> bool:
    """Whether admin.json names its repository as its version of the schema demands."""
    sixth = "/v6." in content["schema_version"]
    return not sixth or content["repository"].keys() == {"host", "owner", "name"}


@cache
def _schema(name: str) -> Draft202012Validator:
    schemas = json.loads(Path(__file__).with_name("hub_schemas.json").read_bytes())
    return Draft202012Validator(schemas[name])


def _output_findings(name: str, files: Files, tasks: Tasks) -> Iterator[HubFault]:
    folder, _, base = name.removeprefix(f"{MODEL_OUTPUT}/").rpartition("/")
    parts = FILE_NAME.fullmatch(base)
    if not parts or parts["model"] != folder:
        expected = "model-output/<team>-<model>/<round>-<team>-<model>.csv or .parquet"
        yield HubFault(place=name, rule="file name", detail=f"expected {expected}")
        return
    if not any(f"model-metadata/{parts['model']}.{end}" in files for end in ("yml", "yaml")):
        yield HubFault(place=name, rule="model metadata", detail="no description of the model in model-metadata/")
    if parts["round"] not in tasks.reference_dates:
        yield HubFault(place=name, rule="round", detail=f"{parts['round']} is no reference date of {TASKS}")
    try:
        table = read_table(base, files[name], hub_columns(tasks.more))
    except FormatError as error:
        yield HubFault(place=name, rule="table", detail=str(error))
        return
    for rule, detail in table_faults(table, parts["round"], tasks):
        yield HubFault(place=name, rule=rule, detail=detail)


def table_faults(table: pd.DataFrame, reference: str, tasks: Tasks) -> Iterator[tuple[str, str]]:
    """(rule, what was found) for every rule that one model's table of one round breaks."""
    if not (table["reference_date"] == reference).all():
        yield "round", f"a reference date other than {reference}, the round of the file"
    strange = [row for row in table[list(tasks.keys)].drop_duplicates().itertuples(index=False) if not tasks.asks(row)]
    if strange:
        yield "task", f"{len(strange)} questions that are not asked, such as {tuple(strange[0])}"
        return
    if table.duplicated([*tasks.keys, "output_type", "output_type_id"]).any():
        yield "duplicates", "a row appears twice"
    if unknown := sorted(set(table["output_type"]) - CHECKED.keys()):
        yield "output type", f"{unknown} cannot be read here, expected one of {', '.join(CHECKED)}"
        return
    pairs = set(zip(table["target"], table["output_type"], strict=True))
    if strange := sorted((target, kind) for target, kind in pairs if not _answers(tasks.questions[target], kind)):
        yield "output type", f"{strange} is no way to answer that target"
        return
    yield from _missing(table, reference, tasks)
    for (*key, kind), answer in grouped(table, (*tasks.keys, "output_type"), "value").items():
        faults = CHECKED[kind](answer, tasks.questions[key[1]])
        yield from ((rule, f"{tuple(key)}: {detail}") for rule, detail in faults)


def grouped(table: pd.DataFrame, keys: tuple[str, ...], number: str) -> dict[tuple, list[tuple[str, float]]]:
    """(output type id, value) pairs of every question; plain Python, since there are many small groups."""
    answers: dict[tuple, list[tuple[str, float]]] = {}
    columns = (table[name].tolist() for name in (*keys, "output_type_id", number))
    for *key, identifier, value in zip(*columns, strict=True):
        answers.setdefault(tuple(key), []).append((identifier, value))
    return answers


def _missing(table: pd.DataFrame, reference: str, tasks: Tasks) -> Iterator[tuple[str, str]]:
    for target, question in tasks.questions.items():
        answered = table[table["target"] == target]
        for kind in question.required:
            horizons = set(answered.loc[answered["output_type"] == kind, "horizon"])
            if lacking := sorted(set(question.required_horizons) - horizons):
                yield "required", f"no {kind} of {target} from {reference} for the horizons {lacking}"


def _pmf_faults(answer: list[tuple[str, float]], question: Asked) -> Iterator[tuple[str, str]]:
    got = sorted(identifier for identifier, _ in answer)
    if got != sorted(question.categories):
        yield "categories", f"got {got}, expected {sorted(question.categories)}"
    if not all(0 <= value <= 1 for _, value in answer):
        yield "value", "a probability outside 0 to 1"
    total = math.fsum(value for _, value in answer)
    if abs(total - 1) > SUM_TOLERANCE:
        yield "sum", f"the probabilities add up to {total!r}, expected 1"


def _sample_faults(answer: list[tuple[str, float]], question: Asked) -> Iterator[tuple[str, str]]:
    low, high = question.samples
    if not low <= len(answer) <= high:
        yield "samples", f"got {len(answer)}, expected {low} to {high}"
    if not {value for _, value in answer} <= set(range(len(question.categories))):
        yield "value", f"a sample that is no category's place, expected 0 to {len(question.categories) - 1}"


def _quantile_faults(answer: list[tuple[str, float]], question: Asked) -> Iterator[tuple[str, str]]:
    got = sorted(_level(identifier) for identifier, _ in answer)
    if got != sorted(map(float, question.levels)):
        yield "levels", f"got the levels {got}, expected {', '.join(question.levels)}"
    low, high = question.limits
    if not all(low <= value <= high for _, value in answer):
        yield "value", f"a quantile outside {low:g} to {high:g}"
    values = [value for _, value in sorted(answer, key=lambda pair: _level(pair[0]))]
    if values != sorted(values):
        yield "crossing", "quantiles that fall as their level rises"


def _level(identifier: str) -> float:
    """A level as a number; one that is none is never asked for."""
    try:
        return float(identifier)
    except ValueError:
        return math.inf


CHECKED = {PMF: _pmf_faults, QUANTILE: _quantile_faults, SAMPLE: _sample_faults}


def _answers(question: Asked, kind: str) -> bool:
    """Whether a target is answered in this way: a number by quantiles, categories by chances or samples."""
    return (kind == QUANTILE) == bool(question.levels)


def _oracle_findings(files: Files, tasks: Tasks) -> Iterator[HubFault]:
    if ORACLE not in files:
        return
    try:
        table = read_table("oracle-output.csv", files[ORACLE], oracle_columns(tasks.more))
    except FormatError as error:
        yield HubFault(place=ORACLE, rule="table", detail=str(error))
        return
    for (*key, kind), answer in grouped(table, (*UNIT_COLUMNS, *tasks.more, "output_type"), ORACLE_VALUE).items():
        if not tasks.asks(with_horizon(*key)) or not _answers(tasks.questions[key[1]], kind) or kind == SAMPLE:
            yield HubFault(place=ORACLE, rule="task", detail=f"{key} is not asked")
        elif kind == QUANTILE:
            if [identifier for identifier, _ in answer] != [NO_ID]:
                yield HubFault(place=ORACLE, rule="value", detail=f"{key}: expected one number, under {NO_ID}")
        elif sorted(identifier for identifier, _ in answer) != sorted(tasks.questions[key[1]].categories):
            yield HubFault(place=ORACLE, rule="categories", detail=f"{key}: not every category once")
        elif sorted(value for _, value in answer) != [0] * (len(answer) - 1) + [1]:
            yield HubFault(place=ORACLE, rule="value", detail=f"{key}: expected one 1 and 0 for the others")


def _unit_findings(files: Files) -> Iterator[HubFault]:
    """What one observed outcome is must be told by task ids."""
    if TARGET_DATA in files:
        unit = read_strict_json(files[TARGET_DATA], TARGET_DATA).get("observable_unit", [])
        if strange := sorted(set(unit) - set(SIGNPOST_IDS)):
            yield HubFault(place=TARGET_DATA, rule="observable unit", detail=f"{strange} are no task ids")


def _time_series_findings(files: Files) -> Iterator[HubFault]:
    """Targets of a year-end do not step ahead by days, weeks or months, and such targets have no time series."""
    for name in files:
        if name.startswith("target-data/time-series"):
            yield HubFault(place=name, rule="time series", detail="no target of this hub may have one")


def is_hindcast(model_id: str) -> bool:
    """Whether the name of a model says that its forecasts were drawn after the fact."""
    return model_id.endswith(f"_{HINDCAST}")
