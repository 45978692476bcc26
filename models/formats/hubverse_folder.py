"""A hub from strangers, as bytes and as tables: sizes, names and types are checked before anything is believed."""

import io
import math
import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from data.csv.cells import decoded, read_cells
from data.csv.hints import hinted, is_clutter, number_hint
from data.csv.rows import plain_number
from data.errors import EvidenceError
from models.errors import FormatError
from models.formats.hubverse import HUB_COLUMNS
from models.formats.hubverse_questions import NO_ID, SIGNPOST_ID
from models.storage.disk import Files, read_limited

FOLDERS = ("hub-config", "model-output", "model-metadata", "target-data")
MAX_FILES, MAX_FILE_BYTES, MAX_HUB_BYTES = 5_000, 10 * 2**20, 100 * 2**20
MAX_ROWS = 500_000
"""A forecast of five models is 600 rows; with a hundred samples a question, 10,000."""
MAX_TEXT, MAX_FAULT = 80, 300
ORACLE_VALUE = "oracle_value"
type Raw = tuple[Sequence[int], Mapping[str, Sequence[object]]]
DATES = ("reference_date", "target_end_date")


def read_folder(folder: Path) -> Files:
    """Every file of a hub that is read here, by path; other folders, hidden files and clutter are left alone.

    Raises
    ------
    FormatError
        Too many or too large files, or a link, which could point anywhere.
    FileError
    """
    if not (folder / FOLDERS[0]).is_dir():
        inner = [path.parent.name for path in sorted(folder.glob(f"*/{FOLDERS[0]}"))]
        advice = f"give {folder.name}/{inner[0]}" if inner else "give the folder that holds it"
        raise FormatError(f"{folder.name} has no {FOLDERS[0]} folder, expected a hub; {advice}")
    files: dict[str, bytes] = {}
    for path in _paths(folder):
        if len(files) == MAX_FILES:
            raise FormatError(f"got more than {MAX_FILES} files, expected a hub of at most that; take models out")
        files[path.relative_to(folder).as_posix()] = _content(path)
        if sum(map(len, files.values())) > MAX_HUB_BYTES:
            raise FormatError(f"got more than {MAX_HUB_BYTES} bytes, expected a hub of at most that; take models out")
    return files


def read_table(name: str, content: bytes, columns: tuple[str, ...] = HUB_COLUMNS) -> pd.DataFrame:
    """A model-output or oracle table, its columns in order, dates as ISO text, horizons whole, values finite.

    Parameters
    ----------
    name : str
        File name; its ending says how to read it.

    Raises
    ------
    FormatError
        The bytes are no such table; missing, unknown or doubled columns; no row; a cell of another type.
    """
    if len(content) > MAX_FILE_BYTES:
        raise FormatError(f"{name}: got more than {MAX_FILE_BYTES} bytes, expected at most that; split the file")
    rows, raw = _parquet(name, content, columns) if name.endswith(".parquet") else _csv(name, content, columns)
    kept = {
        "horizon": _horizon,
        SIGNPOST_ID: _signpost,
        **dict.fromkeys(DATES, _day),
        **dict.fromkeys(("value", ORACLE_VALUE), _number),
    }
    table: dict[str, list[object]] = {}
    for column in columns:
        read = kept.get(column, _text)
        table[column] = [
            read(f"{name}, row {row}, column {column}", cell) for row, cell in zip(rows, raw[column], strict=True)
        ]
    return pd.DataFrame(table, columns=list(columns))


def _paths(folder: Path) -> list[Path]:
    plain: list[Path] = []
    for part in FOLDERS:
        for place, folders, files in os.walk(folder / part, followlinks=False):
            folders.sort()
            names = [name for name in (*folders, *sorted(files)) if not (name.startswith(".") or is_clutter(name))]
            paths = [Path(place) / name for name in names]
            if linked := [path.name for path in paths if path.is_symlink()]:
                raise FormatError(f"got the link {linked[0]!a}, expected plain files and folders; remove it")
            plain += [path for path in paths if path.is_file()]
    return plain


def _content(path: Path) -> bytes:
    content = read_limited(path, MAX_FILE_BYTES)
    if len(content) > MAX_FILE_BYTES:
        raise FormatError(f"{path.name!a}: got more than {MAX_FILE_BYTES} bytes, expected at most that; split the file")
    return content


def _csv(name: str, content: bytes, columns: tuple[str, ...]) -> Raw:
    """Rows by their numbers in a spreadsheet, and cells by column: read as strictly as the evidence is."""
    try:
        header, numbered = read_cells(decoded(content, name), name, columns)
    except EvidenceError as error:
        first, *more = error.problems
        raise FormatError(f"{str(first)[:MAX_FAULT]}{f'; and {len(more)} more faults' if more else ''}") from error
    _require_few(name, len(numbered))
    cells = {column: [row[place] for _, row in numbered] for place, column in enumerate(header)}
    return [number for number, _ in numbered], cells


def _require_few(name: str, rows: int) -> None:
    if rows > MAX_ROWS:
        raise FormatError(f"{name}: got {rows} rows, expected at most {MAX_ROWS}; split the file")


def _parquet(name: str, content: bytes, columns: tuple[str, ...]) -> Raw:
    """Rows counted from 1, and cells by column."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(content))
        if file.metadata.num_rows > MAX_ROWS or file.metadata.num_columns > len(columns):
            raise FormatError(f"{name}: got more rows or columns than a forecast has; check what the file is")
        raw = file.read(use_threads=False).to_pydict()
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError) as error:
        if isinstance(error, FormatError):
            raise
        raise FormatError(f"{name}: not a parquet table ({str(error)[:MAX_TEXT]!a}); export it again") from error
    if sorted(raw) != sorted(columns):
        raise FormatError(f"{name}: got the columns {_shown(raw)}, expected {', '.join(columns)}; rename them")
    rows = range(1, file.metadata.num_rows + 1)
    _require_few(name, len(rows))
    if not rows:
        raise FormatError(f"{name}: got columns without rows, expected at least one row")
    return rows, raw


def _text(place: str, cell: object) -> str:
    if isinstance(cell, str) and 0 < len(cell) <= MAX_TEXT and cell.isprintable():
        return cell
    raise _refused(place, cell, "a short plain text")


def _signpost(place: str, cell: object) -> str:
    return NO_ID if cell is None else _text(place, cell)


def _day(place: str, cell: object) -> str:
    try:
        text = cell.isoformat()[:10] if hasattr(cell, "isoformat") else str(cell)
        if len(text) == len("2024-12-31"):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass  # told below
    raise _refused(place, cell, "a date such as 2024-12-31")


def _horizon(place: str, cell: object) -> int:
    text = str(cell)
    if text.isascii() and text.isdecimal() and len(text) <= 2:
        return int(text)
    raise _refused(place, cell, "a whole number of years")


def _number(place: str, cell: object) -> float:
    try:
        value = plain_number(cell) if isinstance(cell, str) else float(cell)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        value = None
    if value is not None and math.isfinite(value):
        return value
    raise _refused(place, cell, "a finite number")


def _refused(place: str, cell: object, expected: str) -> FormatError:
    text = str(cell)[:MAX_TEXT]
    return FormatError(f"{place}: got {text!a}, expected {hinted(expected, number_hint(text))}; correct it")


def _shown(names: object) -> str:
    return ascii([str(name)[:MAX_TEXT] for name in list(names)[: 2 * len(HUB_COLUMNS)]])
