"""Does the evidence support a setting, in all and assumption by assumption?"""

import pandas as pd
import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.frame import page as frame
from dashboard.frame.grid import grid
from dashboard.wording.glossary import define
from dashboard.wording.support import conflict_note, ratio_text, support_sentence
from models.forecast.results import Forecast
from models.measures.drivers import DRIVERS

TITLES = {driver.claim: driver.title for driver in DRIVERS}
MEASURED = {driver.claim: f"{driver.title} ({driver.sources})" for driver in DRIVERS}


def compatible(forecast: Forecast) -> None:
    """How compatible the evidence is with the setting, in all and assumption by assumption."""
    st.markdown("## Does the evidence support your assumptions?", help=define("compatibility"))
    if forecast.assumptions.is_default:
        st.caption("These are the defaults, against which other assumptions are compared. Move one to see.")
        return
    st.markdown(frame.plain(support_sentence(cache.support(forecast))))
    supports = cache.knob_supports(forecast)
    titles = {key: knob.label for key, knob in forecast.assumptions.knobs.items()}
    note = conflict_note(supports, titles, MEASURED)
    if note:
        st.warning(frame.plain(note), icon=":material/contract_delete:")
    rows = [
        {
            "Assumption": titles[key],
            "Now": forecast.assumptions.values[key],
            "Default": forecast.assumptions.knobs[key].default,
            "Evidence, against its default": ratio_text(support),
            "Measured by": TITLES.get(key, ""),
        }
        for key, support in supports.items()
    ]
    grid(pd.DataFrame(rows))
