"""The house rules that a reader relies on: who imports whom, how large a room may be, and that the map is true.

``python -m tests.test_architecture`` draws the floors and the table of docs/architecture.md anew.
"""

import ast
import importlib
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.support.house.rooms import (
    TREES,
    Module,
    circles,
    floors,
    function_sizes,
    out_of_room,
    overfull,
    read_modules,
    room,
    upward,
)

ROOT = Path(__file__).parents[1]
MAP = ROOT / "docs" / "architecture.md"
ORDER = (
    "data.values",
    "data.errors",
    "data.days",
    "data.swap",
    "data.csv",
    "data.editions",
    "data",
    "data.update",
    "models.errors",
    "models.names",
    "models.rounding",
    "models.text",
    "models.coding",
    "models.storage",
    "models.weighting",
    "models.assumptions",
    "models.outcome",
    "models.scores",
    "models.measures",
    "models.fits",
    "models.base_rate",
    "models.alignment",
    "models.ordered",
    "models.regimes",
    "models.library",
    "models.leave_out",
    "models.forecast",
    "models.inverse",
    "models.paths",
    "models.signposts",
    "models.snapshot",
    "models.change",
    "models.sampling",
    "models.calibration",
    "models.engine_study",
    "models.backtest",
    "models.signpost_study",
    "models.refits",
    "models.sensitivity",
    "models.verdicts",
    "models.record",
    "models.record.kept",
    "models.track",
    "models.published",
    "models.answers",
    "models.alerts",
    "models.mcp",
    "models.update",
    "models.formats",
    "models.benchmarks",
    "models.commands.options",
    "models.commands.actions",
    "models.commands.programs",
    "models.commands",
    "models.__main__",
    "dashboard.refits",
    "dashboard.server",
    "dashboard.wording.people",
    "dashboard.roles",
    "dashboard.wording",
    "dashboard.wording.method",
    "dashboard.wording.now",
    "dashboard.wording.saved",
    "dashboard.wording.ask",
    "dashboard.wording.first",
    "dashboard.wording.pictures",
    "dashboard.wording.past",
    "dashboard.figures",
    "dashboard.cache",
    "dashboard.tables",
    "dashboard.settings",
    "dashboard.report",
    "dashboard.api",
    "dashboard.frame",
    "dashboard.year",
    "dashboard.update",
    "dashboard.checks",
    "dashboard.track",
    "dashboard.inverse",
    "dashboard.welcome",
    "dashboard.forecast",
    "dashboard.ask",
    "dashboard.record",
    "dashboard.app_pages",
    "dashboard.benchmarks",
    "dashboard.app",
    "dashboard.__main__",
)
"""Every package from the ground up: it imports from those before it. Modules at a tree's root stand by themselves."""
ROOTS = ("errors", "names", "rounding", "__main__")
"""All that may lie in models/ beside packages."""
LONGEST_MODULE, LONGEST_BODY, MOST_PARAMETERS = 300, 40, 6
MOST_MODULES = 20
FEWER = {"models.commands": 16}
"""Four places are kept for commands to come: `signposts` took one of five."""
SAMPLING = ("pymc", "nutpie", "pytensor", "numba")
ROOMS_OF = {
    SAMPLING: ("models.sampling",),
    ("mcp",): ("models.mcp",),
    ("argparse",): ("models.commands", "models.__main__"),
    ("streamlit",): (
        "dashboard.app",
        "dashboard.__main__",
        *(
            f"dashboard.{name}"
            for name in ("server", "cache", "api", "settings", "frame", "inverse", "forecast", "ask")
        ),
        *(
            f"dashboard.{name}"
            for name in ("roles", "update", "year", "welcome", "checks", "record", "track", "app_pages", "benchmarks")
        ),
    ),
}
"""Where a library may be imported."""
FLOORS_HEAD, TABLE_HEAD = "| floor | rooms |\n|---|---|\n", "| package | what it is |\n|---|---|\n"


@cache
def house() -> dict[str, Module]:
    """All modules; read when the first test asks, not by every worker that collects."""
    return read_modules(ROOT)


def packages() -> list[Module]:
    """The rooms that the map has a row for."""
    return [house()[name] for name in ORDER if name in house() and house()[name].path.name == "__init__.py"]


def table() -> str:
    return TABLE_HEAD + "".join(f"| `{package.name}` | {package.summary} |\n" for package in packages())


def picture() -> str:
    """The floors from the top down, each with its rooms."""
    heights = floors(house(), ORDER)
    rows = [[name for name in ORDER if heights[name] == floor] for floor in range(max(heights.values()), -1, -1)]
    return FLOORS_HEAD + "".join(
        f"| {len(rows) - 1 - index} | {', '.join(f'`{name}`' for name in names)} |\n"
        for index, names in enumerate(rows)
    )


def test_imports_point_downwards() -> None:
    assert upward(house(), ORDER) == []


def test_no_modules_import_each_other() -> None:
    assert circles(house()) == []


def test_imports_are_absolute() -> None:
    assert [module.name for module in house().values() if module.relative] == []


@pytest.mark.parametrize("libraries", ROOMS_OF, ids=" ".join)
def test_libraries_stay_in_their_rooms(libraries: tuple[str, ...]) -> None:
    assert out_of_room(house(), libraries, ROOMS_OF[libraries]) == []


def test_no_folder_is_overfull_and_the_roots_are_few() -> None:
    inner = {name: module for name, module in house().items() if name.partition(".")[0] != "data"}
    assert overfull(inner, MOST_MODULES, FEWER) == []
    assert {path.stem for path in (ROOT / "models").glob("*.py")} - {"__init__"} == set(ROOTS)


def planted(root: Path, **sources: str) -> dict[str, Module]:
    """A small house: a package below, one above, and what is planted in them."""
    for name, source in {"models__low__a": "", "models__high__b": "", **sources}.items():
        path = root / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    return read_modules(root)


SMALL_ORDER = ("models.low", "models.high")


def test_a_planted_upward_import_is_found(tmp_path: Path) -> None:
    assert upward(planted(tmp_path), SMALL_ORDER) == []
    modules = planted(tmp_path, models__low__a="def late():\n    from models.high import b\n    return b\n")
    assert upward(modules, SMALL_ORDER) == ["models.low.a imports models.high.b, which comes later"]


def test_a_module_in_no_room_is_found(tmp_path: Path) -> None:
    assert upward(planted(tmp_path, models__attic__c=""), SMALL_ORDER) == ["models.attic.c is in no room of the order"]


def test_a_planted_circle_is_found(tmp_path: Path) -> None:
    assert circles(planted(tmp_path)) == []
    modules = planted(tmp_path, models__low__a="import models.low.c\n", models__low__c="from models.low import a\n")
    assert len(circles(modules)) == 1


def test_a_planted_import_of_pymc_is_found(tmp_path: Path) -> None:
    modules = planted(tmp_path, models__low__a="def late():\n    import pymc as pm\n    return pm\n")
    assert out_of_room(modules, SAMPLING, ("models.high",)) == ["models.low.a imports pymc"]
    assert out_of_room(modules, SAMPLING, ("models.low",)) == []


def test_an_overfull_folder_is_found(tmp_path: Path) -> None:
    modules = planted(tmp_path, models__low__c="", models__low____init__="")
    assert overfull(modules, 2, {}) == []
    assert overfull(modules, 2, {"models.low": 1}) == ["models.low holds 2 modules, 1 are the most"]


def test_modules_and_functions_are_short_and_each_module_says_what_it_is() -> None:
    assert [name for name, module in house().items() if len(module.source.splitlines()) > LONGEST_MODULE] == []
    assert [name for name, module in house().items() if module.source.strip() and not module.summary] == []
    sizes = {name: size for module in house().values() for name, size in function_sizes(module).items()}
    assert [name for name, (lines, _) in sizes.items() if lines > LONGEST_BODY] == []
    assert [name for name, (_, parameters) in sizes.items() if parameters > MOST_PARAMETERS] == []


def test_packages_say_what_their_rooms_are_and_import_nothing() -> None:
    inits = [module for module in house().values() if module.path.name == "__init__.py"]
    bare = {module.name for module in inits if len(ast.parse(module.source).body) == 1 and module.summary}
    # dashboard's sets how many threads NumPy takes, which must come before NumPy does
    assert {module.name for module in inits} - bare == {"dashboard"}
    parts = [(name.rpartition(".")[0], name.rpartition(".")[2]) for name in house() if "." in name]
    assert [(package, part) for package, part in parts if f"- `{part}` " not in house()[package].source] == []


def test_the_map_is_true() -> None:
    text = MAP.read_text(encoding="utf-8")
    assert table() in text, "run `python -m tests.test_architecture`"
    assert picture() in text, "run `python -m tests.test_architecture`"


def journeys() -> dict[str, list[str]]:
    """Modules that each journey of the map passes, by its title, in order."""
    sections = re.findall(r"(?ms)^### (.+?)$(.+?)(?=^##|\Z)", MAP.read_text(encoding="utf-8"))
    return {title: re.findall(r"`((?:data|models|dashboard)\.[\w.]+)`", text) for title, text in sections}


def test_the_map_names_only_what_is_there() -> None:
    for name in {name for names in journeys().values() for name in names}:
        module = next(name.rsplit(".", cut)[0] for cut in range(4) if name.rsplit(".", cut)[0] in house())
        value = importlib.import_module(module)
        for attribute in filter(None, name.removeprefix(module).split(".")):
            value = getattr(value, attribute)


def test_no_journey_turns_back() -> None:
    """Once a room is left, a journey does not come there again."""
    assert len(journeys()) == 4
    for title, names in journeys().items():
        rooms = [room(name, ORDER) for name in names]
        visits = [here for here, before in zip(rooms, [None, *rooms], strict=False) if here != before]
        assert len(visits) == len(set(visits)) > 2, f"{title}: {visits}"


def test_every_tree_is_in_the_order() -> None:
    assert {name.partition(".")[0] for name in ORDER} == set(TREES)


def test_the_read_path_loads_no_sampler() -> None:
    """Ask on the command line, open, slide, export in a fresh interpreter: nothing of PyMC may have been imported."""
    script = (
        "import sys\n"
        "from models.__main__ import main\n"
        "code = main(['forecast'])\n"
        "print(code, sorted({'streamlit', 'dashboard'} & set(sys.modules)))\n"
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
        f"print(sorted(set({SAMPLING!r}) & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-2:] == ["0 []", "[]"]
    assert "reliability: exact" in done.stdout or "reliability: good" in done.stdout


def test_no_machine_path_or_registry_host_is_tracked() -> None:
    hosts = ("files.python" + "hosted", "py" + "pi.org", "registry.n" + "pmjs", "deb.deb" + "ian")
    paths = ("/work" + "/", "/ro" + "ot/")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, listed.split("\0")):
        content = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b""
        for word in (*hosts, *paths):
            assert word.encode() not in content, f"{name} holds {word}"


def redrawn(text: str, head: str, rows: str) -> str:
    """The text with the table that begins with `head` drawn anew."""
    before, _, rest = text.partition(head)
    return before + rows + "\n" + rest.partition("\n\n")[2].lstrip("\n")


if __name__ == "__main__":
    drawn = redrawn(MAP.read_text(encoding="utf-8"), FLOORS_HEAD, picture())
    MAP.write_text(redrawn(drawn, TABLE_HEAD, table()), encoding="utf-8")
