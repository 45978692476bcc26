"""What the news did to the forecast: the change of each chance split, and the rows that moved it most."""

import pandas as pd

from data.types import Evidence
from data.values import frozen
from models.assumptions.setting import Assumptions
from models.change.compare import Comparison, compare
from models.change.movers import Movers, OnDone, rows_that_moved
from models.change.side import Side
from models.change.split import Split, split
from models.errors import FitError, SnapshotError
from models.fits.alignment_fit import AlignmentFit, base_case
from models.fits.dated import dated
from models.forecast.results import make_forecast
from models.library.files import committed_library
from models.library.library import Library
from models.names import MODEL_MIXTURE, PMF, TARGET_STATE
from models.signposts.published import published_signposts
from models.snapshot.value import Snapshot, build_snapshot
from models.update.project import Project
from models.update.staging import Staged


@frozen(eq=False)
class Explanation:
    """Two forecasts at the default assumptions, before and after the news.

    Attributes
    ----------
    new : Snapshot
        Light, as it is published.
    old : Snapshot or None
        None where the former fits are not at hand.
    comparison : Comparison or None
        What differs, with every shared probability.
    parts : Split or None
        The change split into new rows, passing time, models and assumptions.
    rows : Movers or None
        The rows that moved it most, each alone.
    missing : tuple of str
        What could not be told, and why.
    """

    new: Snapshot
    old: Snapshot | None = None
    comparison: Comparison | None = None
    parts: Split | None = None
    rows: Movers | None = None
    missing: tuple[str, ...] = ()

    @property
    def chances(self) -> pd.DataFrame:
        """The mixture's chances of the states: ``target_end_date, state, old`` (NaN without one), ``new`` (0-1)."""
        new = _chances(self.new).rename("new")
        old = _chances(self.old).rename("old") if self.old else new.rename("old") * float("nan")
        joined = pd.concat([old.reindex(new.index), new], axis=1).reset_index()
        return joined.rename(columns={"output_type_id": "state"})


def explain(project: Project, staged: Staged, library: Library, on_done: OnDone | None = None) -> Explanation:
    """Hold the forecast of staged evidence against the one before.

    Parameters
    ----------
    library : Library
        On the staged evidence: the whole one, or the first answer.
    on_done : callable, optional
        Told how many rows were asked about, and how many there are.
    """
    new = _side(staged.evidence, library)
    try:
        folder = dated(staged.former.as_of, project.fits)
        old = _side(staged.former, committed_library(staged.former, folder))
    except FitError as error:
        return Explanation(new=new.snapshot, missing=(f"The former forecast could not be made again: {error}",))
    parts, missing = None, ()
    try:
        parts = split(old, new)
    except SnapshotError as error:
        missing = (f"The change cannot be split: {error}",)
    return Explanation(
        new=new.snapshot,
        old=old.snapshot,
        comparison=compare(old.snapshot, new.snapshot),
        parts=parts,
        rows=rows_that_moved(old, new, _whole_fit(staged), on_done),
        missing=missing,
    )


def _side(evidence: Evidence, library: Library) -> Side:
    """The default forecast, light."""
    defaults = Assumptions.defaults(evidence.claims)
    forecast = make_forecast(evidence, library, defaults)
    said = published_signposts(evidence, library, forecast)
    snapshot = build_snapshot(evidence, library, forecast, defaults, {}, said)
    return Side(snapshot=snapshot, evidence=evidence, library=library)


def _whole_fit(staged: Staged) -> AlignmentFit:
    return base_case(staged.evidence, staged.fits)


def _chances(snapshot: Snapshot) -> pd.Series:
    table = snapshot.table
    kept = (table["model_id"] == MODEL_MIXTURE) & (table["target"] == TARGET_STATE) & (table["output_type"] == PMF)
    return table[kept].set_index(["target_end_date", "output_type_id"])["value"]
