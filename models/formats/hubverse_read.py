"""Forecasts out of a hub again: our own and other teams', as one results table, and scores from the hub's own files."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from data.values import frozen
from models.errors import FormatError
from models.formats.hubverse import KEY_COLUMNS, MODEL_OUTPUT, TEAM, hub_columns
from models.formats.hubverse_config import TASKS
from models.formats.hubverse_folder import MAX_FILE_BYTES, ORACLE_VALUE, read_folder, read_table
from models.formats.hubverse_target import ORACLE, ORACLE_COLUMNS, UNIT_COLUMNS, oracle_columns
from models.formats.hubverse_tasks import SAMPLE, Tasks, read_tasks, with_horizon
from models.formats.hubverse_validate import (
    FILE_NAME,
    HARMLESS,
    HubFault,
    grouped,
    is_hindcast,
    table_faults,
    validate_files,
)
from models.names import MODELS, PMF, QUANTILE, STATES, TABLE_COLUMNS
from models.record.entries import HINDCAST
from models.scores.distributions import quantile_crps
from models.scores.rules import brier_score, log_score, ranked_probability_score
from models.storage.disk import Files, read_limited

SCORE_COLUMNS = ("model_id", "mark", *KEY_COLUMNS, "observed", "brier", "rps", "log_score", "crps")
_SHOWN = 5


@frozen(eq=False)
class Hub:
    """What a hub holds.

    Attributes
    ----------
    table : DataFrame
        Columns `models.names.TABLE_COLUMNS`, and the signpost's id in a hub that asks about any; output types pmf and
        sample. Our own models go by their own names, other teams' by team and model.
    oracle : DataFrame
        Columns `models.formats.hubverse_target.ORACLE_COLUMNS`, without rows where nothing is resolved.
    notices : tuple of HubFault
        Broken rules that keep nothing from being read.
    """

    tasks: Tasks
    table: pd.DataFrame
    oracle: pd.DataFrame
    notices: tuple[HubFault, ...] = ()


def read_hub(folder: Path) -> Hub:
    """Read a hub from a folder.

    Raises
    ------
    FormatError
        It breaks a rule (`models.formats.hubverse_validate`); the message names the first few.
    FileError
    """
    return read_hub_files(read_folder(folder))


def read_hub_files(files: Files) -> Hub:
    """`read_hub` of files that are given by path."""
    every = validate_files(files)
    findings = [finding for finding in every if finding.rule not in HARMLESS]
    if findings:
        shown = "; ".join(f"{finding.place}: {finding.rule}: {finding.detail}" for finding in findings[:_SHOWN])
        raise FormatError(f"the hub breaks {len(findings)} rules ({shown}); correct it and read it again")
    tasks, tables = read_tasks(files[TASKS]), []
    for name in sorted((name for name in files if name.startswith(f"{MODEL_OUTPUT}/")), key=_order):
        tables.append(_with_model(read_table(_base(name), files[name], hub_columns(tasks.more)), _model(name)))
    if not tables:
        raise FormatError(f"the hub holds no forecast, expected a file in {MODEL_OUTPUT}/; add one")
    columns = oracle_columns(tasks.more)
    oracle = read_table("oracle-output.csv", files[ORACLE], columns) if ORACLE in files else _no_oracle()
    table = pd.concat(tables, ignore_index=True)
    return Hub(tasks=tasks, table=table, oracle=oracle, notices=every)


def with_outside(hub: Hub, files: Iterable[Path]) -> Hub:
    """The hub with the tables of other forecasters beside its own.

    Raises
    ------
    FormatError, FileError
    """
    others = [read_outside(path.name, read_limited(path, MAX_FILE_BYTES), hub.tasks) for path in files]
    table = pd.concat([hub.table, *others], ignore_index=True)
    if table.duplicated(["model_id", *hub.tasks.keys, "output_type", "output_type_id"]).any():
        raise FormatError("a model answers the same question twice; leave one of the files out")
    return replace(hub, table=table)


def read_outside(name: str, content: bytes, tasks: Tasks) -> pd.DataFrame:
    """One table of another forecaster, answering the same tasks: a comparison, read from a single file.

    Parameters
    ----------
    name : str
        ``<reference date>-<team>-<model>.csv`` or ``.parquet``.

    Raises
    ------
    FormatError
    """
    parts = FILE_NAME.fullmatch(Path(name).name)
    if not parts:
        raise FormatError(f"got the name {name[-80:]!a}, expected <date>-<team>-<model>.csv or .parquet; rename it")
    table = read_table(Path(name).name, content, hub_columns(tasks.more))
    faults = list(table_faults(table, parts["round"], tasks))
    if faults:
        raise FormatError(f"{name}: {'; '.join(f'{rule}: {detail}' for rule, detail in faults[:_SHOWN])}; correct it")
    return _with_model(table, _own_name(parts["model"]))


def score(hub: Hub) -> pd.DataFrame:
    """Scores of every answered question, a row each; none are averaged, so that no two kinds of forecast can mix.

    Brier: squared errors summed over the categories (0 to 2). Ranked probability: squared distance of the cumulated
    probabilities, which for a yes-or-no question is the squared error of “yes”. Log: as in `models.scores.rules`. A
    model that gave samples only is scored by their shares. A number has the CRPS of its quantiles alone.

    Returns
    -------
    DataFrame
        Columns `SCORE_COLUMNS`; mark is "hindcast" where the model's name says so.
    """
    chances = hub.oracle[hub.oracle["output_type"] == PMF]
    unit = [*UNIT_COLUMNS, *hub.tasks.more]
    true = chances[chances[ORACLE_VALUE] == 1].set_index(unit)["output_type_id"]
    happened = {with_horizon(*key): outcome for key, outcome in true.items()}
    rows = [row for row in _probabilities(hub) if row[1:-1] in happened]
    scored = [_scored(row, happened[row[1:-1]], hub.tasks.questions[row[2]].categories) for row in rows]
    columns = [*SCORE_COLUMNS[:2], *hub.tasks.keys, *SCORE_COLUMNS[2 + len(KEY_COLUMNS) :]]
    return pd.DataFrame([*scored, *_scored_numbers(hub)], columns=columns)


def _scored_numbers(hub: Hub) -> Iterator[tuple[object, ...]]:
    """Answers to questions about a number, by their quantiles."""
    unit = [*UNIT_COLUMNS, *hub.tasks.more]
    numbers = hub.oracle[hub.oracle["output_type"] == QUANTILE].set_index(unit)[ORACLE_VALUE]
    happened = {with_horizon(*key): float(number) for key, number in numbers.items()}
    answers = grouped(hub.table, ("model_id", *hub.tasks.keys, "output_type"), "value")
    for (model, *key, kind), answer in answers.items():
        if kind == QUANTILE and tuple(key) in happened:
            levels, values = zip(*sorted((float(level), value) for level, value in answer), strict=True)
            observed = happened[tuple(key)]
            crps = float(quantile_crps(np.array(values), np.array(observed), levels))
            mark = HINDCAST if is_hindcast(model) else ""
            yield (model, mark, *key, f"{observed:g}", np.nan, np.nan, np.nan, crps)


def _probabilities(hub: Hub) -> Iterator[tuple]:
    """(model, the four keys, probabilities from the lowest category to the highest) of every answered question."""
    answers = grouped(hub.table, ("model_id", *hub.tasks.keys, "output_type"), "value")
    for (*key, kind), answer in answers.items():
        categories = hub.tasks.questions[key[2]].categories
        if kind == PMF:
            yield (*key, np.array([dict(answer)[category] for category in categories]))
        elif kind == SAMPLE and (*key, PMF) not in answers:
            codes = [int(code) for _, code in answer]
            yield (*key, np.bincount(codes, minlength=len(categories)) / len(codes))


def _scored(row: tuple, observed: str, categories: tuple[str, ...]) -> tuple[object, ...]:
    padded = np.zeros(len(STATES))  # a category that cannot be adds nothing to any of the three scores
    padded[: len(categories)] = row[-1]
    code = np.array(categories.index(observed))
    scores = (float(scored(padded, code)) for scored in (brier_score, ranked_probability_score, log_score))
    return (row[0], HINDCAST if is_hindcast(row[0]) else "", *row[1:-1], observed, *scores, np.nan)


def _with_model(table: pd.DataFrame, model: str) -> pd.DataFrame:
    more = [name for name in table if name not in TABLE_COLUMNS]
    return table.assign(model_id=model)[[*TABLE_COLUMNS[:-1], *more, TABLE_COLUMNS[-1]]]


def _own_name(model: str) -> str:
    return model.removeprefix(f"{TEAM}-")


def _model(name: str) -> str:
    return _own_name(name.split("/")[1])


def _base(name: str) -> str:
    return name.rpartition("/")[2]


def _order(name: str) -> tuple[bool, str, int, str]:
    """Our own by setting and then as in the results table, the mixture first; then other teams."""
    model = _model(name)
    base = next((model_id for model_id in MODELS if model.startswith(model_id)), "")
    return (base == "", model.removeprefix(base), MODELS.index(base) if base else 0, name)


def _no_oracle() -> pd.DataFrame:
    return pd.DataFrame(columns=list(ORACLE_COLUMNS))
