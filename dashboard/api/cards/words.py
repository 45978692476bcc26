"""What a card says, of a setting or of a saved forecast: the page's own words."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

import pandas as pd

from dashboard.api.asking import asked
from dashboard.api.calls import Call
from dashboard.api.numbers import forecast_of
from dashboard.api.saved import entry_of
from dashboard.cache import reference, store
from dashboard.settings.link import ENTRY, ENTRY_DIGITS, HEADLINE
from dashboard.wording.days import hindcast_note
from dashboard.wording.forecast import likeliest, number_sentence, outlook
from dashboard.wording.labels import STATE_LABELS, date_text
from dashboard.wording.pictures.card import PRODUCT, SUBJECT, changed_words
from data.days import horizons_from, year_end
from data.load import load_claims
from data.receipts import DATA_FOLDER
from data.values import frozen
from models.assumptions.knobs import Knobs, knobs
from models.text.visible import spelled_out

WITHOUT_PINS = "What the link supposes beside is not in these numbers."


@frozen
class Bar:
    """One state: its name, its chance in words and as a share, and its range."""

    state: str
    label: str
    percent: str
    share: float
    range: str


@frozen
class CardWords:
    """All that a card says.

    Attributes
    ----------
    title, sentence : str
    facts : tuple of str
        Lines at the foot.
    bars : tuple of Bar
        Cooperation first, as on the page.
    link : str
        Where the page shows the same.
    """

    title: str
    sentence: str
    facts: tuple[str, ...]
    bars: tuple[Bar, ...]
    link: str

    @property
    def description(self) -> str:
        """The card for those who cannot see it."""
        chances = "; ".join(f"{bar.label} {bar.percent}" for bar in self.bars)
        return " ".join((self.sentence, f"{chances}.", *self.facts))


def setting_words(call: Call, more: tuple[str, ...]) -> CardWords:
    """Of the setting of a link.

    Parameters
    ----------
    more : tuple of str
        Parameters that are not the link's.

    Raises
    ------
    Refused
    """
    question = asked(call, more, pins=True)
    made = forecast_of(question)
    link = [(key, text) for key, texts in call.query.items() if key not in more for text in texts]
    words = _words(
        made.table,
        question.evidence.as_of,
        question.horizon,
        (question.assumptions.values, question.assumptions.knobs),
        f"{call.base}/?{urlencode(link)}" if link else f"{call.base}/",
    )
    return replace(words, facts=(*words.facts, WITHOUT_PINS)) if question.conditions else words


def link_words(call: Call) -> CardWords:
    """Of a page's link: of the saved forecast that it opens, if it does, else of its setting."""
    entry = call.query.get(ENTRY)
    return entry_words(call.about(entry[-1]), ()) if entry else setting_words(call, ())


def entry_words(call: Call, more: tuple[str, ...]) -> CardWords:
    """Of a saved forecast."""
    shelf, saved = entry_of(call, more)
    snapshot = store.snapshot(shelf.opened, saved)
    horizon = horizons_from(saved.reference_date)[HEADLINE]
    link = f"{call.base}/record?entry={saved.digest[:ENTRY_DIGITS]}"
    setting = snapshot.assumptions.values, _present_knobs()
    words = _words(snapshot.table, saved.reference_date, horizon, setting, link)
    name = spelled_out(shelf.listing.names[saved.digest])
    about = f"“{name}”, saved {date_text(saved.saved_at.date())} by {spelled_out(saved.author)}, {saved.counts_as}."
    return replace(words, facts=(about, *words.facts))


def _present_knobs() -> Knobs:
    return knobs(load_claims(DATA_FOLDER))


def _words(
    table: pd.DataFrame, as_of: date, horizon: int, setting: tuple[Mapping[str, float], Knobs], link: str
) -> CardWords:
    today = reference.today()
    bars = tuple(
        Bar(
            state=reading.outcome,
            label=STATE_LABELS[reading.outcome],
            percent=reading.chance.percent,
            share=reading.probability,
            range=reading.chance.range,
        )
        for reading in reversed(outlook(table, horizon))
    )
    note = hindcast_note(year_end(as_of, horizon), as_of, today)
    facts = (
        f"{PRODUCT}: {SUBJECT}. Evidence as of {date_text(as_of)}.",
        changed_words(*setting, most=2),
        *filter(None, (note,)),
    )
    return CardWords(
        title=likeliest(table, horizon, today),
        sentence=number_sentence(table, horizon),
        facts=facts,
        bars=bars,
        link=link,
    )
