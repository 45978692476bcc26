"""`python -m models forecast`: the published probabilities for any setting, in words, as CSV or as JSON."""

import argparse

from models.commands.options.line import Parsers, add_json, command
from models.commands.options.present import present
from models.commands.options.settings import SETTINGS_HELP, add_library, add_settings
from models.forecast.results import Forecast
from models.names import HORIZONS, MODEL_MIXTURE, MODELS, STATES, TARGET_DEEPER, TARGET_RUPTURE, TARGET_STATE
from models.storage.safe_csv import safe_csv
from models.text.output import print_file

DESCRIPTION = """\
Print the forecast for a setting. The stored draws are re-weighted, nothing is sampled: it takes a second.

what the numbers mean:
  12 %       chance, by the published mixture of four models, that the state holds on 31 December of that year
  [4-25]     range of that chance over what the models do not know about themselves (5 to 95 %)
  exact      the draws were made under these very priors; good, fair, poor: they were re-weighted, trust accordingly
"""
EXAMPLES = """\
examples:
  python -m models forecast
  python -m models forecast --preset sceptic
  python -m models forecast --set C01=1.8 --set volatility=0.5 --reason C01="sanctions bite"
  python -m models forecast --snapshot saved.zip --csv > forecast.csv
  python -m models forecast --json | python -m json.tool     (the format of snapshot.json, docs/schema.md)
"""
QUESTIONS = (
    *((f"{state} on 31 December", TARGET_STATE, state) for state in STATES),
    ("rupture at least once by then", TARGET_RUPTURE, "yes"),
    ("deeper at least once by then", TARGET_DEEPER, "yes"),
)


def add(commands: Parsers) -> None:
    """Add the command."""
    more = {"description": DESCRIPTION, "epilog": SETTINGS_HELP + "\n" + EXAMPLES}
    parser = command(commands, "forecast", "print the probabilities for a setting", run, **more)
    add_settings(parser)
    add_library(parser)
    parser.add_argument("--model", choices=MODELS, default=MODEL_MIXTURE, help="whose probabilities (default: mixture)")
    shape = parser.add_mutually_exclusive_group()
    add_json(shape, "the whole snapshot document")
    shape.add_argument("--csv", action="store_true", help="print the results table as CSV")


def run(args: argparse.Namespace) -> int:
    """Print the forecast."""
    drawn = present(args)
    if args.json:
        print_file(drawn.snapshot().json)
    elif args.csv:
        print_file(safe_csv(drawn.forecast.table))
    else:
        print(table_text(drawn.forecast, args.model))
    return 0


def table_text(forecast: Forecast, model: str) -> str:
    """The forecast as a small table for a terminal."""
    years = [forecast.reference_date.year + horizon for horizon in HORIZONS]
    changed = ", ".join(f"{key}={forecast.assumptions.values[key]:g}" for key in forecast.assumptions.changed)
    lines = [
        f"Forecast from {forecast.reference_date}, {model}; reliability: {forecast.status}",
        f"Settings: {changed or 'all at their defaults'}",
        "",
        f"{'':30}" + "".join(f"{year:>14}" for year in years),
    ]
    for label, target, outcome in QUESTIONS:
        cells = [_cell(forecast, target, horizon, outcome, model) for horizon in HORIZONS]
        lines.append(f"{label:30}" + "".join(f"{cell:>14}" for cell in cells))
    return "\n".join(
        [*lines, "", "Chance in per cent [5-95 % range of that chance]. More: python -m models forecast --help"]
    )


def _cell(forecast: Forecast, target: str, horizon: int, outcome: str, model: str) -> str:
    low, high = forecast.interval(target, horizon, outcome, model)
    chance = forecast.probability(target, horizon, outcome, model)
    return f"{_percent(chance)} [{100 * low:.0f}-{100 * high:.0f}]"


def _percent(chance: float) -> str:
    return "<1 %" if 0 < chance < 0.005 else ">99 %" if 0.995 < chance < 1 else f"{100 * chance:.0f} %"
