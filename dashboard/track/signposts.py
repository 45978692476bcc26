"""Track record: how good saved chances of signposts were, and what their answers taught."""

from datetime import date

import pandas as pd
import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.cache.shelves import Shelf
from dashboard.frame import page as frame
from dashboard.frame.grid import grid
from dashboard.tables.signposts_track import chance_table, taught_table
from dashboard.tables.track import variant_names
from dashboard.track.data import Track, taught
from dashboard.wording.glossary import define
from dashboard.wording.saved.signposts import (
    TAUGHT_MEANING,
    chances_sentence,
    taught_sentence,
    waiting_sentence,
    without_sentence,
)
from dashboard.wording.track import LOWER
from models.track.learned import learned_summary
from models.track.signpost_table import signpost_scores


def section(track: Track, shelf: Shelf) -> None:
    """Chances that were saved against the answers, live ones and hindcasts apart, then what the answers taught."""
    st.header("Signposts", anchor="signposts", divider="gray")
    st.markdown(
        "Chances that saved forecasts gave to signposts, against the answers and beside each question’s own past.",
        help=define("signpost"),
    )
    scores = cache.copied("track signposts", track.key, lambda: signpost_scores(track.signposts))
    if scores.empty:
        st.info(waiting_sentence(*_waiting(track.signposts)), icon=":material/hourglass_empty:")
        return
    usual = {forecast.assumptions for forecast in track.forecasts if not forecast.changed}
    names = variant_names(track.table, usual)
    st.markdown(LOWER)
    for row in scores[scores["score"] == "brier"].to_dict("records"):
        st.markdown(frame.plain(f"{names[row['assumptions']]}: {chances_sentence(row)}"))
    grid(chance_table(scores, names))
    with frame.shown_errors():
        _taught(taught(track, shelf), dict(shelf.listing.names))


def _waiting(table: pd.DataFrame) -> tuple[int, date | None]:
    """How many signposts wait for an answer, and the first deadline among them."""
    first = table["target_end_date"].min()
    return table["signpost"].nunique(), None if pd.isna(first) else first.date()


def _taught(table: pd.DataFrame, names: dict[str, str]) -> None:
    st.subheader("What the answers taught", anchor=False)
    st.markdown(TAUGHT_MEANING)
    for row in learned_summary(table).to_dict("records"):
        st.markdown(frame.plain(taught_sentence(row)))
    bare = table[table["why"] != ""].drop_duplicates(["digest", "signpost"])
    if words := without_sentence(bare["why"].value_counts(sort=False).to_dict()):
        st.markdown(frame.plain(words))
    with st.expander("Every answer and year-end"):
        grid(taught_table(table, names))
