"""Numbers out and settings in: the results table, the snapshot, and the import of a snapshot."""

from collections.abc import Mapping

import streamlit as st

from dashboard import cache, controls, frame, tables, wording
from models.assumptions import Assumptions
from models.forecast import Forecast
from models.snapshot import Snapshot, build_snapshot, restore_assumptions
from models.snapshot_archive import MAX_BYTES, read_snapshot, snapshot_bytes
from models.snapshot_compare import compare
from models.tables import safe_csv

MEGABYTE = 2**20


def numbers(forecast: Forecast) -> None:
    """Every published probability in words, and the results table as it is exported."""
    st.dataframe(tables.chance_table(forecast), hide_index=True)
    st.caption("The table that follows is what the snapshot and the CSV file hold, to the last digit.")
    st.dataframe(forecast.table, hide_index=True, height=280)
    st.download_button(
        "Results table (CSV)",
        lambda: safe_csv(forecast.table),
        file_name=f"{_name(forecast)}.csv",
        mime="text/csv",
        key="csv",
        on_click="ignore",
        icon=":material/download:",
    )


def export(forecast: Forecast) -> None:
    """The snapshot as a zip, made when the button is pressed and not before."""
    setting = controls.current()
    st.markdown("**Export**", help=wording.define("snapshot"))
    st.download_button(
        "Snapshot (zip)",
        lambda: archive(forecast, setting.reasons),
        file_name=f"{_name(forecast)}.zip",
        mime="application/zip",
        key="snapshot",
        on_click="ignore",
        icon=":material/download:",
        help="Settings with reasons, digests, seeds, versions, checks, every number, and the charts as PNG and SVG.",
    )
    st.caption(
        "Making the charts takes a few seconds. The address of this page holds your settings too (not the reasons)."
    )


def load() -> None:
    """Read a snapshot, show what it would change, and only then offer to use it."""
    st.markdown("**Import**")
    upload = st.file_uploader(
        "Snapshot to read (zip or JSON)",
        type=["zip", "json"],
        key="upload",
        max_upload_size=MAX_BYTES // MEGABYTE,
        help="Nothing changes until you press the button that appears. Your present setting can be had back by undo.",
    )
    if upload is not None:
        with frame.shown_errors():
            _preview(read_snapshot(upload.getvalue()))


def _preview(snapshot: Snapshot) -> None:
    assumptions, problems = restore_assumptions(snapshot, cache.evidence().claims)
    moved = ", ".join(assumptions.knobs[key].label for key in assumptions.changed) or "none"
    day = wording.date_text(snapshot.reference_date)
    st.markdown(f"Forecast from {day}. Assumptions moved from their defaults: {frame.plain(moved)}.")
    _compare(snapshot, assumptions)
    for problem in problems:
        st.warning(frame.plain(problem), icon=":material/rule:")
    st.button(
        "Use these settings",
        key="apply",
        type="primary",
        on_click=controls.commit,
        args=(assumptions, problems),
    )


def _compare(snapshot: Snapshot, assumptions: Assumptions) -> None:
    """The snapshot's numbers against those that its settings give here, and why they differ if they do."""
    here = recorded(cache.forecast(assumptions), assumptions.reasons)
    compared = compare(snapshot, here)
    listed = "\n".join(f"- {frame.plain(line)}" for line in compared.explanation)
    if compared.same_numbers:
        st.success(f"The same settings give the same numbers here.\n\n{listed}", icon=":material/check_circle:")
        return
    st.info(f"The same settings give other numbers here. What differs:\n\n{listed}", icon=":material/difference:")
    with st.expander("Numbers of the snapshot and numbers here"):
        st.dataframe(tables.comparison_table(compared.rows), hide_index=True)


def archive(forecast: Forecast, reasons: Mapping[str, str]) -> bytes:
    """The bytes of the zip: the same as the command line's for the same forecast and reasons."""
    from dashboard.export import charts  # draws with vl-convert, which only an export needs

    library = cache.library_of(forecast)
    return snapshot_bytes(recorded(forecast, reasons), charts(cache.evidence(), library, forecast))


def recorded(forecast: Forecast, reasons: Mapping[str, str]) -> Snapshot:
    """The forecast on screen as a snapshot, with the reasons of the moment."""
    setting = Assumptions(knobs=forecast.assumptions.knobs, values=forecast.assumptions.values, reasons=reasons)
    return build_snapshot(cache.evidence(), cache.library_of(forecast), forecast, setting)


def _name(forecast: Forecast) -> str:
    return f"conjunction-{forecast.reference_date}-{forecast.assumptions.digest[:12]}"
