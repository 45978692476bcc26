"""What a name, a title or a reason may hold: everything that is seen, and nothing that is not."""

import pytest

from models.errors import StorageError
from models.text.visible import isolated, require_visible, spelled_out

SEEN = [
    "A. Reader",
    "Jean «\N{NO-BREAK SPACE}x\N{NO-BREAK SPACE}»",
    "Россия 中国",
    "می\u200cخواهم",
    "क्\u200dष",
    "👩\u200d🚀 crew",
    "👨🏽\u200d🚀",
    "❤\ufe0f\u200d🔥",
    "1\ufe0f\u20e3 first",
    "葛\U000e0100城",
    "🇨🇳",
    "a\u0301",
    "٣ \u0600٤",
]
HIDDEN = [
    "Ada\u200b",
    "\u200d",
    "A\u200dB",
    "A\u200cB",
    "\u3164",
    "\u115f\u1160",
    "\uffa0",
    "\u2800",
    "A\ufe0f",
    "so\u00adft",
    "\u180b",
    "x\u2060y",
    "\U000e0041a",
    "\u2028a",
    "\ufeffa",
    "\u202ea",
    "a\nb",
    "a\x00b",
    "\u034fa",
]


@pytest.mark.parametrize("text", SEEN, ids=ascii)
def test_what_is_seen_is_taken_as_it_is(text: str) -> None:
    require_visible(text, "the name")
    assert spelled_out(text) == text


@pytest.mark.parametrize("text", HIDDEN, ids=ascii)
def test_what_is_not_seen_is_named_and_spelled_out(text: str) -> None:
    with pytest.raises(StorageError, match=r"the name holds the invisible character U\+[0-9A-F]{4,5} \(.+; remove it"):
        require_visible(text, "the name")
    assert "⟨U+" in spelled_out(text) or text == "a\nb" or text.isascii()


@pytest.mark.parametrize("text", ["", " ", "\u0301", "...", "\u3000", "— —"])
def test_a_text_that_says_nothing_is_blank(text: str) -> None:
    with pytest.raises(StorageError, match="the name: got a blank text, expected some words"):
        require_visible(text, "the name")
    require_visible(text, "the note", needed=False)


def test_lines_are_allowed_where_asked_and_the_place_is_told() -> None:
    require_visible("two\n\tlines", "the note", multiline=True)
    with pytest.raises(StorageError, match="as letter 5"):
        require_visible("two\n\u200blines", "the note", multiline=True)


def test_what_runs_from_right_to_left_is_set_apart_line_by_line_and_once() -> None:
    text = "سبب\nreason 2\n(سباق) 3"
    apart = "\u2068سبب\u2069\nreason 2\n\u2068(سباق) 3\u2069"
    assert isolated(text) == apart
    assert isolated(apart) == apart
    assert spelled_out(f"By {isolated('سبب')}, entry 4") == "By \u2068سبب\u2069, entry 4"


@pytest.mark.parametrize("text", ["Ada", "理由", "причина", "\u2068Ada\u2069", "\u2068سبب", "\u202eسبب"])
def test_no_isolate_stands_where_nothing_runs_from_right_to_left(text: str) -> None:
    assert isolated(text).count("\u2068") == ("سبب" in text)
    assert "\u202e" not in isolated(text)


def test_an_isolate_of_ones_own_is_refused() -> None:
    with pytest.raises(StorageError, match="2068"):
        require_visible("\u2068سبب\u2069", "the name")
