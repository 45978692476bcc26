"""What no page may do, read from the pages' own source."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

DASHBOARD = Path(__file__).parents[2] / "dashboard"
SOURCES = sorted(DASHBOARD.rglob("*.py"))


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


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(DASHBOARD).as_posix())
def test_no_page_settles_a_dispute(path: Path) -> None:
    assert not {"settle_dispute", "settled_again"} & set(names(path)), "scores follow a settlement; a page knows nobody"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(DASHBOARD).as_posix())
def test_every_table_is_shown_by_the_one_that_makes_its_texts_safe(path: Path) -> None:
    allowed = {"st.dataframe"} if path.name == "grid.py" else set()
    assert not ({"st.dataframe", "st.data_editor"} & set(names(path))) - allowed, "use dashboard.frame.grid.grid"
