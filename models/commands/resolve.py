"""`python -m models resolve`: what the ledger says of past years, and of the signposts."""

import argparse
import math
from dataclasses import asdict
from datetime import date
from pathlib import Path
from textwrap import fill

from data.days import last_whole_year
from data.digest import Fields
from data.types import Event
from models.commands.options.line import Parsers, add_json, answer, command, day
from models.commands.options.runs import add_tables
from models.errors import OutcomeError
from models.measures.structure import ALIGNMENT
from models.outcome.constants import OutcomeRule
from models.outcome.past_rows import past_rows, past_text
from models.outcome.rule import RULE, Label, resolve_history, rule_of
from models.outcome.signposts import SignpostResolution, resolve_signposts
from models.outcome.words import break_words, cut_words, tone_words, weight_words, year_words
from models.outcome.year_mean import YearMean, resolve_year_mean

_TOLD = {
    "weight": weight_words(RULE),
    "tone": tone_words(RULE),
    "state": cut_words(RULE),
    "break": break_words(RULE),
    "year": f"{year_words(RULE)} (--year-means)",
}
_LINES = [fill(text, 118, initial_indent=f"  {name:8}", subsequent_indent=" " * 10) for name, text in _TOLD.items()]
DESCRIPTION = f"""\
Label year-ends with the outcome rule, the same that labels simulated futures and, one day, settles the forecast.
Under {RULE.version}:

{"\n".join(_LINES)}
"""
EXAMPLES = """\
examples:
  python -m models resolve --from 1950 --to 2024
  python -m models resolve --from 1969 --to 1969 --json
  python -m models resolve --rule rule-1               under the rule of the forecasts made before this one
  python -m models resolve --year-means                each year's own mean against the tone a year before
  python -m models resolve --signposts                 questions, answers so far, near misses, past rows
  python -m models resolve --candidates                the study that chose the rule, made again (seconds)
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
    parser.add_argument("--rule", metavar="NAME", help=f"another rule, by version or digest ({RULE.version})")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--signposts", action="store_true", help="answer the signposts instead")
    instead.add_argument("--year-means", action="store_true", help="answer for each year's own mean instead")
    instead.add_argument("--candidates", action="store_true", help="compare the candidates for the rule instead")
    add_tables(parser, Path("docs") / "outcome_rule")
    add_json(parser, "the answers")


def run_resolve(args: argparse.Namespace) -> int:
    """Print labels, years' own means or signposts, or compare the candidates for the rule."""
    if args.candidates or args.signposts:
        _refuse_unused(args)
    if args.candidates:
        from models.commands.actions.candidates import run_candidates

        return run_candidates(args)
    evidence = args.context.evidence(args.as_of or (args.context.edition.searched_until if args.signposts else None))
    if args.signposts:
        today = args.as_of or args.context.today()
        return _print_signposts(args, resolve_signposts(evidence.events, evidence.as_of, today=today), evidence.events)
    rule = rule_of(args.rule or RULE.digest)
    first = ALIGNMENT.first_year if args.first is None else args.first
    whole = last_whole_year(evidence.as_of)
    last = whole if args.last is None else args.last
    _require_known(first, last, whole, evidence.as_of)
    if args.year_means:
        years = range(max(first, ALIGNMENT.first_year + 1), last + 1)
        return _print_means(args, [resolve_year_mean(evidence.events, year, year - 1, rule) for year in years], rule)
    return _print_labels(args, resolve_history(evidence.events, first, last, rule), rule)


def _require_known(first: int, last: int, whole: int, as_of: date) -> None:
    if first < ALIGNMENT.first_year or last > whole:
        raise OutcomeError(
            f"got years {first} to {last}, expected {ALIGNMENT.first_year} to {whole}: the ledger begins in the one "
            f"and the evidence as of {as_of} ends with the other; narrow the range"
        )


def _refuse_unused(args: argparse.Namespace) -> None:
    given = {"--rule": args.rule, "--from": args.first, "--to": args.last}
    if args.candidates:
        given |= {"--as-of": args.as_of, "--json": args.json or None}
    if unused := [option for option, value in given.items() if value is not None]:
        asked = "--candidates" if args.candidates else "--signposts"
        raise OutcomeError(f"got {', '.join(unused)} with {asked}, which rests on none of them; leave them out")


def _print_means(args: argparse.Namespace, answers: list[YearMean], rule: OutcomeRule) -> int:
    lines = [f"{each.year}  {each.word or 'annulled':15}  {each.reason}" for each in answers]
    return answer(args, {"rule": _named(rule), "years": [asdict(each) for each in answers]}, "\n".join(lines))


def _named(rule: OutcomeRule) -> Fields:
    return {"version": rule.version, "digest": rule.digest}


def _print_labels(args: argparse.Namespace, history: tuple[Label, ...], rule: OutcomeRule) -> int:
    lines = [
        f"{label.year}  {label.state.value if label.state else 'no label':13}  {label.tone:+6.2f}  {label.reason}"
        for label in history
    ]
    return answer(args, {"rule": _named(rule), "years": [_plain(label) for label in history]}, "\n".join(lines))


def _plain(label: Label) -> Fields:
    return {
        "year": label.year,
        "state": label.state.value if label.state else None,
        "tone": None if math.isnan(label.tone) else label.tone,
        "reason": label.reason,
        "decisive": [event.id for event in label.decisive],
    }


def _print_signposts(
    args: argparse.Namespace, answers: tuple[SignpostResolution, ...], events: tuple[Event, ...]
) -> int:
    values = [_answered(resolution, events) for resolution in answers]
    lines = [line for resolution in answers for line in _signpost_lines(resolution, events)]
    return answer(args, values, "\n".join(lines))


def _answered(resolution: SignpostResolution, events: tuple[Event, ...]) -> Fields:
    signpost = resolution.signpost
    past = past_rows(signpost, events, until=signpost.opens)
    return {
        "id": signpost.id,
        "status": resolution.status,
        "question": signpost.question,
        "deadline": signpost.deadline.isoformat(),
        "note": resolution.note,
        "event": resolution.event.id if resolution.event else None,
        "near_misses": [event.id for event in resolution.near_misses],
        "past_rows": len(past.rows),
        "past_years": list(past.years),
        "implies": list(signpost.implies),
    }


def _signpost_lines(resolution: SignpostResolution, events: tuple[Event, ...]) -> list[str]:
    signpost = resolution.signpost
    near = [f"Near miss: {event.id}. {event.summary}" for event in resolution.near_misses]
    more = [f"A yes also answers {', '.join(signpost.implies)}."] if signpost.implies else []
    details = [resolution.note, *near, *more, past_text(signpost, events)]
    asked = f"{signpost.id}  {resolution.status:5} {signpost.deadline}  {signpost.question}"
    return [asked, *(f"{'':23}{detail}" for detail in details)]
