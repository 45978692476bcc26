"""docs/dependencies.md lists what is pinned, at that version, and every licence that asks something was looked at."""

from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

from tests.dependencies import FILES, HEAD, PAGE, declared, licence, redrawn

ROWS = {
    cells[0]: cells
    for line in PAGE.read_text(encoding="utf-8").partition(HEAD)[2].partition("\n\n")[0].splitlines()
    if (cells := line.strip("| ").split(" | "))
}
SHARING = ("GPL", "General Public", "AGPL", "MPL", "Mozilla")
"""Licences that ask something of whoever hands the program on."""
LOOKED_AT = {"certifi", "hypothesis", "krippendorff", "psycopg", "psycopg-binary", "text-unidecode"}


@pytest.mark.parametrize("purpose", FILES)
def test_the_list_holds_every_pinned_package_at_its_version(purpose: str) -> None:
    for name, requirement in declared(FILES[purpose]).items():
        assert ROWS[name][3] == purpose
        assert requirement.specifier.contains(ROWS[name][1]), f"run `python -m tests.dependencies` ({name})"


def test_every_licence_is_said_and_those_that_ask_something_were_looked_at() -> None:
    assert [name for name, cells in ROWS.items() if cells[2] == "not said"] == []
    assert {name for name, cells in ROWS.items() if any(word in cells[2] for word in SHARING)} == LOOKED_AT


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("License-Expression: MIT OR Apache-2.0\nLicense: other", "MIT OR Apache-2.0"),
        ("Classifier: License :: OSI Approved :: BSD License\nLicense: long", "BSD License"),
        ("License: first\n        second", "first"),
        ("Name: bare", "not said"),
    ],
)
def test_a_licence_is_what_the_package_says_first(lines: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "METADATA").write_text(f"Metadata-Version: 2.4\n{lines}\n", encoding="utf-8")
    assert licence(PathDistribution(tmp_path)) == told


def test_the_words_around_the_table_stay() -> None:
    assert redrawn(f"before\n{HEAD}| old |\n\nafter\n", "| new |\n") == f"before\n{HEAD}| new |\n\nafter\n"
