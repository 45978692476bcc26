"""The Evidence page: the ledger, the indicators and the signposts, every number to its source."""

import pandas as pd
import streamlit as st

from dashboard import cache, figures, frame, selectors, tables, wording
from data.types import Indicator

COLUMNS = {
    "day": "When",
    "intensity": "Intensity",
    "summary": "What",
    "label": "Source seen",
    "theme": "Domain",
    "reason": "Mechanism",
    "actors": "Who",
    "source_title": "Source",
    "source_url": "Link",
    "coding_note": "Why this code",
    "id": "Row",
}


@st.fragment
def _ledger() -> None:
    everything = cache.copied("ledger", (), lambda: tables.ledger_table(cache.whole_ledger()))
    found = selectors.ledger_rows(everything)
    spec = cache.copied("timeline", tuple(found["id"]), lambda: figures.ledger_timeline(found))
    frame.chart(spec, wording.ledger_sentence(found))
    shown = found.sort_values("date", ascending=False)[list(COLUMNS)].rename(columns=COLUMNS)
    columns = {
        "Link": st.column_config.LinkColumn(display_text="open"),
        "What": st.column_config.TextColumn(width="large"),
        "Intensity": st.column_config.NumberColumn(format="%+d", help=wording.define("intensity")),
        "Source seen": st.column_config.TextColumn(help=wording.define("unverified")),
    }
    st.dataframe(shown, hide_index=True, column_config=columns, height=420)
    st.caption(
        "“unverified”: no page was found. “reserve”: a weaker or redundant row. Neither is used in the forecast."
    )


@st.fragment
def _indicators() -> None:
    available = cache.whole_ledger().indicators
    indicator = available[selectors.indicator(available)]
    spec = cache.copied("indicator", (indicator.name,), lambda: figures.indicator_series(indicator))
    frame.chart(spec, wording.indicator_sentence(indicator), indicator.title)
    _receipt(indicator)
    rows = [(one.period_end.isoformat(), one.value, one.source_kind, one.note) for one in indicator.observations]
    with st.expander("Figures"):
        names = ["Period ends", indicator.unit, "Source seen", "Note"]
        st.dataframe(pd.DataFrame(rows, columns=names), hide_index=True)


def _receipt(indicator: Indicator) -> None:
    names = (indicator.name, indicator.name.partition(".")[0])
    users = [claim.title for claim in cache.evidence().claims if set(names) & set(claim.indicators)]
    lines = {
        "Cite as": indicator.citation,
        "Licence": indicator.licence,
        "Definition breaks": "; ".join(indicator.definition_breaks) or "none known",
        "Caveats": indicator.caveats or "none noted",
        "Speaks to": "; ".join(users) or "no claim of the essay",
        "Name and file": f"{indicator.name}, data/{indicator.file}",
    }
    st.markdown("\n".join(f"- **{label}:** {frame.plain(text)}" for label, text in lines.items()))


def _signposts() -> None:
    table = cache.copied("signposts", (), lambda: tables.signpost_table(cache.evidence()))
    told = ", ".join(f"{count} {status}" for status, count in table["Status"].value_counts().items())
    st.caption(f"{len(table)} yes-or-no questions that the ledger settles: {told}.", help=wording.define("signpost"))
    columns = {"Question": st.column_config.TextColumn(width="large")}
    st.dataframe(table, hide_index=True, column_config=columns, height=560)


frame.title("Evidence", "What is on record, who says so, and what would change the picture?")
frame.notes()
ledger, indicators, signposts = st.tabs(["Ledger of acts", "Indicators", "Signposts"])
with ledger:
    _ledger()
with indicators:
    _indicators()
with signposts:
    _signposts()
