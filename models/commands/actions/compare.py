"""`python -m models snapshot compare`: what became of a forecast, why, and which rows and assumptions moved it most."""

import argparse
from pathlib import Path

import pandas as pd

from data.digest import Fields
from data.types import Evidence
from models.answers.drawn import Drawn
from models.change.compare import Comparison, compare
from models.change.game import BY
from models.change.movers import MOST_YEARS, Movers, knobs_that_moved, rows_that_moved
from models.change.side import Side
from models.change.signposts import signpost_moves
from models.change.split import Split, split
from models.commands.options.line import Parsers, add_json, answer, command, note
from models.commands.options.settings import add_library, chosen_library, restored
from models.errors import FitError, SnapshotError
from models.fits.alignment_fit import AlignmentFit, load_fit
from models.library.library import Library
from models.snapshot.archive import MAX_BYTES, read_archive
from models.snapshot.value import Snapshot
from models.storage.disk import read_limited
from models.storage.safe_csv import plain_rows

DESCRIPTION = """\
Compare two snapshots, or one with the numbers that its settings give today: which probabilities moved by more than four
combined Monte Carlo standard errors, and what changed (ledger rows, indicators, claims, rule, model, assumptions,
library, packages). Then the change of each state's probability is split, exactly, into what the data, the assumptions
(prior), the model and passing time did (Shapley), and the rows and assumptions that moved it most alone are listed.
Snapshots that carry their inputs are taken apart whatever evidence this program has; light ones only if it is the same.
"""
SHOWN = 10
"""Pieces that a terminal lists; --json has all."""
LEAST = 0.0005
"""A part below a twentieth of a point is told as nothing."""

type Own = tuple[Evidence, Library]


def add(group: Parsers) -> None:
    """Add the action."""
    parser = command(group, "compare", "explain and split differences", run, description=DESCRIPTION)
    parser.add_argument("old", metavar="OLD", type=Path)
    parser.add_argument("new", metavar="NEW", type=Path, nargs="?", help="without it: the present numbers")
    parser.add_argument("--by", choices=BY, default="date", help="split the same year-ends (default), or years ahead")
    add_library(parser)
    add_json(parser, "the comparison")


def run(args: argparse.Namespace) -> int:
    """Print what differs, and why."""
    old, new = _sides(args)
    result = compare(old.snapshot, new.snapshot)
    parts, refused = _split(old, new, args.by)
    rows, knobs = rows_that_moved(old, new, _fit(args, new)), knobs_that_moved(old, new)
    lines = [*result.explanation]
    if parts is not None and parts.game.changed:
        lines += ["", *split_lines(parts)]
    if refused:
        lines += ["", f"The change cannot be split: {refused}"]
    lines += [*movers_lines(rows, "rows"), *movers_lines(knobs, "assumptions")]
    signposts = signpost_moves(old.snapshot, new.snapshot)
    lines += signpost_lines(signposts)
    movers = plain_movers(rows_that_moved=rows, assumptions_that_moved=knobs)
    values = plain(result) | plain_split(parts, refused) | movers | {"signposts": signposts.to_dict("records")}
    return answer(args, values, "\n".join(lines))


def plain(result: Comparison) -> Fields:
    """A comparison as JSON values."""
    names = ("kind", "name", "old", "new", "sentence")
    changes = [{name: getattr(change, name) for name in names} for change in result.changes]
    return {
        "same_numbers": bool(result.same_numbers),
        "explanation": list(result.explanation),
        "changes": changes,
        "rows": result.rows.to_dict("records"),
    }


def plain_split(parts: Split | None, refused: str) -> Fields:
    """A split as JSON values, or why there is none."""
    if parts is None:
        return {"split": None, "split_refused": refused}
    statuses = [{"new": sorted(players), "status": status} for players, status in parts.statuses.items()]
    return {
        "split": {
            "by": parts.by,
            "changed": list(parts.game.changed),
            "together": list(parts.game.together),
            "status": parts.status,
            "forecasts": statuses,
            "notes": list(parts.notes),
            "rows": plain_rows(parts.table),
        }
    }


def plain_movers(**named: Movers) -> Fields:
    """Single effects as JSON values, by what moved."""
    return {
        name: {
            "asked": movers.pieces - movers.unasked,
            "unasked": movers.unasked,
            "silent": list(movers.silent),
            "effects": plain_rows(movers.table),
        }
        for name, movers in named.items()
    }


def split_lines(parts: Split) -> list[str]:
    """A split as lines for a terminal, in points."""
    whats = {"date": "the same year-ends", "horizon": "as many years ahead"}
    lines = [
        f"The change in points, {whats[parts.by]}, split by Shapley (± one Monte Carlo standard error); "
        f"reliability of the forecasts in between: {parts.status}",
        f"{'':25}{'old':>8}{'new':>8}{'change':>9}" + "".join(f"{part:>16}" for part in parts.parts),
    ]
    for row in parts.table.to_dict("records"):
        head = f"{row['target_end_date']} {row['state']:14}{100 * row['old']:7.1f} %{100 * row['new']:6.1f} %"
        columns = "".join(f"{_points(row[part], row[f'{part}_error']):>16}" for part in parts.parts)
        lines.append(f"{head}{100 * row['total']:+9.1f}{columns}")
    return [*lines, *parts.notes]


def movers_lines(movers: Movers, what: str) -> list[str]:
    """The pieces that move most as lines for a terminal."""
    if not movers.pieces:
        return []
    top = movers.largest(SHOWN)
    lines = ["", f"{what.capitalize()} that moved most, each alone (effects need not add up); {movers.pieces} differ:"]
    lines += [
        f"  {_points(row['effect'], row['error']):>13}  {row['state']} at {row['target_end_date']}: {row['name']} "
        f"({row['happened']}; {row['status']}) {row['label']}"
        for row in top.to_dict("records")
    ]
    lines += [
        f"  {_points(row['effect'], row['error']):>13}  {row['state']} at {row['target_end_date']}: {row['label']} "
        f"at once ({row['happened']}; {row['status']})"
        for row in movers.largest_years().to_dict("records")
    ]
    if not len(top):
        lines.append("  none moves any probability")
    if movers.unasked:
        lines.append(
            f"  {movers.unasked} ledger rows differ, too many to ask one by one: the last {MOST_YEARS} years that "
            "differ were, each with all its rows at once."
        )
    if movers.silent:
        names = ", ".join(movers.silent)
        lines.append(f"  Without a whole fit on that evidence {names} could not be asked about rows.")
    return lines


def signpost_lines(moves: pd.DataFrame) -> list[str]:
    """Signposts and what-ifs that moved most as lines for a terminal."""
    moved = moves[moves["difference"].abs() >= LEAST]
    if not len(moved):
        return []
    top = moved.loc[moved["difference"].abs().sort_values(ascending=False, kind="stable").index[:SHOWN]]
    lines = ["", f"Signposts and what-ifs that moved most; {len(moved)} of {len(moves)} chances differ:"]
    return lines + [
        f"  {100 * row.difference:+8.1f}  {row.question}, {row.outcome}: {100 * row.old:.1f} % to {100 * row.new:.1f} %"
        for row in top.itertuples()
    ]


def _points(value: float, error: float) -> str:
    return "0" if abs(value) < LEAST and error < LEAST else f"{100 * value:+.1f} ± {100 * error:.1f}"


def _sides(args: argparse.Namespace) -> tuple[Side, Side]:
    old = read_archive(read_limited(args.old, MAX_BYTES))
    if args.new is None:
        own = chosen_library(args)
        return Side.of(old.snapshot, old.inputs, own), _present(old.snapshot, own)
    new = read_archive(read_limited(args.new, MAX_BYTES))
    own = None if old.inputs and new.inputs else _own(args)
    return Side.of(old.snapshot, old.inputs, own), Side.of(new.snapshot, new.inputs, own)


def _own(args: argparse.Namespace) -> Own | None:
    """This program's own evidence and draws, for snapshots that came without; a comparison can do without them."""
    try:
        return chosen_library(args)
    except FitError as error:
        note(str(error))
        return None


def _present(old: Snapshot, own: Own) -> Side:
    """What the old snapshot's settings give with today's evidence, rule, model and library."""
    evidence, library = own
    drawn = Drawn.of(evidence, library, restored(old, evidence.claims))
    return Side(snapshot=drawn.snapshot(), evidence=evidence, library=library)


def _split(old: Side, new: Side, by: str) -> tuple[Split | None, str]:
    try:
        return split(old, new, by), ""
    except SnapshotError as error:
        return None, str(error)


def _fit(args: argparse.Namespace, new: Side) -> AlignmentFit | None:
    """A whole fit of the latent-alignment model, to ask it about rows; it answers for its own evidence only."""
    try:
        return load_fit(args.fit or args.context.fits(new.snapshot.reference_date))
    except FitError as error:
        note(str(error))
        return None
