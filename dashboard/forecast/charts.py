"""The charts of a results table with title, sentence and help, as the Forecast page and a saved entry show them."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

import pandas as pd

from dashboard.cache import forecasts as cache
from dashboard.figures.forecast import dot_plot, model_contributions, states_over_horizons, target_curves
from dashboard.frame import page as frame
from dashboard.wording.forecast import dots_sentence, states_sentence, targets_sentence
from dashboard.wording.glossary import define
from dashboard.wording.labels import TARGET_EXPLANATION
from dashboard.wording.models import models_sentence
from data.values import frozen

type Draw = Callable[[pd.DataFrame, int, date], cache.Spec]
type Sentence = Callable[[pd.DataFrame, int], str]


@frozen
class Chart:
    """One kind of chart: what draws it and what says it, of a results table and a horizon. A year-end that had come on
    the day of its making is marked."""

    draw: Draw
    sentence: Sentence
    title: str
    help: str


CHARTS: Mapping[str, Chart] = MappingProxyType(
    {
        "states": Chart(
            draw=lambda table, _, made_on: states_over_horizons(table, made_on),
            sentence=lambda table, _: states_sentence(table),
            title="Four states at each year-end",
            help=define("scenario"),
        ),
        "dots": Chart(draw=dot_plot, sentence=dots_sentence, title="Fifty chances, {when}", help=define("N in 100")),
        "targets": Chart(
            draw=lambda table, _, made_on: target_curves(table, made_on),
            sentence=targets_sentence,
            title="On the day, or at least once",
            help=TARGET_EXPLANATION,
        ),
        "models": Chart(
            draw=model_contributions,
            sentence=models_sentence,
            title="What each model says",
            help=define("mixture"),
        ),
    }
)


def spec(name: str, table: pd.DataFrame, key: tuple[object, ...], horizon: int, made_on: date) -> cache.Spec:
    """One chart's specification; `key` names the table."""
    return cache.copied(name, (*key, horizon, made_on), lambda: CHARTS[name].draw(table, horizon, made_on))


def title(name: str, end: date) -> str:
    """What stands above it, for the year-end that is looked at."""
    return CHARTS[name].title.format(when=f"end of {end.year}")


def show(name: str, drawn: cache.Spec, table: pd.DataFrame, horizon: int, title: str) -> None:
    """A chart with all that belongs to it."""
    frame.chart(drawn, CHARTS[name].sentence(table, horizon), title, CHARTS[name].help)
