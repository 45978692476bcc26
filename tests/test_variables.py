"""The table of variables in docs/serving.md is true: all that the code reads, and nothing that nobody reads."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from streamlit import config

from tests.support.house.rooms import TREES

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"(?m)^\| `([A-Z_]+)` \| ([^|]+) \|")
ASKING = re.compile(r"\benviron\b|\bgetenv\b")
SET = re.compile(r"(?m)(?:^|[\s=])((?:CONJUNCTION|STREAMLIT|PG|MALLOC)[A-Z_]+)(?:=|: )")
"""A variable that a file of docs/deploy sets for the page."""


def table() -> Mapping[str, str]:
    """Who reads each variable of the table."""
    return dict(ROW.findall((ROOT / "docs" / "serving.md").read_text(encoding="utf-8")))


def variables(root: Path) -> set[str]:
    """Names that modules read from the environment or put there for others; what is no constant stays as written."""
    paths = [path for tree in TREES for path in (root / tree).rglob("*.py")]
    asking = [path for path in paths if ASKING.search(path.read_text(encoding="utf-8"))]
    return {_value(node, path, root) for path in asking for node in _asked(_parsed(path))}


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _asked(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="environ")), args=[name, *_]):
                yield name
            case ast.Call(func=ast.Attribute(attr="getenv"), args=[name, *_]):
                yield name
            case ast.Subscript(value=ast.Attribute(attr="environ"), slice=name):
                yield name


def _value(name: ast.expr, path: Path, root: Path) -> str:
    if isinstance(name, ast.Constant):
        return str(name.value)
    word = ast.unparse(name)
    for node in _parsed(path).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=found)], value=ast.Constant(value=value)) if found == word:
                return str(value)
            case ast.ImportFrom(module=source, names=names) if any(alias.name == word for alias in names):
                return _value(name, (root / str(source).replace(".", "/")).with_suffix(".py"), root)
    return word


def test_the_table_holds_what_the_code_reads_and_nothing_else() -> None:
    told = {name for name, readers in table().items() if "Conjunction" in readers}
    assert told == variables(ROOT)


def test_streamlits_variables_are_streamlits() -> None:
    known = {option.env_var for option in config._config_options_template.values()}
    assert {name for name, readers in table().items() if "Streamlit" in readers} <= known


def test_a_variable_is_found_wherever_its_name_stands(tmp_path: Path) -> None:
    sources = {
        "a": "import os\nNAME = 'FIRST'\nprint(os.environ.get(NAME, ''), os.environ['SECOND'])\n",
        "b": "import os\nfrom models.a import NAME\nos.environ.setdefault(NAME)\nos.getenv('THIRD')\n",
        "c": "import os\ndef read(name):\n    return os.environ.pop(name)\n",
    }
    (tmp_path / "models").mkdir()
    for name, source in sources.items():
        (tmp_path / "models" / f"{name}.py").write_text(source, encoding="utf-8")
    assert variables(tmp_path) == {"FIRST", "SECOND", "THIRD", "name"}


def test_what_the_deployment_sets_stands_in_the_table() -> None:
    files = [path for path in sorted((ROOT / "docs" / "deploy").iterdir()) if path.suffix != ".md"]
    names = {name for path in files for name in SET.findall(path.read_text(encoding="utf-8"))}
    assert names >= {"CONJUNCTION_RECORD", "PGPASSWORD", "STREAMLIT_SERVER_ADDRESS"}
    assert names <= table().keys()
