"""Forecasts in the columns of the forecasting hubs: which files one or more snapshots become (docs/formats.md)."""

import io
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Literal

import numpy as np
import pandas as pd

from data.values import frozen
from models.errors import FormatError
from models.formats.hubverse_config import REPOSITORY, config_files, metadata_file
from models.formats.hubverse_target import target_files
from models.names import MODELS, PMF, QUANTILE
from models.outcome.rule import Label
from models.outcome.year_mean import YearMean
from models.record.entries import HINDCAST, LIVE
from models.snapshot.value import Snapshot
from models.storage.disk import Files
from models.storage.safe_csv import Tables, safe_csv
from models.track.marks import first_day, mark_of

TEAM = "conjunction"
KEY_COLUMNS = ("reference_date", "target", "horizon", "target_end_date")
VALUE_COLUMNS = ("output_type", "output_type_id", "value")
HUB_COLUMNS = (*KEY_COLUMNS, *VALUE_COLUMNS)
MODEL_OUTPUT = "model-output"
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
    for (suffix, reference), submission in named.items():
        for model, table in model_outputs(submission.snapshot).items():
            for kind, rows in _marked(submission, table).items():
                name = f"{TEAM}-{model}{suffix}" + (LATE if kind != submission.kind else "")
                files[f"{MODEL_OUTPUT}/{name}/{reference}-{name}.{form}"] = table_bytes(rows, form)
                files[f"model-metadata/{name}.yml"] = metadata_file(
                    name, submission.snapshot, kind, submission.saved_at
                )
    return {**files, **config_files(dates, repository), **target_files(dates, tuple(resolutions), tuple(years))}


def model_outputs(snapshot: Snapshot) -> Tables:
    """Probabilities and quantiles, one table a model, in the hubs' columns; errors and ranges have no place there."""
    table = snapshot.table
    probabilities = table[table["output_type"].isin((PMF, QUANTILE))]
    return {
        model: rows[list(HUB_COLUMNS)].reset_index(drop=True)
        for model in MODELS
        if len(rows := probabilities[probabilities["model_id"] == model])
    }


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
    arrays = {name: pa.array(list(column), types.get(name, pa.string())) for name, column in columns.items()}
    buffer = io.BytesIO()
    pq.write_table(pa.table(arrays), buffer)
    return buffer.getvalue()


def _named(submissions: Iterable[Submission]) -> dict[tuple[str, str], Submission]:
    """Submissions by (suffix of the model's name, reference date); of equal ones the earliest counts."""
    named: dict[tuple[str, str], Submission] = {}
    for submission in sorted(submissions, key=lambda submission: submission.moment):
        reference = submission.snapshot.reference_date.isoformat()
        other = named.setdefault((submission.variant, reference), submission)
        if other.snapshot.digest != submission.snapshot.digest:
            named.setdefault((f"_{submission.snapshot.digest[:SHORT]}{submission.variant}", reference), submission)
    return named
