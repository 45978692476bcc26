"""Which answer would teach most, how many yes are to be expected, what is settled, and all numbers as files."""

import pandas as pd
import streamlit as st

from dashboard.ask.supposed import Supposed
from dashboard.cache import asked as cache
from dashboard.cache import checks as archive
from dashboard.checks.frame import plainly
from dashboard.forecast import downloads
from dashboard.frame.grid import grid
from dashboard.frame.page import plain
from dashboard.tables.asked import settled_table, value_table
from dashboard.wording.ask import signposts as words
from dashboard.wording.ask import value as worth
from dashboard.wording.glossary import define
from models.backtest.scores import PRIMARY
from models.forecast.results import Forecast
from models.signposts.value import Values
from models.storage.safe_csv import safe_csv
from models.verdicts.signposts import chances_sentence, ranking_sentence
from models.verdicts.studies import SIGNPOSTS

TENTHS, WHOLE = "%.1f", "%.0f %%"


def head(forecast: Forecast, values: Values, year: int) -> None:
    """How many questions are open, how many yes are to be expected of them, and which answers would teach most."""
    board = cache.board(forecast)
    st.markdown(f"## {len(board.open)} open questions", help=define("signpost"))
    best = worth.best_sentence(board.open, values.value, values.before, year)
    st.markdown(plain(f"{best} {words.count_sentence(cache.count(forecast))}"))
    study = archive.study(SIGNPOSTS)
    if study.present:
        tables = study.tables
        first = tables["comparisons"].set_index("role").loc[PRIMARY]
        told = worth.held_sentence(first, int(first["origins"]))
        details = plainly(chances_sentence(tables["comparisons"], tables["scores"]))
        st.markdown(f":material/fact_check: {plain(told)}", help=details)


def ranking(rows: pd.DataFrame, values: Values, year: int) -> None:
    """The table of what each answer would teach, and what the numbers are not."""
    st.markdown(f"## {worth.value_title(year)}", help=define("value of an answer"))
    columns = {
        "Question": st.column_config.TextColumn(width="large"),
        "By the end of": st.column_config.NumberColumn(format="%d"),
        "Chance": st.column_config.NumberColumn(format=WHOLE, help=define("recorded yes")),
        "Value × 1000": st.column_config.NumberColumn(format=TENTHS, help=define("value of an answer")),
    }
    grid(value_table(rows, values), column_config=columns, height=360)
    study = archive.study(SIGNPOSTS)
    judged = plainly(ranking_sentence(study.tables["history"])) if study.present else plain(worth.UNJUDGED)
    st.markdown(judged)
    st.caption(plain(f"{worth.NOT_ADDITIVE} {worth.LATER_ONES}"))


def rest(forecast: Forecast, given: Supposed, year: int) -> None:
    """Settled questions, and every number, each behind a click."""
    settled = settled_table(cache.board(forecast).answers)
    with st.expander(
        f"Settled, or waiting for rows of their last year: {len(settled)}",
        icon=":material/task_alt:",
        key="settled",
        on_change="rerun",
    ) as box:
        if box.open:
            grid(settled, column_config={"Question": st.column_config.TextColumn(width="large")})
    with st.expander("All numbers", icon=":material/table:", key="signpost-numbers", on_change="rerun") as box:
        if box.open:
            told = given.told
            asking = (told.pins, told.acts) if told else ((), ())
            everything = cache.table(forecast, year, *asking)
            grid(everything.table, height=360)
            name = f"conjunction-{forecast.reference_date}-signposts"
            downloads.button("Signposts (CSV)", lambda: safe_csv(everything.table), f"{name}.csv", "signposts-csv")
