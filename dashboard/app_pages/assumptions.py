"""The Assumptions page: every knob with its reason, what the evidence says about it, and what it can do.

Drawn at once: the answer in a line and the cards of one group. All that takes longer waits behind a click.
"""

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from dashboard.ask import given, listing
from dashboard.cache import asked, reference
from dashboard.cache import forecasts as cache
from dashboard.figures.knobs import BELIEFS_KEY, knob_tornado, prior_posterior
from dashboard.forecast import support, trust
from dashboard.frame import page as frame
from dashboard.frame import selectors
from dashboard.frame.grid import grid
from dashboard.frame.terms import linked
from dashboard.inverse import panel
from dashboard.settings import aim, controls, looks
from dashboard.settings.ledger import show_rows, show_series
from dashboard.tables.forecast import learning_table
from dashboard.wording.forecast import likeliest, outlook, state_on_day
from dashboard.wording.glossary import define
from dashboard.wording.knobs import (
    ESSAY,
    common_meaning,
    driver_sentence,
    knobs_sentence,
    learning_sentence,
    start_sentence,
    unit_of,
)
from dashboard.wording.labels import STATE_SHORT
from dashboard.wording.pictures.card import slug
from dashboard.wording.sensitivity import TWO_QUESTIONS, beliefs_sentence
from data.digest import Fields
from data.types import Claim
from models.assumptions.behind import mechanism_of, series_of
from models.assumptions.knobs import Knob
from models.forecast.effects import effects_table
from models.forecast.learning import knob_density
from models.forecast.results import Forecast
from models.measures.drivers import DRIVERS
from models.names import STATES, TARGET_STATE

DRIVER_TITLES = {driver.claim: driver.title for driver in DRIVERS}
TERMS = ("driver", "prior-driven", "partly informed", "data-driven", "in conflict")
EVIDENCE_PAGE, ASK_PAGE = "app_pages/evidence.py", "app_pages/ask.py"


def _page() -> Callable[[], None]:
    wanted = cache.forecast(controls.current())
    forecast = trust.shown(wanted)
    horizon = looks.horizon_selector(forecast.reference_date)
    given.line()
    _answer(forecast, horizon, greyed=wanted is not forecast)
    last = trust.show(wanted)
    learning = cache.learning(forecast).set_index("key")
    st.markdown("## One by one", help=define("knob"))
    group = looks.group_selector()
    claims = {claim.id: claim for claim in cache.evidence().claims}
    knobs = controls.knob_groups(controls.current(), tuple(claims.values()))[group]
    meaning = common_meaning(knobs)
    st.markdown(frame.plain(f"{ESSAY} {meaning} In the pictures {BELIEFS_KEY}."))
    opened = aim.taken()
    for knob in knobs:
        with st.container(border=True, key=aim.card(knob.key)):
            learned = learning.loc[knob.key].to_dict()
            _card(knob, claims.get(knob.key), forecast, learned, shared=bool(meaning), first=knob is knobs[0])
    aim.go_to(aim.card(opened) if opened else "")
    _verdicts(learning)
    if not forecast.assumptions.is_default:
        support.compatible(forecast)
    _tornado(forecast, horizon)
    return frame.in_turn(last, _search(forecast, horizon, usable=wanted is forecast))


def _answer(forecast: Forecast, horizon: int, *, greyed: bool) -> None:
    """The answer in a line and four numbers, each with the starting view's where it differs: the page is about beliefs,
    and Forecast says the rest."""
    usual = {one.outcome: one for one in outlook(frame.default_forecast().table, horizon)}
    with st.container(key="answer"):
        head = frame.plain(likeliest(forecast.table, horizon, reference.today()))
        st.markdown(f"~~{head}~~" if greyed else f"**{head}**")
        by_state = {one.outcome: one.chance.percent for one in outlook(forecast.table, horizon)}
        for column, state in zip(st.columns(len(STATES), gap="small"), reversed(STATES), strict=True):
            before = usual[state].chance.percent
            note = "as at the start" if by_state[state] == before else f"from {before}"
            told = {"delta": note, "delta_color": "off", "delta_arrow": "off"} if not greyed else {}
            column.metric(STATE_SHORT[state], by_state[state], **told)


def _card(knob: Knob, claim: Claim | None, forecast: Forecast, learned: Fields, *, shared: bool, first: bool) -> None:
    told_of = TERMS if first else ()  # a term is linked where it stands first
    setting, belief = st.columns(2, gap="medium")
    with setting:
        st.markdown(f"**{frame.plain(knob.label)}**", help=f"{knob.help}\n\n{knob.reason}")
        controls.typed(knob)
        told = start_sentence(knob, controls.current().values[knob.key])
        st.markdown(frame.plain(told if shared else f"{unit_of(knob).meaning}. {told}"))
        if knob.key in DRIVER_TITLES:
            st.markdown(linked(_driver(knob), *told_of[:1]), help=define("driver"))
        with st.container(horizontal=True, vertical_alignment="center"):
            if claim is not None:
                _behind(claim)
            _signposts(knob, claim, forecast)
        if knob.key in controls.current().changed or knob.key in controls.current().reasons:
            controls.reason(knob)
    with belief:
        if learned["verdict"] != "setting":
            _belief(knob, forecast)
        st.markdown(linked(learning_sentence(learned), *told_of[1:]), help=define("prior-driven"))


def _behind(claim: Claim) -> None:
    """The way to the acts and figures behind a claim."""
    whole, mechanism = cache.whole_ledger(), mechanism_of(claim)
    acts = sum(event.mechanism == mechanism for event in whole.events)
    figures = series_of(claim, whole.indicators)
    with st.popover("Evidence behind it", icon=":material/history_edu:", key=f"behind:{claim.id}"):
        if acts:
            _way(f"{acts} acts in the ledger", f"acts:{claim.id}", partial(show_rows, "mechanism", mechanism))
        for name in figures:
            _way(whole.indicators[name].title, f"series:{claim.id}:{name}", partial(show_series, name))
        if not acts and not figures:
            st.markdown("Nothing in the ledger or among the figures measures it.")


def _way(label: str, key: str, show: Callable[[], None]) -> None:
    if st.button(label, key=key, type="tertiary", on_click=show):
        st.switch_page(EVIDENCE_PAGE)


def _signposts(knob: Knob, claim: Claim | None, forecast: Forecast) -> None:
    """The way to the open questions that speak to a claim."""
    if claim is not None and (questions := asked.by_claim(knob.key, forecast)):
        label = f"Its {len(questions)} open signposts" if len(questions) > 1 else "Its open signpost"
        show = listing.about(claim.title)
        if st.button(label, key=f"signposts:{knob.key}", type="tertiary", icon=":material/live_help:", on_click=show):
            st.switch_page(ASK_PAGE)


def _driver(knob: Knob) -> str:
    measured = cache.drivers()
    value, note = float(measured.origin[knob.key]), str(measured.origin_note[knob.key])
    return driver_sentence(DRIVER_TITLES[knob.key], value, note, knob.direction)


def _belief(knob: Knob, forecast: Forecast) -> None:
    def make() -> cache.Spec:
        setting = forecast.assumptions
        density = knob_density(cache.library_of(forecast), setting, forecast.weights, knob.key)
        return prior_posterior(density, knob.label, unit_of(knob).name)

    spec = cache.copied("belief", (*cache.of(forecast), knob.key), make)
    told = frame.Picture(
        name=f"belief-{slug(knob.key)}",
        title=f"{knob.label}: before and after the evidence",
        values=forecast.assumptions.values,
        knobs=forecast.assumptions.knobs,
    )
    frame.chart(spec, "", picture=told)


def _verdicts(learning: pd.DataFrame) -> None:
    st.markdown("## What the evidence says about them", help=define("posterior"))
    counts = learning["verdict"].value_counts()
    settings = f"The other {counts.get('setting', 0)} are settings of the models: no evidence speaks to them."
    st.markdown(frame.plain(f"{beliefs_sentence(counts)} {settings}"), help=TWO_QUESTIONS)
    with st.expander("All of them in a table", key="learning", on_change="rerun") as box:
        if box.open:
            number = st.column_config.NumberColumn(format="%.2f")
            left = st.column_config.NumberColumn(
                format="%.0f %%", help="Width of the belief after the evidence and before."
            )
            columns = {"Before the evidence": number, "After the evidence": number, "Doubt left": left}
            grid(learning_table(learning), column_config=columns)


def _tornado(forecast: Forecast, horizon: int) -> None:
    st.markdown("## What they can do")
    with st.expander("How far each can move a chance", key="tornado", on_change="rerun") as box:
        if not box.open:
            return
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
            where = f"For {far} of {len(ends)} assumptions an end of the range lies far from the fit"
            st.markdown(f"{where}: read their bars as a direction, and refit for a number.", help=define("reweighting"))


def _search(forecast: Forecast, horizon: int, *, usable: bool) -> Callable[[], None]:
    """The inverse question; returns what draws its progress."""
    with st.expander("What would it take?", icon=":material/target:", key="inverse", on_change="rerun") as box:
        return panel.show(forecast, horizon, usable) if box.open else lambda: None


frame.title("Assumptions", "What do you believe before the evidence speaks, and what does it say back?")
frame.live(_page)
