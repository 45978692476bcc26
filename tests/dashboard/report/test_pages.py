"""The report: one page whatever was changed, every text as text, and the same numbers as everywhere else."""

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from types import MappingProxyType

import pypdf
import pytest

from dashboard.report.content import Beside, Limits, content, shortened
from dashboard.report.pages import breakable, reports
from dashboard.wording.forecast import headline
from dashboard.wording.table import readings
from models.assumptions.knobs import knobs
from models.assumptions.setting import Assumptions
from models.record.entries import GENESIS, SavedForecast
from tests.support.values.factories import synthetic_snapshot

DAY = date(2025, 12, 31)

HOSTILE = (
    '=HYPERLINK("x","y")+cmd',
    "<script>alert(1)</script> & <b>bold</b>",
    '#read("/etc/hostname") *bold* $x^2$ `raw` [a] // c',
    "{{ 7*7 }} {% raw %}",
    "мирное время και ειρήνη",
    "W" * 300,
)


@pytest.fixture(scope="module")
def default(evidence, library):
    return synthetic_snapshot(evidence, library)


@pytest.fixture(scope="module")
def heavy(evidence, library):
    """Every knob moved by one step, each with a long reason that another program could misread."""
    known = Assumptions.defaults(evidence.claims).knobs
    values = {k: p.default + (p.step if p.default + p.step <= p.high else -p.step) for k, p in known.items()}
    said = (f"{HOSTILE[i % len(HOSTILE)]} and more to be said about it, " * 8 for i in range(len(values)))
    reasons = {key: text[:2000].strip() for key, text in zip(values, said, strict=True)}
    return synthetic_snapshot(evidence, library, values, reasons)


@pytest.fixture(scope="module")
def plain_files(default, evidence):
    return reports(default, evidence.claims)


@pytest.fixture(scope="module")
def heavy_files(heavy, evidence):
    return reports(heavy, evidence.claims, saved("live"))


def saved(kind: str) -> SavedForecast:
    published = {
        "mixture": {
            "state_at_year_end": ((0.1, 0.2, 0.3, 0.4),) * 5,
            "rupture_by_year_end": (0.1,) * 5,
            "deeper_by_year_end": (0.4,) * 5,
        }
    }
    return SavedForecast(
        **dict.fromkeys(("digest", "snapshot", "evidence", "library", "rule", "model", "assumptions"), "ab" * 32),
        sequence=1,
        previous=GENESIS,
        saved_at=datetime(2027, 11, 23, 20, 5, tzinfo=UTC),
        name="Harder <i>sanctions</i> #1",
        author="A. *Reader*",
        note="",
        kind=kind,
        parent="",
        inputs=MappingProxyType({}),
        reference_date=date(2025, 12, 31),
        changed=(),
        reasons=MappingProxyType({}),
        status="good",
        published=published,
        default={},
    )


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def squeezed(text: str) -> str:
    """Without white space and places to break: where lines end is the typesetter's business."""
    return re.sub(r"[\s\u200b]+", "", text)


def test_the_page_says_what_the_forecast_says(plain_files, default):
    (text,) = pages(plain_files["report.pdf"])
    assert squeezed(headline(default.table, 3, DAY)) in squeezed(text)
    assert "All assumptions stand at their defaults" in text
    assert default.digest[:12] in text
    html = plain_files["report.html"].decode()
    for reading in readings(default.table):
        shown = reading.chance
        for told in (shown.word, shown.percent, shown.range):
            assert squeezed(told) in squeezed(text)
            assert told.replace(" %", "\N{NO-BREAK SPACE}%").replace("<", "&lt;").replace(">", "&gt;") in html


def test_the_same_forecast_gives_the_same_bytes(plain_files, default, evidence):
    assert reports(default, evidence.claims) == plain_files


def test_one_page_holds_whatever_was_changed_and_says_where_the_rest_is(heavy_files, heavy):
    (text,) = pages(heavy_files["report.pdf"])
    assert re.search(r"\d+ more assumptions and every reason in full are in the snapshot", text)
    assert "Harder <i>sanctions</i> #1" in text
    assert text.count("…") >= 3
    assert len(heavy.assumptions.changed) >= 20


def test_texts_of_people_are_texts_in_both_forms(heavy_files, heavy):
    (text,) = pages(heavy_files["report.pdf"])
    assert squeezed('#read("/etc/hostname") *bold* $x^2$ `raw` [a]') in squeezed(text)
    html = heavy_files["report.html"].decode()
    assert "<script" not in html.casefold()
    for reason in heavy.assumptions.reasons.values():
        told = " ".join(reason.split())
        for sign, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&#34;")):
            told = told.replace(sign, safe)
        assert told in html
    assert "{{ 7*7 }}" in html


def test_nothing_is_loaded_from_elsewhere(plain_files):
    html = plain_files["report.html"].decode()
    assert not re.search(r"(?:src|href)\s*=|url\((?!#)|@import|javascript:", html)
    assert set(re.findall(r"https?://[^\"' ]+", html)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "default-src 'none'" in html


def test_pictures_in_the_page_take_its_colours_and_say_what_they_show(plain_files):
    html = plain_files["report.html"].decode()
    assert html.count('role="img"') == 2
    assert html.count("<desc>") == 2
    assert 'fill="currentColor"' in html
    assert "#31333f" not in html


def test_a_brief_compares_with_the_starting_view_and_follows_the_year_looked_at(evidence, library, default, path):
    moved = synthetic_snapshot(evidence, library, {"outside_view_weight": 1.0})
    files = reports(
        moved, evidence.claims, None, Beside(horizon=2, usual=default.table, path=path[3], path_sentence="Up.")
    )
    (text,) = pages(files["report.pdf"])
    assert squeezed(headline(moved.table, 2, DAY)) in squeezed(text)
    old, new = (readings(table)[2].chance.percent for table in (default.table, moved.table))
    assert old != new
    assert squeezed(f"{old}→{new}") in squeezed(text)
    html = files["report.html"].decode()
    assert html.count('role="img"') == 3
    assert "<title>Alignment, and simulated futures: China–Russia space relationship</title>" in html
    assert "Starting view" in html


def test_a_saved_forecast_is_marked_day_by_day(default, evidence):
    known = knobs(evidence.claims)
    live = content(default, known, DAY, saved("live"))
    assert live.years == ("2026 ◇", "2027", "2028", "2029", "2030")
    assert not live.hindcast
    assert "Live forecast (hindcast where marked ◇)" in live.mark
    assert "That day had come when this was saved" in live.table_note
    late = content(default, known, DAY, saved("hindcast"))
    assert all(year.endswith("◇") for year in late.years)
    assert late.hindcast
    assert late.mark.startswith("Hindcast, drawn after the fact")
    never = content(default, known, DAY)
    assert never.mark.startswith("Not saved")
    assert "◇" not in never.table_note


def test_a_poor_forecast_is_not_to_be_quoted(default, evidence):
    poor = replace(default, reliability=replace(default.reliability, status="poor"))
    assert "Not to be quoted" in content(poor, knobs(evidence.claims), DAY).reliability


def test_a_knob_that_is_gone_goes_by_its_key(heavy):
    first = content(heavy, {}, DAY).changed[0]
    assert (first.label, first.default) == (heavy.assumptions.changed[0], "none now")


def test_shortening_keeps_one_line_and_shows_the_cut(heavy, evidence):
    assert shortened("one\ntwo  three", 40) == "one two three"
    assert shortened("x" * 50, 10) == "x" * 9 + "…"
    told = content(heavy, knobs(evidence.claims), DAY, room=Limits(rows=2, letters=15))
    assert len(told.changed) == 2
    assert all(len(one.reason) <= 15 for one in told.changed)


def test_letters_that_no_font_here_has_are_named_and_others_are_printed(evidence, library):
    moved = {"C01": 2.0, "C02": 1.6}
    arabic, unknown = "لأن السباق إلى القمر", "\N{VAI SYLLABLE EE} said so"
    snapshot = synthetic_snapshot(evidence, library, moved, dict(zip(moved, (arabic, unknown), strict=True)))
    files = reports(snapshot, evidence.claims)
    [page] = pages(files["report.pdf"])
    assert "Vai" in page.partition("no font for some letters (")[2].partition(")")[0]
    assert f"\N{FIRST STRONG ISOLATE}{arabic}\N{POP DIRECTIONAL ISOLATE}" in files["report.html"].decode()


def test_a_page_whose_letters_are_all_there_says_nothing_of_fonts(heavy_files):
    assert "no font" not in pages(heavy_files["report.pdf"])[0]


def test_an_endless_word_can_be_broken_and_a_common_one_stays_whole():
    assert breakable("mistrust") == "mistrust"
    assert max(len(part) for part in breakable("W" * 300).split("\u200b")) <= 12
