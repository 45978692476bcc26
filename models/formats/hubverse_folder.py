"""A hub from strangers, as bytes and as tables: sizes, names and types are checked before anything is believed."""

import io
import math
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from models.errors import FormatError
from models.files import read_limited
from models.formats.hubverse import HUB_COLUMNS

FOLDERS = ("hub-config", "model-output", "model-metadata", "target-data")
MAX_FILES, MAX_FILE_BYTES, MAX_HUB_BYTES = 5_000, 10 * 2**20, 100 * 2**20
MAX_ROWS = 500_000
"""A forecast of five models is 600 rows; with a hundred samples a question, 10,000."""
MAX_TEXT = 80
ORACLE_VALUE = "oracle_value"
DATES = ("reference_date", "target_end_date")


def read_folder(folder: Path) -> Mapping[str, bytes]:
    """Every file of a hub that is read here, by path; other folders and hidden files are left alone.

    Raises
    ------
    FormatError
        Too many or too large files, or a link, which could point anywhere.
    FileError
    """
    if not (folder / FOLDERS[0]).is_dir():
        raise FormatError(f"{folder.name} has no {FOLDERS[0]} folder, expected a hub; give the folder that holds it")
    found: dict[str, bytes] = {}
    for path in _paths(folder):
        if len(found) == MAX_FILES:
            raise FormatError(f"got more than {MAX_FILES} files, expected a hub of at most that; take models out")
        found[path.relative_to(folder).as_posix()] = _content(path)
        if sum(map(len, found.values())) > MAX_HUB_BYTES:
            raise FormatError(f"got more than {MAX_HUB_BYTES} bytes, expected a hub of at most that; take models out")
    return found


def read_table(name: str, content: bytes, columns: tuple[str, ...] = HUB_COLUMNS) -> pd.DataFrame:
    """A model-output or oracle table, its columns in order, dates as ISO text, horizons whole, values finite.

    Parameters
    ----------
    name : str
        File name; its ending says how to read it.

    Raises
    ------
    FormatError
        The bytes are no such table; missing, unknown or doubled columns; a cell of another type.
    """
    if len(content) > MAX_FILE_BYTES:
        raise FormatError(f"{name}: got more than {MAX_FILE_BYTES} bytes, expected at most that; split the file")
    raw = _parquet(name, content) if name.endswith(".parquet") else _csv(name, content)
    if sorted(raw.columns) != sorted(columns):
        raise FormatError(f"{name}: got the columns {_shown(raw.columns)}, expected {', '.join(columns)}; rename them")
    if len(raw) > MAX_ROWS:
        raise FormatError(f"{name}: got {len(raw)} rows, expected at most {MAX_ROWS}; split the file")
    kept = {"horizon": _horizon, **dict.fromkeys(DATES, _day), **dict.fromkeys(("value", ORACLE_VALUE), _number)}
    table = {column: [kept.get(column, _text)(name, column, cell) for cell in raw[column]] for column in columns}
    return pd.DataFrame(table, columns=list(columns))


def _paths(folder: Path) -> list[Path]:
    found = []
    for part in FOLDERS:
        for place, folders, files in os.walk(folder / part, followlinks=False):
            folders.sort()
            paths = [Path(place) / name for name in (*folders, *sorted(files)) if not name.startswith(".")]
            if linked := [path.name for path in paths if path.is_symlink()]:
                raise FormatError(f"got the link {linked[0]!a}, expected plain files and folders; remove it")
            found += [path for path in paths if path.is_file()]
    return found


def _content(path: Path) -> bytes:
    content = read_limited(path, MAX_FILE_BYTES)
    if len(content) > MAX_FILE_BYTES:
        raise FormatError(f"{path.name!a}: got more than {MAX_FILE_BYTES} bytes, expected at most that; split the file")
    return content


def _csv(name: str, content: bytes) -> pd.DataFrame:
    try:
        return pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False, nrows=MAX_ROWS + 1, encoding="utf-8")
    except (ValueError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise FormatError(f"{name}: not a table ({str(error)[:MAX_TEXT]!a}); export it again as CSV") from error


def _parquet(name: str, content: bytes) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(content))
        if file.metadata.num_rows > MAX_ROWS or file.metadata.num_columns > len(HUB_COLUMNS):
            raise FormatError(f"{name}: got more rows or columns than a forecast has; check what the file is")
        return pd.DataFrame(file.read(use_threads=False).to_pydict(), dtype=object)
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError) as error:
        if isinstance(error, FormatError):
            raise
        raise FormatError(f"{name}: not a parquet table ({str(error)[:MAX_TEXT]!a}); export it again") from error


def _text(name: str, column: str, cell: object) -> str:
    if isinstance(cell, str) and 0 < len(cell) <= MAX_TEXT and cell.isprintable():
        return cell
    raise _refused(name, column, cell, "a short plain text")


def _day(name: str, column: str, cell: object) -> str:
    try:
        text = cell.isoformat()[:10] if hasattr(cell, "isoformat") else str(cell)
        if len(text) == len("2024-12-31"):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass  # told below
    raise _refused(name, column, cell, "a date such as 2024-12-31")


def _horizon(name: str, column: str, cell: object) -> int:
    text = str(cell)
    if text.isascii() and text.isdecimal() and len(text) <= 2:
        return int(text)
    raise _refused(name, column, cell, "a whole number of years")


def _number(name: str, column: str, cell: object) -> float:
    try:
        value = float(cell) if isinstance(cell, str | int | float) else math.nan
    except (ValueError, OverflowError):
        value = math.nan
    if math.isfinite(value):
        return value
    raise _refused(name, column, cell, "a finite number")


def _refused(name: str, column: str, cell: object, expected: str) -> FormatError:
    return FormatError(f"{name}, column {column}: got {str(cell)[:MAX_TEXT]!a}, expected {expected}; correct it")


def _shown(names: object) -> str:
    return ascii([str(name)[:MAX_TEXT] for name in list(names)[: 2 * len(HUB_COLUMNS)]])
