"""What no page may do, read from the pages' own source."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

DASHBOARD = Path(__file__).parents[2] / "dashboard"


def names(path: Path) -> Iterator[str]:
    """Every name that a module uses or imports, attributes with what they stand behind."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            yield node.attr
            if isinstance(node.value, ast.Name):
                yield f"{node.value.id}.{node.attr}"
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)


@cache
def used() -> dict[str, set[str]]:
    """The names of every module of the page, by its path."""
    return {path.relative_to(DASHBOARD).as_posix(): set(names(path)) for path in sorted(DASHBOARD.rglob("*.py"))}


def test_one_page_settles_a_dispute_and_asks_the_gate_first() -> None:
    """Scores follow a settlement: only who has signed in as a keeper may make one."""
    settling = {name: here for name, here in used().items() if here & {"settle_dispute", "settled_again"}}
    assert list(settling) == ["track/settling.py"]
    assert {"gate.passing", "Action.SETTLE"} <= settling["track/settling.py"]


def test_every_table_is_shown_by_the_one_that_makes_its_texts_safe() -> None:
    assert [name for name, here in used().items() if "st.dataframe" in here] == ["frame/grid.py"]
    assert [name for name, here in used().items() if "st.data_editor" in here] == []
