"""The Track record page: how saved forecasts turned out, live ones and hindcasts strictly apart."""

import streamlit as st

from dashboard.cache import shelves
from dashboard.frame import page as frame
from dashboard.frame import selectors
from dashboard.frame.skill import skill
from dashboard.record.frame import available
from dashboard.track import questions, signposts
from dashboard.track.data import Track, track
from dashboard.track.sections import section
from dashboard.wording.labels import years_text
from dashboard.wording.saved.published import READ_ONLY_TRACK
from dashboard.wording.track import live_days, track_headline
from models.outcome.signposts import DUE, OPEN
from models.published.owners import OWN
from models.record.entries import HINDCAST, LIVE
from models.record.entry_checks import ANNULLED, DISPUTED, RESOLVED
from models.track.marks import is_replay


def _method() -> None:
    """How good the method has been, before any forecast of one's own is resolved: hindcasts, with their scores."""
    told, details, scores = skill()
    st.markdown(f"**The method, looking back:** {told} {scores}", help=details)


def _answer(track: Track) -> None:
    """The answer in a sentence, and how many live year-ends stand where."""
    told = frame.plain(track_headline(track.counts, track.questions))
    st.markdown(f"**Looking ahead:** {told}")
    st.markdown("Year-ends that live forecasts speak about; hindcasts are not counted here:")
    cards = (
        ("Resolved", (RESOLVED,)),
        ("Open", (OPEN,)),
        ("Year-ends due", (DUE,)),
        ("Set aside", (ANNULLED, DISPUTED)),
    )
    for column, (label, statuses) in zip(st.columns(len(cards)), cards, strict=True):
        days = [day for status in statuses for day in live_days(track.questions, status)]
        with column, st.container(border=True, height="stretch"):
            st.metric(label, len(days), help=_HELP[label])
            st.caption(years_text([day.year for day in days]) if days else "no year-end")


_HELP = {
    "Resolved": "Year-ends that live forecasts speak about and that the ledger has answered.",
    "Open": "Year-ends that live forecasts speak about and that have not come.",
    "Year-ends due": "Those that live forecasts speak about, that have passed and that the record does not answer yet.",
    "Set aside": "Annulled or disputed: not scored.",
}

frame.title("Track record", "How did the forecasts that were saved turn out?")
frame.notes()
_method()
with available():
    shelf = shelves.shelf(selectors.whose(shelves.usual()) if shelves.offered() else OWN)
    everything = track(shelf, selectors.replays(sum(map(is_replay, shelf.listing.forecasts))))
    _answer(everything)
    if shelf.own:
        questions.actions(everything, shelf)
    else:
        st.markdown(READ_ONLY_TRACK)
    section(everything, LIVE)
    signposts.section(everything, shelf)
    section(everything, HINDCAST)
    questions.show(everything)
