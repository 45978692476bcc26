"""JSON from strangers: whatever JSON or good manners do not allow is refused, with the reason."""

import json

import pytest

from models.errors import StorageError
from models.storage.strict_json import MAX_JSON_BYTES, read_strict_json, require_plain_text


def test_plain_json_is_read_with_its_types() -> None:
    found = read_strict_json('{"a": [1, 2.5, null, true, "é 中"], "b": {"c": -0.0}}'.encode(), "the file")
    assert found == {"a": [1, 2.5, None, True, "é 中"], "b": {"c": 0.0}}
    assert [type(item) for item in found["a"]] == [int, float, type(None), bool, str]


def test_a_byte_order_mark_is_skipped_and_only_before_the_rest() -> None:
    assert read_strict_json(b"\xef\xbb\xbf" + b'{"a": 1}', "the file") == {"a": 1}
    for content in (b"\xef\xbb\xbf\xef\xbb\xbf{}", b"{}\xef\xbb\xbf"):
        with pytest.raises(StorageError, match="not JSON"):
            read_strict_json(content, "the file")


BAD = {
    "empty": (b"", "not JSON at line 1"),
    "cut off": (b'{"a": [1, 2', "may be cut off"),
    "two documents": (b"{} {}", "not JSON"),
    "latin-1": (b'{"a": "\xe9"}', "byte 7 is not UTF-8"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "the file is UTF-16; save it as UTF-8"),
    "typographic minus": ('{"a": \u22120.5}'.encode(), "its minus is a typographic sign; write the hyphen -"),
    "decimal comma": (b'{"a": 1,5, "b": 2}', "write a decimal point"),
    "thousands apart": (b'{"a": 1 000}', "write a decimal point, and nothing between thousands"),
    "per cent": (b'{"a": 5%}', "without the per cent sign"),
    "other digits": ('{"a": \u0661}'.encode(), "write the digits 0 to 9"),
    "semicolon": (b'{"a": 1; "b": 2}', "a semicolon stands there"),
    "typographic marks": ("{\u201ca\u201d: 1}".encode(), "a typographic quotation mark"),
    "single marks": (b"{'a': 1}", "a single quotation mark"),
    "trailing comma": (b'{"a": 1,}', "a comma stands before the closing bracket"),
    "trailing comma of a list": (b'{"a": [1, ]}', "a comma stands before the closing bracket"),
    "comment": (b'{"a": 1 // why\n}', "JSON knows no comments"),
    "True": (b'{"a": True}', "true, false and null in small letters"),
    "no colon": (b'{"a" 1}', "correct the file there"),
    "cut off inside a text": (b'{"a": "x', "may be cut off"),
    "a list": (b"[1]", "got a list, expected a JSON object"),
    "NaN": (b'{"a": NaN}', "got NaN"),
    "infinity": (b'{"a": -Infinity}', "got -Infinity"),
    "overflow": (b'{"a": 1e999}', "expected a finite one"),
    "long integer": (b'{"a": ' + b"9" * 5000 + b"}", "a number of 5000 characters"),
    "long fraction": (b'{"a": 0.' + b"1" * 50 + b"}", "a number of 52 characters"),
    "duplicate key": (b'{"a": 1, "b": {"c": 1, "c": 2}}', "got the key 'c' twice"),
    "deep list": (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
    "a little too deep": (b'{"a": ' + b"[" * 13 + b"]" * 13 + b"}", "nested too deeply"),
    "deep objects": (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "nested too deeply"),
    "deep and unclosed": (b'{"a": ' + b"[" * 500_000, "nested too deeply|not JSON"),
    "control character": (b'{"a": "x\\u0000y"}', r"invisible character U\+0000"),
    "raw control character": (b'{"a": "x\x07y"}', "not JSON"),
    "direction override": ('{"a": "x\u202ey"}'.encode(), r"U\+202E \(RIGHT-TO-LEFT OVERRIDE\)"),
    "direction in a key": (b'{"a\\u2066": 1}', r"a key in the file holds"),
    "lone surrogate": (b'{"a": "\\ud800"}', r"U\+D800"),
    "line feed": (b'{"a": "x\\ny"}', r"U\+000A"),
    "line separator": (b'{"reasons": {"a": "x\\u2028y"}}', r"U\+2028"),
    "huge": (b'{"a": "' + b"x" * MAX_JSON_BYTES + b'"}', "got more than 2097152 bytes"),
}


@pytest.mark.parametrize(("content", "message"), BAD.values(), ids=BAD.keys())
def test_anything_else_is_refused_with_a_reason(content: bytes, message: str) -> None:
    with pytest.raises(StorageError, match=message) as caught:
        read_strict_json(content, "the file")
    assert len(str(caught.value)) < 400, "a hostile file must not fill the page"


def test_line_feeds_and_tabs_are_for_named_objects_only() -> None:
    content = b'{"reasons": {"C01": "one\\n\\ttwo"}}'
    found = read_strict_json(content, "the file", multiline=frozenset({"reasons"}))
    assert found == {"reasons": {"C01": "one\n\ttwo"}}
    with pytest.raises(StorageError, match="reasons: C01 holds"):
        read_strict_json(content, "the file")


def test_many_keys_with_one_twice_are_found_without_a_search_of_all_pairs() -> None:
    keys = ",".join(f'"{number}":0' for number in range(150_000))
    with pytest.raises(StorageError, match="got the key '149999' twice"):
        read_strict_json(f'{{{keys},"149999":0}}'.encode(), "the file")


def test_ordinary_letters_of_many_scripts_are_plain() -> None:
    text = "Россия, 中国, ελληνικά, العربية, 🙂 – “quoted” 100 %"
    require_plain_text(text, "the text")
    for escaped in (True, False):
        content = json.dumps({"a": text}, ensure_ascii=escaped).encode()
        assert read_strict_json(content, "the file") == {"a": text}
