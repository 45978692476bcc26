"""How long a program waits that asks the page's server for a setting that was asked before."""

import http.client
import statistics
from urllib.parse import urlsplit

from dashboard.benchmarks.browser import Report
from dashboard.benchmarks.served import served
from data.types import Evidence
from models.benchmarks.timing import Row, seconds_of

QUESTIONS = {
    "forecast": "/api/v1/forecast?C07=2.0&edition=2",
    "signposts": "/api/v1/signposts?C07=2.0&edition=2&pin=S03%3Dyes",
}
TIMES = 100
PATIENCE_SECONDS = 120.0


def measure(evidence: Evidence, *, quick: bool = False, report: Report = lambda _: None) -> list[Row]:
    """Rows (measure, value, unit, note) for the benchmark's table.

    Parameters
    ----------
    evidence : Evidence
        As of whose day is asked.
    quick : bool
        Measure nothing: a server must be started.
    report : callable
        Report what is being measured.
    """
    if quick:
        return []
    report("questions of programs")
    with served() as address:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE_SECONDS)
        return [_row(connection, name, f"{path}&as_of={evidence.as_of}") for name, path in QUESTIONS.items()]


def _row(connection: http.client.HTTPConnection, name: str, path: str) -> Row:
    def ask() -> int:
        connection.request("GET", path)
        return len(connection.getresponse().read())

    first, size = seconds_of(ask), ask()
    taken = [1000 * seconds_of(ask) for _ in range(TIMES)]
    note = f"{TIMES} times over HTTP, {size / 1000:.0f} kB; the first one, with all that it needs, {first:.1f} s"
    return (f"program asks for a known setting: {name}, median", statistics.median(taken), "ms", note)
