"""`python -m models paths`: what if a driver were held at a value from a year on, in two columns."""

import argparse
from collections.abc import Iterable
from textwrap import fill

from data.digest import Fields
from models.commands.forecast import QUESTIONS
from models.commands.options.line import Parsers, add_json, answer, command, note
from models.commands.options.settings import (
    SETTINGS_HELP,
    add_library,
    add_settings,
    chosen_assumptions,
    chosen_library,
)
from models.fits.alignment_fit import AlignmentFit, base_case, load_fit
from models.names import MODEL_MIXTURE, MODELS
from models.paths.answers import PathAnswer, PathBasis
from models.paths.drivers import BY_CLAIM, HeldDrivers
from models.paths.holds import LEVELS, Hold
from models.paths.named import NamedPath, named_path, named_paths
from models.weighting.status import Status

DESCRIPTION = f"""\
Hold drivers at a value from a year on, and simulate the futures again: once with the evidence alone, once with the
essay's reasons, each with whatever else the settings move. Without a what-if: what can be held, and at what.

what the numbers mean:
  17 % -1.8   chance with the driver held, and the difference to the published chance in percentage points
  error       Monte Carlo error of the differences; both simulations share their random numbers
  draws       share of the model's draws in which the driver moves the pair to the same side as on average: the sign of
              a claim is an assumption, and the evidence hardly speaks about it
A driver acts a year later. Two of four models read drivers; the others stay as they are. A what-if moves a number that
stands in for a claim and nothing else: it adds no act to the ledger, and says nothing of what would bring it about.

values: a number in the driver's own units, standard deviations such as +1.5sd, or {", ".join(LEVELS)}
"""
EXAMPLES = """\
examples:
  python -m models paths
  python -m models paths --named wolf
  python -m models paths --named no_programme@2027 --json
  python -m models paths --hold C11=usual@2027 --hold C01=-1sd@2028
"""
WIDTH = 118


def add(commands: Parsers) -> None:
    """Add the command."""
    more = {"description": DESCRIPTION, "epilog": SETTINGS_HELP + "\n" + EXAMPLES}
    parser = command(commands, "paths", "hold a driver at a value from a year on", run, **more)
    text = "hold a claim's driver; may be repeated; without a year from the first one that can be chosen"
    parser.add_argument("--hold", metavar="CLAIM=VALUE@YEAR", action="append", default=[], help=text)
    parser.add_argument("--named", metavar="NAME@YEAR", help="a what-if with a name: wolf, no_programme, ...")
    add_settings(parser)
    add_library(parser)
    parser.add_argument("--model", choices=MODELS, default=MODEL_MIXTURE, help="whose chances (default: mixture)")
    add_json(parser, "the answers of all models")


def run(args: argparse.Namespace) -> int:
    """Print what can be held, or what holding does."""
    evidence, library = chosen_library(args)
    if not (args.hold or args.named):
        return _list(args, HeldDrivers.of(evidence))
    basis = PathBasis.of(evidence, library, _fit(args))
    named, holds = _asked(args, basis.drivers)
    assumptions = chosen_assumptions(args, evidence.claims)
    columns = basis.in_both(assumptions, holds)
    for name, column in columns.items():
        if column.status == Status.POOR:
            note(f"Warning: {name}: these settings are too far from the base case, so that no number of it counts.")
    told = _plain(basis.drivers, holds, named)
    if args.json:
        values = {"assumptions": dict(assumptions.values), **told}
        return answer(args, {**values, "columns": {name: column.plain for name, column in columns.items()}}, "")
    head = [_title(basis.drivers, hold) for hold in holds]
    if named:
        head = [f"{named.label} (essay, paragraph {named.paragraph})", fill(named.stands_for, WIDTH), *head]
    parts = [_column(name, column, args.model) for name, column in columns.items()]
    print("\n\n".join(["\n".join(head), *parts]))
    return 0


def _fit(args: argparse.Namespace) -> AlignmentFit:
    if args.fit is not None:
        return load_fit(args.fit)
    evidence = args.context.evidence(args.as_of)
    return base_case(evidence, args.context.fits(evidence.as_of))


def _asked(args: argparse.Namespace, drivers: HeldDrivers) -> tuple[NamedPath | None, tuple[Hold, ...]]:
    first = drivers.starts[0]
    holds = tuple(Hold.read(text, first) for text in args.hold)
    if args.named is None:
        return None, holds
    named, own = named_path(args.named, first)
    return named, (*own, *holds)


def _plain(drivers: HeldDrivers, holds: Iterable[Hold], named: NamedPath | None) -> Fields:
    return {
        "as_of": drivers.as_of.isoformat(),
        "named": named and named.key,
        "held": [
            {
                "claim": hold.claim,
                "driver": BY_CLAIM[hold.claim].title,
                "from": hold.start,
                "value": drivers.value(hold),
                "standard_deviations": drivers.standardised(hold),
            }
            for hold in holds
        ],
    }


def _title(drivers: HeldDrivers, hold: Hold) -> str:
    now, then = float(drivers.table.origin[hold.claim]), drivers.standardised(hold)
    most = ", the most that models take from a driver" if drivers.is_held_back(hold) else ""
    title = f"{hold.claim} {BY_CLAIM[hold.claim].title}: {_value(drivers, hold)} from {hold.start} on"
    return f"{title}; {now:+.2f} -> {then:+.2f} standard deviations{most}"


def _value(drivers: HeldDrivers, hold: Hold) -> str:
    value = drivers.value(hold)
    shown = ("no", "yes")[round(value)] if BY_CLAIM[hold.claim].is_flag else f"{value:.4g}"
    return f"{hold.level}, {shown}" if isinstance(hold.level, str) and hold.level != shown else shown


def _column(name: str, column: PathAnswer, model: str) -> str:
    rows = column.table[column.table["model_id"] == model]
    years = dict.fromkeys(day[:4] for day in rows["target_end_date"])
    lines = [f"{name}, {model}; reliability: {column.status}", f"{'':30}" + "".join(f"{year:>14}" for year in years)]
    for label, target, outcome in QUESTIONS:
        some = rows[(rows["target"] == target) & (rows["outcome"] == outcome)]
        cells = (f"{100 * row.held:.0f} % {_points(row.difference)}" for row in some.itertuples())
        lines.append(f"{label:30}" + "".join(f"{cell:>14}" for cell in cells))
    said = ", ".join(f"{claim} {verdict}" for claim, verdict in column.learning.items())
    error = f"Error of a difference: at most {100 * rows['mcse'].max():.2f} points"
    return "\n".join(
        [
            *lines,
            f"{error}. The first year-end that can move is that of {column.first_year}.",
            f"Draws that agree on the side: {100 * column.agreeing:.0f} %. The claim after the evidence: {said}.",
        ]
    )


def _points(difference: float) -> str:
    text = f"{100 * difference:+.1f}"
    return "0.0" if float(text) == 0 else text


def _list(args: argparse.Namespace, drivers: HeldDrivers) -> int:
    states = {claim: _state(drivers, claim) for claim in BY_CLAIM}
    names = {key: {"label": path.label, "holds": _levels(path)} for key, path in named_paths().items()}
    lines = [f"First years: {drivers.starts[0]} to {drivers.starts[-1]}.", ""]
    lines += [f"{claim}  {_range(claim, state)}" for claim, state in states.items()]
    lines += ["", *(f"--named {key:14} {path['label']} ({path['holds']})" for key, path in names.items())]
    return answer(args, {"starts": list(drivers.starts), "drivers": states, "named": names}, "\n".join(lines))


def _state(drivers: HeldDrivers, claim: str) -> Fields:
    now = Hold(claim=claim, level="today", start=drivers.starts[0])
    low, high = drivers.limits(claim)
    known = {"title": BY_CLAIM[claim].title, "note": drivers.table.origin_note[claim]}
    return {**known, "now": drivers.value(now), "low": low, "high": high}


def _range(claim: str, state: Fields) -> str:
    now, low, high = (f"{state[name]:.4g}" for name in ("now", "low", "high"))
    if BY_CLAIM[claim].is_flag:
        return f"{state['title']}: now {('no', 'yes')[round(state['now'])]} ({state['note']}), yes or no"
    return f"{state['title']}: now {now} ({state['note']}), {low} to {high}"


def _levels(path: NamedPath) -> str:
    return ", ".join(f"{hold.claim}={hold.level}" for hold in path.levels)
