"""One signpost: its chance, what either answer would make of the states, how it is settled, and its claim."""

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.ask import supposed as session
from dashboard.ask.given import pictured
from dashboard.ask.supposed import Supposed
from dashboard.cache import asked as cache
from dashboard.cache import forecasts
from dashboard.figures.asked import answer_bars
from dashboard.forecast import course
from dashboard.frame import page as frame
from dashboard.frame.page import plain
from dashboard.settings import aim, controls
from dashboard.wording.ask import given as sentences
from dashboard.wording.ask import signposts as words
from dashboard.wording.ask import value as worth
from dashboard.wording.ask.signposts import question_text
from dashboard.wording.chances import percent, points
from dashboard.wording.glossary import define
from dashboard.wording.saved.course import day_of
from data.days import last_whole_year
from data.values import frozen
from models.forecast.results import Forecast
from models.names import STATES
from models.outcome.signpost_list import Signpost
from models.record.entries import LIVE
from models.signposts.board import Board
from models.signposts.pins import Act, Observed
from models.signposts.value import Values


@frozen(eq=False)
class Card:
    """What a card is drawn from.

    Attributes
    ----------
    year : int
        The year-end that is looked at.
    """

    signpost: Signpost
    forecast: Forecast
    given: Supposed
    year: int

    @property
    def board(self) -> Board:
        """All signposts before the forecast's library."""
        return cache.board(self.forecast)

    @property
    def index(self) -> int:
        """Position among the open ones."""
        return self.board.index(self.signpost.id)

    @property
    def values(self) -> Values:
        """What the answers would teach."""
        return cache.worth(self.forecast, self.year, self.given.pins)

    @property
    def chance(self) -> float:
        """Of a recorded yes, with what is supposed."""
        return float(cache.chances(self.forecast, self.given.pins)[self.index])

    @property
    def before(self) -> float:
        """The same without it."""
        return float(cache.chances(self.forecast)[self.index])


def show(card: Card, titles: dict[str, str]) -> DeltaGenerator:
    """Draw a card; returns the place of its range, which takes longer than the rest."""
    signpost = card.signpost
    with st.container(border=True, key="card"):
        about = plain(words.mechanism_text(signpost, titles))
        st.caption(f"{signpost.id} · {words.FAMILY_LABELS[signpost.family]} · {about}", help=words.FAMILY_MEANINGS)
        st.markdown(f"### {plain(words.question_text(signpost))}")
        place = _chance(card)
        _buttons(card)
        _either(card)
        _worth(card)
        _settled_how(card)
        if signpost.claim:
            _claim(signpost.claim)
        _course(card)
    return place


def fill(place: DeltaGenerator, card: Card) -> None:
    """The range of a card's chance, once all else stands."""
    with place:
        if card.signpost.asks_for_a_break:
            st.caption(plain(words.BREAK_RANGE))
            return
        shown = words.chance_of(card.before, cache.ranges(card.forecast)[card.index])
        st.markdown(f"range {plain(shown.range)}", help=define("range of a chance"))


def _chance(card: Card) -> DeltaGenerator:
    answer = card.given.conditions.answer(card.signpost.id) if card.given.told else ""
    shown = words.chance_of(card.chance, (np.nan, np.nan))
    left, right = st.columns(2, gap="small")
    with left:
        moved = percent(card.chance) != percent(card.before) and not answer
        delta = points(card.chance - card.before).replace("less than ", "<") if moved else None
        value = f"supposed: {answer}" if answer else shown.percent
        st.metric(
            "Chance of a recorded yes",
            value,
            delta,
            delta_color="off",
            delta_arrow="off",
            help=define("recorded yes"),
        )
    with right:
        usual = words.chance_of(card.before, (np.nan, np.nan))
        without = f"without what you suppose {usual.percent}, " if moved or answer else ""
        st.markdown(f"{plain(without)}**{usual.word}**, {plain(usual.in_100)}")
        frame.trust_badge(card.forecast.status)
        place = st.container()
    if said := words.any_yes_sentence(card.before, card.signpost):
        st.caption(plain(said))
    return place


def _buttons(card: Card) -> None:
    """Suppose an answer, or make the act happen."""
    identifier = card.signpost.id
    held = controls.conditions().answer(identifier)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        for yes, name in ((True, "yes"), (False, "no")):
            pin, chosen = Observed(id=identifier, yes=yes), held == name
            session.button(
                f"Suppose {name}",
                f"pin:{name}",
                lambda now, pin=pin, chosen=chosen: now.without(pin) if chosen else now.pinned(pin),
                opened=identifier,
                type="primary" if chosen else "secondary",
                icon=":material/push_pin:",
                help="Taken as observed; press again to take it away.",
            )
        _making(card)


def _making(card: Card) -> None:
    signpost, board = card.signpost, card.board
    if signpost.rule.none_expected or signpost.family == "context":
        return
    left = zip(board.coming.years, board.coming.open_to(signpost), strict=True)
    years = [year for year, share in left if share > 0]
    usual = max((year for year in years if year <= card.year), default=years[0])
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", width="content"):
        year = usual
        if len(years) > 1:
            year = st.selectbox(
                "Year",
                years,
                index=years.index(usual),
                key=f"ask:year:{signpost.id}",
                label_visibility="collapsed",
                width=96,
            )
        act = Act(id=signpost.id, year=year)
        done = act in controls.conditions().acts
        session.button(
            "Make it happen" if len(years) > 1 else f"Make it happen in {year}",
            "do",
            lambda now: now.without(act) if done else now.done(act),
            opened=signpost.id,
            type="primary" if done else "secondary",
            icon=":material/bolt:",
            help=define("made to happen"),
        )


def _either(card: Card) -> None:
    """The states at the year-end after either answer."""
    values, at = card.values, card.index
    if not 0 < card.chance < 1:
        return
    position = card.board.coming.years.index(card.year)
    answer = card.given.told or cache.asked(card.forecast)
    states, errors = answer.published[position, : len(STATES)], answer.mixture.mcse[position, : len(STATES)]
    if answer.acts:  # what answers would teach is told of the world without acts
        states = cache.asked(card.forecast, card.given.pins).published[position, : len(STATES)]
    bars = {"If yes": values.yes[at], "As it is": states, "If no": values.no[at]}
    moves = (sentences.moves_text(sentences.shifts(states, bars[name], errors)) for name in ("If yes", "If no"))
    sentence = words.answers_sentence(card.signpost, card.year, *moves)
    told = pictured("answers", card.forecast, question_text(card.signpost))
    frame.chart(answer_bars(bars, errors, sentence), sentence, picture=told)


def _worth(card: Card) -> None:
    """What the answer is worth, and how far that rests on one assumption."""
    value, before = float(card.values.value[card.index]), card.values.before
    st.markdown(plain(worth.worth_sentence(value, before, card.year)), help=define("value of an answer"))
    if card.signpost.deadline.year > card.year:
        st.caption(worth.LATER)
    with st.expander("How far does that rest on one assumption?", key="hearing", on_change="rerun") as box:
        if box.open:
            with st.spinner("Asking two other boards; some seconds."):
                ends = cache.unheard(card.forecast, card.year, card.given.pins)
            st.caption(plain(worth.hearing_sentence(*(float(end.value[card.index]) for end in ends))))


def _settled_how(card: Card) -> None:
    """The rule in words, what it would have counted, and who says so."""
    signpost = card.signpost
    answer = next(one for one in card.board.answers if one.signpost.id == signpost.id)
    past = cache.past(card.forecast)[signpost.id]
    lines = {
        "What counts": words.rule_sentence(signpost),
        "In the past": words.past_sentence(past, last_whole_year(card.forecast.reference_date)),
        "Near misses": words.near_sentence(answer.near_misses),
        "Source": signpost.source,
        "Doubtful cases": signpost.edge_case,
    }
    st.markdown("\n".join(f"- **{label}:** {plain(text)}" for label, text in lines.items() if text))


def _claim(claim: str) -> None:
    """The essay's claim that the question speaks to, with its number to move here and now."""
    knob = controls.current().knobs[claim]
    st.markdown(f"**The essay’s claim: {plain(knob.label)}**  \n:small[{plain(knob.unit)}; {knob.range_text}]")
    left, right = st.columns([2, 3], vertical_alignment="center")
    with left:
        controls.typed(knob)
    with right:
        known = forecasts.evidence().claims
        aim.button("All that is said of it", "to-claim", knob.key, known, icon=":material/tune:")


def _course(card: Card) -> None:
    """How the chance has moved with saved forecasts; the records are opened where a reader asks."""
    with st.expander("How this chance has moved", icon=":material/timeline:", key="chance", on_change="rerun") as box:
        if not box.open:
            return
        identifier = card.signpost.id
        saved = [
            (day_of(entry.saved_at), entry.name, float(entry.signposts[identifier]["chance"]))
            for listing in course.listings().values()
            for entry in listing.forecasts
            if entry.counts_as == LIVE and identifier in entry.signposts
        ]
        if saved:
            lines = words.course_lines(sorted(saved), card.before)
            st.markdown("\n".join(f"- {plain(line)}" for line in lines))
        else:
            st.caption(words.HISTORY_LATER)
