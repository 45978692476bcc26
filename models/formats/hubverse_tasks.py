"""What a hub asks: tasks.json as a value, and the rules about it that a schema cannot say."""

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from types import MappingProxyType

from data.digest import Fields
from data.values import frozen
from models.errors import FormatError
from models.formats.hubverse_config import DERIVED, TASKS, horizon_end
from models.formats.hubverse_questions import NO_ID, SIGNPOST_ID
from models.names import PMF, QUANTILE
from models.storage.strict_json import read_strict_json

TASK_IDS = ("reference_date", "target", "horizon", DERIVED)
SIGNPOST_IDS = (*TASK_IDS, SIGNPOST_ID)
"""Of a hub that asks about signposts too."""
SAMPLE = "sample"
RESERVED = frozenset({"model_id", "output_type", "output_type_id", "value"})


@frozen
class Asked:
    """How one target is to be answered.

    Attributes
    ----------
    categories : tuple of str
        From low to high; none of a number.
    levels : tuple of str
        Of the quantiles of a number, as texts from low to high; none of categories.
    horizons, required_horizons : tuple of int
        Those that may be answered, and those that must be.
    samples : (int, int)
        Fewest and most samples a question; (0, 0) where none are taken.
    required : tuple of str
        Output types that every forecast must have.
    limits : (float, float)
        Lowest and highest value.
    signposts : tuple of str
        Ids of those that are asked about; of another target `NO_ID` alone.
    """

    categories: tuple[str, ...]
    horizons: tuple[int, ...]
    required_horizons: tuple[int, ...] = ()
    samples: tuple[int, int] = (0, 0)
    required: tuple[str, ...] = (PMF,)
    levels: tuple[str, ...] = ()
    limits: tuple[float, float] = (0.0, 1.0)
    signposts: tuple[str, ...] = (NO_ID,)

    @property
    def identifiers(self) -> tuple[str, ...]:
        """What an answer must give a value for, each once."""
        return self.levels or self.categories


@frozen
class Tasks:
    """What is asked, by target, and from which days.

    Attributes
    ----------
    more : tuple of str
        Columns that tell questions apart beside `TASK_IDS`: that of the signposts, in a hub that has any.
    """

    reference_dates: frozenset[str]
    questions: Mapping[str, Asked]
    more: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Columns that tell one question from another."""
        return (*TASK_IDS, *self.more)

    def asks(self, key: tuple) -> bool:
        """Whether (reference date, target, horizon, target end date, and a signpost's id) is a question of this hub."""
        reference, target, horizon, end, *more = key
        return (
            reference in self.reference_dates
            and target in self.questions
            and horizon in self.questions[target].horizons
            and set(more) <= set(self.questions[target].signposts)
            and end == horizon_end(reference, horizon)
        )


def with_horizon(reference: str, target: str, end: str, *more: str) -> tuple:
    """The key of a question from the parts that tell one outcome from another."""
    return reference, target, int(end[:4]) - int(reference[:4]), end, *more


def read_tasks(content: bytes) -> Tasks:
    """Read tasks.json.

    Raises
    ------
    FormatError
        It asks in another way than by year-ends and categories.
    """
    try:
        (one_round,) = read_strict_json(content, TASKS)["rounds"]
        models = one_round["model_tasks"]
        questions = {target: _asked(task) for task in models for target in _values(task, "target")}
        dates = frozenset(day for task in models for day in _values(task, "reference_date"))
        columns = {tuple(sorted(set(task["task_ids"]) - set(TASK_IDS))) for task in models}
        if len(columns) > 1:
            raise FormatError(f"{TASKS}: got a task id in some tasks only, expected {SIGNPOST_ID} in all; add it")
        return Tasks(reference_dates=dates, questions=MappingProxyType(questions), more=columns.pop())
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, FormatError):
            raise
        raise FormatError(
            f"{TASKS} is not one this program can read ({str(error)[:80]!a}); expected one round with reference_date, "
            "target, horizon and target_end_date"
        ) from error


def task_faults(content: Fields) -> Iterator[str]:
    """What is wrong with a tasks.json that keeps the schema."""
    for one_round in content["rounds"]:
        derived = one_round.get("derived_task_ids") or content.get("derived_task_ids") or ()
        tasks = one_round["model_tasks"]
        for task in tasks:
            if one_round["round_id_from_variable"] and one_round["round_id"] not in task["task_ids"]:
                yield f"the round is named by {one_round['round_id']!r}, which is no task id"
            yield from _id_faults(task["task_ids"], derived)
            yield from _target_faults(task)
            yield from _sample_faults(task)
        if len({_round_values(task, one_round) for task in tasks}) > 1:
            yield "the tasks of one round name different rounds"
        if any(_alike(*pair, derived) for pair in combinations(tasks, 2)):
            yield "two tasks of one round ask the same question, so that a row cannot be told to either"


def _id_faults(ids: Mapping[str, Mapping], derived: Iterable[str]) -> Iterator[str]:
    yield from (f"{name} is a name of the tables' own columns" for name in RESERVED & set(ids))
    for name in ids:
        values = _values({"task_ids": ids}, name)
        if name in derived and ids[name]["required"]:
            yield f"{name} is derived and must not be required"
        if not values and (name != SIGNPOST_ID or any(part is not None for part in ids[name].values())):
            yield f"{name} has no value"
        if len(set(values)) < len(values):
            yield f"{name} has a value twice"


def _target_faults(task: Mapping) -> Iterator[str]:
    described = [tuple((target["target_keys"] or {}).items()) for target in task["target_metadata"]]
    for key, value in (pair for pairs in described for pair in pairs):
        if key not in task["task_ids"] or value not in _values(task, key):
            yield f"the target key {key}={value} is no value of that task id"
    for key in {key for pairs in described for key, _ in pairs if key in task["task_ids"]}:
        covered = {value for pairs in described for name, value in pairs if name == key}
        if untold := set(_values(task, key)) - covered:
            yield f"the targets {sorted(untold)} are not described"
    if len(set(described)) < len(described):
        yield "a target is described twice"


def _sample_faults(task: Mapping) -> Iterator[str]:
    limits = task["output_type"].get(SAMPLE, {}).get("output_type_id_params")
    if limits and limits["min_samples_per_task"] > limits["max_samples_per_task"]:
        yield "more samples are required than are allowed"
    if limits and set(limits.get("compound_taskid_set", ())) - set(task["task_ids"]):
        yield "samples are joined by something that is no task id"


def _alike(task: Mapping, other: Mapping, derived: Iterable[str]) -> bool:
    """Whether some row would fit both tasks: a value in common for every task id, and an output type."""
    names = (set(task["task_ids"]) | set(other["task_ids"])) - set(derived)
    shared = (
        name in task["task_ids"] and name in other["task_ids"] and set(_values(task, name)) & set(_values(other, name))
        for name in names
    )
    return all(shared) and bool(set(task["output_type"]) & set(other["output_type"]))


def _round_values(task: Mapping, one_round: Mapping) -> tuple[object, ...]:
    name = one_round["round_id"]
    return tuple(_values(task, name)) if one_round["round_id_from_variable"] and name in task["task_ids"] else ()


def _values(task: Mapping, name: str) -> list:
    listed = task["task_ids"][name]
    return [*(listed["required"] or ()), *(listed["optional"] or ())]


def _signposts(task: Mapping) -> tuple[str, ...]:
    """Ids of the signposts that a task is about; that of none where it is about another target."""
    return tuple(_values(task, SIGNPOST_ID) or (NO_ID,)) if SIGNPOST_ID in task["task_ids"] else (NO_ID,)


def _number(task: Mapping, kind: Mapping) -> Asked:
    """A target that is a number, answered by its quantiles."""
    levels = sorted(float(level) for level in kind["output_type_id"]["required"])
    value = kind["value"]
    return Asked(
        categories=(),
        horizons=tuple(_values(task, "horizon")),
        required_horizons=tuple(task["task_ids"]["horizon"]["required"] or ()),
        required=(QUANTILE,) if kind["is_required"] else (),
        signposts=_signposts(task),
        levels=tuple(f"{level:g}" for level in levels),
        limits=(float(value.get("minimum", -math.inf)), float(value.get("maximum", math.inf))),
    )


def _asked(task: Mapping) -> Asked:
    if set(task["task_ids"]) not in (set(TASK_IDS), set(SIGNPOST_IDS)):
        raise FormatError(f"got tasks by {sorted(task['task_ids'])}, expected {sorted(TASK_IDS)}; it is another hub")
    kinds = task["output_type"]
    if QUANTILE in kinds and PMF not in kinds:
        return _number(task, kinds[QUANTILE])
    if PMF not in kinds:
        raise FormatError(f"got a target without {PMF}, expected its categories there; this hub asks something else")
    samples = (0, 0)
    if SAMPLE in kinds:
        limits = kinds[SAMPLE]["output_type_id_params"]
        samples = limits["min_samples_per_task"], limits["max_samples_per_task"]
    return Asked(
        categories=tuple(kinds[PMF]["output_type_id"]["required"]),
        horizons=tuple(_values(task, "horizon")),
        required_horizons=tuple(task["task_ids"]["horizon"]["required"] or ()),
        samples=samples,
        required=tuple(kind for kind in (PMF, SAMPLE) if kind in kinds and kinds[kind]["is_required"]),
        signposts=_signposts(task),
    )
