"""The Forecast page: the answer, how sure it is, and what it rests on.

What is shown together is computed first and drawn in one go: a browser that is sent elements one by one lays the page
out again for each of them.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.ask import given
from dashboard.cache import forecasts as cache
from dashboard.cache import reference
from dashboard.cache.books import books
from dashboard.figures.ghosts import path_ghost, years_ghost
from dashboard.figures.path import alignment_path, notable_events
from dashboard.figures.year_mean import COMPARED, year_means
from dashboard.forecast import actions, charts, course, exchange, nowcast, pair, trust
from dashboard.frame import page as frame
from dashboard.frame.skill import skill_line
from dashboard.inverse import panel
from dashboard.record import imports, save, since
from dashboard.record.frame import choose
from dashboard.settings import aim, controls, looks
from dashboard.welcome import questions, tour
from dashboard.wording.evidence import ahead_sentence
from dashboard.wording.first.welcome import PURPOSE
from dashboard.wording.forecast import alignment_sentence
from dashboard.wording.glossary import define
from dashboard.wording.models import equal_sentence, models_disagree, shares_sentence
from dashboard.wording.year_mean import answering, answering_sentence, past_sentence, year_outlooks, years_sentence
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
    panel.opened()
    with st.container():  # holds what comes and goes, so that the charts below keep their place in the page
        head = st.container()
        pair.first(forecast, horizon, trust.struck(wanted, forecast))
        about = st.container()
    _two_charts(first, forecast, horizon)  # before what stands above: that keeps a browser busy for a while
    with head:
        asked = _head(forecast, horizon, shaky=wanted is not forecast)
    with about:
        last = trust.show(wanted)
        skill_line()
        nowcast.card(forecast, reference.today())
        lately = st.container(gap=None, key="lately")
        supposed = st.container()
    beside = st.container(border=True, key="beside")
    _more(forecast, horizon)
    search = _search(forecast, horizon, usable=wanted is forecast)
    _years(forecast)
    summary = _summary(forecast)
    path, others = _path_spec(forecast, summary), _specs(("targets", "models"), forecast, horizon)
    title = f"Alignment since {int(summary['year'].min())}"
    told = charts.picture("alignment", forecast)
    picker.chart(path, alignment_sentence(summary), title, define("alignment"), told)
    explained.show(controls.view().why)
    with _two_charts(others, forecast, horizon):
        if models_disagree(forecast.table, horizon):
            st.badge("Far apart", color="orange", icon=":material/call_split:")
    _behind(forecast, horizon, shaky=wanted is not forecast)
    aim.go_to(asked)
    pair.second(beside, forecast, horizon)
    _lately(lately, horizon)
    given.card(supposed, forecast, horizon)
    return frame.in_turn(last, search)


def _head(forecast: Forecast, horizon: int, *, shaky: bool) -> str:
    """What can be asked, which year-end is looked at, and what one does with the answer; which box is to be opened."""
    opened = questions.row()
    with st.container(horizontal=True, vertical_alignment="bottom", key="head"):
        with st.container(width="content"):
            looks.horizon_selector(forecast.reference_date)
        asked = actions.row(partial(_save, forecast, shaky=shaky), partial(_compare, horizon), forecast, horizon)
    given.line()
    return asked or opened


def _save(forecast: Forecast, *, shaky: bool) -> None:
    """The form that saves, where there are numbers."""
    if shaky:
        st.markdown("There is nothing to save yet: the setting on the sliders has no numbers.")
    else:
        save.panel(forecast)


def _compare(horizon: int) -> None:
    """Callback: what changed since the last saved forecast is what the Record page compares."""
    if last := since.last_about(horizon):
        choose(last[1].digest)


def _lately(place: DeltaGenerator, horizon: int) -> None:
    """What changed since the last saved forecast, and how few rows this year has."""
    since.show(place, horizon)
    with place:
        nowcast.few()


def _more(forecast: Forecast, horizon: int) -> None:
    """What the answer rests on, for who wants it."""
    with st.expander("More", icon=":material/notes:", key="more", on_change="rerun") as box:
        if box.open:
            nowcast.begun(forecast)
            nowcast.year(forecast, reference.today())
            where = f"Move them, or switch a model off, under “{controls.GROUP_LABELS['weight']}”."
            equal = equal_sentence(forecast.table, horizon)
            st.markdown(frame.plain(f"{shares_sentence(forecast.model_weights)} {equal} {where}"))


def _behind(forecast: Forecast, horizon: int, shaky: bool) -> None:
    """What stands behind a click: the course of a chance, all numbers, and files, where there are numbers."""
    with st.expander("How this chance has moved", icon=":material/timeline:", key="course", on_change="rerun") as box:
        if box.open:
            course.show(year_end(forecast.reference_date, horizon))
    with st.expander("All numbers", icon=":material/table:", key="numbers", on_change="rerun") as box:
        if box.open:
            exchange.numbers(forecast)
    with st.expander("Snapshot: export and import", icon=":material/ios_share:", key="files", on_change="rerun") as box:
        if box.open and not shaky:
            exchange.export(forecast)
        elif box.open:
            st.markdown("There is nothing to export yet: the setting on the sliders has no numbers.")
        if box.open:
            imports.load()


def _search(forecast: Forecast, horizon: int, usable: bool) -> Callable[[], None]:
    """The inverse question, near the headline; returns what draws its progress."""
    with st.expander("What would it take?", icon=":material/target:", key=panel.BOX, on_change="rerun") as box:
        return panel.show(forecast, horizon, usable) if box.open else lambda: None


def _years(forecast: Forecast) -> None:
    """The second target, where the models in the mixture answer it."""
    table, known = forecast.table, books()
    if not (coming := year_outlooks(table)):
        return
    usual = _usual(forecast)
    ghost = cache.shared("years ghost", cache.of(usual), lambda: years_ghost(usual.table)) if usual else []
    key = (*cache.of(forecast), bool(usual))
    spec = cache.copied("year means", key, lambda: year_means(table, known.means, known.tone, ghost))
    past = past_sentence(coming, [mean for _, mean in known.means[-COMPARED:]], known.tone)
    said = " ".join(filter(None, (past, answering_sentence(answering(table)), nowcast.narrow(forecast))))
    behind = f"{frame.plain(said)}\n\n{define('year mean')}"
    title, told = "Each year’s own acts", charts.picture("years", forecast)
    frame.chart(spec, years_sentence(coming), title, behind, picture=told)


def _usual(forecast: Forecast) -> Forecast | None:
    """The starting view, where the setting differs from it: drawn hollow in every chart."""
    return None if forecast.assumptions.is_default else frame.default_forecast()


def _specs(names: Sequence[str], forecast: Forecast, horizon: int) -> Mapping[str, cache.Spec]:
    today = reference.today()
    table, key, usual = forecast.table, cache.of(forecast), _usual(forecast)
    return {name: charts.spec(name, table, key, horizon, today, usual) for name in names}


def _two_charts(specs: Mapping[str, cache.Spec], forecast: Forecast, horizon: int) -> DeltaGenerator:
    """Two charts side by side; returns the place below the second."""
    columns = st.columns(2, gap="medium")
    for column, (name, spec) in zip(columns, specs.items(), strict=True):
        with column:
            end = year_end(forecast.reference_date, horizon)
            told = charts.picture(name, forecast, end)
            charts.show(name, spec, forecast.table, horizon, charts.title(name, end), told)
    return columns[1]


def _summary(forecast: Forecast) -> pd.DataFrame:
    library = cache.library_of(forecast)
    return cache.copied("path", cache.of(forecast), lambda: alignment_summary(library, forecast.weights))


def _path_spec(forecast: Forecast, summary: pd.DataFrame) -> cache.Spec:
    def make() -> cache.Spec:
        events = notable_events(cache.evidence().events)
        paths = sample_paths(cache.library_of(forecast), forecast.weights, PATHS)
        return alignment_path(summary, events, cache.history(), paths, ghost)

    usual = _usual(forecast)
    ghost = cache.shared("path ghost", cache.of(usual), lambda: path_ghost(_summary(usual))) if usual else []
    return cache.copied("alignment", (*cache.of(forecast), bool(usual)), make)


frame.title("Forecast", PURPOSE, tour.show)
if ahead := ahead_sentence(cache.acts_ahead(), cache.evidence().as_of):
    st.markdown(frame.plain(ahead))
frame.live(_page)
