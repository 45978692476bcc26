"""The report: one page of PDF, and one HTML file, made without a browser from a snapshot alone."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from dashboard.report.charts import Chart, report_charts
from dashboard.report.content import ALONE, Beside, Content, Limits, content
from dashboard.wording.record import knobs_then
from data.types import Claim
from models.errors import FormatError
from models.record.entries import SavedForecast
from models.snapshot.value import Snapshot
from models.storage.disk import Files

PDF, HTML = "report.pdf", "report.html"
TEMPLATES = Path(__file__).parent
_TRIED = ((24, 400), (24, 180), (24, 85), (16, 85), (12, 70), (9, 70), (7, 60), (5, 60), (3, 40), (0, 20))
ROOMS = tuple(Limits(rows=rows, letters=letters) for rows, letters in _TRIED)
"""How much of the assumptions is shown: the first of these that leaves the PDF on one page."""
PER_CENT = re.compile(r"(\d) %")
LONG_WORD, BIT, ZERO_WIDTH = re.compile(r"\S{25,}"), re.compile(r".{1,12}"), "\N{ZERO WIDTH SPACE}"
MISSING_LETTERS = "Letters that this page could not print are in report.html and in the snapshot."
EMBEDDED_LETTERS = 0x0590
"""The typesetter carries fonts for Latin, Greek and Cyrillic letters; further ones come from this computer's fonts, if
it has them, so that only such a report's bytes can differ between computers."""


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
            if _foreign(said["changed_note"] + "".join(changed["reason"] for changed in said["changed"])):
                said["changed_note"] = f"{said['changed_note']} {MISSING_LETTERS}".strip()
            (folder / "data.json").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
            pages, page = _compiled(folder)
            if pages == 1:
                return page
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


def _compiled(folder: Path) -> tuple[int, bytes]:
    """Number of pages, and the PDF. Only files of the folder can be read, and no package is fetched."""
    import typst

    text = (folder / "data.json").read_text(encoding="utf-8")
    compiler = typst.Compiler(
        folder / "report.typ",
        root=folder,
        ignore_system_fonts=not _foreign(text),
        package_path=folder,
        package_cache_path=folder,
    )
    pages = json.loads(compiler.query("<pages>", field="value", one=True))
    return int(pages), compiler.compile(format="pdf")


def _foreign(text: str) -> bool:
    """Whether a letter is outside the scripts of the typesetter's own fonts; its signs (– “ ◇) are inside."""
    return any(letter.isalpha() and ord(letter) >= EMBEDDED_LETTERS for letter in text)
