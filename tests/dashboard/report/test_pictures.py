"""Exported pictures are a pure function of evidence, fit and forecast, and can be read without the page."""

import struct
import xml.etree.ElementTree as ElementTree
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from dashboard.report import drawing, pictures, slides
from dashboard.wording.table import readings
from data.load import load_evidence
from models.assumptions.setting import Assumptions
from models.forecast.results import make_forecast
from tests.support.values.factories import synthetic_library
from tests.support.values.year_end import YEAR_END

NAMES = ("states", "dots_2028", "alignment", "models_2028")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def given():
    evidence = load_evidence(YEAR_END)
    library = synthetic_library(evidence, samples=80)
    return evidence, library, make_forecast(evidence, library, Assumptions.defaults(evidence.claims))


@pytest.fixture(scope="module")
def files(given):
    return pictures.charts(*given)


def chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    """Chunks of a PNG, each with its checksum verified."""
    found, at = [], 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        body = png[at + 4 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0] == zlib.crc32(body)
        found.append((body[:4], body[4:]))
        at += 12 + length
    return found


def words(svg: bytes) -> str:
    return " ".join("".join(node.itertext()) for node in ElementTree.fromstring(svg).iter(f"{SVG}text"))


def test_every_main_chart_is_there_twice(files):
    assert set(files) == {f"{name}.{kind}" for name in NAMES for kind in ("png", "svg")}


def test_the_same_input_gives_the_same_bytes(given, files):
    assert pictures.charts(*given) == files


def test_another_setting_gives_another_picture(given, files):
    evidence, fit, forecast = given
    moved = make_forecast(evidence, fit, forecast.assumptions.replace({"outside_view_weight": 1.0}))
    other = pictures.charts(evidence, fit, moved)
    assert other["states.png"] != files["states.png"]
    assert "Changed: " in words(other["states.svg"])
    assert "instead of" in words(other["states.svg"])


@pytest.mark.parametrize("name", NAMES)
def test_a_png_is_whole_and_has_the_shape_of_a_slide(files, name):
    found = chunks(files[f"{name}.png"])
    assert [found[0][0], found[-1][0]] == [b"IHDR", b"IEND"]
    assert struct.unpack(">II", found[0][1][:8]) == (slides.WIDTH, slides.HEIGHT)


@pytest.mark.parametrize("name", NAMES)
def test_both_kinds_carry_the_same_alternative_text(files, name):
    root = ElementTree.fromstring(files[f"{name}.svg"])
    assert root.get("role") == "img"
    told = root.find(f"{SVG}desc").text
    assert len(told) > 60
    assert root.find(f"{SVG}title").text
    texts = [body for kind, body in chunks(files[f"{name}.png"]) if kind == b"iTXt"]
    assert texts == [b"Description\0\0\0\0\0" + told.encode()]


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_says_what_it_rests_on(given, files, name):
    evidence, fit, forecast = given
    shown = words(files[f"{name}.svg"])
    for said in ("Evidence as of 31 December 2025", "Starting view", "Conjunction", "China–Russia space relationship"):
        assert said in shown
    for digest in (evidence.digest, fit.key, forecast.assumptions.digest):
        assert digest[: pictures.DIGEST_LETTERS] not in shown
        assert digest[: pictures.DIGEST_LETTERS] in ElementTree.fromstring(files[f"{name}.svg"]).find(f"{SVG}desc").text


def test_the_numbers_in_the_picture_are_the_pages(given, files):
    shown = words(files["states.svg"])
    for one in readings(given[2].table):
        assert one.chance.percent in shown


def test_letters_are_drawn_not_boxes(files):
    """Different words must leave different ink: a font that is missing draws nothing, or one box for every letter."""
    picture = np.asarray(Image.open(BytesIO(files["states.png"])).convert("L"), dtype=float)
    title = picture[20:80, 20:700]
    ink = (title < 128).sum(axis=0)
    assert ink.sum() > 1000
    assert len(set(ink.tolist())) > 12


def test_the_font_is_the_one_that_the_renderer_carries(files):
    assert f'font-family="{drawing.FONT}"' in files["states.svg"].decode().replace("&quot;", "")


def test_text_from_the_ledger_cannot_break_the_file():
    svg = drawing.described("<svg a='1'><g/></svg>", "A <b> & c", 'quotes " and ]]> and é')
    root = ElementTree.fromstring(svg)
    assert root.find("title").text == "A <b> & c"
    assert root.find("desc").text == 'quotes " and ]]> and é'
