"""Indicators from their files: which columns are exposed (indicators.csv), and the observations in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path

from data.csv.rows import Row, collect, read_rows, require_unique
from data.days import latest_today
from data.errors import EvidenceError, Problem
from data.indicator import Indicator, Observation
from data.publication import PublicationLag, load_lags
from data.receipts import Receipt, load_receipts
from data.values import frozen

REGISTRY_FILE = "indicators.csv"
_NOTE_COLUMNS = ("note", "source", "kind", "method")


@frozen
class Series:
    """One row of indicators.csv: a numeric column of a file, or of the rows of one group in it.

    Attributes
    ----------
    where : str
        Empty, or `column=value` for the rows to take.
    source_kind_column : str
        Column that labels these values; empty for `source_kind`, or for the label in the file's receipt.
    """

    name: str
    column: str
    where: str
    title: str
    unit: str
    source_kind_column: str
    caveats: str

    @property
    def file(self) -> str:
        """File that holds the column, relative to the data folder."""
        return f"indicators/{self.name.split('.', maxsplit=1)[0]}.csv"

    def holds(self, row: Row) -> bool:
        """Tell whether a row belongs to the group and holds a value."""
        group, _, value = self.where.partition("=")
        return row.text(group) == value and bool(row.text(self.column))

    def takes(self, row: Row) -> bool:
        """Tell whether a row that holds a value covers its whole period."""
        return self.holds(row) and row.text("partial_year") in ("", "0")


REGISTRY_COLUMNS = tuple(field.name for field in fields(Series))


def load_registry(folder: Path) -> tuple[Series, ...]:
    """Return the rows of indicators.csv in its order."""
    rows = read_rows(folder, REGISTRY_FILE, REGISTRY_COLUMNS)
    require_unique(rows, "name")
    return tuple(collect(rows, _series))


def load_indicators(folder: Path, as_of: date, known_on: date, *, include_unverified: bool) -> dict[str, Indicator]:
    """Read every registered indicator, without values of later periods or that could not be known yet.

    Raises
    ------
    EvidenceError
        A file, column or receipt is missing, or a value cannot be read; names file, row and column.
    """
    indicators = {}
    for column in read_columns(folder):
        seen = [value for value in column.seen if value.seen_by(as_of, known_on)]
        kept = [value for value in seen if include_unverified or value.verified]
        indicators[column.series.name] = _indicator(column.series, column.receipt, kept)
    return indicators


@frozen
class Column:
    """One registered column as it stands in its file.

    Attributes
    ----------
    rows : tuple of Row
        Every row of the file, also those of other groups.
    seen : tuple of Observation
        What was read from the rows that belong to the series, in order of `period_end`.
    """

    series: Series
    receipt: Receipt
    rows: tuple[Row, ...]
    seen: tuple[Observation, ...]


def read_columns(folder: Path) -> Iterator[Column]:
    """Every registered column with all that its file says, whatever the date and however well its source was seen.

    Raises
    ------
    EvidenceError
        As `load_indicators`.
    """
    receipts = {receipt.file: receipt for receipt in load_receipts(folder)}
    by_file: dict[str, list[Series]] = {}
    for series in load_registry(folder):
        by_file.setdefault(series.file, []).append(series)
    lags = load_lags(folder, by_file.keys())
    for file, wanted in by_file.items():
        receipt = _receipt_of(file, receipts)
        rows = tuple(read_rows(folder, file, receipt.columns))
        for series in wanted:
            seen = tuple(_observations(_Reader(series=series, receipt=receipt, lag=lags[file]), rows))
            yield Column(series=series, receipt=receipt, rows=rows, seen=seen)


def _series(row: Row) -> Series | None:
    values = {column: row.text(column) for column in REGISTRY_COLUMNS}
    for column in ("name", "column", "title", "unit"):
        if not values[column]:
            row.complain(column, f"got nothing, expected the {column} of the indicator")
    stem, dot, rest = values["name"].partition(".")
    if not (stem and dot and rest):
        row.complain("name", f"got {values['name']!r}, expected a file stem, a dot and a column")
    return row.build(Series, values)


def _receipt_of(file: str, receipts: dict[str, Receipt]) -> Receipt:
    if file not in receipts:
        detail = "got no receipt, expected one row in sources.csv; add it and write the receipts again"
        raise EvidenceError.of([Problem(file=file, column="", detail=detail)])
    return receipts[file]


@frozen
class _Reader:
    series: Series
    receipt: Receipt
    lag: PublicationLag


def _observations(reader: _Reader, rows: Sequence[Row]) -> list[Observation]:
    _require_columns(reader.series, reader.receipt)
    taken = [row for row in rows if reader.series.takes(row)]
    seen = collect(taken, lambda row: _observation(reader, row))
    by_end: dict[date, Row] = {}
    for value, row in zip(seen, taken, strict=True):
        first = by_end.setdefault(value.period_end, row)
        if first is not row:
            row.complain(
                date_column(row), f"got {value.period_end} again, first in row {first.number}; expected it once"
            )
    collect(taken, lambda row: row)  # raises when a date was found twice
    return sorted(seen, key=lambda value: value.period_end)


def _observation(reader: _Reader, row: Row) -> Observation | None:
    series = reader.series
    end = row.period_end(date_column(row))
    if end and end > latest_today():
        row.complain(date_column(row), f"got {end}, which lies in the future; expected a period that has ended")
    if end and row.text("year") not in ("", str(end.year)):
        row.complain("year", f"got {row.text('year')} beside the date {end}, expected the same year")
    label = series.source_kind_column or "source_kind"
    values = {
        "period_end": end,
        "value": row.number_in(series.column),
        "source_kind": row.text(label) or reader.receipt.source_kind,
        "note": "; ".join(row.text(column) for column in _NOTE_COLUMNS if row.text(column)),
        "known_from": reader.lag.known_from(end) if end else None,
    }
    return row.build(Observation, values, columns={"value": series.column, "source_kind": label})


def date_column(row: Row) -> str:
    """Column that says when a row's period ends."""
    return "date" if "date" in row.cells else "year"


def _require_columns(series: Series, receipt: Receipt) -> None:
    group = series.where.partition("=")[0]
    wanted = {"column": series.column, "where": group, "source_kind_column": series.source_kind_column}
    problems = [
        Problem(file=REGISTRY_FILE, column=field, detail=f"{series.name}: got {name!r}, not a column of {receipt.file}")
        for field, name in wanted.items()
        if name and name not in receipt.columns
    ]
    if problems:
        raise EvidenceError.of(problems)


def _indicator(series: Series, receipt: Receipt, seen: Sequence[Observation]) -> Indicator:
    return Indicator(
        name=series.name,
        file=receipt.file,
        column=series.column,
        title=series.title,
        unit=series.unit,
        observations=tuple(seen),
        citation=receipt.citation,
        licence=receipt.licence,
        definition_breaks=receipt.definition_breaks,
        caveats=" ".join(text for text in (series.caveats, receipt.caveats) if text),
    )
