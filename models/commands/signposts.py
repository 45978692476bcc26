"""`python -m models signposts`: a chance for every open question, what follows from an answer, and what it teaches."""

import argparse

import pandas as pd

from models.commands.options.asking import add_asking, chosen_asking
from models.commands.options.line import Parsers, add_json, command, percent
from models.commands.options.present import present
from models.commands.options.settings import SETTINGS_HELP, add_library, add_settings
from models.fits.probabilities import OUTCOMES
from models.names import STATES
from models.signposts.ask import RAREST
from models.signposts.pins import MOST_PINS
from models.signposts.table import SignpostTable
from models.signposts.value import SHOWN_AS
from models.storage.safe_csv import safe_csv
from models.text.output import print_file, print_json

DESCRIPTION = """\
Print the chance of a recorded yes for every open signpost, the states of a year-end after either answer, and how much
that answer would teach about them. With --given, the same once something is known; with --do, once an act is made to
happen. Stored simulated ledgers are weighed, nothing is sampled: it takes some seconds.

what the numbers mean:
  chance     of a yes by the deadline that this ledger records, if it goes on being kept as in the last three years
  [4-25]     that chance over what is not known about how often such rows come (5 to 95 %)
  given      the chance once what --given says is known
  if yes     per cent of rupture, strain, transactional and deeper at the year-end of --value, after a yes; after a no
  value      by the model: expected fall of the ranked probability score at that year-end, in thousandths; values
             overlap and do not add up
  observed   says something of the world that brought it; made to happen adds its row, and nothing else
"""
EXAMPLES = f"""\
examples (at most {MOST_PINS} of --given):
  python -m models signposts
  python -m models signposts --given S03=yes --given deeper@2028 --value 2029
  python -m models signposts --do S09@2027 --preset sceptic
  python -m models signposts --given S03=yes --json | python -m json.tool
"""


def add(commands: Parsers) -> None:
    """Add the command."""
    more = {"description": DESCRIPTION, "epilog": SETTINGS_HELP + "\n" + EXAMPLES}
    parser = command(commands, "signposts", "chances of signposts, what if, and what an answer is worth", run, **more)
    add_asking(parser)
    parser.add_argument("--value", metavar="YEAR", type=int, help="year-end of the states (default: the third ahead)")
    add_settings(parser)
    add_library(parser)
    shape = parser.add_mutually_exclusive_group()
    add_json(shape, "everything")
    shape.add_argument("--csv", action="store_true", help="print the table as CSV")


def run(args: argparse.Namespace) -> int:
    """Print the table."""
    asking = chosen_asking(args)
    drawn = present(args)
    asked = drawn.signposts(asking, args.value)
    if args.json:
        print_json(asked.document)
    elif args.csv:
        print_file(safe_csv(asked.table))
    else:
        changed = ", ".join(f"{key}={drawn.assumptions.values[key]:g}" for key in drawn.assumptions.changed)
        print("\n".join([*_head(asked, changed), "", *_rows(asked), *_states(asked), "", *_feet(asked)]))
    return 0


def _head(asked: SignpostTable, changed: str) -> list[str]:
    count, answer = asked.expected, asked.answer
    lines = [
        f"Signposts from {asked.reference_date}: {count.of} open; expected to be answered yes: {count.mean:.1f} "
        f"[{count.low} to {count.high}]",
        f"Settings: {changed or 'all at their defaults'}",
    ]
    if answer.pins:
        lines.append(f"Observed: {', '.join(answer.pins)}; chance of that: {percent(answer.chance)}")
    if answer.acts:
        lines.append(f"Made to happen: {', '.join(answer.acts)}; its row is added, and nothing else changes")
    if answer.too_rare:
        lines.append(f"Too rare to say: below {100 * RAREST:g} % nothing is told of what follows.")
    elif answer.pins or answer.acts:
        lines.append(f"Reliability: {answer.status}; borrowed by models without ledgers: {percent(answer.borrowed)}")
    return lines


def _rows(asked: SignpostTable) -> list[str]:
    """One line a signpost."""
    given = bool(asked.answer.pins or asked.answer.acts)
    states = f"if yes, {asked.year}", "if no"
    head = f"{'id':5}{'by':12}{'chance':>14}" + f"{'given':>8}" * given
    lines = [head + "".join(f"{name:>18}" for name in states) + f"{'value':>8}  question"]
    for row in asked.table.itertuples():
        cells = [f"{row.id:5}{row.deadline:12}{_ranged(row.chance, row.low, row.high):>14}"]
        if given:
            cells.append(f"{percent(row.given):>8}")
        for answer in ("yes", "no"):
            numbers = (getattr(row, f"{answer}_{state}") for state in STATES)
            cells.append(f"{'  '.join('-' if p != p else f'{100 * p:.0f}' for p in numbers):>18}")
        cells.append(f"{'-' if row.value != row.value else f'{SHOWN_AS * row.value:.1f}':>8}  {row.question}")
        lines.append("".join(cells))
    return lines


def _states(asked: SignpostTable) -> list[str]:
    """Outcomes before and given, where anything was asked that can be answered."""
    if not (asked.answer.pins or asked.answer.acts) or asked.answer.too_rare:
        return []
    ends = list(dict.fromkeys(asked.states["target_end_date"]))
    lines = ["", f"{'as published, and given that':30}" + "".join(f"{end[:4]:>16}" for end in ends)]
    by = asked.states.set_index(["outcome", "target_end_date"])
    for outcome in OUTCOMES:
        cells = (_moved(by.loc[(outcome, end)]) for end in ends)
        lines.append(f"{outcome:30}" + "".join(f"{cell:>16}" for cell in cells))
    return lines


def _moved(row: pd.Series) -> str:
    return f"{percent(row['before'])} → {percent(row['given'])}"


def _feet(asked: SignpostTable) -> list[str]:
    settled = ", ".join(f"{one.signpost.id} {one.status}" for one in asked.settled)
    return [
        f"Without a chance: {settled or 'none'}.",
        "Value: by the model, in thousandths of a ranked probability score. More: python -m models signposts --help",
    ]


def _ranged(chance: float, low: float, high: float) -> str:
    return percent(chance) + ("" if low != low else f" [{100 * low:.0f}-{100 * high:.0f}]")
