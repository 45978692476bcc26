"""Track record: the scores of live forecasts and, apart from them, those of hindcasts."""

import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.figures.track import calibration_chart, given_chart, given_to_outcome
from dashboard.frame import page as frame
from dashboard.frame.grid import grid
from dashboard.frame.skill import skill
from dashboard.tables.track import INDEX, NUMBERS, score_table, variant_names
from dashboard.track import selectors
from dashboard.track.data import Track
from dashboard.wording.glossary import define
from dashboard.wording.track import (
    LOWER,
    MARK_LABELS,
    by_hand_sentence,
    calibration_sentence,
    counts_text,
    empty_sentence,
    given_sentence,
    scores_sentence,
)
from models.outcome.rule import RULE
from models.record.entries import HINDCAST, LIVE
from models.track.asked import asked_under
from models.track.track_record import calibration

TITLES = {LIVE: "Live forecasts", HINDCAST: "Hindcasts"}
COLOURS = {LIVE: "violet", HINDCAST: "gray"}
INTROS = {
    LIVE: (
        "Saved before the day that they speak about, by the saving computer’s clock: these can show foresight. One "
        "that was saved late in a year could rest on a year that was nearly over, while the base rate knows the ledger "
        "up to the reference date alone."
    ),
    HINDCAST: (
        "Computed or saved after the day. They show how the method would have done, and say nothing about anyone’s "
        "foresight: whoever chose the ledger’s rows, the outcome rule, the models and their weights knew what "
        "followed, figures are those of today and not of then, and drivers are scaled by all years, later ones "
        "included."
    ),
}


def section(track: Track, mark: str) -> None:
    """Everything about one mark, in a frame of its own."""
    st.header(TITLES[mark], anchor=mark, divider="violet" if mark == LIVE else "gray")
    st.badge(MARK_LABELS[mark], color=COLOURS[mark])
    rules = track.rules(mark)
    rule = selectors.rule(mark, rules) if len(rules) > 1 else next(iter(rules), RULE.digest)
    track = track.under(rule) if rules else track
    st.markdown(f"{INTROS[mark]} {counts_text(track.counts, mark)}")
    if rule != RULE.digest:
        st.markdown(frame.plain(f"Asked under {asked_under(rule)}, resolved and scored under it."))
    if by_hand := by_hand_sentence(track.questions, mark):
        st.markdown(frame.plain(by_hand))
    if mark == HINDCAST:
        _tested()
    if not (track.pairs["mark"] == mark).any():
        st.info(empty_sentence(mark, track.hidden, own=track.own), icon=":material/hourglass_empty:")
        return
    _scores(track, mark)
    left, right = st.columns(2, gap="medium")
    with left:
        _given(track, mark)
    with right:
        _calibration(track, mark)


def _tested() -> None:
    """What the archived backtest showed: its hindcasts are in no record."""
    told, details, _ = skill()
    st.markdown(f"Of the method as a whole, apart from what is saved here: **{told}**", help=details)
    st.page_link("app_pages/checks.py", label="How that was tested", icon=":material/arrow_forward:")


@st.fragment
def _scores(track: Track, mark: str) -> None:
    st.subheader("Who did better than the base rate?", anchor=False)
    with st.container(horizontal=True):
        group, score = selectors.group(mark), selectors.score(mark)
    summary = track.summary((group,))
    summary = summary[summary["mark"] == mark]
    usual = {forecast.assumptions for forecast in track.forecasts if not forecast.changed}
    names = cache.copied("track names", track.key, lambda: variant_names(track.table, usual))
    table = score_table(summary, group, score, names)
    numbers = {name: st.column_config.NumberColumn(format="%.3f", width="small") for name in NUMBERS}
    index = {name: st.column_config.TextColumn(help=define("index")) for name in table if name.startswith(INDEX)}
    st.markdown(LOWER)
    grid(table, column_config={**numbers, **index})
    st.markdown(frame.plain(scores_sentence(summary, score, mark)))


@st.fragment
def _given(track: Track, mark: str) -> None:
    st.subheader("The chance given to what then happened", anchor=False)
    horizon = selectors.horizon(mark)
    key = (*track.key, mark, horizon)
    given = cache.copied("track given", key, lambda: given_to_outcome(track.table, mark, horizon))
    if given.empty:
        st.info("Nothing that far ahead has been resolved.", icon=":material/hourglass_empty:")
        return
    spec = cache.copied("track given chart", key, lambda: given_chart(given, mark, horizon))
    told = frame.Picture(name=f"track-given-{mark}", title="The chance given to what then happened")
    frame.chart(spec, given_sentence(given, mark), picture=told)


@st.fragment
def _calibration(track: Track, mark: str) -> None:
    st.subheader("Did it happen as often as was said?", anchor=False)
    event = selectors.event(mark)
    key = (*track.key, mark, event)
    rule = next(iter(track.rules(mark)), RULE.digest)
    calibrated = cache.copied("track calibrated", key, lambda: calibration(track.table, mark, event, rule=rule))
    if calibrated is None:
        st.info("Nothing of this kind has been resolved.", icon=":material/hourglass_empty:")
        return
    spec = cache.copied("track calibration", key, lambda: calibration_chart(calibrated, mark))
    told = frame.Picture(name=f"track-calibration-{mark}", title="Did it happen as often as was said?")
    frame.chart(spec, calibration_sentence(calibrated, mark), picture=told)
