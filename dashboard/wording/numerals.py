"""Figures as text: counts, thousands and millions, signs, shares in per cent, minus signs. Pure."""

import re


def number(value: float) -> str:
    """A figure of an indicator, with three significant digits, thousands separated, big ones in words."""
    for size, word in ((1e12, " trillion"), (1e9, " billion"), (1e6, " million")):
        if abs(value) >= size:
            return f"{value / size:.3g}{word}".replace("-", "−")
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return text.replace("-", "−")


def signed(value: float) -> str:
    """An intensity or tone with its sign: “+7”, “−10”, “0”."""
    return "0" if value == 0 else f"{value:+g}".replace("-", "−")


def share(value: float) -> str:
    """A share that is not a probability, in whole per cents."""
    return f"{100 * value:.0f} %"


def counted(count: int, noun: str) -> str:
    """As many as there are of something: “one answer”, “3 answers”."""
    return f"one {noun}" if count == 1 else f"{count} {noun}s"


def sentence_case(text: str) -> str:
    """First letter raised, minus signs set."""
    return minus(text[:1].upper() + text[1:])


def minus(text: str) -> str:
    """Minus signs instead of hyphens before figures."""
    return re.sub(r"(?<![\w])-(?=\d)", "−", text)
