"""The forecast that the options ask for, from today's numbers and draws."""

import argparse

from models.answers.drawn import Drawn
from models.commands.options.line import note
from models.commands.options.settings import chosen_assumptions, chosen_library
from models.forecast.results import Forecast
from models.library.library import Library
from models.weighting.status import Status


def chosen(args: argparse.Namespace) -> Drawn:
    """The forecast that the options ask for."""
    evidence, library = chosen_library(args)
    return Drawn.of(evidence, library, chosen_assumptions(args, evidence.claims))


def present(args: argparse.Namespace) -> Drawn:
    """The forecast that the options ask for; what a reader must know before quoting it is told on standard error."""
    drawn = chosen(args)
    warn(drawn.library, drawn.forecast)
    return drawn


def warn(library: Library, forecast: Forecast) -> None:
    """Say on standard error what a reader must know before quoting the numbers."""
    for check in library.diagnostics.failures:
        note(f"Warning: a fit failed its check “{check.name}” ({check.value:.3g}, expected {check.threshold}).")
    if forecast.status == Status.POOR:
        note(
            "Warning: these settings are too far from the library's fits; run `python -m models fit --out FOLDER` with "
            "the same settings, then give `--fit FOLDER`."
        )
