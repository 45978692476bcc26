"""The house rules that a reader relies on: who imports whom, how long a module may be, and that the map is true.

``python tests/test_architecture.py`` rewrites the table of docs/architecture.md from the modules' first sentences.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("data", "models", "dashboard")
MAP = ROOT / "docs" / "architecture.md"
LONGEST_MODULE = 300
FITTING = {
    "models/sampling/fit_alignment.py",
    "models/sampling/again.py",
    "models/sampling/copies.py",
    "models/sampling/fit_members.py",
    "models/sampling/regimes_model.py",
    "models/sampling/alignment_model.py",
    "models/sampling/ordered_model.py",
    "models/sampling/sampler.py",
}
FITTING_LIBRARIES = {"pymc", "nutpie", "pytensor", "numba"}
WITHOUT_STREAMLIT = {
    "dashboard/report/pictures.py",
    "dashboard/report/pages.py",
    "dashboard/report/charts.py",
    "dashboard/report/content.py",
}
TABLE_HEAD = "| module | what it is |\n|---|---|\n"


def modules() -> list[Path]:
    return sorted(
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if path.read_text(encoding="utf-8").strip()
    )


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Top-level package of every import, and whether the import is relative."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0], False) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0], node.level > 0


def first_sentence(path: Path) -> str:
    doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(doc.split("\n\n")[0].split())


def table() -> str:
    return TABLE_HEAD + "".join(f"| `{name_of(path)}` | {first_sentence(path)} |\n" for path in modules())


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_point_from_data_to_models_to_dashboard(path: Path) -> None:
    allowed = PACKAGES[: PACKAGES.index(path.relative_to(ROOT).parts[0]) + 1]
    for package, relative in imports(path):
        assert not relative, f"{name_of(path)} uses a relative import"
        assert package not in PACKAGES or package in allowed, f"{name_of(path)} imports {package}, which comes later"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_heavy_libraries_stay_in_their_rooms(path: Path) -> None:
    used = {package for package, _ in imports(path)}
    if name_of(path) not in FITTING:
        assert not used & FITTING_LIBRARIES, f"{name_of(path)} imports {used & FITTING_LIBRARIES}"
    pure = name_of(path) in WITHOUT_STREAMLIT or path.name.startswith(("figures", "wording"))
    if not name_of(path).startswith("dashboard/") or pure:
        assert "streamlit" not in used, f"{name_of(path)} imports streamlit"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_no_module_is_over_three_hundred_lines_and_each_says_what_it_is(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE
    assert first_sentence(path), f"{name_of(path)} has no docstring"


def test_the_map_has_one_true_row_for_every_module() -> None:
    written = [line for line in MAP.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert written == table().removeprefix(TABLE_HEAD).splitlines(), "run `python tests/test_architecture.py`"


def test_the_read_path_loads_no_sampler() -> None:
    """Open, slide, export in a fresh interpreter: nothing of PyMC may have been imported."""
    script = (
        "import sys\n"
        "from data.load import load_evidence\n"
        "from models.assumptions.setting import Assumptions\n"
        "from models.forecast.results import make_forecast\n"
        "from models.library.files import committed_library\n"
        "from models.snapshot.value import build_snapshot\n"
        "from dashboard.report.pictures import charts\n"
        "evidence = load_evidence(); library = committed_library(evidence)\n"
        "moved = Assumptions.defaults(evidence.claims).replace({'C01': 2.0})\n"
        "forecast = make_forecast(evidence, library, moved)\n"
        "build_snapshot(evidence, library, forecast, moved)\n"
        f"print(sorted({FITTING_LIBRARIES!r} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_machine_path_or_registry_host_is_tracked() -> None:
    hosts = ("files." + "pythonhosted", "pypi" + ".org", "registry." + "npmjs", "deb." + "debian")
    paths = ("/work" + "/", "/ro" + "ot/")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, listed.split("\0")):
        content = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b""
        for word in (*hosts, *paths):
            assert word.encode() not in content, f"{name} holds {word}"


if __name__ == "__main__":
    before, _, rest = MAP.read_text(encoding="utf-8").partition(TABLE_HEAD)
    after = rest.partition("\n\n")[2]
    MAP.write_text(before + table() + ("\n" + after if after else ""), encoding="utf-8")
