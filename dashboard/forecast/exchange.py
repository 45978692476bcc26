"""Numbers out and settings in: the results table, the snapshot, and what a snapshot would change here."""

from collections.abc import Mapping
from types import MappingProxyType

import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.forecast import downloads
from dashboard.frame import page as frame
from dashboard.frame.grid import grid
from dashboard.settings import controls
from dashboard.settings.conditions import NOTHING, Conditions, admitted
from dashboard.tables.forecast import chance_table, comparison_table, year_table
from dashboard.wording.glossary import define
from dashboard.wording.labels import date_text
from dashboard.wording.record import with_labels
from models.assumptions.setting import Assumptions
from models.change.compare import compare
from models.errors import AssumptionError
from models.forecast.results import Forecast
from models.signposts.published import PublishedSignposts
from models.snapshot.archive import snapshot_bytes
from models.snapshot.value import Snapshot, build_snapshot, restore_assumptions
from models.storage.disk import Files
from models.storage.safe_csv import safe_csv

NO_INPUTS: Files = MappingProxyType({})


def numbers(forecast: Forecast) -> None:
    """Every published probability in words, and the results table as it is exported."""
    grid(chance_table(forecast))
    years = year_table(forecast)
    if len(years):
        st.caption("Mean intensity of each year’s own acts, by the share of simulated years that stay below it:")
        levels = dict.fromkeys(years.columns.drop("Year"), st.column_config.NumberColumn(format="%+.1f"))
        grid(years, column_config={"Year": st.column_config.NumberColumn(format="%d"), **levels})
    st.caption("The table that follows is what the snapshot and the CSV file hold, to the last digit.")
    grid(forecast.table, height=280)
    downloads.button("Results table (CSV)", lambda: safe_csv(forecast.table), f"{_name(forecast)}.csv", "csv")


def export(forecast: Forecast) -> None:
    """The snapshot as a zip, made when the button is pressed and not before."""
    setting, asking = controls.current(), controls.conditions()
    st.markdown("**Export**", help=define("snapshot"))
    downloads.button(
        "Snapshot (zip)",
        lambda: archive(forecast, setting.reasons, asking),
        f"{_name(forecast)}.zip",
        "snapshot",
        "Settings with reasons, digests, seeds, versions, checks, every number, what they were computed from, and the "
        "charts as PNG and SVG: enough for anyone to verify it. (After some eight refits in this folder the draws are "
        "too large and stay out.)",
    )
    downloads.buttons(
        lambda: snapshot_of(forecast, setting.reasons, inputs_behind(forecast), signposts_of(forecast)),
        "export",
        forecast=forecast,
    )
    st.caption("The address of this page holds your settings too (not the reasons).")


def preview(snapshot: Snapshot) -> None:
    """What using a snapshot's settings would change, and only then the button that uses them."""
    assumptions, problems = restore_assumptions(snapshot, cache.evidence().claims)
    moved = ", ".join(assumptions.knobs[key].label for key in assumptions.changed) or "none"
    day = date_text(snapshot.reference_date)
    st.markdown(f"Forecast from {day}. Assumptions moved from their defaults: {frame.plain(moved)}.")
    frame.rule_line(snapshot.rule.digest, snapshot.rule.version)
    _compare(snapshot, assumptions)
    for problem in problems:
        st.warning(frame.plain(problem), icon=":material/rule:")
    st.button(
        "Use these settings",
        key="apply",
        type="primary",
        on_click=_use,
        args=(assumptions, problems),
        help="Your present setting can be had back by undo.",
    )


def _use(assumptions: Assumptions, problems: tuple[str, ...]) -> None:
    controls.commit(assumptions, problems)
    st.toast("These settings are on the sliders now; undo brings yours back.", icon=":material/tune:")


def _compare(snapshot: Snapshot, assumptions: Assumptions) -> None:
    """The snapshot's numbers against those that its settings give here, and why they differ if they do."""
    here = snapshot_of(cache.forecast(assumptions), assumptions.reasons)
    compared = compare(snapshot, here)
    named = [with_labels(line, assumptions.knobs) for line in compared.explanation]
    listed = "\n".join(f"- {frame.plain(line)}" for line in named)
    if compared.same_numbers:
        st.success(f"The same settings give the same numbers here.\n\n{listed}", icon=":material/check_circle:")
        return
    st.info(f"The same settings give other numbers here. What differs:\n\n{listed}", icon=":material/difference:")
    with st.expander("Numbers of the snapshot and numbers here"):
        grid(comparison_table(compared.rows))


def archive(forecast: Forecast, reasons: Mapping[str, str], asking: Conditions = NOTHING) -> bytes:
    """The bytes of the zip: the same as the command line's for the same forecast, reasons and question."""
    from dashboard.report.pictures import charts

    inputs, library = inputs_behind(forecast), cache.library_of(forecast)
    drawn = charts(cache.evidence_of(forecast), library, forecast)
    return snapshot_bytes(snapshot_of(forecast, reasons, inputs, signposts_of(forecast, asking)), drawn, inputs)


def inputs_behind(forecast: Forecast) -> Files:
    """Everything that the forecast on screen was computed from beside its assumptions, by name.

    Nothing where many refits of this folder make it more than a snapshot may hold: the snapshot is then a light one.
    """
    from models.snapshot.inputs import fit_in, inputs_of

    inputs = inputs_of(cache.evidence_of(forecast), cache.library_of(forecast))
    return inputs if fit_in(inputs) else NO_INPUTS


def signposts_of(forecast: Forecast, asking: Conditions = NOTHING) -> PublishedSignposts | None:
    """What the forecast on screen says of signposts, and of what is supposed where that can be asked; seconds at
    first."""
    from models.signposts.published import board_of, published_signposts

    evidence, library = cache.evidence_of(forecast), cache.library_of(forecast)
    if library.simulated is None:
        return None
    taken = admitted(asking, board_of(evidence, library)).conditions
    try:
        return published_signposts(evidence, library, forecast, [(taken.pins, taken.acts)] if taken else ())
    except AssumptionError:  # pins that no ledger holds together: there is no answer to keep
        return published_signposts(evidence, library, forecast)


def snapshot_of(
    forecast: Forecast,
    reasons: Mapping[str, str],
    inputs: Files = NO_INPUTS,
    signposts: PublishedSignposts | None = None,
) -> Snapshot:
    """The forecast on screen as a snapshot, with the reasons of the moment."""
    setting = Assumptions(knobs=forecast.assumptions.knobs, values=forecast.assumptions.values, reasons=reasons)
    return build_snapshot(cache.evidence_of(forecast), cache.library_of(forecast), forecast, setting, inputs, signposts)


def _name(forecast: Forecast) -> str:
    return f"conjunction-{forecast.reference_date}-{forecast.assumptions.digest[:12]}"
