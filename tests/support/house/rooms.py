"""The house as code sees it: which module imports which, in which order packages stand, and what breaks its rules.

Every rule is a function from the modules of a tree to the faults in it, so that a test can plant a fault and see it
found.
"""

import ast
from collections.abc import Collection, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from data.values import frozen

TREES = ("data", "models", "dashboard")


@frozen
class Module:
    """One module: its source, and the full names of what it imports."""

    name: str
    path: Path
    source: str
    imports: frozenset[str]
    relative: bool

    @property
    def package(self) -> str:
        """The folder it lies in; a package's `__init__` is the package's own."""
        return self.name if self.path.name == "__init__.py" else self.name.rpartition(".")[0]

    @property
    def summary(self) -> str:
        """The first paragraph of its docstring on one line; empty without a docstring."""
        doc = ast.get_docstring(ast.parse(self.source)) or ""
        return " ".join(doc.split("\n\n")[0].split())


def read_modules(root: Path) -> dict[str, Module]:
    """All modules of the three trees below a folder, by name."""
    files = {_name(path, root): path for tree in TREES for path in sorted((root / tree).rglob("*.py"))}
    return {name: _read(name, path, files.keys()) for name, path in files.items()}


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix().removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def _read(name: str, path: Path, names: Collection[str]) -> Module:
    source = path.read_text(encoding="utf-8")
    nodes = list(ast.walk(ast.parse(source)))
    froms = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    imports = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    for node in froms:
        for alias in node.names:
            inner = f"{node.module}.{alias.name}"
            imports.add(inner if inner in names else node.module or "")
    relative = any(node.level for node in froms)
    return Module(name=name, path=path, source=source, imports=frozenset(imports), relative=relative)


def room(name: str, order: Sequence[str]) -> str | None:
    """The entry of the order that a module belongs to: the longest that is the module or a package around it."""
    around = [entry for entry in order if name == entry or name.startswith(entry + ".")]
    return max(around, key=len, default=None)


def upward(modules: Mapping[str, Module], order: Sequence[str]) -> list[str]:
    """Imports that do not point to an earlier room of the order, and modules that are in none."""
    faults = []
    for module in (module for module in modules.values() if module.name not in TREES):
        here = room(module.name, order)
        if here is None:
            faults.append(f"{module.name} is in no room of the order")
            continue
        targets = {name: room(name, order) for name in module.imports if name.partition(".")[0] in TREES}
        faults += [
            f"{module.name} imports {name}, which comes later"
            for name, there in sorted(targets.items())
            if there is None or order.index(there) > order.index(here)
        ]
    return faults


def circles(modules: Mapping[str, Module]) -> list[str]:
    """Modules that import each other, directly or round a corner; imports within functions count."""
    try:
        TopologicalSorter({name: module.imports & modules.keys() for name, module in modules.items()}).prepare()
    except CycleError as error:
        return [" -> ".join(error.args[1])]
    return []


def out_of_room(modules: Mapping[str, Module], libraries: Sequence[str], rooms: Sequence[str]) -> list[str]:
    """Imports of a library outside the rooms it may be used in."""
    return [
        f"{module.name} imports {name}"
        for module in modules.values()
        for name in sorted(module.imports)
        if name.partition(".")[0] in libraries and room(module.name, rooms) is None
    ]


def overfull(modules: Mapping[str, Module], most: int, less: Mapping[str, int]) -> list[str]:
    """Folders with more modules beside `__init__` than they may hold: `most`, or what `less` says of them."""
    counts: dict[str, int] = {}
    for module in modules.values():
        counts[module.package] = counts.get(module.package, 0) + (module.path.name != "__init__.py")
    return [
        f"{package} holds {count} modules, {less.get(package, most)} are the most"
        for package, count in sorted(counts.items())
        if count > less.get(package, most)
    ]


def floors(modules: Mapping[str, Module], order: Sequence[str]) -> dict[str, int]:
    """Floor of each room: one above the highest that it imports from, 0 for what imports nothing of the house."""
    stairs: dict[str, set[str]] = {entry: set() for entry in order}
    for module in (module for module in modules.values() if module.name not in TREES):
        here = room(module.name, order)
        there = {room(name, order) for name in module.imports if name.partition(".")[0] in TREES}
        stairs[here] |= there - {here, None}
    heights: dict[str, int] = {}
    for entry in order:
        heights[entry] = 1 + max((heights[below] for below in stairs[entry]), default=-1)
    return heights


def function_sizes(module: Module) -> dict[str, tuple[int, int]]:
    """Of each function: lines of its body without the docstring, and the number of its parameters."""
    nodes = ast.walk(ast.parse(module.source))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {f"{module.name}.{function.name}": _size(function) for function in functions}


def _size(function: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[int, int]:
    body = function.body[ast.get_docstring(function) is not None :]
    lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
    args = function.args
    return lines, len([*args.posonlyargs, *args.args, *args.kwonlyargs, *filter(None, (args.vararg, args.kwarg))])
