"""The charts of a saved forecast, drawn again from what was stored with it."""

from collections.abc import Callable

import pandas as pd

from data.load import load_evidence
from data.types import Evidence
from models.errors import StaleFitError
from models.fits.dated import fitted_dates
from models.forecast.results import make_forecast
from models.library.files import committed_library
from models.library.library import Library
from models.names import TABLE_COLUMNS
from models.record.contents import Documents
from models.record.entries import NOTHING, SavedForecast
from models.rounding import Rounding, rounding_of
from models.snapshot.charts import chart_renderer
from models.snapshot.inputs import read_inputs
from models.snapshot.value import restore_assumptions
from models.storage.declared import Declarations, declared
from models.storage.disk import Files

UNROUNDED = 1e-9
"""What the oldest snapshots, which published every digit, may be off."""
NO_DRAWS = "Without charts: the forecast was saved without its draws, and this program's own are others."
OTHER_NUMBERS = "Without charts: this program computes other numbers from the stored draws than were saved."


def charts_of(
    record: Documents,
    saved: SavedForecast,
    own: Callable[[Evidence], Library] = committed_library,
    declarations: Declarations = declared,
) -> tuple[Files, str]:
    """Charts by file name, and why there are none if so: a picture must show the numbers that were saved."""
    sources = sources_of(record, saved, own)
    if sources is None:
        return NOTHING, NO_DRAWS
    evidence, library = sources
    snapshot = record.snapshot(saved)
    assumptions, problems = restore_assumptions(snapshot, evidence.claims)
    rounding = rounding_of(snapshot.table["value"].to_numpy(dtype=float))
    forecast = make_forecast(evidence, library, assumptions, rounding)
    if problems or not _same(forecast.table, snapshot.table, rounding):
        return NOTHING, OTHER_NUMBERS
    return chart_renderer(declarations)(evidence, library, forecast), ""


def sources_of(
    record: Documents, saved: SavedForecast, own: Callable[[Evidence], Library]
) -> tuple[Evidence, Library] | None:
    """Evidence and draws behind a forecast: those stored with it, else the program's own if they are the same."""
    if saved.inputs:
        return read_inputs(record.inputs(saved))
    evidence = load_evidence(saved.reference_date if saved.reference_date in fitted_dates() else None)
    try:
        library = own(evidence)
    except StaleFitError:
        return None
    return (evidence, library) if (evidence.digest, library.key) == (saved.evidence, saved.library) else None


def _same(table: pd.DataFrame, saved: pd.DataFrame, rounding: Rounding) -> bool:
    """Whether no number differs by more than a unit of its last decimal: that is another processor's rounding."""
    keys = [name for name in TABLE_COLUMNS if name != "value"]
    if table[keys].to_dict("list") != saved[keys].to_dict("list"):
        return False
    room = max(UNROUNDED, 1.5 * 10.0**-rounding.decimals)
    return bool((table["value"] - saved["value"]).abs().max() <= room)
