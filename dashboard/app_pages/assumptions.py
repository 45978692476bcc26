"""The Assumptions page: every knob with its reason, what the evidence says about it, and what it can do."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from dashboard.ask import given, listing
from dashboard.cache import asked
from dashboard.cache import forecasts as cache
from dashboard.figures.knobs import knob_tornado, prior_posterior
from dashboard.forecast import support, trust
from dashboard.frame import page as frame
from dashboard.frame import selectors
from dashboard.frame.grid import grid
from dashboard.inverse import panel
from dashboard.settings import controls, looks
from dashboard.tables.forecast import learning_table
from dashboard.wording.forecast import state_on_day
from dashboard.wording.glossary import define
from dashboard.wording.knobs import driver_sentence, knobs_sentence, learning_sentence
from dashboard.wording.pictures.card import slug
from dashboard.wording.sensitivity import TWO_QUESTIONS, beliefs_sentence
from data.digest import Fields
from models.assumptions.knobs import Knob
from models.forecast.effects import effects_table
from models.forecast.learning import knob_density
from models.forecast.results import Forecast
from models.measures.drivers import DRIVERS
from models.names import TARGET_STATE

DRIVER_TITLES = {driver.claim: driver.title for driver in DRIVERS}


def _page() -> Callable[[], None]:
    wanted = cache.forecast(controls.current())
    forecast = trust.shown(wanted)
    horizon = looks.horizon_selector(forecast.reference_date)
    given.line()
    frame.answer(forecast, horizon, trust.struck(wanted, forecast))
    last = trust.show(wanted)
    learning = cache.learning(forecast).set_index("key")
    st.markdown("#### One by one", help=define("knob"))
    group = looks.group_selector()
    for knob in controls.knob_groups(controls.current(), cache.evidence().claims)[group]:
        with st.container(border=True):
            _knob(knob, forecast, learning.loc[knob.key].to_dict())
    _tornado(forecast, horizon)
    _verdicts(learning)
    support.compatible(forecast)
    st.markdown("#### What would it take?", help=define("inverse slider"))
    search = panel.show(forecast, horizon, usable=wanted is forecast)
    return frame.in_turn(last, search)


def _knob(knob: Knob, forecast: Forecast, learned: Fields) -> None:
    setting, belief = st.columns(2, gap="medium")
    with setting:
        st.markdown(f"**{frame.plain(knob.label)}**  \n:small[{frame.plain(knob.unit)}; {knob.range_text}]")
        controls.typed(knob)
        st.caption(frame.plain(knob.help))
        where = f"Essay, paragraph {knob.paragraph.replace(';', ', ')}. " if knob.paragraph else ""
        st.caption(f"{where}Default {knob.default:g}: {frame.plain(knob.reason)}")
        _signposts(knob, forecast)
        if knob.key in controls.current().changed or knob.key in controls.current().reasons:
            controls.reason(knob)
    with belief:
        if learned["verdict"] != "setting":
            _belief(knob, forecast)
        st.caption(frame.plain(learning_sentence(learned)), help=define("prior-driven"))
        if knob.key in DRIVER_TITLES:
            st.caption(frame.plain(_driver(knob)), help=define("driver"))


def _signposts(knob: Knob, forecast: Forecast) -> None:
    """The way to the open questions that speak to a claim."""
    if questions := asked.by_claim(knob.key, forecast):
        label = f"Its {len(questions)} open signposts" if len(questions) > 1 else "Its open signpost"
        show = listing.about(knob.label)
        if st.button(label, key=f"signposts:{knob.key}", type="tertiary", icon=":material/live_help:", on_click=show):
            st.switch_page("app_pages/ask.py")


def _driver(knob: Knob) -> str:
    measured = cache.drivers()
    value, note = float(measured.origin[knob.key]), str(measured.origin_note[knob.key])
    return driver_sentence(DRIVER_TITLES[knob.key], value, note, knob.direction)


def _belief(knob: Knob, forecast: Forecast) -> None:
    def make() -> cache.Spec:
        setting = forecast.assumptions
        density = knob_density(cache.library_of(forecast), setting, forecast.weights, knob.key)
        return prior_posterior(density, knob.label, knob.unit)

    spec = cache.copied("belief", (*cache.of(forecast), knob.key), make)
    told = frame.Picture(
        name=f"belief-{slug(knob.key)}",
        title=f"{knob.label}: before and after the evidence",
        values=forecast.assumptions.values,
        knobs=forecast.assumptions.knobs,
    )
    frame.chart(spec, "", picture=told)


def _tornado(forecast: Forecast, horizon: int) -> None:
    st.markdown("#### What each assumption can do", help=define("knob"))
    state = selectors.outcome()
    ends = cache.effects(forecast)
    effects = effects_table(ends, TARGET_STATE, horizon, state)
    base = forecast.probability(TARGET_STATE, horizon, state)
    what = state_on_day(forecast.table, state, horizon)
    key = (*cache.of(forecast), horizon, state)
    spec = cache.copied("tornado", key, lambda: knob_tornado(effects, base, what))
    told = frame.Picture(
        name="knobs",
        title="What each assumption can do",
        values=forecast.assumptions.values,
        knobs=forecast.assumptions.knobs,
    )
    frame.chart(spec, knobs_sentence(effects, base, what), picture=told)
    far = sum(not end.status.sure for end in ends)
    if far:
        where = f"For {far} of {len(ends)} knobs an end of the range lies far from the fit"
        st.caption(f"{where}: read their bars as a direction, and refit for a number.", help=define("reweighting"))


def _verdicts(learning: pd.DataFrame) -> None:
    st.markdown("#### What the evidence says about each", help=define("posterior"))
    number = st.column_config.NumberColumn(format="%.2f")
    left = st.column_config.NumberColumn(format="%.0f %%", help="Width of the belief after the evidence and before.")
    columns = {"Before the evidence": number, "After the evidence": number, "Doubt left": left}
    grid(learning_table(learning), column_config=columns)
    counts = learning["verdict"].value_counts()
    settings = f"The other {counts.get('setting', 0)} sliders are settings: no unknowns of the latent alignment."
    st.markdown(frame.plain(f"{beliefs_sentence(counts)} {settings}"), help=TWO_QUESTIONS)


frame.title("Assumptions", "What do you believe before the evidence speaks, and what does it say back?")
frame.live(_page)
