"""The Method page: the account in plain language, the essay's claims as a table, and what the words mean."""

from pathlib import Path

import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.frame import page as frame
from dashboard.frame.grid import grid
from dashboard.tables.evidence import claim_table
from dashboard.wording.glossary import GLOSSARY, define

TEXT = Path(__file__).parents[1] / "method.md"
READING_WIDTH = 760
CLAIMS = (
    "R. Lincoln Hines's essay on cooperation and fault lines, read as claims that a model can use. Odds ratio: by how "
    "much the odds of a higher state next year rise when the driver stands one standard deviation above its mean, in "
    "the claimed direction. Sign right: how sure the wording sounds that the direction is right."
)


def _page() -> None:
    with st.container(width=READING_WIDTH):
        st.markdown(TEXT.read_text(encoding="utf-8"))
        st.markdown("## The essay's claims")
        st.caption(CLAIMS, help=define("odds ratio"))
    columns = {
        "Sign right": st.column_config.NumberColumn(format="percent"),
        "Odds ratio": st.column_config.NumberColumn(format="%.2f"),
        "In full": st.column_config.TextColumn(width="large"),
    }
    grid(claim_table(cache.evidence().claims), column_config=columns)
    with st.container(width=READING_WIDTH):
        st.markdown("## Words")
        words = sorted(GLOSSARY.items(), key=lambda item: item[0].casefold())
        st.markdown("\n".join(f"- **{frame.plain(term)}**: {frame.plain(meaning)}" for term, meaning in words))


frame.title("Method", "How the numbers come about, and what they cannot say.")
frame.notes()
_page()
