"""`python -m models resolve`: what the ledger says of past years, and of the signposts."""

import argparse
import math
from datetime import date

from data.digest import Fields
from data.load import LEDGER_END
from models.commands.options.line import Parsers, add_json, answer, command, day
from models.errors import OutcomeError
from models.measures.structure import ALIGNMENT
from models.outcome.rule import RULE, Label, resolve_history
from models.outcome.signposts import SignpostResolution, resolve_signposts

DESCRIPTION = """\
Label year-ends with the outcome rule, the same that labels simulated futures and, one day, settles the forecast.

  tone   decayed mean intensity of the last five years' acts, -10 (force) to +10 (alliance)
  state  rupture below -3 or after a break act, strain below -0.5, transactional below 2.5, deeper from there
"""
EXAMPLES = """\
examples:
  python -m models resolve --from 1950 --to 2024
  python -m models resolve --from 1969 --to 1969 --json
  python -m models resolve --signposts                 yes-or-no questions and their answers so far
  python -m models resolve --as-of 2010-12-31          as it could be known on that day
"""


def add(commands: Parsers) -> None:
    """Add the command."""
    more = {"description": DESCRIPTION, "epilog": EXAMPLES}
    parser = command(commands, "resolve", "label history, answer signposts", run_resolve, **more)
    first = f"first year-end ({ALIGNMENT.first_year})"
    parser.add_argument("--from", dest="first", metavar="YEAR", type=int, help=first)
    parser.add_argument("--to", dest="last", metavar="YEAR", type=int, help="last year-end (the evidence's last)")
    parser.add_argument("--as-of", metavar="DATE", type=day, help="use only what could be known on this day")
    parser.add_argument("--signposts", action="store_true", help="answer the signposts instead")
    add_json(parser, "the answers")


def run_resolve(args: argparse.Namespace) -> int:
    """Print labels or signposts."""
    evidence = args.context.evidence(args.as_of or (LEDGER_END if args.signposts else None))
    if args.signposts:
        today = args.as_of or args.context.today()
        return _print_signposts(args, resolve_signposts(evidence.events, evidence.as_of, today=today))
    first = ALIGNMENT.first_year if args.first is None else args.first
    whole = _last_whole_year(evidence.as_of)
    last = whole if args.last is None else args.last
    _require_known(first, last, whole, evidence.as_of)
    return _print_labels(args, resolve_history(evidence.events, first, last))


def _last_whole_year(as_of: date) -> int:
    return as_of.year if as_of == date(as_of.year, 12, 31) else as_of.year - 1


def _require_known(first: int, last: int, whole: int, as_of: date) -> None:
    if first < ALIGNMENT.first_year or last > whole:
        raise OutcomeError(
            f"got years {first} to {last}, expected {ALIGNMENT.first_year} to {whole}: the ledger begins in the one "
            f"and the evidence as of {as_of} ends with the other; narrow the range"
        )


def _print_labels(args: argparse.Namespace, history: tuple[Label, ...]) -> int:
    rule = {"version": RULE.version, "digest": RULE.digest}
    lines = [
        f"{label.year}  {label.state.value if label.state else 'no label':13}  {label.tone:+6.2f}  {label.reason}"
        for label in history
    ]
    return answer(args, {"rule": rule, "years": [_plain(label) for label in history]}, "\n".join(lines))


def _plain(label: Label) -> Fields:
    return {
        "year": label.year,
        "state": label.state.value if label.state else None,
        "tone": None if math.isnan(label.tone) else label.tone,
        "reason": label.reason,
        "decisive": [event.id for event in label.decisive],
    }


def _print_signposts(args: argparse.Namespace, answers: tuple[SignpostResolution, ...]) -> int:
    values = [
        {
            "id": resolution.signpost.id,
            "status": resolution.status,
            "question": resolution.signpost.question,
            "deadline": resolution.signpost.deadline.isoformat(),
            "note": resolution.note,
            "event": resolution.event.id if resolution.event else None,
        }
        for resolution in answers
    ]
    lines = [
        f"{each.status:5} {each.signpost.deadline}  {each.signpost.question}\n{'':18}{each.note}" for each in answers
    ]
    return answer(args, values, "\n".join(lines))
