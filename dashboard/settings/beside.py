"""The presets beside each other: what each moves, and what the forecast says under it. Computed when it is opened."""

import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.settings import controls
from dashboard.tables.forecast import setting_rows
from dashboard.wording.labels import date_text
from data.days import year_end
from models.assumptions.presets import presets
from models.assumptions.setting import Assumptions
from models.forecast.results import Forecast

NOTE = "A star: rough numbers, far from what was fitted. A press puts a preset in force; undo brings yours back."


def button() -> None:
    """The way to them."""
    if st.button("Compare the presets", key="presets", type="tertiary", icon=":material/table_chart:"):
        _show()


@st.dialog("The presets beside each other", width="large")
def _show() -> None:
    setting = controls.current()
    available = presets(setting.knobs)
    with st.spinner("Asking the forecast under every preset."):
        asked = {preset.label: _forecast(setting, preset.values) for preset in available.values()}
        if controls.active_preset(setting) is None:
            asked["Your setting"] = cache.forecast(setting)
    any_forecast = next(iter(asked.values()))
    horizon = controls.view().horizon(any_forecast.reference_date)
    st.markdown(
        f"Chances at the end of {year_end(any_forecast.reference_date, horizon).year}, from the evidence of "
        f"{date_text(any_forecast.reference_date)}."
    )
    head, *rows = setting_rows(asked, {preset.label: preset.meaning for preset in available.values()}, horizon)
    lines = [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]
    st.markdown("\n".join(lines))
    with st.container(horizontal=True):
        for preset in available.values():
            take = controls.use_preset(preset)
            if st.button(preset.label, key=f"presets:{preset.key}", on_click=controls.account().press, args=(take,)):
                st.rerun()
    st.caption(NOTE)


def _forecast(setting: Assumptions, values: dict[str, float]) -> Forecast:
    return cache.forecast(Assumptions(knobs=setting.knobs, values=values))
