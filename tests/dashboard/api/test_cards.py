"""Cards: the page's words, no script, safe with any text; and what those see who read no scripts."""

from xml.etree import ElementTree as ET

import pytest

from dashboard.api.cards import preview
from dashboard.api.cards.drawing import SHARED, SIZES, THEMES, card_svg
from dashboard.api.cards.words import Bar, CardWords
from models.names import STATES

BARS = tuple(Bar(state=state, label=state.title(), percent="25 %", share=0.25, range="") for state in STATES)
WORDS = CardWords(title="<b>A & B</b>", sentence="One in four.", facts=("As of now.",), bars=BARS, link="http://h/")
MOVED = "C07=2.0&edition=2"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", [*SIZES.values(), SHARED])
def test_a_card_is_a_drawing_within_its_edges(size, theme):
    drawn = ET.fromstring(card_svg(WORDS, size, theme))
    texts = [one for one in drawn.iter() if one.tag.endswith("}text")]
    assert "<b>A & B</b>" in [one.text for one in texts]
    assert all(0 < float(one.get("x")) < size.width and 0 < float(one.get("y")) < size.height for one in texts)
    assert [one for one in drawn.iter() if one.tag.endswith("script")] == []


def test_an_embedded_card_may_be_framed_and_does_nothing(server, entry):
    for path in (f"/embed/forecast?{MOVED}&size=small&theme=dark", f"/embed/record/{entry.digest}"):
        answer = server.get(path)
        assert answer.status_code == 200
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "frame-ancestors *" in answer.headers["content-security-policy"]
        assert "<script" not in answer.text
        assert "<b>" not in answer.text
    assert "“Rivalry”, saved" in answer.text


def test_oembed_gives_a_frame_of_the_same_link(server, entry):
    base = str(server.base_url)
    told = server.get("/api/oembed", params={"url": f"{base}/?{MOVED}", "maxwidth": "500"}).json()
    assert (told["type"], told["width"]) == ("rich", 480)
    address = told["html"].partition('src="')[2].partition('"')[0].replace("&amp;", "&")
    assert server.get(address).status_code == 200
    entry_link = f"{base}/record?entry={entry.digest[:12]}"
    assert "/embed/record/" in server.get("/api/oembed", params={"url": entry_link}).json()["html"]
    assert server.get("/api/oembed", params={"url": "http://evil.example/"}).status_code == 404
    assert server.get("/api/oembed", params={"url": f"{base}/", "format": "xml"}).status_code == 501
    assert server.get("/api/oembed", params={"url": f"{base}/", "maxwidth": "10"}).status_code == 400


def test_a_shared_link_has_a_title_and_a_picture(server, entry):
    crawler = {"User-Agent": "Examplebot/1.0"}
    text = server.get(f"/?{MOVED}", headers=crawler).text
    assert '<meta property="og:title" content="' in text
    assert text.index("og:title") < text.index("</head>")
    picture = text.partition('og:image" content="')[2].partition('"')[0].replace("&amp;", "&")
    drawn = server.get(picture)
    assert (drawn.headers["content-type"], drawn.content[:4]) == ("image/png", b"\x89PNG")
    said = server.get(f"/record?entry={entry.digest[:12]}", headers=crawler).text
    assert "“Rivalry”" in said.partition('og:image:alt" content="')[2].partition('"')[0]
    assert "“Rivalry”".encode() in server.get(f"/preview.png?entry={entry.digest[:12]}").content[:2000]


def test_a_browser_is_not_kept_waiting_for_words_that_nobody_sees(server, monkeypatch):
    monkeypatch.setattr(preview, "_words", lambda _: pytest.fail("asked"))
    text = server.get(f"/?{MOVED}", headers={"User-Agent": "Mozilla/5.0 (X11; Linux) Chrome/140.0"}).text
    assert preview.TITLE in text


def test_a_link_that_says_nonsense_still_opens_and_nothing_else_is_touched(server):
    page = server.get('/?C07="><script>alert(1)</script>', headers={"User-Agent": "Examplebot"})
    assert page.status_code == 200
    assert "<script>" not in page.text
    assert "og:title" not in server.get("/static/other.html").text
