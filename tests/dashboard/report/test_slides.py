"""A picture that leaves the page says what it is of, how old it is, what was changed and where it is from."""

import struct
import xml.etree.ElementTree as ElementTree
from datetime import date
from io import BytesIO

import pandas as pd
import pytest

from dashboard.figures.forecast import states_over_horizons
from dashboard.figures.ghosts import states_ghost
from dashboard.figures.style import STARTING
from dashboard.report import slides
from dashboard.wording.pictures.card import ADDRESS_LETTERS, SUBJECT, UNMOVED, Card, changed_words, slug
from models.assumptions.setting import Assumptions
from tests.support.values.results import table as results_table

TODAY = date(2024, 12, 31)
SVG = "{http://www.w3.org/2000/svg}"
HERE = "https://example.org/?C01=3&edition=2"


@pytest.fixture(scope="module")
def spec():
    table = results_table()
    return states_over_horizons(table, TODAY, states_ghost(table, 0, TODAY))


def card(**said: object) -> Card:
    usual = {
        "title": "Four <states> & more",
        "sentence": "Strain gains most.",
        "changed": "Changed: this.",
        "address": HERE,
    }
    return Card(name="forecast-states", subject=SUBJECT, as_of=date(2026, 10, 8), **(usual | said))


def words(svg: bytes) -> str:
    return " ".join("".join(node.itertext()) for node in ElementTree.fromstring(svg).iter(f"{SVG}text"))


def test_a_picture_says_all_that_a_slide_must(spec):
    shown = words(slides.svg(spec, card()))
    for said in (
        "Four <states> & more",
        SUBJECT,
        "Evidence as of 8 October 2026",
        "Changed: this.",
        HERE,
        "Conjunction",
    ):
        assert said in shown
    assert STARTING in shown


def test_a_png_is_as_wide_and_high_as_a_slide(spec):
    for height in (250, 20 * 36):  # many rows want a larger page, and get it in smaller letters
        png = slides.png({**spec, "height": height}, card())
        assert struct.unpack(">II", png[16:24]) == (1600, 900)


def test_a_long_address_stands_whole_in_the_description_only(spec):
    where = HERE + "&C02=1" * ADDRESS_LETTERS
    root = ElementTree.fromstring(slides.svg(spec, card(address=where)))
    assert where in root.find(f"{SVG}desc").text
    assert where not in words(slides.svg(spec, card(address=where)))


def test_a_table_has_days_that_sort_and_no_digit_finer_than_its_error(spec):
    rows = pd.read_csv(BytesIO(slides.csv(spec)))
    assert rows["day"].str.fullmatch(r"\d{4}-\d\d-\d\d").all()
    assert rows["probability"].astype(str).str.fullmatch(r"\d(\.\d{1,2})?").all()  # whole per cents
    assert set(rows["part"]) == {"chart", STARTING.lower()}
    assert {"code", "beside", "which"}.isdisjoint(rows.columns)


@pytest.mark.parametrize(
    ("text", "sorted_text"),
    [("8 October 2026", "2026-10-08"), ("December 2024", "2024-12"), ("Strain 2024", "Strain 2024"), ("2024", "2024")],
)
def test_dates_are_told_from_other_words(text, sorted_text):
    assert slides.iso_day(text) == sorted_text


def test_what_was_changed_is_told_in_words(evidence):
    setting = Assumptions.defaults(evidence.claims)
    assert changed_words(setting.values, setting.knobs) == UNMOVED
    keys = list(setting.knobs)[:6]
    moved = setting.replace({key: setting.knobs[key].high for key in keys})
    told = changed_words(moved.values, moved.knobs)
    first = setting.knobs[keys[0]]
    assert f"Changed: {first.label} {first.high:g} instead of {first.default:g}; " in told
    assert told.endswith("; and 2 more.")
    assert changed_words({"gone": 2.0}, setting.knobs) == "Changed: gone 2."


def test_files_have_plain_names():
    assert card().stem == "conjunction-forecast-states-2026-10-08"
    assert slug("Étoile: un_ideal.absdist") == "etoile-un-ideal-absdist"
    assert slug("太空") == "chart"
