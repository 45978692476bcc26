"""Text from outside as Markdown source; how Streamlit's own page draws it stands in tests/test_browser_plain.py."""

import pytest

from dashboard.frame.plain_markdown import link, plain

CODE = {
    "https://evil.example": "`https://evil.example`",
    "(WWW.evil.example)": "`(WWW.evil.example)`",
    "a@evil.example": "`a@evil.example`",
    ":smile:": "`:smile:`",
    ":100:": "`:100:`",
    ":material_home:": "`:material_home:`",
    ":streamlit:": "`:streamlit:`",
    "->": "`->`",
    "`a@b.c`": "`` `a@b.c` ``",
    "a``a@b.c": "```a``a@b.c```",
}


@pytest.mark.parametrize(("text", "source"), CODE.items())
def test_what_is_looked_for_after_parsing_is_set_as_code(text: str, source: str) -> None:
    assert plain(f"see {text} too") == f"see {source} too"


@pytest.mark.parametrize("text", [":material/home:", "x:material/home:y", ":material/a::material/b:", "`:material/a:`"])
def test_the_beginning_of_an_icon_is_nowhere_in_the_source(text: str) -> None:
    assert ":material/" not in plain(text)
    assert "material/" in plain(text)


def test_the_rest_is_escaped_sign_by_sign() -> None:
    assert plain("a_b *c* 10:30 &lt; ==") == r"a\_b \*c\* 10\:30 \&lt; \=\="
    assert plain("    # a\n\t- b") == "\\# a\n\\- b"
    assert plain("12 % sure") == "12\N{NO-BREAK SPACE}% sure"
    assert plain("Ada\u200b") == r"Ada⟨U\+200B⟩"


def test_an_address_cannot_leave_its_link() -> None:
    assert (
        link("a [b]", "https://e.example/x)![p](y z<>`")
        == r"[a \[b\]](https://e.example/x%29!%5Bp%5D%28y%20z%3C%3E%60)"
    )
    assert link("t", "https://e.example/%C3%A9?a=1&b=2#c") == "[t](https://e.example/%C3%A9?a=1&b=2#c)"
