"""The Forecast page: the answer, how sure it is, and what it rests on."""

import streamlit as st

from dashboard import cache, controls, exchange, figures, frame, reliability, wording
from models.forecast import Forecast, alignment_summary, sample_paths

# A few simulated futures beside the bands: enough to see that no future is smooth, few enough to follow each.
PATHS = 5


def _page() -> None:
    forecast = cache.forecast(controls.current())
    horizon = controls.horizon_selector()
    frame.answer(forecast, horizon)
    reliability.show(forecast)
    _states(forecast, horizon)
    _alignment(forecast)
    _models(forecast, horizon)
    with st.expander("All numbers", icon=":material/table:", key="numbers", on_change="rerun") as box:
        if box.open:
            exchange.numbers(forecast)
    with st.expander("Snapshot: export and import", icon=":material/ios_share:"):
        exchange.export(forecast)
        exchange.load()


def _states(forecast: Forecast, horizon: int) -> None:
    table, key = forecast.table, (*cache.of(forecast), horizon)
    left, right = st.columns(2, gap="medium")
    with left:
        spec = cache.copied("states", key, lambda: figures.states_over_horizons(table))
        frame.chart(spec, wording.states_sentence(table), "Four states at each year-end", wording.define("scenario"))
    with right:
        spec = cache.copied("dots", key, lambda: figures.dot_plot(table, horizon))
        title = f"Fifty chances, {horizon} year{'s' * (horizon > 1)} ahead"
        frame.chart(spec, wording.dots_sentence(table, horizon), title, wording.define("N in 100"))
        if horizon == 1:
            told = wording.needed_sentence(forecast.reference_date.year + 1, *cache.needed())
            st.caption(frame.plain(told), help=wording.define("tone"))


def _alignment(forecast: Forecast) -> None:
    fit = cache.fit_for(forecast.assumptions)
    summary = cache.copied("path", cache.of(forecast), lambda: alignment_summary(fit, forecast.weights))

    def make() -> cache.Spec:
        events = figures.notable_events(cache.evidence().events)
        return figures.alignment_path(summary, events, cache.history(), sample_paths(fit, forecast.weights, PATHS))

    title = f"Alignment since {int(summary['year'].min())}, and where it may go"
    spec = cache.copied("alignment", cache.of(forecast), make)
    frame.chart(spec, wording.alignment_sentence(summary), title, wording.define("alignment"))


def _models(forecast: Forecast, horizon: int) -> None:
    table, key = forecast.table, (*cache.of(forecast), horizon)
    left, right = st.columns(2, gap="medium")
    with left:
        spec = cache.copied("targets", key, lambda: figures.target_curves(table))
        title = "On the day, or at least once by then"
        frame.chart(spec, wording.targets_sentence(table, horizon), title, wording.TARGET_EXPLANATION)
    with right:
        spec = cache.copied("models", key, lambda: figures.model_contributions(table, horizon))
        frame.chart(spec, wording.models_sentence(table, horizon), "What each model says", wording.define("mixture"))
        st.caption(frame.plain(_weights(forecast)))
        if wording.models_disagree(table, horizon):
            st.badge("The models differ by more than 10 points", color="orange", icon=":material/call_split:")


def _weights(forecast: Forecast) -> str:
    shares = (f"{wording.MODEL_LABELS[model]} {wording.share(w)}" for model, w in forecast.model_weights.items())
    return f"Weights: {', '.join(shares)}. Move them with “Weight of the outside view”."


frame.title("Forecast", "Where will China and Russia stand in space, and how sure can one be?")
frame.live(_page)
