"""Rows of the starting view for the charts of a moved setting: made once a default forecast, drawn hollow. Pure."""

from datetime import date

import pandas as pd

from dashboard.figures.forecast import curve_rows, dot_rows, model_rows, row
from dashboard.figures.style import STARTING, Rows
from dashboard.wording.forecast import level
from dashboard.wording.table import readings
from dashboard.wording.year_mean import HIGH, LOW, year_outlooks


def states_ghost(table: pd.DataFrame, horizon: int, made_on: date) -> Rows:  # noqa: ARG001 (all have one form)
    """Of `dashboard.figures.forecast.states_over_horizons`."""
    return _named([row(reading, made_on) for reading in readings(table)])


def dots_ghost(table: pd.DataFrame, horizon: int, made_on: date) -> Rows:
    """Of `dashboard.figures.forecast.dot_plot`."""
    return _named(dot_rows(table, horizon, made_on))


def models_ghost(table: pd.DataFrame, horizon: int, made_on: date) -> Rows:
    """Of `dashboard.figures.forecast.model_contributions`."""
    return _named(model_rows(table, horizon, made_on))


def targets_ghost(table: pd.DataFrame, horizon: int, made_on: date) -> Rows:  # noqa: ARG001 (all have one form)
    """Of `dashboard.figures.forecast.target_curves`."""
    return _named(curve_rows(table, made_on))


def path_ghost(summary: pd.DataFrame) -> Rows:
    """Of `dashboard.figures.path.alignment_path`: the future, from the last year of the evidence on."""
    last = summary[summary["kind"] == "history"].tail(1)
    future = summary[summary["kind"] == "forecast"]
    told = pd.concat([last, future])[["year", "q05", "q50", "q95"]]
    return _named([{**one, "shown": level(one["q50"])} for one in told.to_dict("records")])


def years_ghost(table: pd.DataFrame) -> Rows:
    """Of `dashboard.figures.year_mean.year_means`."""
    coming = year_outlooks(table)
    rows = [
        {"year": year.year, "mean": year.median, "low": year.quantiles[LOW], "high": year.quantiles[HIGH]}
        for year in coming
    ]
    return _named([{**one, "shown": level(one["mean"])} for one in rows])


def _named(rows: Rows) -> Rows:
    return [{**one, "which": STARTING} for one in rows]
