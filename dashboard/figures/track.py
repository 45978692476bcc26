"""The track record as pictures: what was given to what happened, chances against outcomes, score differences. Pure.

Live forecasts are filled circles, hindcasts hollow diamonds with dashed lines; no picture holds both.
"""

from functools import cache

import altair as alt
import numpy as np
import pandas as pd

from dashboard.figures.calibration import DIAGONAL, curve_rows, diagonal_template
from dashboard.figures.colours import ACCENT, HINDCAST_COLOUR, MUTED
from dashboard.figures.style import DASH, Rows, Spec, blank, filled, keyed, legend, percent_axis, rule, template, tips
from dashboard.wording.backtest import horizon_text
from dashboard.wording.chances import percent
from dashboard.wording.labels import STATE_LABELS
from dashboard.wording.track import MARK_LABELS, calibration_sentence, given_sentence, origin_text
from data.digest import Fields
from models.names import MODEL_MIXTURE, STATES, TARGET_STATE
from models.record.entries import HINDCAST
from models.record.entry_checks import RESOLVED
from models.track.scored_table import BASE_RATE as USUAL
from models.track.scored_table import P
from models.track.track_record import Calibration

OURS, BASE_RATE = "Saved forecast", "Base rate alone"


def given_to_outcome(table: pd.DataFrame, mark: str, horizon: int) -> pd.DataFrame:
    """The chance that saved forecasts of one mark gave to what then happened, beside the base rate's.

    Parameters
    ----------
    table : DataFrame
        `models.track.scored_table.scored_table`.

    Returns
    -------
    DataFrame
        ``origin, target_year, observed, given, base_rate, forecasts``: means over the saves of one question, those
        with the same numbers counted once; the base rate at its default, missing where it is not known.
    """
    rows = table[
        (table["mark"] == mark)
        & (table["horizon"] == horizon)
        & (table["target"] == TARGET_STATE)
        & (table["status"] == RESOLVED)
        & table["model_id"].isin((MODEL_MIXTURE, USUAL))
    ]
    if rows.empty:
        return pd.DataFrame(columns=["origin", "target_year", "observed", "given", "base_rate", "forecasts"])
    codes = rows["observed"].map({state: code for code, state in enumerate(STATES)}).to_numpy(dtype=int)
    rows = rows.assign(chance=rows[list(P)].to_numpy()[np.arange(len(rows)), codes])
    keys = ["origin", "target_year", "observed"]
    once = rows.drop_duplicates([*keys, "model_id", *P])
    wide = once.pivot_table(index=keys, columns="model_id", values="chance", aggfunc="mean")
    wide = wide.reindex(columns=[MODEL_MIXTURE, USUAL])
    saves = rows[rows["model_id"] == MODEL_MIXTURE].groupby(keys)["digest"].nunique()
    means = wide.rename(columns={MODEL_MIXTURE: "given", USUAL: "base_rate"}).assign(forecasts=saves)
    return means.reset_index()


def given_chart(given: pd.DataFrame, mark: str, horizon: int) -> Spec:
    """Chance given to what happened, year-end by year-end, in the mark of its kind.

    Parameters
    ----------
    given : DataFrame
        `given_to_outcome`, not empty.
    """
    rows: Rows = [
        {
            "year": int(row["target_year"]),
            "who": who,
            "value": float(row[column]),
            "shown": percent(row[column]),
            "happened": f"{STATE_LABELS[row['observed']]} at the end of {int(row['target_year'])}",
            "made": f"from {origin_text(row['origin'])}, {horizon_text(horizon).lower()}",
            "mark": MARK_LABELS[mark],
        }
        for row in given.to_dict("records")
        for who, column in ((OURS, "given"), (BASE_RATE, "base_rate"))
        if np.isfinite(row[column])
    ]
    kind = "Hollow diamonds over past years." if mark == HINDCAST else "Filled circles over years."
    return filled(_given_template(mark), kind, given_sentence(given, mark), rows=rows, even=[{"at": 0.25}])


def look(mark: str) -> Fields:
    """Shape, filling and colour of a mark: never the same for live forecasts and hindcasts."""
    if mark == HINDCAST:
        return {"shape": "diamond", "filled": False, "color": HINDCAST_COLOUR, "strokeWidth": 1.5, "opacity": 1}
    return {"shape": "circle", "filled": True, "color": ACCENT, "opacity": 1}


def _key(mark: str) -> Fields:
    """Symbols of a legend: hollow for hindcasts."""
    return {"symbolFillColor": "transparent", "symbolStrokeWidth": 1.5} if mark == HINDCAST else {}


@cache
def _given_template(mark: str) -> Spec:
    shown = look(mark)
    fields = (("mark", ""), ("who", "Who"), ("made", "Made"), ("happened", "Happened"), ("shown", "Chance given to it"))
    x = alt.X("year:Q", axis=alt.Axis(format="d", title="Year-end that was forecast", grid=False, tickMinStep=1))
    x = x.scale(zero=False, nice=False, padding=10)
    y = alt.Y("value:Q", axis=percent_axis(title=None), scale=alt.Scale(domain=[0, 1], nice=False))
    base = blank().encode(x=x, y=y, tooltip=tips(fields))
    key = legend(columns=2, labelExpr="datum.label", **_key(mark))
    colour = alt.Color("who:N", scale=keyed({OURS: shown["color"], BASE_RATE: MUTED}), legend=key)
    shape = alt.Shape("who:N", scale=keyed({OURS: shown["shape"], BASE_RATE: "stroke"}), legend=key)
    ours = f"datum.who === '{OURS}'"
    even = rule("even", "y", opacity=0.4)
    dash = DASH if mark == HINDCAST else [1, 0]
    line = base.mark_line(strokeWidth=1.2, strokeDash=dash, opacity=0.7).encode(color=colour)
    style = {name: value for name, value in shown.items() if name not in ("shape", "color")}
    points = base.transform_filter(ours).mark_point(size=90, **style).encode(color=colour, shape=shape)
    theirs = base.transform_filter(f"!({ours})").mark_point(size=60, filled=False, strokeWidth=2, opacity=1)
    theirs = theirs.encode(color=colour, shape=shape)
    return template(alt.layer(even, line, theirs, points), height=230)


def calibration_chart(calibration: Calibration, mark: str) -> Spec:
    """Chances against how often it happened, with the band of sound forecasts where there are enough, in the mark of
    their kind."""
    enough = calibration.has_verdict
    rows: Rows = [row | {"mark": MARK_LABELS[mark]} for row in curve_rows(calibration.curve.table, enough)]
    shape = "Hollow diamonds" if mark == HINDCAST else "Filled circles"
    kind = f"{shape} around a diagonal, with a band." if enough else f"{shape} around a diagonal."
    return filled(_calibration_template(mark), kind, calibration_sentence(calibration, mark), rows=rows, line=DIAGONAL)


@cache
def _calibration_template(mark: str) -> Spec:
    shown = look(mark)
    line = {"color": shown["color"], "strokeDash": DASH if mark == HINDCAST else [1, 0], "strokeWidth": 1.5}
    fields = (("mark", ""), ("told", "Chance"), ("cases", "Questions"))
    return diagonal_template("Chance that was saved", fields, (line, shown), sizes=(60, 300), whole=True)
