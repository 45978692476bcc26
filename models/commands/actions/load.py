"""`benchmark --visitors`: how long readers wait while others use the page too, and what memory that takes."""

import argparse

from models.commands.options.line import answer, note
from models.errors import FormatError
from models.storage.declared import renderer

GROUP = "conjunction.load"
MOST = 500
COLUMNS = (
    ("visitors", "visitors", "d"),
    ("moves", "moves", "d"),
    ("faults", "faults", "d"),
    ("first_p50_ms", "chart p50", ".0f"),
    ("first_p95_ms", "chart p95", ".0f"),
    ("whole_p50_ms", "page p50", ".0f"),
    ("whole_p95_ms", "page p95", ".0f"),
    ("server_cores", "cores", ".2f"),
    ("memory_start_mb", "MB start", ".0f"),
    ("memory_opened_mb", "opened", ".0f"),
    ("memory_most_mb", "most", ".0f"),
    ("memory_left_mb", "left", ".0f"),
    ("load_average", "load", ".1f"),
)
"""Of the table for people: what, under which heading, and how it is written. JSON holds more."""


def add_load(benchmark: argparse.ArgumentParser) -> None:
    """Add the options that try the page with many visitors in place of all other measures."""
    text = "try the page with so many visitors at once instead, such as 1,10,50; they need no browser"
    benchmark.add_argument("--visitors", metavar="N,...", type=_counts, default=(), help=text)
    for name, value, text in (
        ("minutes", 5.0, "how long they move sliders, one move each 20 seconds (5)"),
        ("left", 0.0, "minutes to watch the memory of the empty server afterwards (0)"),
    ):
        benchmark.add_argument(f"--{name}", metavar="M", type=_minutes, default=value, help=text)
    benchmark.add_argument("--link", metavar="LINK", default="/", help="what they open, such as /ask?pin=S03=yes")


def run_load(args: argparse.Namespace) -> int:
    """Print one line for every number of visitors."""
    from models.benchmarks.crowd import Crowd

    measure = renderer(args.context.declared(GROUP), f"a measure of the page ({GROUP})", FormatError)
    crowds = [
        Crowd(visitors=count, seconds=60 * args.minutes, left=60 * args.left, link=args.link) for count in args.visitors
    ]
    rows = measure(args.context.evidence(), crowds, lambda text: note(f"{text}."))
    lines = ["  ".join(f"{title:>9}" for _, title, _ in COLUMNS)]
    lines += ["  ".join(f"{format(row[name], form):>9}" for name, _, form in COLUMNS) for row in rows]
    lines += [f"{row['visitors']} visitors, first fault: {row['fault']}" for row in rows if row["fault"]]
    engine = (
        "In milliseconds from a slider's move to the first chart, and to the whole page; the engine alone in this run"
    )
    lines.append(
        f"{engine}: p95 {rows[0]['engine_p95_ms']:.0f} ms, so that the aim for 50 is {rows[0]['aim_p95_ms']:.0f} ms."
    )
    return answer(args, rows, "\n".join(lines))


def _counts(text: str) -> tuple[int, ...]:
    counts = text.split(",")
    if not all(count.isdecimal() and 1 <= int(count) <= MOST for count in counts):
        raise argparse.ArgumentTypeError(f"got {text!r}, expected numbers from 1 to {MOST} such as 1,10,50")
    return tuple(map(int, counts))


def _minutes(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 24 * 60:
        raise argparse.ArgumentTypeError(f"got {text!r}, expected minutes such as 0.5 or 5")
    return value
