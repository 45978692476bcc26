"""What one does with an answer, in a row above it: save, share, compare, download.

Saving and sharing are done where their buttons are; files have a form further down, to which one is brought.
"""

from collections.abc import Callable

import streamlit as st

from dashboard.api.addresses import programs_text
from dashboard.frame.links import link, page_address
from dashboard.settings import controls
from dashboard.settings.link import write_link
from dashboard.wording.forecast import outlook
from dashboard.wording.labels import STATE_PLAIN
from dashboard.wording.saved.forms import here_only_sentence
from models.forecast.results import Forecast

SAVE, FILES = "save", "files"
"""Keys of the form that saves, and of the box with files further down."""


def row(save: Callable[[], None], compare: Callable[[], None], forecast: Forecast, horizon: int) -> str:
    """The four buttons.

    Parameters
    ----------
    save : callable
        Draws the form that saves, once it is open.
    compare : callable
        Called before the Record page opens, to choose what is compared there.
    forecast, horizon
        What is on screen.

    Returns
    -------
    str
        Key of the expander that was asked for; empty on every other run.
    """
    wanted = ""
    with st.container(horizontal=True, gap="small", key="actions"):
        look = {"type": "tertiary", "icon": ":material/inventory_2:", "on_change": "rerun"}
        with st.popover("Save", key=SAVE, **look) as box, st.container(key="save-form"):
            if box.open:
                save()
        with st.popover("Share", type="tertiary", icon=":material/share:"):
            here = address()
            st.markdown("This link opens the same setting, without your reasons:")
            link(here)
            if here_only := here_only_sentence(here):
                st.markdown(here_only)
            first = max(outlook(forecast.table, horizon), key=lambda reading: reading.probability)
            watched = first.outcome, STATE_PLAIN[first.outcome], first.probability
            st.markdown(programs_text(here, watched, forecast.reference_date, int(first.date[:4])))
        if st.button(
            "Compare",
            key="act:compare",
            type="tertiary",
            icon=":material/compare_arrows:",
            help="What changed since the last published forecast, and why.",
            on_click=compare,
        ):
            st.switch_page("app_pages/record.py")
        if st.button("Download", key="act:files", type="tertiary", icon=":material/download:"):
            wanted = FILES
    if wanted:
        st.session_state[wanted] = True  # the expander is drawn further down, in this very run
    return wanted


def address() -> str:
    """The page's address with the setting in force, as the browser has it."""
    present = controls.account()
    said = [(key, text) for key, text in write_link(present.setting, present.view.on(present.page)).items()]
    said += [(key, text) for key, texts in present.conditions.texts.items() for text in texts]
    return page_address(present.page, said)
