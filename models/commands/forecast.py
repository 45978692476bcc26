"""`python -m models forecast`: the published probabilities for any setting, in words, as CSV or as JSON."""

import argparse

from data.days import horizons_from, last_whole_year
from models.commands.options.line import Parsers, add_json, command, percent
from models.commands.options.present import present
from models.commands.options.settings import SETTINGS_HELP, add_library, add_settings
from models.forecast.results import Forecast
from models.names import (
    MODEL_MIXTURE,
    MODELS,
    STATES,
    TARGET_DEEPER,
    TARGET_RUPTURE,
    TARGET_STATE,
    TARGET_YEAR_WORD,
    YEAR_WORDS,
)
from models.storage.safe_csv import safe_csv
from models.text.output import print_file

DESCRIPTION = """\
Print the forecast for a setting. The stored draws are re-weighted, nothing is sampled: it takes a second.

what the numbers mean:
  headline   the state at the third year-end ahead, and the mean intensity of the next full year's own acts: the next
             year-end itself is mostly settled by years that have passed
  12 %       chance, by the published mixture of four models, that the state holds on 31 December of that year
  [4-25]     range of that chance over what the models do not know about themselves (5 to 95 %)
  mean       of that year's own acts, -10 to 10: the middle of what the models that simulate ledgers say, and the range
             that holds it with a chance of 90 %; then its chances to lie below, about at or above the tone by now
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
    horizons = horizons_from(forecast.reference_date)
    years = [_year_text(forecast, horizon) for horizon in horizons]
    changed = ", ".join(f"{key}={forecast.assumptions.values[key]:g}" for key in forecast.assumptions.changed)
    lines = [
        f"Forecast from {forecast.reference_date}, {model}; reliability: {_reliability(forecast)}",
        f"Settings: {changed or 'all at their defaults'}",
        "",
        *_headline(forecast, model),
        "",
        f"{'':30}" + "".join(f"{year:>14}" for year in years),
    ]
    for label, target, outcome in QUESTIONS:
        cells = [_cell(forecast, target, horizon, outcome, model) for horizon in horizons]
        lines.append(f"{label:30}" + "".join(f"{cell:>14}" for cell in cells))
    if model in forecast.years:
        lines += _years(forecast, model)
    return "\n".join(
        [*lines, "", "Chance in per cent [5-95 % range of that chance]. More: python -m models forecast --help"]
    )


def _reliability(forecast: Forecast) -> str:
    return f"{forecast.status} ({forecast.unchecked})" if forecast.unchecked else forecast.status


HEADLINE_PLACE, HEADLINE_YEAR = 2, 1
"""Of the headline: the third year-end ahead, whatever its horizon, and the horizon of the next full year."""


def _year_text(forecast: Forecast, horizon: int) -> str:
    """A year-end's heading; that of the year that has begun says so."""
    year = forecast.reference_date.year + horizon
    return f"{year} (begun)" if horizon == 0 else str(year)


def _headline(forecast: Forecast, model: str) -> list[str]:
    day = forecast.reference_date
    ahead = horizons_from(day)[HEADLINE_PLACE]
    chances = {state: forecast.probability(TARGET_STATE, ahead, state, model) for state in STATES}
    likeliest = max(chances, key=chances.get)
    lines = [f"End of {day.year + ahead}: {likeliest}, {percent(chances[likeliest])}."]
    if model in forecast.years:
        low, middle, high = _spread(forecast, HEADLINE_YEAR, model)
        said = ", ".join(f"{name} {percent(chance)}" for name, chance in _words(forecast, HEADLINE_YEAR, model).items())
        lines.append(f"Acts of {day.year + HEADLINE_YEAR}: mean {middle:+.1f} [{low:+.1f} to {high:+.1f}]; {said}")
        lines[-1] += f" (against the tone of {forecast.tone:+.1f} at the end of {last_whole_year(day)})."
    return lines


def _years(forecast: Forecast, model: str) -> list[str]:
    """Rows of the years' own means and of their words."""
    horizons = horizons_from(forecast.reference_date)
    spreads = ("{1:+.1f} [{0:+.0f},{2:+.0f}]".format(*_spread(forecast, horizon, model)) for horizon in horizons)
    lines = [f"{'mean of the acts of the year':30}" + "".join(f"{cell:>14}" for cell in spreads)]
    for name in YEAR_WORDS:
        cells = (percent(forecast.probability(TARGET_YEAR_WORD, horizon, name, model)) for horizon in horizons)
        told = f"{name.replace('_', ' ')}{' than now' if name != YEAR_WORDS[1] else ''}"
        lines.append(f"{told:30}" + "".join(f"{cell:>14}" for cell in cells))
    return lines


def _spread(forecast: Forecast, horizon: int, model: str) -> tuple[float, float, float]:
    """Lowest, middle and highest of the published quantiles."""
    values = list(forecast.quantiles(horizon, model).values())
    return values[0], values[len(values) // 2], values[-1]


def _words(forecast: Forecast, horizon: int, model: str) -> dict[str, float]:
    return {name.replace("_", " "): forecast.probability(TARGET_YEAR_WORD, horizon, name, model) for name in YEAR_WORDS}


def _cell(forecast: Forecast, target: str, horizon: int, outcome: str, model: str) -> str:
    low, high = forecast.interval(target, horizon, outcome, model)
    chance = forecast.probability(target, horizon, outcome, model)
    return f"{percent(chance)} [{100 * low:.0f}-{100 * high:.0f}]"
