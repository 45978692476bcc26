"""The Forecast page: the answer, how sure it is, and what it rests on.

What is shown together is computed first and drawn in one go: a browser that is sent elements one by one lays the page
out again for each of them.
"""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.ask import given
from dashboard.cache import forecasts as cache
from dashboard.cache import reference
from dashboard.cache.books import books
from dashboard.figures.path import alignment_path, notable_events
from dashboard.figures.year_mean import COMPARED, year_means
from dashboard.forecast import charts, course, exchange, pair, trust
from dashboard.frame import page as frame
from dashboard.inverse import panel
from dashboard.record import imports, save, since
from dashboard.settings import controls, looks
from dashboard.wording.evidence import ahead_sentence
from dashboard.wording.forecast import alignment_sentence
from dashboard.wording.glossary import define
from dashboard.wording.models import equal_sentence, models_disagree, shares_sentence
from dashboard.wording.year_mean import answering, answering_sentence, year_outlooks, years_sentence
from dashboard.year import panel as explained
from dashboard.year import picker
from data.days import year_end
from models.forecast.results import Forecast, alignment_summary, sample_paths

# A few simulated futures beside the bands: enough to see that no future is smooth, few enough to follow each.
PATHS = 5


def _page() -> Callable[[], None]:
    wanted = cache.forecast(controls.current())
    forecast = trust.shown(wanted)
    horizon = looks.horizon(forecast.reference_date)
    first = _specs(("states", "dots"), forecast, horizon)
    with st.container():  # holds what comes and goes, so that the charts below keep their place in the page
        looks.horizon_selector(forecast.reference_date)
        given.line()
        lately = st.container()
        beside = pair.first(forecast, horizon, greyed=wanted is not forecast)
        supposed = st.container()
        last = trust.show(wanted)
        search = _search(forecast, horizon, usable=wanted is forecast)
    _two_charts(first, forecast, horizon)
    _years(forecast)
    summary = _summary(forecast)
    path, others = _path_spec(forecast, summary), _specs(("targets", "models"), forecast, horizon)
    title = f"Alignment since {int(summary['year'].min())}, and simulated futures"
    picker.chart(path, alignment_sentence(summary), title, define("alignment"))
    explained.show(controls.view().why)
    with _two_charts(others, forecast, horizon):
        _weights(forecast, horizon)
    _behind(forecast, horizon, shaky=wanted is not forecast)
    pair.second(beside, forecast, horizon)
    since.show(lately, horizon)
    given.card(supposed, forecast, horizon)
    return frame.in_turn(last, search)


def _behind(forecast: Forecast, horizon: int, shaky: bool) -> None:
    """What stands behind a click: the course of a chance, all numbers, saving and files, where there are numbers."""
    with st.expander("How this chance has moved", icon=":material/timeline:", key="course", on_change="rerun") as box:
        if box.open:
            course.show(year_end(forecast.reference_date, horizon))
    with st.expander("All numbers", icon=":material/table:", key="numbers", on_change="rerun") as box:
        if box.open:
            exchange.numbers(forecast)
    with st.expander("Save to the record", icon=":material/inventory_2:", key="save", on_change="rerun") as box:
        if box.open and not shaky:
            save.panel(forecast)
        elif box.open:
            st.caption("There is nothing to save yet: the setting on the sliders has no numbers.")
    with st.expander("Snapshot: export and import", icon=":material/ios_share:", key="files", on_change="rerun") as box:
        if box.open and not shaky:
            exchange.export(forecast)
        elif box.open:
            st.caption("There is nothing to export yet: the setting on the sliders has no numbers.")
        if box.open:
            imports.load()


def _search(forecast: Forecast, horizon: int, usable: bool) -> Callable[[], None]:
    """The inverse question, near the headline; returns what draws its progress."""
    with st.expander("What would it take?", icon=":material/target:", key="inverse", on_change="rerun") as box:
        return panel.show(forecast, horizon, usable) if box.open else lambda: None


def _years(forecast: Forecast) -> None:
    """The second target, where the models in the mixture answer it."""
    table, known = forecast.table, books()
    if not (coming := year_outlooks(table)):
        return
    spec = cache.copied("year means", cache.of(forecast), lambda: year_means(table, known.means, known.tone))
    sentence = years_sentence(coming, [mean for _, mean in known.means[-COMPARED:]], known.tone)
    who = answering_sentence(answering(table))
    frame.chart(spec, f"{sentence} {who}", "Each year’s own acts", define("year mean"))


def _specs(names: Sequence[str], forecast: Forecast, horizon: int) -> Mapping[str, cache.Spec]:
    today = reference.today()
    return {name: charts.spec(name, forecast.table, cache.of(forecast), horizon, today) for name in names}


def _two_charts(specs: Mapping[str, cache.Spec], forecast: Forecast, horizon: int) -> DeltaGenerator:
    """Two charts side by side; returns the place below the second."""
    columns = st.columns(2, gap="medium")
    for column, (name, spec) in zip(columns, specs.items(), strict=True):
        with column:
            end = year_end(forecast.reference_date, horizon)
            charts.show(name, spec, forecast.table, horizon, charts.title(name, end))
    return columns[1]


def _summary(forecast: Forecast) -> pd.DataFrame:
    library = cache.library_of(forecast)
    return cache.copied("path", cache.of(forecast), lambda: alignment_summary(library, forecast.weights))


def _path_spec(forecast: Forecast, summary: pd.DataFrame) -> cache.Spec:
    def make() -> cache.Spec:
        events = notable_events(cache.evidence().events)
        paths = sample_paths(cache.library_of(forecast), forecast.weights, PATHS)
        return alignment_path(summary, events, cache.history(), paths)

    return cache.copied("alignment", cache.of(forecast), make)


def _weights(forecast: Forecast, horizon: int) -> None:
    table = forecast.table
    where = f"Move them, or switch a model off, under “{controls.GROUP_LABELS['weight']}”."
    st.caption(frame.plain(f"{shares_sentence(forecast.model_weights)} {equal_sentence(table, horizon)} {where}"))
    if models_disagree(table, horizon):
        st.badge("The models differ by more than 10 points", color="orange", icon=":material/call_split:")


frame.title("Forecast", "Where will China and Russia stand in space, and how sure can one be?")
if ahead := ahead_sentence(cache.acts_ahead(), cache.evidence().as_of):
    st.caption(frame.plain(ahead))
frame.live(_page)
