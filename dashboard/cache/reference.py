"""Which evidence a session looks at: as of the newest reference date or one that it chose, and which day it is today.

A session holds on to one reading of the evidence while it draws: what an update brings meanwhile shows when the whole
page is drawn again, so that no page ever mixes two.
"""

from datetime import UTC, date, datetime

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from data.editions.edition import newest_edition
from data.load import load_evidence
from data.types import Evidence

CHOSEN, HELD, NEWEST = "reference:chosen", "reference:held", "reference:newest"


def today() -> date:
    """The day on which the page is drawn, as the record counts days: in UTC."""
    return datetime.now(UTC).date()


def newest() -> date:
    """The reference date of whoever chose none, as of the session's last look at the evidence."""
    return _of_session(NEWEST) or newest_edition().as_of


def choose(as_of: date | None) -> None:
    """Look at the evidence as of another day; None is the newest."""
    st.session_state[CHOSEN] = as_of


def hold() -> bool:
    """Read the evidence of the session anew, once a run; returns whether it is another than the one before."""
    st.session_state[NEWEST] = newest_edition().as_of
    fresh = load_evidence(st.session_state.get(CHOSEN) or newest())
    before = st.session_state.get(HELD)
    st.session_state[HELD] = fresh
    return before is None or before.digest != fresh.digest


def held() -> Evidence | None:
    """The evidence that the session holds on to; None outside a session, as where a file is made on a click."""
    return _of_session(HELD)


def evidence() -> Evidence:
    """What forecasts use: verified rows up to the session's reference date; outside a session the newest."""
    return held() or load_evidence(newest())


def _of_session[T](key: str) -> T | None:
    return st.session_state.get(key) if get_script_run_ctx(suppress_warning=True) else None
