"""What the Track record page draws, worked out once for each state of the record and each day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pandas as pd
import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.cache.shelves import Shelf
from data.types import Event
from data.values import frozen
from models.outcome.rule import RULES
from models.record.entries import SavedForecast
from models.record.resolutions import ResolutionDraft
from models.track.marks import is_replay
from models.track.resolution import Question, due, questions
from models.track.scored_table import BASE_RATE, scored_table
from models.track.signpost_table import signpost_table
from models.track.track_record import counts, paired, summary


@frozen(eq=False)
class Track:
    """The record held against the ledger. Tables are shared: read them, never write.

    Attributes
    ----------
    key : tuple
        What everything here depends on: place and head of the record, the day, the ledger.
    own : bool
        Whether it is this server's record, to which the page may add; the project's is shown as it stands.
    hidden : int
        Replayed forecasts that are not among `forecasts`, because the filter is off.
    signposts : DataFrame
        `models.track.signpost_table.signpost_table`.
    table, pairs : DataFrame
        `models.track.scored_table.scored_table`, and the published forecasts among it beside their references.
    ready : tuple of ResolutionDraft
        What can be resolved now.
    """

    key: tuple[object, ...]
    own: bool
    hidden: int
    forecasts: tuple[SavedForecast, ...]
    questions: tuple[Question, ...]
    ready: tuple[ResolutionDraft, ...]
    table: pd.DataFrame
    pairs: pd.DataFrame
    counts: pd.DataFrame
    signposts: pd.DataFrame

    def rules(self, mark: str) -> tuple[str, ...]:
        """Digests of the outcome rules under which anything of a mark is scored, the newest rule first."""
        own = set(self.pairs.loc[self.pairs["mark"] == mark, "rule"])
        return tuple(rule.digest for rule in reversed(RULES) if rule.digest in own)

    def under(self, rule: str) -> "Track":
        """What was asked under one rule alone: scores are never pooled over two."""
        own = {name: getattr(self, name) for name in ("table", "pairs", "counts")}
        tables = {name: table[table["rule"] == rule] for name, table in own.items()}
        return replace(self, key=(*self.key, rule), **tables)

    def summary(self, by: tuple[str, ...]) -> pd.DataFrame:
        """`models.track.track_record.summary` by a group; all models when it is by model, less what they are held
        against."""
        models = () if by != ("model_id",) else tuple(set(self.table["model_id"]) - {BASE_RATE})
        make = lambda: summary(paired(self.table, models=models) if models else self.pairs, by)  # noqa: E731
        return cache.copied("track summary", (*self.key, by), make)


def track(shelf: Shelf, replays: bool) -> Track:
    """A record as it stands today.

    Parameters
    ----------
    replays : bool
        Whether replayed forecasts are among what is shown; what can be resolved does not depend on it.

    Raises
    ------
    RecordError
    """
    key = (shelf.owner, shelf.place, shelf.listing.head, date.today(), cache.evidence().digest, replays)
    return _track(key, lambda: _worked_out(shelf, key, replays))


def taught(track: Track, shelf: Shelf) -> pd.DataFrame:
    """`models.track.learned.learned_table` of what is shown; seconds a forecast with a settled signpost."""
    return _taught(track.key, lambda: _learned(track, shelf))


@st.cache_resource(max_entries=1, show_spinner=False)
def doubtful() -> tuple[Event, ...]:
    """Rows that the ledger leaves out."""
    from models.track.doubt import doubtful_events

    return doubtful_events()


@st.cache_resource(max_entries=2, show_spinner="Asking saved draws what the answers taught.")
def _taught(key: tuple[object, ...], _make: Callable[[], pd.DataFrame]) -> pd.DataFrame:  # noqa: ARG001 (names the entry)
    return _make()


def _learned(track: Track, shelf: Shelf) -> pd.DataFrame:
    from models.track.learned import behind, learned_table

    def asked(saved: SavedForecast) -> object:
        return behind(shelf.opened, saved, cache.own(saved.reference_date))

    return learned_table(track.forecasts, shelf.listing.resolutions, date.today(), asked)


@st.cache_resource(max_entries=4, show_spinner="Holding saved forecasts against the ledger.")
def _track(key: tuple[object, ...], _make: Callable[[], Track]) -> Track:  # noqa: ARG001 (it names the entry)
    return _make()


def _worked_out(shelf: Shelf, key: tuple[object, ...], replays: bool) -> Track:
    listing = shelf.listing
    listing.require_whole()
    today, resolutions = date.today(), listing.resolutions
    shown = tuple(saved for saved in listing.forecasts if replays or not is_replay(saved))
    remarks = [remark for several in listing.remarks.values() for remark in several]
    table = scored_table(shown, resolutions, today, remarks)
    return Track(
        key=key,
        own=shelf.own,
        hidden=len(listing.forecasts) - len(shown),
        forecasts=shown,
        questions=questions(today, shown, resolutions),
        ready=due(cache.evidence(), today, listing.forecasts, resolutions, doubtful()),
        table=table,
        pairs=paired(table),
        counts=counts(table),
        signposts=signpost_table(shown, resolutions, today),
    )
