"""`python -m models resolve` and `evidence check`: what the record says, and whether the record is whole."""

import argparse
import math
from dataclasses import asdict
from datetime import date

from data.provenance import ProvenanceFinding, check_provenance, write_receipts
from models.commands.options.settings import add_json, day, note, present_evidence
from models.errors import OutcomeError
from models.measures.structure import ALIGNMENT
from models.outcome.rule import RULE, Label, resolve_history
from models.outcome.signposts import SignpostResolution, resolve_signposts
from models.text.output import print_json

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
CHECK_DESCRIPTION = """\
Check that every file of data/ has a receipt with its SHA-256, every receipt its file, and every row its source.
Rows that load and that no forecast uses are counted with the reason (--all), and told when only their date keeps them
out. Exit code 1 when a check fails. After editing a file on purpose, write the new digest with --write-receipts.
"""


def add(commands: argparse._SubParsersAction) -> None:
    """Add both commands."""
    layout = argparse.RawDescriptionHelpFormatter
    parser = commands.add_parser(
        "resolve",
        help="label history, answer signposts",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=layout,
    )
    parser.add_argument(
        "--from", dest="first", metavar="YEAR", type=int, help=f"first year-end ({ALIGNMENT.first_year})"
    )
    parser.add_argument("--to", dest="last", metavar="YEAR", type=int, help="last year-end (the evidence's last)")
    parser.add_argument("--as-of", metavar="DATE", type=day, help="use only what could be known on this day")
    parser.add_argument("--signposts", action="store_true", help="answer the signposts instead")
    add_json(parser, "the answers")
    parser.set_defaults(run=run_resolve)

    evidence = commands.add_parser("evidence", help="check the ledger, the indicators and their sources")
    actions = evidence.add_subparsers(metavar="ACTION", required=True)
    check = actions.add_parser("check", help="check provenance", description=CHECK_DESCRIPTION, formatter_class=layout)
    check.add_argument("--write-receipts", action="store_true", help="first write the files' present digests")
    check.add_argument("--all", action="store_true", help="list the passed checks too")
    add_json(check, "the findings")
    check.set_defaults(run=run_check)


def run_resolve(args: argparse.Namespace) -> int:
    """Print labels or signposts."""
    evidence = present_evidence(args.as_of)
    if args.signposts:
        today = args.as_of or date.today()
        return _print_signposts(resolve_signposts(evidence.events, evidence.as_of, today=today), args.json)
    first = ALIGNMENT.first_year if args.first is None else args.first
    whole = _last_whole_year(evidence.as_of)
    last = whole if args.last is None else args.last
    _require_known(first, last, whole, evidence.as_of)
    return _print_labels(resolve_history(evidence.events, first, last), args.json)


def run_check(args: argparse.Namespace) -> int:
    """Print provenance findings; 1 when one failed."""
    if args.write_receipts:
        for file in write_receipts():
            note(f"Wrote the digest of {file}.")
    findings = check_provenance()
    failed = [finding for finding in findings if not finding.passed]
    if args.json:
        print_json([asdict(finding) for finding in findings])
    else:
        told = [finding for finding in findings if args.all or finding.notice or not finding.passed]
        for finding in told:
            print(f"{_word(finding)} {finding.file}: {finding.check}. {finding.detail}".rstrip())
        noticed = any(finding.notice for finding in findings)
        more = " Nothing is wrong with what the NOTICE above names, and no forecast uses it yet." if noticed else ""
        print(f"{len(findings) - len(failed)} of {len(findings)} checks passed.{more}")
    return 1 if failed else 0


def _word(finding: ProvenanceFinding) -> str:
    return "FAILED" if not finding.passed else "NOTICE" if finding.notice else "ok    "


def _last_whole_year(as_of: date) -> int:
    return as_of.year if as_of == date(as_of.year, 12, 31) else as_of.year - 1


def _require_known(first: int, last: int, whole: int, as_of: date) -> None:
    if first < ALIGNMENT.first_year or last > whole:
        raise OutcomeError(
            f"got years {first} to {last}, expected {ALIGNMENT.first_year} to {whole}: the ledger begins in the one "
            f"and the evidence as of {as_of} ends with the other; narrow the range"
        )


def _print_labels(history: tuple[Label, ...], as_json: bool) -> int:
    if as_json:
        years = [_plain(one) for one in history]
        print_json({"rule": {"version": RULE.version, "digest": RULE.digest}, "years": years})
        return 0
    for one in history:
        state = one.state.value if one.state else "no label"
        print(f"{one.year}  {state:13}  {one.tone:+6.2f}  {one.reason}")
    return 0


def _plain(one: Label) -> dict[str, object]:
    return {
        "year": one.year,
        "state": one.state.value if one.state else None,
        "tone": None if math.isnan(one.tone) else one.tone,
        "reason": one.reason,
        "decisive": [event.id for event in one.decisive],
    }


def _print_signposts(answers: tuple[SignpostResolution, ...], as_json: bool) -> int:
    if as_json:
        print_json(
            [
                {
                    "id": one.signpost.id,
                    "status": one.status,
                    "question": one.signpost.question,
                    "deadline": one.signpost.deadline.isoformat(),
                    "note": one.note,
                    "event": one.event.id if one.event else None,
                }
                for one in answers
            ]
        )
        return 0
    for one in answers:
        print(f"{one.status:5} {one.signpost.deadline}  {one.signpost.question}\n{'':18}{one.note}")
    return 0
