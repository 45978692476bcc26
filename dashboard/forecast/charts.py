"""The charts of a results table with title, sentence and help, as the Forecast page and a saved entry show them."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

import pandas as pd

from dashboard.cache import forecasts as cache
from dashboard.figures import ghosts
from dashboard.figures.forecast import dot_plot, model_contributions, states_over_horizons, target_curves
from dashboard.figures.style import Rows
from dashboard.frame import page as frame
from dashboard.wording.forecast import dots_sentence, states_sentence, targets_sentence
from dashboard.wording.glossary import define
from dashboard.wording.labels import TARGET_EXPLANATION
from dashboard.wording.models import models_sentence
from data.values import frozen
from models.forecast.results import Forecast

type Draw = Callable[[pd.DataFrame, int, date, Rows], cache.Spec]
type Ghost = Callable[[pd.DataFrame, int, date], Rows]
type Sentence = Callable[[pd.DataFrame, int], str]


@frozen
class Chart:
    """One kind of chart: what draws it and what says it, of a results table and a horizon. A year-end that had come on
    the day of its making is marked."""

    draw: Draw
    ghost: Ghost
    sentence: Sentence
    title: str
    help: str


CHARTS: Mapping[str, Chart] = MappingProxyType(
    {
        "states": Chart(
            draw=lambda table, _, made_on, ghost: states_over_horizons(table, made_on, ghost),
            ghost=ghosts.states_ghost,
            sentence=lambda table, _: states_sentence(table),
            title="Four states at each year-end",
            help=define("scenario"),
        ),
        "dots": Chart(
            draw=dot_plot,
            ghost=ghosts.dots_ghost,
            sentence=dots_sentence,
            title="Fifty chances, {when}",
            help=define("N in 100"),
        ),
        "targets": Chart(
            draw=lambda table, _, made_on, ghost: target_curves(table, made_on, ghost),
            ghost=ghosts.targets_ghost,
            sentence=targets_sentence,
            title="On the day, or at least once",
            help=TARGET_EXPLANATION,
        ),
        "models": Chart(
            draw=model_contributions,
            ghost=ghosts.models_ghost,
            sentence=models_sentence,
            title="What each model says",
            help=define("mixture"),
        ),
    }
)


OF_ONE_DAY = frozenset({"dots", "models"})


def spec(
    name: str,
    table: pd.DataFrame,
    key: tuple[object, ...],
    horizon: int,
    made_on: date,
    usual: Forecast | None = None,
) -> cache.Spec:
    """One chart's specification; `key` names the table, and `usual` is the starting view where the setting differs."""
    ghost = before(name, usual, horizon, made_on)
    whole = (*key, horizon, made_on, cache.of(usual) if usual else ())
    return cache.copied(name, whole, lambda: CHARTS[name].draw(table, horizon, made_on, ghost))


def before(name: str, usual: Forecast | None, horizon: int, made_on: date) -> Rows:
    """The starting view's rows of a chart: made once for each year-end, read only."""
    if usual is None:
        return []
    make = CHARTS[name].ghost
    return cache.shared(
        "ghost", (name, *cache.of(usual), horizon, made_on), lambda: make(usual.table, horizon, made_on)
    )


def title(name: str, end: date) -> str:
    """What stands above it, for the year-end that is looked at."""
    return CHARTS[name].title.format(when=f"end of {end.year}")


def show(
    name: str, drawn: cache.Spec, table: pd.DataFrame, horizon: int, title: str, picture: frame.Picture | None = None
) -> None:
    """A chart with all that belongs to it."""
    frame.chart(drawn, CHARTS[name].sentence(table, horizon), title, CHARTS[name].help, picture=picture)


def picture(name: str, forecast: Forecast, end: date | None = None) -> frame.Picture:
    """What a picture of a forecast's chart is told: its setting, and its year-end where it is about one."""
    setting = forecast.assumptions
    return frame.Picture(
        name=f"forecast-{name}",
        values=setting.values,
        knobs=setting.knobs,
        as_of=forecast.reference_date,
        day=end if name in OF_ONE_DAY else None,
    )
