"""The entry point, `streamlit run dashboard/app.py`: navigation only."""

from pathlib import Path

import streamlit as st

from dashboard import frame

ICON = Path(__file__).with_name("icon.svg")

PAGES = (
    st.Page("app_pages/forecast.py", title="Forecast", icon=":material/query_stats:", default=True),
    st.Page("app_pages/assumptions.py", title="Assumptions", icon=":material/tune:"),
    st.Page("app_pages/evidence.py", title="Evidence", icon=":material/history_edu:"),
    st.Page("app_pages/record.py", title="Record", icon=":material/inventory_2:"),
    st.Page("app_pages/track_record.py", title="Track record", icon=":material/target:"),
    st.Page("app_pages/checks.py", title="Checks", icon=":material/fact_check:"),
    st.Page("app_pages/method.py", title="Method", icon=":material/menu_book:"),
)

st.set_page_config(page_title="Conjunction", page_icon=ICON, layout="wide")
frame.run(st.navigation(PAGES))
