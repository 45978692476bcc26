"""Charts on the pages: title, chart, sentence, and one way to take each of them along.

A move of a slider must leave a chart's specification as it was, so that the browser puts new rows into the chart that
stands instead of building another. Its description can therefore hold no number. The numbers are in the sentence below,
which `chart.html` ties to it: the container is a figure, named by the title and described by the sentence.
"""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa
import streamlit as st

from dashboard.cache import forecasts as cache
from dashboard.cache import reference
from dashboard.figures.style import still
from dashboard.figures.years import CLICKED
from dashboard.frame.export import download
from dashboard.frame.grid import safe_rows
from dashboard.frame.links import page_address
from dashboard.frame.plain_markdown import plain
from dashboard.settings import controls
from dashboard.wording.labels import date_text
from dashboard.wording.pictures.card import SUBJECT, Card, changed_words, slug
from data.values import frozen
from models.assumptions.knobs import Knobs

SCRIPT = Path(__file__).with_name("chart.html")
"""What the browser adds once a page: figures with their names, the way to a linked chart, and fewer buttons."""
ABOUT = (
    "The link opens this page with your settings at this chart. Pictures carry title, date of the evidence, what you "
    "changed, and the address. In the table no chance is finer than its error."
)


@frozen
class Picture:
    """What a picture must be told and its chart does not know.

    Attributes
    ----------
    name : str
        Of the chart, the same whatever it shows: it stands in links and in names of files.
    title : str
        Its heading, where the page shows none above the chart itself.
    values, knobs : Mapping or None
        The setting that the numbers hold for, and the knobs that it is of; None where no slider moves them.
    as_of : date or None
        Last day of the evidence; None is the session's.
    day : date or None
        The year-end that it is about, where it is about one.
    """

    name: str
    title: str = ""
    values: Mapping[str, float] | None = None
    knobs: Knobs | None = None
    as_of: date | None = None
    day: date | None = None


def chart(
    spec: cache.Spec,
    sentence: str,
    title: str = "",
    help_text: str = "",
    key: str = "",
    picture: Picture | None = None,
) -> None:
    """A chart with its title, its text alternative, the sentence that says what to see, and a way to take it along.

    Parameters
    ----------
    sentence : str
        Stands below the chart; empty where the text beside says it already.
    key : str
        With one its years can be clicked (`dashboard.figures.years`, `dashboard.year.picker`).
    picture : Picture, optional
        Without it the chart goes by its title, or by its kind.
    """
    told = picture or Picture(name=slug(title or str(spec["usermeta"]["kind"]).partition(":")[0]))
    with st.container(key=f"chart-{told.name}"):
        if title:
            st.markdown(f"### {title}", help=help_text or None)
        columns = {name: pa.Table.from_pylist(safe_rows(rows)) for name, rows in spec["datasets"].items()}  # as sent
        shown = still(spec) if sentence else spec
        clicks = {"key": key, "on_select": "rerun", "selection_mode": CLICKED} if key else {}
        st.vega_lite_chart({**shown, "datasets": columns}, width="stretch", **clicks)
        if sentence:
            st.markdown(plain(sentence))
        look = {"icon": ":material/ios_share:", "type": "tertiary", "on_change": "rerun"}
        with st.popover("Export", key=f"share-{told.name}", **look) as box:
            if box.open:
                _ways_out(spec, _card(spec, sentence, title, told), told.name)


def script() -> None:
    """Put `chart.html` on the page, once a run."""
    st.html(SCRIPT, unsafe_allow_javascript=True)


def _ways_out(spec: cache.Spec, card: Card, name: str) -> None:
    """The link, and the files: each is made on its click."""
    from dashboard.report import slides

    if card.address:
        st.caption("Link to this chart")
        st.code(f"{card.address}#{name}", language=None, wrap_lines=True)
    kinds: tuple[tuple[str, str, Callable[[], bytes]], ...] = (
        ("PNG", "image/png", lambda: slides.png(spec, card)),
        ("SVG", "image/svg+xml", lambda: slides.svg(spec, card)),
        ("CSV", "text/csv", lambda: slides.csv(spec)),
    )
    with st.container(horizontal=True):
        for kind, mime, make in kinds:
            file = f"{card.stem}.{kind.lower()}"
            download(kind, make, file_name=file, mime=mime, key=f"save-{name}-{kind.lower()}")
    st.caption(ABOUT)


def _card(spec: cache.Spec, sentence: str, title: str, told: Picture) -> Card:
    kind = str(spec["usermeta"]["kind"])
    return Card(
        name=told.name,
        title=told.title or title or kind.partition(":")[0].rstrip("."),
        subject=f"{SUBJECT}, {date_text(told.day)}" if told.day else SUBJECT,
        sentence=sentence or str(spec["description"]).removeprefix(kind).strip(),
        as_of=told.as_of or reference.evidence().as_of,
        changed="" if told.values is None else changed_words(told.values, told.knobs or {}),
        address=address(),
    )


def address() -> str:
    """Where the reader has this page, with all that it is set to; empty where the browser did not say."""
    said = [(key, text) for key in st.query_params for text in st.query_params.get_all(key)]
    return page_address(controls.account().page, said)
