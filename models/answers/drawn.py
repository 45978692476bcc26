"""One forecast with the draws behind it, and all that is said of it elsewhere: a snapshot, a table of signposts."""

from typing import Self

from data.types import Evidence
from data.values import frozen
from models.assumptions.setting import Assumptions
from models.forecast.results import Forecast, make_forecast
from models.library.library import Library
from models.signposts.ask import Question
from models.signposts.published import Asking, board_of, published_signposts
from models.signposts.table import SignpostTable
from models.snapshot.inputs import inputs_of
from models.snapshot.value import Snapshot, build_snapshot
from models.storage.disk import Files


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

    def signposts(self, asking: Asking = ((), ()), year: int | None = None) -> SignpostTable:
        """Every open signpost, what follows from what was asked, and what answers are worth at a year-end.

        Raises
        ------
        AssumptionError
            Pins or acts that cannot be asked, or a year that is not simulated.
        MissingFitError
            The library keeps no simulated ledgers.
        """
        board = board_of(self.evidence, self.library)
        question = Question.of(board, self.evidence, self.library, self.forecast)
        return SignpostTable.of(question, self.evidence, asking, year)
