"""Another processor, played: every matrix product and every sum of `data` and `models` comes out a little different.

Processors add in other orders and multiply matrices by other kernels, so the same program gives numbers that differ in
their last digits. Which digits a given processor gives, nobody here can choose; but a module can be compiled so that
each product and each sum in it is followed by an error of `RELATIVE` times itself, far above that of any real kernel.
A processor gives the same numbers for the same input, so the errors are those of one pattern for each shape of result.
"""

import ast
import importlib.abc
import importlib.machinery
import json
import sys
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from types import CodeType, ModuleType

import numpy as np
import pandas as pd

RELATIVE = 1e-13
"""Of a product or a sum; two kernels differ by some 1e-15 of it."""
LAST_DIGIT = 4e-16
"""Of a value of ``exp`` or ``log``: two units in the last place, as between two instruction sets."""
PLAYED = ("data", "models")
SUMS = frozenset(
    {"sum", "nansum", "mean", "nanmean", "var", "std", "average", "cov", "median", "quantile", "bincount", "cumsum"}
    | {"reduce", "reduceat", "accumulate", "dot", "vdot", "inner", "matmul", "einsum", "tensordot", "matrix_power"}
    | {"norm", "solve", "slogdet", "inv", "lstsq", "eigh", "eigvalsh", "logsumexp", "trapezoid", "convolve"}
)
"""Names of what multiplies matrices or adds up, or rests on it."""
FUNCTIONS = frozenset({"exp", "log", "log1p", "expm1", "logaddexp"})
NAME = "_another_processor"


class Processor:
    """One pattern of errors, and how often it was used, by what was computed."""

    def __init__(self, seed: int = 1, relative: float = RELATIVE, last_digit: float = LAST_DIGIT) -> None:
        self.seed, self.relative, self.last_digit = seed, relative, last_digit
        self.used: Counter[str] = Counter()

    def __call__(self, name: str, value: object) -> object:
        """The value as this processor gives it; whole numbers, truth values and texts as they are."""
        if isinstance(value, tuple) and type(value) is not tuple:  # NumPy's named results: eigh, slogdet
            return type(value)(*(self(name, part) for part in value))
        if isinstance(value, pd.Series | pd.DataFrame):
            numbers = value.select_dtypes("float").columns if isinstance(value, pd.DataFrame) else None
            if numbers is None:
                return value * self.factor(name, value.shape) if value.dtype.kind == "f" else value
            return value.assign(**{part: value[part] * self.factor(name, (len(value),)) for part in numbers})
        if not (isinstance(value, float | np.floating) or (isinstance(value, np.ndarray) and value.dtype.kind == "f")):
            return value
        self.used[name] += 1
        if isinstance(value, np.ndarray):
            return (value * self.factor(name, value.shape)).astype(value.dtype, copy=False)
        return type(value)(value * float(self.factor(name, ())))

    def factor(self, name: str, shape: tuple[int, ...]) -> np.ndarray:
        return _pattern(self.seed, shape, self.last_digit if name in FUNCTIONS else self.relative)


@lru_cache(maxsize=512)
def _pattern(seed: int, shape: tuple[int, ...], size: float) -> np.ndarray:
    return 1 + size * np.random.default_rng([seed, *shape]).uniform(-1, 1, shape)


class _Rewritten(ast.NodeTransformer):
    """``a @ b`` and calls of `SUMS` and `FUNCTIONS` handed through the processor."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        return _handed("matmul", node) if isinstance(node.op, ast.MatMult) else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        return _handed(name, node) if name in SUMS | FUNCTIONS else node


def _handed(name: str, node: ast.expr) -> ast.expr:
    call = ast.Call(ast.Name(NAME, ast.Load()), [ast.Constant(name), node], [])
    return ast.fix_missing_locations(ast.copy_location(call, node))


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, fullname: str, path: str, processor: Processor) -> None:
        super().__init__(fullname, path)
        self.processor = processor

    def get_code(self, fullname: str) -> CodeType:
        """Compiled from the source; compiled files are neither read nor written."""
        path = self.get_filename(fullname)
        return compile(_Rewritten().visit(ast.parse(self.get_data(path))), path, "exec", dont_inherit=True)

    def exec_module(self, module: ModuleType) -> None:
        vars(module)[NAME] = self.processor
        super().exec_module(module)


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, processor: Processor) -> None:
        self.processor = processor

    def find_spec(self, name: str, path: Sequence[str] | None, target: object = None) -> object:  # noqa: ARG002
        if name.partition(".")[0] not in PLAYED:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is not None and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = _Loader(name, spec.loader.path, self.processor)
        return spec


def play(processor: Processor) -> None:
    """Import `data` and `models` as this processor would run them; nothing of them may have been imported before."""
    if odd := sorted(name for name in sys.modules if name.partition(".")[0] in PLAYED):
        raise RuntimeError(f"got {odd[0]} imported already, expected a fresh process; start one")
    sys.meta_path.insert(0, _Finder(processor))


def main() -> None:
    """``python -m tests.support.programs.other_processor FOLDER SEED``: what `tests.support.programs.promises` finds
    there, in JSON."""
    processor = Processor(seed=int(sys.argv[2]))
    play(processor)
    from tests.support.programs import promises

    folder = Path(sys.argv[1])
    report = {"kept": promises.kept(folder), "differences": promises.differences(folder), "used": processor.used}
    print(json.dumps(report))


if __name__ == "__main__":
    main()
