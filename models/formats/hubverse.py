"""Forecasts in the columns of the forecasting hubs: which files one or more snapshots become (docs/formats.md)."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd

from data.values import frozen
from models.errors import FormatError
from models.fits.probabilities import OUTCOMES
from models.formats.hubverse_config import REPOSITORY, config_files, metadata_file
from models.formats.hubverse_questions import NO_ID, SIGNPOST_ID, TARGET_SIGNPOST, YES_NO
from models.formats.hubverse_target import signpost_oracle, target_files
from models.names import MODEL_MIXTURE, MODELS, PMF, QUANTILE
from models.outcome.rule import Label
from models.outcome.year_mean import YearMean
from models.record.entries import HINDCAST, LIVE
from models.rounding import PUBLISHED
from models.snapshot.value import Snapshot
from models.storage.disk import Files
from models.storage.safe_csv import Tables, safe_csv
from models.track.marks import first_day, mark_of

TEAM = "conjunction"
KEY_COLUMNS = ("reference_date", "target", "horizon", "target_end_date")
VALUE_COLUMNS = ("output_type", "output_type_id", "value")
HUB_COLUMNS = (*KEY_COLUMNS, *VALUE_COLUMNS)
MODEL_OUTPUT = "model-output"
CONDITIONAL = "auxiliary-data/conditional-answers"
CONDITIONAL_COLUMNS = (
    *("observed", "made_to_happen", "kind", "chance_of_observed", "status"),
    *("target_end_date", SIGNPOST_ID, "outcome", "value"),
)
NOTHING: Mapping[str, str] = MappingProxyType({})
LATE = f"_late_{HINDCAST}"
"""Ends the name of what a live forecast says of days that had passed when it was saved."""
SHORT = 8
"""Hexadecimal digits of the assumptions' digest that name a variant: readable, and checked for clashes."""

type Format = Literal["csv", "parquet"]
FORMATS: tuple[Format, ...] = ("csv", "parquet")


@frozen
class Submission:
    """One forecast that a hub is made of.

    Attributes
    ----------
    snapshot : Snapshot
    kind : {"", "live", "hindcast"}
        Of a saved forecast; empty for a snapshot that was never saved in a record. A hindcast gets a name of its own.
    saved_at : datetime or None
        By the record; None when there is none.
    """

    snapshot: Snapshot
    kind: str = ""
    saved_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.kind not in ("", LIVE, HINDCAST):
            raise FormatError(f"got a forecast of the kind {self.kind!r}, expected live or hindcast; correct it")

    @property
    def variant(self) -> str:
        """What tells this forecast from the default one in a model's name: settings, then the mark of a hindcast."""
        setting = f"_{self.snapshot.assumptions.digest[:SHORT]}" if self.snapshot.assumptions.changed else ""
        return setting + (f"_{HINDCAST}" if self.kind == HINDCAST else "")

    @property
    def moment(self) -> datetime:
        """When it was saved; the far future if never."""
        return self.saved_at or datetime.max.replace(tzinfo=UTC)

    def mark(self, target: str, target_end_date: date) -> str:
        """Mark of the rows for one target and day: a live forecast that was saved on it or later is a hindcast there,
        and so it is for a window of which the first year-end had come."""
        day = first_day(self.snapshot.reference_date, target, target_end_date)
        return mark_of(self.kind, self.saved_at, day) if self.saved_at else self.kind


def hub_files(
    submissions: Iterable[Submission],
    resolutions: Iterable[Label],
    form: Format = "csv",
    repository: str = REPOSITORY,
    years: Iterable[YearMean] = (),
    answers: Mapping[str, str] = NOTHING,
) -> Files:
    """Every file of a hub by its path.

    Parameters
    ----------
    submissions : iterable of Submission
        At least one. Of two with the same settings and reference date the later gets its digest into its name.
    resolutions : iterable of models.outcome.rule.Label
        What became of year-ends, for the target data; those without a state are left out.
    form : {"csv", "parquet"}
        Of the model output.
    years : iterable of models.outcome.year_mean.YearMean
        What became of the years' own means, each as it was asked at one reference date.
    answers : Mapping[str, str]
        Yes or no by id, of the signposts whose deadline has passed.
    repository : str
        As for `models.formats.hubverse_config.config_files`.

    Raises
    ------
    FormatError
    """
    named = _named(submissions)
    if not named:
        raise FormatError("got no forecast, expected at least one; give a snapshot")
    files: dict[str, bytes] = {}
    dates = sorted({submission.snapshot.reference_date for submission in named.values()})
    asked = _signposts(named.values())
    for (suffix, reference), submission in named.items():
        for model, table in model_outputs(submission.snapshot, with_signposts=bool(asked)).items():
            for kind, rows in _marked(submission, table).items():
                name = f"{TEAM}-{model}{suffix}" + (LATE if kind != submission.kind else "")
                files[f"{MODEL_OUTPUT}/{name}/{reference}-{name}.{form}"] = table_bytes(rows, form)
                files[f"model-metadata/{name}.yml"] = metadata_file(
                    name, submission.snapshot, kind, submission.saved_at
                )
        if conditional := conditional_answers(submission.snapshot):
            files[f"{CONDITIONAL}/{reference}-{TEAM}-{MODEL_MIXTURE}{suffix}.csv"] = conditional
    ids = sorted({name for _, name, _ in asked})
    oracle = signpost_oracle(asked, answers) if asked else None
    truth = target_files(dates, tuple(resolutions), tuple(years), oracle)
    return {**files, **config_files(dates, repository, ids), **truth}


def model_outputs(snapshot: Snapshot, with_signposts: bool = False) -> Tables:
    """Probabilities and quantiles, one table a model, in the hubs' columns; errors and ranges have no place there.

    Parameters
    ----------
    with_signposts : bool
        Whether the hub asks about signposts: a column more, and rows of the mixture where it says something of them.
    """
    table = snapshot.table
    probabilities = table[table["output_type"].isin((PMF, QUANTILE))]
    tables = {
        model: rows[list(HUB_COLUMNS)].reset_index(drop=True)
        for model in MODELS
        if len(rows := probabilities[probabilities["model_id"] == model])
    }
    if not with_signposts:
        return tables
    for rows in tables.values():
        rows.insert(len(KEY_COLUMNS), SIGNPOST_ID, NO_ID)
    own = signpost_rows(snapshot)
    return tables | {MODEL_MIXTURE: pd.concat([tables[MODEL_MIXTURE], own], ignore_index=True)}


def signpost_rows(snapshot: Snapshot) -> pd.DataFrame:
    """The mixture's chances of signposts as answers to yes-or-no questions; horizons are whole years."""
    day, said = snapshot.reference_date, snapshot.signposts.chances if snapshot.signposts else ()
    rows = [
        (
            *(day.isoformat(), TARGET_SIGNPOST, row.deadline.year - day.year, row.deadline.isoformat(), row.id),
            *(PMF, answer, row.chance if answer == YES_NO[1] else round(1 - row.chance, PUBLISHED.decimals)),
        )
        for row in said
        for answer in YES_NO
    ]
    return pd.DataFrame(rows, columns=[*KEY_COLUMNS, SIGNPOST_ID, *VALUE_COLUMNS])


def conditional_answers(snapshot: Snapshot) -> bytes:
    """What was asked beside, as a table of its own: hubs score forecasts that hold whatever comes. Empty where nothing
    was asked."""
    ends = dict.fromkeys(str(row[4]) for row in snapshot.results)
    rows = []
    for answer in snapshot.signposts.answers if snapshot.signposts else ():
        about = (";".join(answer.pins), ";".join(answer.acts), answer.kind, answer.chance, answer.status)
        for end, chances in zip(ends, answer.outcomes, strict=False):
            rows += [(*about, end, NO_ID, outcome, p) for outcome, p in zip(OUTCOMES, chances, strict=True)]
        deadlines = {row.id: row.deadline.isoformat() for row in snapshot.signposts.chances}
        rows += [(*about, deadlines[name], name, YES_NO[1], p) for name, p in answer.signposts.items()]
    return safe_csv(pd.DataFrame(rows, columns=list(CONDITIONAL_COLUMNS))) if rows else b""


def _marked(submission: Submission, table: pd.DataFrame) -> Tables:
    """The rows by their mark: the days that a live forecast came too late for go under a name of their own."""
    targets = zip(table["target"], table["target_end_date"], strict=True)
    marks = np.array([submission.mark(target, date.fromisoformat(str(day))) for target, day in targets], dtype=object)
    return {str(kind): rows.reset_index(drop=True) for kind, rows in table.groupby(marks, sort=False)}


def table_bytes(table: pd.DataFrame, form: Format) -> bytes:
    """One model-output table as a file."""
    if form == "csv":
        return safe_csv(table)
    if form != "parquet":
        raise FormatError(f"got the form {form!r}, expected one of {', '.join(FORMATS)}; choose one of these")
    return _parquet(table)


def _parquet(table: pd.DataFrame) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {
        name: pd.to_datetime(table[name]).dt.date if name in ("reference_date", "target_end_date") else table[name]
        for name in table
    }
    types = {
        "horizon": pa.int32(),
        "value": pa.float64(),
        "reference_date": pa.date32(),
        "target_end_date": pa.date32(),
    }
    if SIGNPOST_ID in columns:
        columns[SIGNPOST_ID] = [None if name == NO_ID else name for name in columns[SIGNPOST_ID]]
    arrays = {name: pa.array(list(column), types.get(name, pa.string())) for name, column in columns.items()}
    buffer = io.BytesIO()
    pq.write_table(pa.table(arrays), buffer)
    return buffer.getvalue()


def hub_columns(more: Sequence[str] = ()) -> tuple[str, ...]:
    """Columns of a table of a hub that tells questions apart by more than `KEY_COLUMNS`."""
    return (*KEY_COLUMNS, *more, *VALUE_COLUMNS)


def _signposts(submissions: Iterable[Submission]) -> list[tuple[date, str, date]]:
    """Reference date, id and deadline of every signpost that is asked about, each once."""
    snapshots = [one.snapshot for one in submissions if one.snapshot.signposts is not None]
    asked = {(one.reference_date, row.id, row.deadline) for one in snapshots for row in one.signposts.chances}
    return sorted(asked)


def _named(submissions: Iterable[Submission]) -> dict[tuple[str, str], Submission]:
    """Submissions by (suffix of the model's name, reference date); of equal ones the earliest counts."""
    named: dict[tuple[str, str], Submission] = {}
    for submission in sorted(submissions, key=lambda submission: submission.moment):
        reference = submission.snapshot.reference_date.isoformat()
        other = named.setdefault((submission.variant, reference), submission)
        if other.snapshot.digest != submission.snapshot.digest:
            named.setdefault((f"_{submission.snapshot.digest[:SHORT]}{submission.variant}", reference), submission)
    return named
