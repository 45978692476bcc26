"""No password in what is printed, and the rest as it was."""

import pytest

from models.text.masking import masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a postgresql://u:p@ss:w@host:5/db b", "a postgresql://***@host:5/db b"),
        ("postgres:/u:secret@host", "postgres:/***@host"),
        ("host=h password=secret dbname=d", "host=h password=*** dbname=d"),
        ("x?sslpassword=secret&y=1", "x?sslpassword=***&y=1"),
        ("PASSWORD = 'two words' z", "PASSWORD = *** z"),
        ("C:/folder/me@home.db and https://example.org/x", "C:/folder/me@home.db and https://example.org/x"),
    ],
)
def test_passwords_are_masked_and_nothing_else(text: str, shown: str) -> None:
    assert masked(text) == shown
