"""Colours stand out from light and dark pages and from each other, for every kind of colour vision."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

import dashboard
from dashboard.figures.colours import ACCENT, MODEL_COLOURS, MUTED, STATE_COLOURS, STATE_INKS
from models.names import STATES

THEME = tomllib.loads((Path(dashboard.__file__).parent / ".streamlit" / "config.toml").read_text())["theme"]
PAGES = {name: THEME[name]["backgroundColor"] for name in ("light", "dark")}
CAPTION = 0.6
"""Share of the text's colour in a caption (Streamlit's `fadedText60`)."""


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio."""
    a, b = sorted(float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other))
    return (b + 0.05) / (a + 0.05)


def mixed(colour: str, ground: str, part: float) -> str:
    pairs = ((int(colour[i : i + 2], 16), int(ground[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(part * above + (1 - part) * below):02x}" for above, below in pairs)


def lab(rgb: np.ndarray) -> np.ndarray:
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ rgb
    f = np.cbrt(np.clip(xyz / [0.9505, 1.0, 1.089], 0.008856, None))
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


# Machado, Oliveira and Fernandes (2009), severity 1.0
BLINDNESS = {
    "none": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_marks_stand_out_from_both_pages(page):
    for colour in (*STATE_COLOURS.values(), *MODEL_COLOURS.values(), ACCENT):
        assert contrast(colour, page) >= 3  # WCAG 1.4.11, graphical objects
    assert contrast(MUTED, page) >= 4  # of marks; no letter wears it


@pytest.mark.parametrize("name", PAGES)
def test_letters_of_charts_and_captions_are_legible_on_both_pages_and_their_sidebars(name):
    theme = THEME[name]
    for ground in (theme["backgroundColor"], theme["sidebar"]["backgroundColor"], theme["secondaryBackgroundColor"]):
        assert contrast(theme["textColor"], ground) >= 7  # what every letter of a chart is written in
        assert contrast(mixed(theme["textColor"], ground, CAPTION), ground) >= 4.5  # WCAG 1.4.3


def test_numbers_inside_bars_are_legible():
    for state in STATES:
        assert contrast(STATE_COLOURS[state], STATE_INKS[state]) >= 4.5  # WCAG 1.4.3, text


@pytest.mark.parametrize("kind", BLINDNESS)
def test_the_four_states_differ_for_every_kind_of_colour_vision(kind):
    seen = [lab(np.clip(BLINDNESS[kind] @ linear(colour), 0, 1)) for colour in STATE_COLOURS.values()]
    gaps = [np.linalg.norm(a - b) for i, a in enumerate(seen) for b in seen[i + 1 :]]
    assert min(gaps) > 15  # a just noticeable difference is about 2.3; neighbours in a bar need several times that
