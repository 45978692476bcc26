"""The forecast that the options ask for, from today's numbers and draws."""

import argparse
from typing import Self

from data.types import Evidence
from data.values import frozen
from models.assumptions.setting import Assumptions
from models.commands.options.line import note
from models.commands.options.settings import chosen_assumptions, chosen_library
from models.forecast.results import Forecast, make_forecast
from models.library.library import Library
from models.signposts.published import Asking, published_signposts
from models.snapshot.inputs import inputs_of
from models.snapshot.value import Snapshot, build_snapshot
from models.storage.disk import Files
from models.weighting.status import Status


@frozen
class Drawn:
    """One forecast with the draws behind it."""

    evidence: Evidence
    library: Library
    assumptions: Assumptions
    forecast: Forecast

    @classmethod
    def of(cls, evidence: Evidence, library: Library, assumptions: Assumptions) -> Self:
        """What a setting gives."""
        forecast = make_forecast(evidence, library, assumptions)
        return cls(evidence=evidence, library=library, assumptions=assumptions, forecast=forecast)

    def inputs(self) -> Files:
        """Evidence and draws as files of a snapshot."""
        return inputs_of(self.evidence, self.library)

    def snapshot(self, inputs: Files | None = None, asking: Asking = ((), ())) -> Snapshot:
        """The forecast as a snapshot that carries these inputs, what it says of signposts and what was asked beside."""
        askings = (asking,) if any(asking) else ()
        said = published_signposts(self.evidence, self.library, self.forecast, askings)
        return build_snapshot(self.evidence, self.library, self.forecast, self.assumptions, inputs or {}, said)


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
