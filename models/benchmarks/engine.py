"""How long things take on this machine: the engine, a warm refit, a plain `pm.sample`, and what the page adds.

Times are measured here and never asserted in a test: machines are noisy. Two ways of doing one thing are timed in the
same run, and their ratio is what counts.
"""

import functools
import time
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.benchmarks import asking, record
from models.benchmarks.timing import Row, seconds_of
from models.forecast.results import make_forecast
from models.library.files import committed_library
from models.storage.declared import declared

SEED, MOVES = 20241231, 100
PAGE_MEASURES = "conjunction.benchmarks"


def run_benchmark(
    evidence: Evidence, *, quick: bool = False, report: Callable[[str], None] = lambda _: None
) -> pd.DataFrame:
    """Measure everything that the README quotes.

    Parameters
    ----------
    quick : bool
        Leave out what compiles a model (warm refit and plain `pm.sample`) and what needs a browser.
    report : callable
        Told what is being measured.

    Returns
    -------
    DataFrame
        Columns measure, value, unit, note.
    """
    rows: list[Row] = []
    for name, measure in _measures(quick, report):
        report(name)
        rows.extend(measure(evidence))
    if not quick:
        rows.append(_ratio(rows))
    return pd.DataFrame(rows, columns=["measure", "value", "unit", "note"])


def random_settings(defaults: Assumptions, count: int, seed: int) -> Iterator[Assumptions]:
    """Settings with one to three knobs moved at random over their whole range."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        keys = rng.choice(list(defaults.knobs), size=int(rng.integers(1, 4)), replace=False)
        yield defaults.replace({key: _anywhere(defaults, key, rng) for key in keys})


def _anywhere(defaults: Assumptions, key: str, rng: np.random.Generator) -> float:
    knob = defaults.knobs[key]
    return knob.snap(float(rng.uniform(knob.low, knob.high)))


def _measures(quick: bool, report: Callable[[str], None]) -> list[tuple[str, Callable[[Evidence], list[Row]]]]:
    page = [
        (f"page: {name}", functools.partial(measure, quick=quick, report=report))
        for name, measure in declared(PAGE_MEASURES).items()
    ]
    fits = [] if quick else [("warm refit", _refit), ("plain pm.sample", _plain)]
    first = [("engine", _engine), ("questions", asking.measure)]
    return [*first, ("record", functools.partial(record.measure, quick=quick)), *page, *fits]


def latencies(evidence: Evidence, moves: int = MOVES) -> list[float]:
    """Milliseconds of random moves, smoothing included, after one that is not counted."""
    library, defaults = committed_library(evidence), Assumptions.defaults(evidence.claims)
    settings = list(random_settings(defaults, moves, SEED))
    make_forecast(evidence, library, settings[0])
    return [
        1000 * seconds_of(lambda setting=setting: make_forecast(evidence, library, setting)) for setting in settings
    ]


def _engine(evidence: Evidence) -> list[Row]:
    library, times = committed_library(evidence), latencies(evidence)
    note = f"{len(times)} random moves, {library.size} draws of {len(library.anchors)} fits, smoothing included"
    return [
        ("engine latency, median", float(np.median(times)), "ms", note),
        ("engine latency, 95th percentile", float(np.quantile(times, 0.95)), "ms", note),
    ]


def _refit(evidence: Evidence) -> list[Row]:
    from models.sampling.fit_alignment import CompiledAlignment, SamplerSettings, fit_compiled

    defaults = Assumptions.defaults(evidence.claims)
    started = time.perf_counter()
    compiled = CompiledAlignment.of(evidence, defaults)
    compiling = time.perf_counter() - started
    moved = next(random_settings(defaults, 1, SEED))
    seconds = seconds_of(lambda: fit_compiled(compiled, moved))
    settings = SamplerSettings()
    note = f"{settings.chains} chains x ({settings.tune} + {settings.draws}) draws, simulated ledgers and gate included"
    return [
        ("compilation", compiling, "s", "once per process; the numba cache makes later ones shorter"),
        ("warm refit", seconds, "s", note),
    ]


def _plain(evidence: Evidence) -> list[Row]:
    from models.sampling.fit_alignment import sample_plainly

    seconds = seconds_of(lambda: sample_plainly(evidence, Assumptions.defaults(evidence.claims)))
    return [
        (
            "plain pm.sample",
            seconds,
            "s",
            "model built, compiled and sampled at its defaults, as for every move without an engine",
        )
    ]


def _ratio(rows: list[Row]) -> Row:
    value = {name: value for name, value, _, _ in rows}
    ratio = value["plain pm.sample"] / (value["engine latency, median"] / 1000)
    return ("plain pm.sample per engine move", ratio, "times", "both measured in this run")
