"""`python -m models evidence update`: from newly found rows to a new forecast, saved and explained, by one command."""

from __future__ import annotations

import argparse
import contextlib
import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from data.days import horizons_from
from data.digest import Fields
from data.errors import ConjunctionError
from data.update.words import preview as sentences
from models.commands.actions.compare import movers_lines, plain_movers, plain_split, split_lines
from models.commands.options.fitting import Report, opened_progress, stop_on_signal
from models.commands.options.line import Parsers, add_json, answer, command, day, note
from models.commands.options.runs import add_workers, workers
from models.errors import RecordError
from models.names import MODEL_MIXTURE, STATES, TARGET_STATE
from models.storage.safe_csv import plain_rows

if TYPE_CHECKING:
    from models.forecast.results import Forecast
    from models.record.entries import SavedForecast
    from models.update.explaining import Explanation
    from models.update.publishing import Published
    from models.update.running import Request, Result, Worker

DESCRIPTION = """\
Put newly found rows of the ledger (never of the indicators) into the evidence and make everything that follows from
them: base case, members, library and its check against refits. FILE has the ledger's columns; leave it out where the
search found nothing, which is news too. --searched-until becomes the reference date.

First it says what the rows would change. After some two minutes it tells a first answer: one fit of each model at the
default assumptions, before the fits that moved sliders rest on. All is made apart from the project and put in force at
the end: whenever it is stopped (Ctrl-C, a kill), the project is as before or as after, and the same command goes on
where it was. --dry-run stops after the first answer and changes nothing. Workers of a --scheduler must see the --work
folder: the new evidence lies there until it is in force.
"""
EXAMPLES = """\
examples:
  python -m models evidence update rows.csv --searched-until 2026-10-08 --dry-run
  python -m models evidence update rows.csv --searched-until 2026-10-08 --publish --author "A. Reader" --note "October"
  python -m models evidence update --searched-until 2026-11-01        nothing was found
"""
FIRST = "First answer (one fit of each model at the defaults; moved sliders are not covered yet), in per cent:"


def add(group: Parsers) -> None:
    """Add the action."""
    text = "put new rows in, fit everything again, publish"
    parser = command(group, "update", text, run_update, description=DESCRIPTION, epilog=EXAMPLES)
    parser.add_argument("file", metavar="FILE", type=Path, nargs="?", help="new rows; none were found without it")
    parser.add_argument("--searched-until", metavar="DATE", type=day, required=True, help="last day of the search")
    parser.add_argument("--revise", action="store_true", help="let rows change what is in the ledger, or its past")
    parser.add_argument("--dry-run", action="store_true", help="say what would move, change nothing")
    parser.add_argument(
        "--publish", action="store_true", help="save the forecast to docs/record, told in the changelog"
    )
    parser.add_argument("--author", default="", help="who publishes")
    parser.add_argument("--note", default="", help="why, kept with the published forecast")
    parser.add_argument("--progress", metavar="FILE", type=Path, help="write progress as JSON lines for a program")
    add_workers(parser)
    add_json(parser, "what was done")


def run_update(args: argparse.Namespace) -> int:
    """Update, or rehearse it; 1 when the library missed its check."""
    from models.update.running import rehearse, run

    project, request = args.context.project(data=args.context.data, home=args.work), _request(args)
    with contextlib.ExitStack() as stack:
        report = Report(stack.enter_context(opened_progress(args.progress)))
        try:
            cancelled = stack.enter_context(stop_on_signal(report))
            worker = _worker(args, report, cancelled)
            result = (rehearse if args.dry_run else run)(project, request, worker)
        except (ConjunctionError, KeyboardInterrupt) as error:
            report.end("failed", 0.0, str(error) or "Stopped on request; the same command goes on from here.")
            raise
        report.end("done", 1.0, "Done.")
    answer(args, _plain(result), "\n".join(_lines(result, dry=args.dry_run)))
    return int(result.check is not None and not result.check.passed)


def _request(args: argparse.Namespace) -> Request:
    from models.update.publishing import Author
    from models.update.running import Request

    if args.author and not args.publish:
        raise RecordError("got --author without --publish, expected both or none; add --publish, or leave it out")
    author = Author(name=args.author, note=args.note) if args.publish else None
    return Request(file=args.file, searched_until=args.searched_until, revise=args.revise, author=author)


def _worker(args: argparse.Namespace, report: Report, cancelled: Callable[[], bool]) -> Worker:
    from models.update.running import Worker

    return Worker(
        workers=lambda: workers(args),
        today=args.context.today(),
        report=report,
        on_plan=lambda update: note("\n".join(sentences(update))),
        on_first=lambda forecast: note("\n".join([FIRST, *_chances(forecast)])),
        cancelled=cancelled,
    )


def _chances(forecast: Forecast) -> Iterator[str]:
    """The mixture's states at every year-end that is asked about, a line each."""
    for horizon in horizons_from(forecast.reference_date):
        told = (f"{state} {100 * forecast.probability(TARGET_STATE, horizon, state):.1f}" for state in STATES)
        yield f"  end of {forecast.reference_date.year + horizon}: {', '.join(told)}"


def _lines(result: Result, *, dry: bool) -> Iterator[str]:
    if result.update is None:
        yield "The rows had come into force before; what was left to do is done."
    yield from _explained(result.explanation, dry=dry)
    if result.check:
        verdict = "passed" if result.check.passed else "FAILED, so that no badge is green"
        yield f"The library's check: {verdict}; {result.check.sentence}."
    if result.published:
        yield from _published(result.published, dry=dry)
    if result.removed:
        days = ", ".join(map(str, result.removed))
        yield f"Removed the fits as of {days}: they are neither of the newest year-end nor of a study."
    yield "Nothing was changed; the same command without --dry-run goes on from here." if dry else "Done."


def _explained(explanation: Explanation, *, dry: bool) -> Iterator[str]:
    yield "What the first answer says has moved:" if dry else "What has moved:"
    for row in explanation.chances.itertuples():
        was = "was not asked about" if math.isnan(row.old) else f"was {100 * row.old:.1f} %"
        yield f"  {row.target_end_date} {row.state:14} {100 * row.new:5.1f} % ({was})"
    yield from (explanation.comparison.explanation[:1] if explanation.comparison else ())
    if explanation.parts and explanation.parts.game.changed:
        yield from split_lines(explanation.parts)
    if explanation.rows:
        yield from movers_lines(explanation.rows, "rows")
    yield from explanation.missing


def _published(published: Published, *, dry: bool) -> Iterator[str]:
    for each in published.answers:
        yield f"{'Would resolve' if dry else 'Resolved'}: {each.question} {each.subject}: {each.status} {each.outcome}"
    if published.before:
        yield f"Published before, as entry {published.before.sequence}: {published.before.digest}"
    if (publication := published.publication) is None:
        return
    if publication.previous:
        yield from _since(publication.previous, publication.saved)
    word = "Would be published (with the numbers of the whole library)" if dry else "Published"
    yield f"{word} as entry {publication.saved.sequence}; head: {publication.head}"
    yield publication.line


def _since(previous: SavedForecast, saved: SavedForecast) -> Iterator[str]:
    """The states of both published forecasts at the year-ends that they share."""
    yield f"Since the last published forecast, entry {previous.sequence} as of {previous.reference_date}, in per cent:"
    old, new = (_by_year(each) for each in (previous, saved))
    for year in sorted(old.keys() & new.keys()):
        pairs = zip(STATES, old[year], new[year], strict=True)
        yield f"  end of {year}: {', '.join(f'{state} {100 * a:.1f} to {100 * b:.1f}' for state, a, b in pairs)}"


def _by_year(saved: SavedForecast) -> Mapping[int, tuple[float, ...]]:
    horizons = horizons_from(saved.reference_date)
    rows = saved.published[MODEL_MIXTURE][TARGET_STATE]
    return {saved.reference_date.year + horizon: row for horizon, row in zip(horizons, rows, strict=True)}


def _plain(result: Result) -> Fields:
    """The whole result as JSON values."""
    explanation, published = result.explanation, result.published
    missing = "; ".join(explanation.missing)
    movers = {"rows_that_moved": explanation.rows} if explanation.rows else {}
    publication = published.publication if published else None
    return {
        "preview": list(sentences(result.update)) if result.update else [],
        "chances": plain_rows(explanation.chances),
        **plain_split(explanation.parts, missing),
        **plain_movers(**movers),
        "check": result.check.document if result.check else None,
        "published": publication.saved.digest if publication else None,
        "removed": [str(day) for day in result.removed],
    }
