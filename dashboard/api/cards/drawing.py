"""A card as SVG: title, four bars with their numbers, and what it rests on; no script, nothing loaded. Pure."""

import textwrap
from collections.abc import Iterable, Iterator
from html import escape
from types import MappingProxyType

from dashboard.api.cards.words import CardWords
from dashboard.figures.colours import STATE_COLOURS
from dashboard.report.drawing import FONT, described
from data.values import frozen

LIGHT, DARK, AUTO = "light", "dark", "auto"
THEMES = (AUTO, LIGHT, DARK)
_LIGHT = {"page": "#ffffff", "ink": "#0a0f17", "faint": "#4d5563", "rail": "#e6e9ef"}
_DARK = {"page": "#11161d", "ink": "#e6ebf1", "faint": "#a9b3c0", "rail": "#2a3442"}


@frozen
class Size:
    """Width and height of a card, and the size of its letters, in its own units."""

    width: int
    height: int
    letters: float


SIZES = MappingProxyType(
    {
        "small": Size(width=320, height=240, letters=11),
        "medium": Size(width=480, height=320, letters=14),
        "large": Size(width=720, height=420, letters=18),
    }
)
SHARED = Size(width=1200, height=630, letters=27)
"""What social sites show beside a link."""
EDGE, LEADING = 1.3, 1.35
"""Of the letters' size: margin, and from line to line."""
LABEL = 12.5
"""Room for a state's name, in letters' sizes."""
WIDE_LETTER = 0.54
"""Width of a letter on average, of its height."""


@frozen
class _Letters:
    """How a line is written."""

    size: float
    kind: str = "ink"
    weight: str = "normal"
    anchor: str = "start"


def card_svg(words: CardWords, size: Size, theme: str = LIGHT) -> str:
    """The drawing."""
    em, edge, small = size.letters, EDGE * size.letters, 0.8 * size.letters
    head, top = _lines((words.title,), size, edge, _Letters(size=1.35 * em, weight="bold"))
    said, top = _lines((words.sentence,), size, top, _Letters(size=em))
    count = sum(len(_wrapped(fact, size, small)) for fact in words.facts)
    foot = size.height - edge - count * small * LEADING
    facts, _ = _lines(words.facts, size, foot, _Letters(size=small, kind="faint"))
    whole = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size.width}" height="{size.height}" '
        f'viewBox="0 0 {size.width} {size.height}"><style>{_style(theme)}</style>'
        f'<rect width="{size.width}" height="{size.height}" class="page"/>'
        f"{''.join((*head, *said, *_bars(words, size, top, foot), *facts))}</svg>"
    )
    return described(whole, words.title, words.description)


def _lines(texts: Iterable[str], size: Size, top: float, letters: _Letters) -> tuple[list[str], float]:
    """Texts in lines from a height downwards, and where they end."""
    step = letters.size * LEADING
    lines = [line for text in texts for line in _wrapped(text, size, letters.size)]
    edge = EDGE * size.letters
    return [_text(edge, top + (at + 0.8) * step, line, letters) for at, line in enumerate(lines)], top + len(
        lines
    ) * step


def _bars(words: CardWords, size: Size, top: float, foot: float) -> Iterator[str]:
    """A bar a state between two heights, its name before and its number after it."""
    em, edge = size.letters, EDGE * size.letters
    start, end = edge + LABEL * em, size.width - edge
    step, rail = (foot - top) / len(words.bars), end - start - 4 * em
    for at, bar in enumerate(words.bars):
        base = top + (at + 0.5) * step + 0.35 * em
        place = f'x="{start:.1f}" y="{base - 0.8 * em:.1f}" height="{0.9 * em:.1f}"'
        yield _text(edge, base, bar.label, _Letters(size=em))
        yield f'<rect {place} width="{rail:.1f}" class="rail"/>'
        yield f'<rect {place} width="{rail * bar.share:.1f}" fill="{STATE_COLOURS[bar.state]}"/>'
        yield _text(end, base, bar.percent, _Letters(size=em, weight="bold", anchor="end"))


def _style(theme: str) -> str:
    own = _rules(_DARK if theme == DARK else _LIGHT)
    return own if theme != AUTO else f"{own}@media (prefers-color-scheme:dark){{{_rules(_DARK)}}}"


def _rules(colours: dict[str, str]) -> str:
    return "".join(f".{name}{{fill:{colour}}}" for name, colour in colours.items())


def _text(x: float, y: float, text: str, letters: _Letters) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" class="{letters.kind}" font-family="{FONT}, sans-serif" '
        f'font-size="{letters.size:.1f}" font-weight="{letters.weight}" text-anchor="{letters.anchor}">'
        f"{escape(text)}</text>"
    )


def _wrapped(text: str, size: Size, letters: float) -> list[str]:
    width = int((size.width - 2 * EDGE * size.letters) / (letters * WIDE_LETTER))
    return textwrap.wrap(text.replace(" %", "\N{NO-BREAK SPACE}%"), width)
