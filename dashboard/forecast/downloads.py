"""Download buttons for a saved or a present forecast: report, hub tables, draws. Each file is made on the click."""

from collections.abc import Callable

import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.cache import store
from dashboard.forecast.brief import beside
from dashboard.frame import page as frame
from dashboard.frame.export import download
from dashboard.report.content import Beside
from dashboard.settings import looks
from dashboard.wording.glossary import define
from data.load import load_evidence
from models.forecast.results import Forecast
from models.record.entries import SavedForecast
from models.snapshot.value import Snapshot
from models.storage.disk import Files

MIME = {
    "csv": "text/csv",
    "json": "application/json",
    "pdf": "application/pdf",
    "html": "text/html",
    "zip": "application/zip",
    "nc": "application/x-netcdf",
}
STEM_LETTERS = 12


def buttons(
    snapshot: Snapshot | Callable[[], Snapshot],
    key: str,
    saved: SavedForecast | None = None,
    forecast: Forecast | None = None,
    more: Callable[[], Beside] = Beside,
) -> None:
    """Buttons for the report (PDF, HTML), the hub tables and, where the draws are at hand, these.

    Parameters
    ----------
    snapshot : Snapshot or callable
        A callable is asked on the click only, so that moving a slider need not build a snapshot.
    key : str
        What the widgets' keys begin with; unique on the page.
    saved : SavedForecast, optional
        The entry of the record, under the name that it is shown by; its report and hub say so.
    forecast : Forecast, optional
        The forecast on screen that the snapshot records; without it there are no draws to give.
    more : callable, optional
        What the report shows beside a saved forecast, asked on the click.
    """
    make = snapshot if callable(snapshot) else lambda: snapshot
    named = saved.digest if saved else forecast.assumptions.digest if forecast else make().digest
    day = forecast.reference_date if forecast else make().reference_date
    stem = f"conjunction-{day}-{named[:STEM_LETTERS]}"
    more = more if forecast is None else _beside(forecast)
    with st.container(horizontal=True, key=f"{key}-downloads"):
        button("Report (PDF)", lambda: _report(make(), saved, more())["report.pdf"], f"{stem}.pdf", f"{key}-pdf")
        button("Report (HTML)", lambda: _report(make(), saved, more())["report.html"], f"{stem}.html", f"{key}-html")
        button("Hub tables (zip)", lambda: _hub(make(), saved), f"{stem}-hub.zip", f"{key}-hub")
        if forecast is not None:
            button("Draws (NetCDF)", lambda: _draws(forecast), f"{stem}.nc", f"{key}-netcdf")
    draws = "" if forecast is None else " The draws, every simulated number behind the chances, open in ArviZ."
    st.caption(
        "Each file is made when you press its button, in a few seconds. The report is one page to read or print; the "
        f"hub tables are what forecasting hubs exchange.{draws}",
        help=define("hub"),
    )


def button(label: str, make: Callable[[], bytes], name: str, key: str, help_text: str | None = None) -> None:
    """One download: the file is made when it is pressed and not before."""
    download(label, make, file_name=name, mime=MIME[name.rpartition(".")[2]], key=key, help=help_text)


def _beside(forecast: Forecast) -> Callable[[], Beside]:
    """What the report shows beside the forecast on screen, asked on the click; what the session says is read now."""
    usual, horizon = frame.default_forecast(), looks.horizon(forecast.reference_date)
    return lambda: beside(forecast, usual, horizon)


def _report(snapshot: Snapshot, saved: SavedForecast | None, more: Beside) -> Files:
    from dashboard.report.pages import reports

    return reports(snapshot, load_evidence().claims, saved, more)


def _hub(snapshot: Snapshot, saved: SavedForecast | None) -> bytes:
    from models.formats.hubverse import Submission, hub_files
    from models.formats.hubverse_target import years_after
    from models.storage.zips import zipped
    from models.track.resolution import past_answers, settled_labels

    labels = cache.history()
    answers = store.record().resolutions() if saved else ()
    kind, moment = (saved.counts_as, saved.saved_at) if saved else ("", None)
    submission = Submission(snapshot=snapshot, kind=kind, saved_at=moment)
    years = years_after(cache.evidence(), [snapshot.reference_date])
    past = past_answers(cache.evidence(), answers)
    return zipped(hub_files([submission], settled_labels(labels, answers), years=years, answers=past))


def _draws(forecast: Forecast) -> bytes:
    from models.formats.netcdf import draws_netcdf

    return draws_netcdf(cache.evidence_of(forecast), cache.library_of(forecast), forecast, cache.base_fit(forecast))
