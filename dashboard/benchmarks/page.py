"""What the page adds to the engine's time, for `python -m models benchmark`: a slider's move, and a cold start."""

import subprocess
import sys
from pathlib import Path

import numpy as np

from dashboard.benchmarks.browser import Report, measure_browser
from dashboard.figures.path import alignment_path, notable_events
from dashboard.forecast.charts import CHARTS
from dashboard.settings.link import View
from dashboard.wording.forecast import headline
from data.days import last_whole_year
from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.benchmarks.engine import SEED, random_settings
from models.benchmarks.timing import Row, seconds_of
from models.forecast.results import alignment_summary, make_forecast, sample_paths
from models.library.files import committed_library
from models.measures.structure import ALIGNMENT
from models.outcome.rule import resolve_history

MOVES = 50
PATHS = 5
APP = Path(__file__).parents[1] / "app.py"
FIRST_PAGE = """
import sys, time
started = time.perf_counter()
from streamlit.testing.v1 import AppTest
app = AppTest.from_file(sys.argv[1], default_timeout=300).run()
assert not app.exception and not app.error
print(time.perf_counter() - started)
"""


def measure(evidence: Evidence, *, quick: bool = False, report: Report = lambda _: None) -> list[Row]:
    """Rows (measure, value, unit, note) for the benchmark's table.

    Parameters
    ----------
    quick : bool
        Leave out the browser, which takes two minutes for a hundred moves.
    report : callable
        Report what is being measured.
    """
    rows = [*_moves(evidence), _cold_start()]
    return rows if quick else rows + measure_browser(Assumptions.defaults(evidence.claims).knobs, report)


def _moves(evidence: Evidence) -> list[Row]:
    library, defaults = committed_library(evidence), Assumptions.defaults(evidence.claims)
    history = resolve_history(evidence.events, ALIGNMENT.first_year, last_whole_year(evidence.as_of))
    events, today = notable_events(evidence.events), evidence.as_of
    horizon = View().horizon(today)

    def drawn(setting: Assumptions) -> None:
        forecast = make_forecast(evidence, library, setting)
        summary = alignment_summary(library, forecast.weights)
        paths = sample_paths(library, forecast.weights, PATHS)
        alignment_path(summary, events, history, paths)
        headline(forecast.table, horizon, today)
        for chart in CHARTS.values():
            chart.draw(forecast.table, horizon, today)

    settings = list(random_settings(defaults, MOVES + 1, SEED))
    drawn(settings[0])  # the first call authors the templates
    times = [1000 * seconds_of(lambda setting=setting: drawn(setting)) for setting in settings[1:]]
    note = f"{MOVES} random moves: forecast, headline and the Forecast page's five charts"
    return [
        ("slider to figure on the server, median", float(np.median(times)), "ms", note),
        ("slider to figure on the server, 95th percentile", float(np.quantile(times, 0.95)), "ms", note),
    ]


def _cold_start() -> Row:
    command = [sys.executable, "-W", "ignore", "-c", FIRST_PAGE, str(APP)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    note = "fresh process: imports, evidence, fit, and the whole Forecast page on the server"
    return ("cold start to the first page", float(done.stdout.split()[-1]), "s", note)
