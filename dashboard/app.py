"""The entry point, `streamlit run dashboard/app.py`: imported it is the server, run for a visitor it is the page."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config
from streamlit.starlette import App

from dashboard.api.cards.preview import Previews
from dashboard.api.routes import routes
from dashboard.roles import notice
from dashboard.server import network as serving

ICON = Path(__file__).with_name("icon.svg")


def navigate() -> None:
    """Show the page that was chosen: navigation only."""
    from dashboard.frame import page as frame

    pages = (
        st.Page("app_pages/forecast.py", title="Forecast", icon=":material/query_stats:", default=True),
        st.Page("app_pages/ask.py", title="Ask", icon=":material/live_help:"),
        st.Page("app_pages/assumptions.py", title="Assumptions", icon=":material/tune:"),
        st.Page("app_pages/evidence.py", title="Evidence", icon=":material/history_edu:"),
        st.Page("app_pages/record.py", title="Record", icon=":material/inventory_2:"),
        st.Page("app_pages/track_record.py", title="Track record", icon=":material/target:"),
        st.Page("app_pages/checks.py", title="Checks", icon=":material/fact_check:"),
        st.Page("app_pages/method.py", title="Method", icon=":material/menu_book:"),
    )
    st.set_page_config(
        page_icon=ICON, layout="wide"
    )  # first, or the browser asks a stranger's server for a page's icon
    chosen = st.navigation(pages)
    st.set_page_config(page_title=f"{chosen.title} – Conjunction", page_icon=ICON, layout="wide")
    frame.run(chosen)


if __name__ == "__main__":
    navigate()
else:
    prefix = config.get_option("server.baseUrlPath") or ""
    app = App(
        __file__,
        lifespan=notice.lifespan,
        middleware=(*serving.MIDDLEWARE, Middleware(Previews, prefix=prefix)),
        routes=routes(prefix),
    )
