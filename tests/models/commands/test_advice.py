"""Every command that a message, a help text or a document advises is one that the command line takes."""

import argparse
import ast
import re
import shlex
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from data.editions.edition import newest_edition
from models.__main__ import parser
from models.commands.options.settings import require_day
from models.errors import FitError
from models.measures.structure import DRIVER_SCALE
from tests.support.programs.commands import failed

ROOT = Path(__file__).parents[3]
SOURCES = [path for folder in ("data", "models", "dashboard") for path in sorted((ROOT / folder).rglob("*.py"))]
DOCUMENTS = [ROOT / "README.md", *sorted(path for path in (ROOT / "docs").rglob("*.md") if path.name != "changelog.md")]
COMMAND = re.compile(r"python -m models ([^`\n)]+)")
EXPLANATION = re.compile(r"\s{2,}.*|\s[#|>].*")
"""What stands behind a command in a list of examples: two spaces or a sign of the shell separate it."""
FILLED_IN = "2015-12-31"
"""Stands for a value that a message fills in: a day is also a name, a file and a folder."""


def texts(tree: ast.AST) -> Iterator[str]:
    """Every text of a module; what an f-string fills in is `FILLED_IN`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else FILLED_IN for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        else:
            yield from texts(node)


def advised() -> list[str]:
    written = [text for path in SOURCES for text in texts(ast.parse(path.read_text(encoding="utf-8")))]
    written += [path.read_text(encoding="utf-8") for path in DOCUMENTS]
    choices = (EXPLANATION.sub("", match[1]) for text in written for match in COMMAND.finditer(text))
    return sorted({command for choice in choices for command in alternatives(choice.replace("DATE", FILLED_IN))})


def alternatives(command: str) -> list[str]:
    """``track resolve|score`` as two commands."""
    choice = re.search(r"\S+\|\S+", command)
    if not choice:
        return [command]
    return [command.replace(choice[0], word) for word in choice[0].split("|")]


def refusal(command: str, command_line: argparse.ArgumentParser) -> str:
    """Why the command line does not take a command; empty where it does."""
    words = shlex.split(command)
    names = [word for word in words if word.islower() and not word.startswith("-")]
    if names == words or words[-1] == "--help":
        words = [*names, "--help"]
    try:
        return "" if callable(command_line.parse_args(words).run) else f"{command}: nothing is run"
    except SystemExit as stopped:
        return "" if stopped.code == 0 and words[-1] == "--help" else f"{command}: {stopped.code}"


def test_every_advised_command_can_be_run() -> None:
    commands = advised()
    for command in (
        f"fit --as-of {FILLED_IN} --out FOLDER",
        f"resolve --signposts --as-of {FILLED_IN}",
        "record verify",
    ):
        assert command in commands
    assert [fault for command in commands if (fault := refusal(command, parser()))] == []


def test_a_command_that_is_not_there_would_be_found() -> None:
    assert refusal("fit --forecast", parser())
    assert refusal("forecats", parser())


@pytest.mark.parametrize("day", ["2026-11-28", "2031-12-31", "1989-12-31"])
def test_a_date_without_a_fit_is_not_advised_to_be_fitted(day: str, capsys: pytest.CaptureFixture[str]) -> None:
    message = failed(capsys, ["forecast", "--as-of", day])
    assert "models fit" not in message
    assert f"expected a day from {DRIVER_SCALE.drivers_from}-12-31" in message
    assert f"to {newest_edition().searched_until}, to which the ledger was searched" in message
    assert ("evidence update" in message) == (day > "2000")
    assert message == failed(capsys, ["fit", "--out", "nowhere", "--as-of", day])


def test_the_advised_fit_is_one_that_is_made() -> None:
    newest, day = newest_edition(), timedelta(days=1)
    first = date(DRIVER_SCALE.drivers_from, 12, 31)
    for made in (first, date(2015, 6, 30), newest.as_of, newest.searched_until):
        require_day(made, newest)
    for refused in (first - day, newest.searched_until + day):
        with pytest.raises(FitError):
            require_day(refused, newest)
