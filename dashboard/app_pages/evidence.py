"""The Evidence page: the ledger, the indicators and the signposts, every number to its source."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from dashboard.cache import coding
from dashboard.cache import forecasts as cache
from dashboard.figures.evidence import indicator_series, ledger_timeline
from dashboard.frame import page as frame
from dashboard.frame import selectors
from dashboard.frame.export import download
from dashboard.frame.grid import grid
from dashboard.frame.plain_markdown import link
from dashboard.settings import aim, controls
from dashboard.settings.ledger import ROWS_TAB, SERIES_TAB, TABS
from dashboard.tables.evidence import agreement_table, disagreement_table, ledger_csv, ledger_table, search_table
from dashboard.update import panel
from dashboard.wording.evidence import (
    agreement_sentence,
    event_sentence,
    indicator_sentence,
    lag_text,
    ledger_sentence,
    pull_sentence,
    readings_text,
    used_sentence,
)
from dashboard.wording.glossary import define
from dashboard.wording.pictures.card import slug
from dashboard.year import panel as explained
from dashboard.year import picker
from data.editions.edition import newest_edition
from data.types import Claim, Event, Indicator
from models.assumptions.behind import claims_of, claims_on
from models.coding.agreement import closeness, disagreements
from models.coding.searches import LATE_FRICTION
from models.outcome.past_rows import past_text
from models.outcome.signposts import SignpostResolution

COLUMNS = {
    "iso": "Date",
    "intensity": "Intensity",
    "summary": "What",
    "label": "Source seen",
    "checks": "Checks",
    "theme": "Domain",
    "reason": "Mechanism",
    "actors": "Who",
    "source_title": "Source",
    "source_url": "Link",
    "coding_note": "Why this code",
    "id": "Row",
}

LEGEND = (
    "Tick a row to read it in full. “unverified”: no page was found. “reserve”: a weaker or redundant row. “read "
    "once”: coded by one reader."
)


@st.fragment
def _ledger() -> None:
    controls.collect()
    controls.publish()
    everything = _everything()
    shown = selectors.ledger_rows(everything)
    spec = cache.copied("timeline", tuple(shown["id"]), lambda: ledger_timeline(shown))
    picker.chart(spec, ledger_sentence(shown), picture=frame.Picture(name="ledger", title="The ledger of acts"))
    explained.show(controls.view().why)
    columns = {
        "Link": st.column_config.LinkColumn(display_text="open"),
        "What": st.column_config.TextColumn(width="large"),
        "Intensity": st.column_config.NumberColumn(format="%+d", help=define("intensity")),
        "Source seen": st.column_config.TextColumn(help=define("unverified")),
    }
    table = shown[list(COLUMNS)].rename(columns=COLUMNS)
    st.markdown(frame.plain(used_sentence(shown, cache.evidence().as_of)))
    chosen = selectors.table_row(table, columns)
    _download(shown)
    st.caption(LEGEND)
    if chosen is not None:
        _act(shown.iloc[chosen])


def _everything() -> pd.DataFrame:
    """Every row of the files, with what the forecast uses of them."""
    whole, used = cache.whole_ledger(), cache.evidence()

    def make() -> pd.DataFrame:
        return ledger_table(whole, coding.readings(), [event.id for event in used.events])

    return cache.copied("ledger", (whole.digest, used.digest), make)


def _download(shown: pd.DataFrame) -> None:
    download(
        f"Download {len(shown)} rows (CSV)",
        partial(ledger_csv, shown),
        file_name=f"conjunction-ledger-{newest_edition().searched_until}.csv",
        mime="text/csv",
        key="ledger:download",
        disabled=shown.empty,
    )


def _act(row: pd.Series) -> None:
    """One row of the ledger in full."""
    plain = frame.plain
    source = link(row["source_title"], row["source_url"]) if row["source_url"] else "no page was found"
    read = next((one for one in coding.readings() if one.id == row["id"]), None)
    second = "; ".join(
        f"{link(one.page.title, one.page.url)} ({plain(one.supports)})"
        for one in coding.second_pages().get(row["id"], ())
    )
    with st.container(border=True):
        st.markdown(f"**{plain(row['day'])}.** {plain(row['summary'])}")
        coded = f"{plain(row['theme'])}, {plain(row['reason'])}, intensity {row['intensity']:+d}"
        st.caption(f"{plain(row['actors'])}. {coded}: {plain(row['coding_note'] or 'no note')}  \nSource: {source}.")
        st.caption(f"{plain(readings_text(read))}  \nSecond source: {second or 'none was looked for or found'}.")
        _claims(claims_on(cache.evidence().claims, row["mechanism"]), "row")


def _claims(claims: Sequence[Claim], where: str) -> None:
    """The way to the cards of the claims that a row or a series speaks to."""
    if not claims:
        return
    st.markdown("**Speaks to**")
    with st.container(horizontal=True):
        for claim in claims:
            aim.button(claim.title, f"claim:{where}:{claim.id}", claim.id, cache.evidence().claims)


@st.fragment
def _indicators() -> None:
    available = cache.whole_ledger().indicators
    indicator = available[selectors.indicator(available)]
    spec = cache.copied("indicator", (indicator.name,), lambda: indicator_series(indicator))
    told = frame.Picture(name=slug(indicator.name))
    frame.chart(spec, indicator_sentence(indicator), indicator.title, picture=told)
    _receipt(indicator)
    rows = [
        (figure.period_end.isoformat(), figure.value, figure.known_from.isoformat(), figure.source_kind, figure.note)
        for figure in indicator.observations
    ]
    with st.expander("Figures"):
        names = ["Period ends", indicator.unit, "Known from", "Source seen", "Note"]
        grid(pd.DataFrame(rows, columns=names))


def _receipt(indicator: Indicator) -> None:
    users = claims_of(cache.evidence().claims, indicator.name)
    lines = {
        "Cite as": indicator.citation,
        "Licence": indicator.licence,
        "Definition breaks": "; ".join(indicator.definition_breaks) or "none known",
        "Caveats": indicator.caveats or "none noted",
        "Known from": lag_text(coding.publication_lags()[indicator.file]),
        "Speaks to": "; ".join(claim.title for claim in users) or "no claim of the essay",
        "Name and file": f"{indicator.name}, data/{indicator.file}",
    }
    st.markdown("\n".join(f"- **{label}:** {frame.plain(text)}" for label, text in lines.items()))
    _claims(users, "series")


def _coding() -> None:
    found, read = coding.agreement(), coding.readings()
    once = sum(one.read_once for one in read)
    st.markdown(frame.plain(agreement_sentence(found, closeness(read), once)))
    grid(agreement_table(found))
    ledger = _everything()
    with st.expander("Rows on which the readings lie furthest apart"):
        grid(disagreement_table(disagreements(read), ledger))
    st.markdown("## What digging deeper brought up")
    tallies, pulled = coding.searches()
    grid(search_table(tallies))
    st.caption(frame.plain(f"{pull_sentence(pulled)} {LATE_FRICTION}"))


def _signposts() -> None:
    answers = cache.signposts(date.today())
    counts = Counter(answer.status for answer in answers)
    statuses = ", ".join(f"{count} {status}" for status, count in counts.items())
    st.caption(f"{len(answers)} yes-or-no questions that the ledger settles: {statuses}.", help=define("signpost"))
    for toward, title in (("deeper", "Signs of deeper cooperation"), ("rupture", "Signs of rupture")):
        st.markdown(f"## {title}")
        for answer in answers:
            if answer.signpost.toward == toward:
                _signpost(answer)


def _signpost(answer: SignpostResolution) -> None:
    plain, signpost = frame.plain, answer.signpost
    with st.expander(f"{plain(signpost.question)} **{answer.status}**"):
        past = past_text(signpost, cache.evidence().events)
        lines = {
            "So far": answer.note,
            "In the past": past,
            "Source": signpost.source,
            "Doubtful cases": signpost.edge_case,
        }
        told = [f"- **{label}:** {plain(text)}" for label, text in lines.items()]
        if answer.near_misses:
            told.append(f"- **Near misses:** {'; '.join(map(_linked, answer.near_misses))}")
        st.markdown("\n".join(told))


def _linked(event: Event) -> str:
    """An act by its page."""
    name, source = event_sentence(event), event.source
    return link(name, source.url) if source.url else frame.plain(name)


frame.title("Evidence", "What is known, who says so, and what would change the picture?")
frame.notes()
PARTS = {
    ROWS_TAB: _ledger,
    SERIES_TAB: _indicators,
    "Signposts": _signposts,
    "Agreement": _coding,
    "News": panel.show,
}
tabs = st.tabs(list(PARTS), key=TABS, on_change="rerun")
for tab, draw in zip(tabs, PARTS.values(), strict=True):
    if tab.open:
        with tab:
            draw()
