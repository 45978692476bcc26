"""The report: one page of PDF, and one HTML file, made without a browser from a snapshot alone."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from dashboard.report.charts import Chart, report_charts
from dashboard.report.content import ALONE, Beside, Content, Limits, content
from dashboard.wording.labels import joined
from dashboard.wording.record import knobs_then
from data.types import Claim
from models.errors import FormatError
from models.record.entries import SavedForecast
from models.snapshot.value import Snapshot
from models.storage.disk import Files

if TYPE_CHECKING:
    import typst

PDF, HTML = "report.pdf", "report.html"
TEMPLATES = Path(__file__).parent
_TRIED = ((24, 400), (24, 180), (24, 85), (16, 85), (12, 70), (9, 70), (7, 60), (5, 60), (3, 40), (0, 20))
ROOMS = tuple(Limits(rows=rows, letters=letters) for rows, letters in _TRIED)
"""How much of the assumptions is shown: the first of these that leaves the PDF on one page."""
PER_CENT = re.compile(r"(\d) %")
LONG_WORD, BIT, ZERO_WIDTH = re.compile(r"\S{25,}"), re.compile(r".{1,12}"), "\N{ZERO WIDTH SPACE}"
MISSING_LETTERS = (
    "This computer has no font for some letters ({kinds}): boxes stand for them here, and report.html and the snapshot "
    "hold them."
)
EMBEDDED_LETTERS, EMBEDDED_SIGNS = 0x0590, 0x2600
"""The typesetter carries fonts for Latin, Greek and Cyrillic letters and for signs such as – “ ◇; further ones come
from this computer's fonts, if it has them, so that only such a report's bytes can differ between computers."""
UNPRINTED = re.compile(r"the text `\"(.+?)\"` could not be displayed")
STRICT = "a-2u"
"""A form of PDF that the typesetter refuses to write when a font lacks a letter, and says which."""


def reports(
    snapshot: Snapshot, claims: Iterable[Claim], saved: SavedForecast | None = None, beside: Beside = ALONE
) -> Files:
    """``report.pdf`` and ``report.html`` of a forecast (`models` finds this by the entry point of pyproject.toml).

    The snapshot is enough: an entry of the record needs no library to be told.

    Parameters
    ----------
    claims : iterable of Claim
        The present claims, for the labels of the assumptions.
    saved : SavedForecast, optional
        The entry of the record, under the name that it is shown by.
    beside : Beside, optional
        The starting view, the alignment's history and the year-end looked at, where whoever asks has them.

    Raises
    ------
    FormatError
        The name or the author of the entry is too long for one page.
    """
    made_on = (saved.saved_at if saved else datetime.now()).astimezone(UTC).date()
    said = partial(content, snapshot, knobs_then(snapshot.rule.digest, claims), made_on, saved, beside=beside)
    charts = report_charts(snapshot.table, made_on, beside)
    return {PDF: _pdf(said, charts), HTML: _html(said(), charts)}


def _html(said: Content, charts: Sequence[Chart]) -> bytes:
    """Nothing is shortened: a page that scrolls has room."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    room = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    pictures = [{"title": chart.title, "sentence": glued(chart.sentence), "svg": chart.svg} for chart in charts]
    page = room.get_template("report.html.j2").render(r=mapped(asdict(said), glued), charts=pictures)
    return page.encode()


def _pdf(told: Callable[[Limits], Content], charts: Sequence[Chart]) -> bytes:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "report.typ").write_bytes((TEMPLATES / "report.typ").read_bytes())
        for chart in charts:
            (folder / f"{chart.name}.pdf").write_bytes(chart.pdf)
        pictures = [
            {
                "title": chart.title,
                "sentence": chart.sentence,
                "description": chart.description,
                "file": f"{chart.name}.pdf",
            }
            for chart in charts
        ]
        for room in ROOMS:
            said = mapped(asdict(told(room)) | {"charts": pictures}, lambda t: breakable(glued(t)))
            if missing := _missing(folder, _json(said)):
                said["changed_note"] = f"{said['changed_note']} {missing}".strip()
            compiler = _compiler(folder, _json(said))
            pages = int(json.loads(compiler.query("<pages>", field="value", one=True)))
            if pages == 1:
                return compiler.compile(format="pdf")
    raise FormatError(f"the report needs {pages} pages, expected one; shorten the name it was saved under")


def glued(text: str) -> str:
    """The text with every per cent sign kept at its number."""
    return PER_CENT.sub("\\1\N{NO-BREAK SPACE}%", text)


def breakable(text: str) -> str:
    """The text with places where an endless word may be broken."""
    return LONG_WORD.sub(lambda word: ZERO_WIDTH.join(BIT.findall(word[0])), text)


def mapped(value: object, change: Callable[[str], str]) -> object:
    """Plain values with every text in them changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: mapped(item, change) for key, item in value.items()}
    return [mapped(item, change) for item in value] if isinstance(value, list | tuple) else value


def _json(said: object) -> str:
    return json.dumps(said, ensure_ascii=False)


def _compiler(folder: Path, text: str) -> "typst.Compiler":
    """The typesetter with its text. Only files of the folder can be read, and no package is fetched."""
    import typst

    (folder / "data.json").write_text(text, encoding="utf-8")
    return typst.Compiler(
        folder / "report.typ",
        root=folder,
        ignore_system_fonts=not _foreign(text),
        package_path=folder,
        package_cache_path=folder,
    )


def _missing(folder: Path, text: str) -> str:
    """What to say of letters that no font has: they would be printed as boxes and nothing else."""
    import typst

    if not _foreign(text):
        return ""
    try:
        _compiler(folder, text).compile(format="pdf", pdf_standards=STRICT)
    except typst.TypstError as error:
        kinds = sorted({_kind(letter) for letters in UNPRINTED.findall(str(error)) for letter in letters})
        return MISSING_LETTERS.format(kinds=joined(kinds)) if kinds else ""
    return ""


def _kind(letter: str) -> str:
    if not letter.isalpha():
        return "signs"
    script = unicodedata.name(letter, "other").partition(" ")[0]
    return "Chinese" if script == "CJK" else script.capitalize()


def _foreign(text: str) -> bool:
    """Whether a letter or sign is outside the typesetter's own fonts."""
    return any(ord(letter) >= (EMBEDDED_LETTERS if letter.isalpha() else EMBEDDED_SIGNS) for letter in text)
