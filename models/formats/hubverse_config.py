"""The configuration of an exported hub: what is asked, in the forecasting hubs' schema, version 6.0.0."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from data.days import LONGEST, horizons_from, year_end
from data.digest import Fields
from data.vocabulary import INTENSITY_LIMIT
from models.errors import FormatError
from models.formats.hubverse_questions import QUESTIONS, SIGNPOST, SIGNPOST_ID, UNITS, HubQuestion
from models.names import (
    MODEL_M0,
    MODEL_M1,
    MODEL_M2,
    MODEL_M3,
    MODEL_MIXTURE,
    PMF,
    QUANTILE,
    QUANTILE_LEVELS,
    TARGETS,
)
from models.record.entries import HINDCAST, LIVE
from models.snapshot.value import Snapshot
from models.storage.disk import Files

SCHEMA_VERSION = "v6.0.0"
SCHEMA_ADDRESS = "https://raw.githubusercontent.com/hubverse-org/schemas/main/{version}/{name}-schema.json"
TASKS, ADMIN = "hub-config/tasks.json", "hub-config/admin.json"
TARGET_DATA, METADATA_SCHEMA = "hub-config/target-data.json", "hub-config/model-metadata-schema.json"
DERIVED = "target_end_date"
REPOSITORY = "conjunction-project/conjunction"
"""Owner and name on GitHub that the hubs' schema demands; whoever publishes a hub elsewhere gives their own."""
REPOSITORY_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}")
NAME_PATTERN = "^[A-Za-z0-9_]+$"
METADATA_TEXTS = (
    "team_name",
    "model_name",
    "model_version",
    "license",
    "methods",
    "data_inputs",
    "assumptions_changed",
    "saved_at",
)
LAST_DAY = 365 * LONGEST
"""Days after the reference date until which a forecast may be handed in: before the last year-end is known. Whether a
row was drawn before its own day follows from the record, not from the hub."""


METHODS: Mapping[str, str] = {
    MODEL_MIXTURE: "Weighted mean of four models: base rate, latent alignment, ordered regression, hidden regimes.",
    MODEL_M0: "Yearly states as a Markov chain with conjugate rows: the outside view. Exact.",
    MODEL_M1: "Latent yearly alignment with drivers from the essay's claims; simulated ledgers labelled by the rule.",
    MODEL_M2: "Ordered regression of next year's state on this year's and the drivers.",
    MODEL_M3: "Three sticky hidden regimes; simulated ledgers are labelled by the rule.",
}


def config_files(dates: Sequence[date], repository: str = REPOSITORY, signposts: Sequence[str] = ()) -> Files:
    """tasks.json, admin.json, target-data.json and the schema of the models' descriptions.

    Parameters
    ----------
    repository : str
        ``owner/name`` of the hub's repository on GitHub.
    signposts : sequence of str
        Ids of those that are asked about; without any the hub has no such target, and no column for it.

    Raises
    ------
    FormatError
        The repository has another form.
    """
    if not REPOSITORY_FORM.fullmatch(repository):
        raise FormatError(f"got the repository {repository[:100]!a}, expected OWNER/NAME as on GitHub; correct it")
    values = {
        TASKS: tasks(dates, signposts),
        ADMIN: _admin(repository),
        TARGET_DATA: _target_data((SIGNPOST_ID,) if signposts else ()),
        METADATA_SCHEMA: _metadata_schema(),
    }
    return {name: _json(value) for name, value in values.items()}


def tasks(dates: Sequence[date], signposts: Sequence[str] = ()) -> Fields:
    """What is asked at each reference date."""
    asked = [_model_task(question, dates) for question in QUESTIONS]
    if signposts:
        asked = [_with_signposts(task, None) for task in asked]
        asked.append(_with_signposts(_model_task(SIGNPOST, dates), signposts))
    one_round = {
        "round_id_from_variable": True,
        "round_id": "reference_date",
        "model_tasks": asked,
        "submissions_due": {"relative_to": "reference_date", "start": 0, "end": LAST_DAY},
    }
    return {
        "schema_version": _address("tasks"),
        "rounds": [one_round],
        "output_type_id_datatype": "character",
        "derived_task_ids": [DERIVED],
    }


def metadata_file(name: str, snapshot: Snapshot, kind: str, saved_at: datetime | None) -> bytes:
    """The description of one model as YAML: every value is JSON text, which is YAML that nothing can break out of.

    Parameters
    ----------
    name : str
        ``<team>-<model>``.
    kind : str
        Mark of the rows; empty for a snapshot that was never saved.
    saved_at : datetime, optional
    """
    team, _, model = name.partition("-")
    base = max((name for name in METHODS if model.startswith(name)), key=len)
    marks = {LIVE: "saved live", HINDCAST: "HINDCAST, drawn after the fact", "": "never saved: no proof of when"}
    setting = ", ".join(snapshot.assumptions.changed) or "none"
    fields = {
        "team_name": "Conjunction",
        "team_abbr": team,
        "model_name": f"{base} of the Conjunction project" + f" ({marks[kind]})",
        "model_abbr": model,
        "model_version": snapshot.model.version,
        "model_contributors": [{"name": "Conjunction project", "affiliation": "Conjunction project"}],
        "license": "CC-BY-4.0",
        "designated_model": model == MODEL_MIXTURE,
        "methods": METHODS[base],
        "data_inputs": f"Event ledger and indicators as of {snapshot.evidence.as_of} ({snapshot.evidence.digest[:12]})",
        "assumptions_changed": setting,
        "hindcast": kind == HINDCAST,
        "saved_at": saved_at.astimezone(UTC).isoformat() if saved_at else "never",
    }
    lines = [f"{name}: {json.dumps(value, ensure_ascii=True)}" for name, value in fields.items()]
    return ("\n".join(lines) + "\n").encode("ascii")


def _model_task(question: HubQuestion, dates: Sequence[date]) -> Fields:
    horizons = sorted({horizon for day in dates for horizon in horizons_from(day)})
    ends = sorted({year_end(day, horizon) for day in dates for horizon in horizons_from(day)})
    return {
        "task_ids": {
            "reference_date": {"required": None, "optional": [day.isoformat() for day in dates]},
            "target": _asked(question),
            # optional: the days that a live forecast came too late for stand under a hindcast's name
            "horizon": {"required": None, "optional": horizons},
            DERIVED: {"required": None, "optional": [day.isoformat() for day in ends]},
        },
        "output_type": _output_type(question),
        "target_metadata": [_target(question)],
    }


def _with_signposts(task: Fields, signposts: Sequence[str] | None) -> Fields:
    """A task of a hub that has signposts; None for a target that is none of them."""
    listed = {"required": None, "optional": None if signposts is None else list(signposts)}
    return {**task, "task_ids": {**task["task_ids"], SIGNPOST_ID: listed}}


def _asked(question: HubQuestion) -> Fields:
    """Models that simulate no ledgers say nothing of the years' own means: nobody has to."""
    must = question.target in TARGETS
    return {"required": [question.target] if must else None, "optional": None if must else [question.target]}


def _output_type(question: HubQuestion) -> Fields:
    if question.kind == "continuous":
        value = {"type": "double", "minimum": -INTENSITY_LIMIT, "maximum": INTENSITY_LIMIT}
        asked = {"output_type_id": {"required": list(QUANTILE_LEVELS)}, "value": value, "is_required": False}
        return {QUANTILE: asked}
    value = {"type": "double", "minimum": 0, "maximum": 1}
    named, must = {"required": list(question.categories)}, question.target in TARGETS
    return {PMF: {"output_type_id": named, "value": value, "is_required": must}}


def _target(question: HubQuestion) -> Fields:
    """Not step-ahead in the hubs' sense: their unit of time is at most a month, and a year-end is no count of these."""
    return {
        "target_id": question.target,
        "target_name": question.name,
        "target_units": UNITS[question.kind],
        "target_keys": {"target": question.target},
        "description": question.meaning,
        "target_type": question.kind,
        "is_step_ahead": False,
        "additional_metadata": {"horizon_unit": "year", "categories": "listed from low to high, if any"},
    }


def _admin(repository: str) -> Fields:
    owner, _, name = repository.partition("/")
    return {
        "schema_version": _address("admin"),
        "name": "Conjunction: scenarios of the China-Russia space relationship",
        "maintainer": "Conjunction project",
        "contact": {"name": "Conjunction project"},
        "repository": {"host": "github", "owner": owner, "name": name},
        "file_format": ["csv", "parquet"],
        "timezone": "Europe/London",
    }


def _target_data(more: Sequence[str]) -> Fields:
    """The two “by the year-end” targets count from the reference date, which therefore belongs to the unit observed."""
    return {
        "schema_version": _address("target-data"),
        "observable_unit": ["reference_date", "target", DERIVED, *more],
        "date_col": DERIVED,
        "oracle-output": {"has_output_type_ids": True},
    }


def _metadata_schema() -> Fields:
    text, flag = {"type": "string"}, {"type": "boolean"}
    name = {"type": "string", "pattern": NAME_PATTERN, "maxLength": 64}
    people = {
        "type": "array",
        "items": {"type": "object", "properties": {"name": text, "affiliation": text}, "required": ["name"]},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Description of one model of this hub",
        "type": "object",
        "properties": {
            **dict.fromkeys(METADATA_TEXTS, text),
            "team_abbr": name,
            "model_abbr": name,
            "model_contributors": people,
            "designated_model": flag,
            "hindcast": flag,
        },
        "required": ["team_name", "team_abbr", "model_name", "model_abbr", "model_contributors", "license"],
        "additionalProperties": False,
    }


def horizon_end(reference: str, horizon: int) -> str:
    """ISO text of `year_end` from an ISO date."""
    return year_end(date.fromisoformat(reference), horizon).isoformat()


def _address(name: str) -> str:
    return SCHEMA_ADDRESS.format(version=SCHEMA_VERSION, name=name)


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=True, allow_nan=False) + "\n").encode("ascii")
