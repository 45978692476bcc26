"""One chart as a file that stands by itself: a picture of a slide's shape as PNG or SVG, and its numbers as CSV. Pure.

The chart is drawn by Vega and set into a page of our own, with its title and sentence above and its source below.
"""

import re
import textwrap
from collections.abc import Iterable
from datetime import datetime
from html import escape
from math import ceil

import pandas as pd
import vl_convert

from dashboard.figures.style import GHOST, Spec
from dashboard.report.drawing import FONT, INK, LIGHT, PAGE, annotated, described, inked, merged
from dashboard.wording.chances import rounding_step
from dashboard.wording.pictures.card import Card
from data.digest import Fields
from models.storage.safe_csv import safe_csv

WIDTH, HEIGHT = 1600, 900
"""Pixels of a PNG: what a slide of 16:9 shows without scaling up."""
STEPS = range(60, 241, 4)
"""Sixteenths of a page's width in its own units, and ninths of its height: the first with room for the chart, so that
letters are as large as can be."""
EDGE, TITLE, TEXT, SMALL = 26, 22, 13.5, 11
"""Margin, and sizes of letters, in the page's units."""
LEGENDS = 130
"""Height that axes and legends take beside a plot of fixed rows."""
WIDE_LETTER = 0.5
"""Width of a letter on average, of its height: with some to spare in this font."""
FAINT = "#4d5563"
_DAY = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}")
_MONTH = re.compile(r"[A-Z][a-z]+ \d{4}")
_DRAWN_ONLY = frozenset(
    ("code", "column", "line", "align", "named", "narrow_line", "narrow_align", "narrow_named", "foot", "head", "key")
) | {"beside", "lane", "top", "run", "right", "zero", "which", "state"}
"""Columns that only place a mark, or repeat another in the code's words."""
_EXACT = frozenset(("year", "intensity", "count", "path", "forecasts"))
CHANCES = frozenset(("probability", "low", "high"))
DIGITS = 4
"""Significant ones of any other number: what a chart can show."""
LEAST_COLUMNS = 3
"""Datasets with fewer only place a line."""


def png(spec: Spec, card: Card) -> bytes:
    """The picture as PNG, 1600 by 900 pixels."""
    return both(spec, card)[0]


def svg(spec: Spec, card: Card) -> bytes:
    """The picture as SVG."""
    return _page(spec, card).encode()


def both(spec: Spec, card: Card) -> tuple[bytes, bytes]:
    """PNG and SVG; drawn once."""
    drawn = _page(spec, card)
    return annotated(vl_convert.svg_to_png(drawn), card.description), drawn.encode()


def csv(spec: Spec) -> bytes:
    """The rows behind the chart, one a line: ISO dates, and no chance finer than the grid of its own error."""
    named = {name: list(rows) for name, rows in spec["datasets"].items() if rows and len(rows[0]) >= LEAST_COLUMNS}
    tables = [pd.DataFrame([_tidy(row) for row in rows]).assign(part=name) for name, rows in named.items()]
    if not tables:
        return safe_csv(pd.DataFrame())
    whole = pd.concat(tables, ignore_index=True)
    whole["part"] = whole["part"].replace({"rows": "chart", GHOST: "starting view"})
    if len(tables) == 1:
        whole = whole.drop(columns="part")
    return safe_csv(whole)


def _page(spec: Spec, card: Card) -> str:
    """The whole picture."""
    needed = spec["height"] + LEGENDS if isinstance(spec.get("height"), int | float) else 0
    for step in STEPS:
        width, height = 16 * step, 9 * step
        above = _wrapped([card.sentence], width, TEXT)
        below = _wrapped(card.facts, width, SMALL)
        top = EDGE + TITLE + 8 + len(above) * TEXT * 1.35 + 10
        room = height - top - len(below) * SMALL * 1.4 - EDGE - 8
        if room >= needed:
            break
    chart = _chart(spec, width - 2 * EDGE, int(room))
    lines = [
        *_lines([card.title], EDGE, EDGE + TITLE * 0.8, (TITLE, INK, "bold")),
        *_lines(above, EDGE, EDGE + TITLE + 8 + TEXT, (TEXT, INK, "normal")),
        *_lines(below, EDGE, height - EDGE - (len(below) - 1) * SMALL * 1.4 + 4, (SMALL, FAINT, "normal")),
    ]
    whole = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" '
        f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {width} {height}">'
        f'<rect width="{width}" height="{height}" fill="{PAGE}"/>'
        f'<g transform="translate({EDGE},{ceil(top)})">{chart}</g>{"".join(lines)}</svg>'
    )
    return described(whole, card.title, card.description)


def _chart(spec: Spec, width: int, height: int) -> str:
    """The chart alone, in its place: a margin of its own on the right keeps “100 %” off the edge."""
    sized = {
        **spec,
        "width": width,
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": {"left": 2, "right": 18, "top": 6, "bottom": 2},
        "background": PAGE,
        "config": merged(spec, LIGHT),
    }
    return inked(vl_convert.vegalite_to_svg(sized, allowed_base_urls=[]))


def _wrapped(texts: Iterable[str], width: int, size: float) -> list[str]:
    letters = int((width - 2 * EDGE) / (size * WIDE_LETTER))
    return [line for text in texts for line in textwrap.wrap(text.replace(" %", "\N{NO-BREAK SPACE}%"), letters)]


def _lines(lines: Iterable[str], left: float, top: float, look: tuple[float, str, str]) -> list[str]:
    size, colour, weight = look
    return [
        f'<text x="{left}" y="{top + at * size * 1.4:.1f}" font-family="{FONT}" font-size="{size}" '
        f'font-weight="{weight}" fill="{colour}">{escape(line)}</text>'
        for at, line in enumerate(lines)
    ]


def _tidy(row: Fields) -> Fields:
    """A row of a chart as a row of a table."""
    step = rounding_step(row["error"]) / 100 if "error" in row else None
    kept = {name: value for name, value in row.items() if name not in _DRAWN_ONLY}
    return {name: _cell(name, value, step) for name, value in kept.items()}


def _cell(name: str, value: object, step: float | None) -> object:
    if isinstance(value, str):
        return iso_day(value)
    if not isinstance(value, float) or name in _EXACT:
        return value
    if step and name in CHANCES:
        return round(round(value / step) * step, 3)
    return float(f"{value:.{DIGITS}g}")


def iso_day(text: str) -> str:
    """A date as it is written on the page in the form that sorts, as fine as it is known; any other text as it is."""
    for pattern, form, sorted_form in ((_DAY, "%d %B %Y", "%Y-%m-%d"), (_MONTH, "%B %Y", "%Y-%m")):
        if pattern.fullmatch(text):
            try:
                return datetime.strptime(text, form).strftime(sorted_form)
            except ValueError:  # a name and a year: no date
                return text
    return text
