"""What if a driver were held: what-ifs that the essay speaks of, simulated again, in two columns."""

from collections.abc import Mapping

import streamlit as st

from dashboard.ask.given import pictured
from dashboard.cache import forecasts
from dashboard.cache import held as cache
from dashboard.figures.asked import answer_bars
from dashboard.frame import page as frame
from dashboard.frame.grid import grid
from dashboard.frame.page import plain
from dashboard.tables.paths import path_table
from dashboard.wording.ask import paths as words
from dashboard.wording.glossary import define
from dashboard.wording.numerals import sentence_case
from dashboard.wording.pictures.card import slug
from models.forecast.results import Forecast
from models.names import STATES, TARGET_STATE
from models.paths.answers import PathAnswer
from models.paths.named import NamedPath, named_paths
from models.weighting.status import Status


def show(forecast: Forecast, horizon: int) -> None:
    """Choose one, from which year on, and read both columns."""
    available, starts = named_paths(), cache.drivers(forecast).starts
    st.markdown("## What if a driver is held?", help=define("driver"))
    st.caption(plain(f"{words.LABEL} {words.NOTHING_ELSE}"))
    chosen = st.pills(
        "What if",
        tuple(available),
        key="ask:path",
        format_func=lambda key: available[key].label,
        persist_state="session",
        label_visibility="collapsed",
    )
    if chosen is None:
        return
    start = st.segmented_control(
        "From the year", tuple(starts), default=starts[0], key="ask:start", required=True, persist_state="session"
    )
    _answers(forecast, available[chosen], start, horizon)


def _answers(forecast: Forecast, path: NamedPath, start: int, horizon: int) -> None:
    drivers = cache.drivers(forecast)
    for hold in path.holds(start):
        st.markdown(plain(words.hold_sentence(drivers, hold)))
    st.caption(plain(f"Essay, paragraph {path.paragraph.replace(';', ', ')}. {path.stands_for}"))
    with st.spinner("Simulating the futures again, with the driver held and without."):
        columns = cache.in_both(forecast, path, start)
    for place, (name, answer) in zip(st.columns(len(columns), gap="small"), columns.items(), strict=True):
        with place, st.container(border=True, height="stretch"):
            _column(forecast, sentence_case(name).replace("'", "’"), answer, horizon)
    with st.expander("All its numbers", icon=":material/table:", key="path-table", on_change="rerun") as box:
        if box.open:
            grid(path_table(columns), column_config={"Error (points)": st.column_config.NumberColumn(format="%.2f")})


def _column(forecast: Forecast, name: str, answer: PathAnswer, horizon: int) -> None:
    st.markdown(f"**{name}**")
    frame.trust_badge(answer.status)
    sentence = words.answer_sentence(answer, horizon)
    if answer.status != Status.POOR:
        cells = [answer.cell(TARGET_STATE, horizon, state) for state in STATES]
        bars = {"As published": [cell["without"] for cell in cells], "If held": [cell["held"] for cell in cells]}
        told = pictured(f"held-{slug(name)}", forecast, f"If the driver is held: {name[:1].lower()}{name[1:]}")
        frame.chart(answer_bars(bars, [cell["mcse"] for cell in cells], sentence), sentence, picture=told)
    else:
        st.caption(plain(sentence))
    told = (
        words.doubt_sentence(answer, _titles(forecast)),
        words.listening_sentence(answer, forecast.model_weights),
        words.timing_sentence(answer),
        words.error_sentence(answer),
    )
    st.caption(plain(" ".join(told)))


def _titles(forecast: Forecast) -> Mapping[str, str]:
    return {claim.id: claim.title for claim in forecasts.evidence_of(forecast).claims}
