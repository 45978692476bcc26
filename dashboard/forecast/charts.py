"""The charts of a results table with title, sentence and help, as the Forecast page and a saved entry show them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import pandas as pd

from dashboard.cache import forecasts as cache
from dashboard.figures.forecast import dot_plot, model_contributions, states_over_horizons, target_curves
from dashboard.frame import page as frame
from dashboard.wording.forecast import dots_sentence, states_sentence, targets_sentence
from dashboard.wording.glossary import define
from dashboard.wording.labels import TARGET_EXPLANATION, years_ahead
from dashboard.wording.models import models_sentence
from data.values import frozen

type OfTable[T] = Callable[[pd.DataFrame, int], T]


@frozen
class Chart:
    """One kind of chart: what draws it and what says it, of a results table and a horizon."""

    draw: OfTable[cache.Spec]
    sentence: OfTable[str]
    title: str
    help: str


CHARTS: Mapping[str, Chart] = MappingProxyType(
    {
        "states": Chart(
            draw=lambda table, _: states_over_horizons(table),
            sentence=lambda table, _: states_sentence(table),
            title="Four states at each year-end",
            help=define("scenario"),
        ),
        "dots": Chart(draw=dot_plot, sentence=dots_sentence, title="Fifty chances, {ahead}", help=define("N in 100")),
        "targets": Chart(
            draw=lambda table, _: target_curves(table),
            sentence=targets_sentence,
            title="On the day, or at least once by then",
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


def spec(name: str, table: pd.DataFrame, key: tuple[object, ...], horizon: int) -> cache.Spec:
    """One chart's specification; `key` names the table."""
    return cache.copied(name, (*key, horizon), lambda: CHARTS[name].draw(table, horizon))


def title(name: str, horizon: int) -> str:
    """What stands above it."""
    return CHARTS[name].title.format(ahead=years_ahead(horizon))


def show(name: str, drawn: cache.Spec, table: pd.DataFrame, horizon: int, title: str) -> None:
    """A chart with all that belongs to it."""
    frame.chart(drawn, CHARTS[name].sentence(table, horizon), title, CHARTS[name].help)
