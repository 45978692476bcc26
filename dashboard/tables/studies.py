"""Tables of the archived studies: calibration, hindcasts, pieces left out, the engine against refits. Pure."""

import calendar

import pandas as pd

from dashboard.wording.backtest import (
    MEAN_SCORES,
    REFERENCES,
    SCORES,
    VERDICT_WORDS,
    difference_text,
    forecaster_name,
    horizon_text,
)
from dashboard.wording.calibration import BADGES, quantity_text
from dashboard.wording.labels import MODEL_LABELS, STATE_LABELS
from dashboard.wording.numerals import share
from dashboard.wording.sensitivity import belief_word, cell_text, piece_name, quantity_words
from data.digest import Fields
from models.backtest.mid_year import START

PIECE_BADGES = {"exact": "changes nothing", "good": "sure", "fair": "roughly", "poor": "not sure"}
"""What the fast route's badge means for one left-out piece."""


def calibration_table(verdicts: list[Fields]) -> pd.DataFrame:
    """One row a model: quantities recovered, how many may lie outside, the verdict."""
    rows = [
        {
            "Result": "passed" if model["passed"] else "FAILED",
            "Model": MODEL_LABELS[str(model["model_id"])],
            "Quantities": model["quantities"],
            "Outside the band": model["outside"],
            "May be outside": model["allowed"],
            "Fits that did not mix": model["not_mixed"],
        }
        for model in verdicts
    ]
    return pd.DataFrame(rows)


def quantity_table(summary: pd.DataFrame) -> pd.DataFrame:
    """Every simulated quantity, the one that strays most first."""
    kept = summary.sort_values("chance", kind="stable")
    return pd.DataFrame(
        {
            "Model": kept["model_id"].map(MODEL_LABELS),
            "Quantity": kept["quantity"].map(quantity_text),
            "Kind": kept["kind"],
            "Simulated histories": kept["simulations"],
            "Strays by, points": 100 * kept["largest_deviation"],
            "Allowed there": 100 * kept["allowed"],
            "As far by luck": 100 * kept["chance"],
            "Inside": kept["inside"].astype(bool),
        }
    )


def skill_table(comparisons: pd.DataFrame) -> pd.DataFrame:
    """Every comparison with a reference, all scores and horizons, of states or of the years' means."""
    return pd.DataFrame(
        {
            "Model": comparisons["model_id"].map(forecaster_name),
            "Against": comparisons["reference"].map(REFERENCES),
            "Score": comparisons["score"].map({**SCORES, **MEAN_SCORES}),
            "Horizon": comparisons["horizon"].map(horizon_text),
            "Role": comparisons["role"],
            "Verdict": comparisons["verdict"].map(VERDICT_WORDS),
            "Difference (95 % interval)": [difference_text(row) for row in comparisons.to_dict("records")],
            "Its own score": comparisons["ours"],
            "The reference’s": comparisons["theirs"],
            "Past years": comparisons["origins"],
        }
    )


def coverage_table(coverage: pd.DataFrame) -> pd.DataFrame:
    """Shares of the years' means inside central ranges, beside the bands of calibrated forecasts."""
    ends = [f"{share(row.low)} to {share(row.high)}" for row in coverage.itertuples()]
    return pd.DataFrame(
        {
            "Model": coverage["model_id"].map(forecaster_name),
            "Horizon": coverage["horizon"].map(horizon_text),
            "Range": coverage["level"].map(share),
            "Held": 100 * coverage["inside"],
            "If calibrated": ends,
            "Within": coverage["within"].astype(bool),
            "Hindcasts": coverage["forecasts"],
        }
    )


def worth_table(comparisons: pd.DataFrame) -> pd.DataFrame:
    """Every comparison of a day inside a year: with the start of the year, or with simple rules on the same day."""
    against = {**REFERENCES, START: "the start of the year"}
    return pd.DataFrame(
        {
            "Model": comparisons["model_id"].map(forecaster_name),
            "Asked on": comparisons["day"].map(day_of_year),
            "Against": comparisons["reference"].map(against),
            "Score": comparisons["score"].map({**SCORES, **MEAN_SCORES}),
            "Year-end": comparisons["horizon"].map(year_end_text),
            "Years since": comparisons["since"],
            "Role": comparisons["role"],
            "Verdict": comparisons["verdict"].map(VERDICT_WORDS),
            "Difference (95 % interval)": [difference_text(row) for row in comparisons.to_dict("records")],
            "Inside the year": comparisons["ours"],
            "Beside it": comparisons["theirs"],
            "Past years": comparisons["years"],
        }
    )


def nowcast_table(coverage: pd.DataFrame) -> pd.DataFrame:
    """Shares of years whose own mean the nowcast's ranges held, beside the bands of calibrated forecasts."""
    return pd.DataFrame(
        {
            "Model": coverage["model_id"].map(forecaster_name),
            "Asked on": coverage["day"].map(day_of_year),
            "Years since": coverage["since"],
            "Range": coverage["level"].map(share),
            "Held": 100 * coverage["inside"],
            "If calibrated": [f"{share(row.low)} to {share(row.high)}" for row in coverage.itertuples()],
            "Within": coverage["within"].astype(bool),
            "Years": coverage["years"],
        }
    )


def day_of_year(day: str) -> str:
    """“30 June” of 06-30."""
    month, number = map(int, day.split("-"))
    return f"{number} {calendar.month_name[month]}"


def year_end_text(horizon: int) -> str:
    """“the same year”, “1 year later”."""
    return "the same year" if horizon == 0 else f"{horizon} year{'s' if horizon > 1 else ''} later"


def stacking_table(stacked: pd.DataFrame) -> pd.DataFrame:
    """How single models and ways of mixing them forecast the same past."""
    rows = [
        {
            "Forecaster": forecaster_name(row["forecaster"]),
            "Mean log score": row["log_score"],
            "Less that of the published weights": row["versus_published"],
            "From": row["versus_published_low"],
            "To": row["versus_published_high"],
            "Hindcasts": row["forecasts"],
        }
        for row in stacked.to_dict("records")
    ]
    return pd.DataFrame(rows)


def curve_table(curves: pd.DataFrame) -> pd.DataFrame:
    """Every reliability curve with the share of its hindcasts outside the band."""
    return pd.DataFrame(
        {
            "Model": curves["model_id"].map(forecaster_name),
            "State": curves["state"].map(STATE_LABELS),
            "Hindcasts": curves["pairs"],
            "Outside the band": 100 * curves["outside"],
        }
    )


def reading_table(knobs: pd.DataFrame) -> pd.DataFrame:
    """What each assumption, and the probability that hangs most on it, rests on.

    Parameters
    ----------
    knobs : DataFrame
        `models.sensitivity.power_scaling.by_knob`.
    """
    single = knobs.dropna(subset=["parameter"])
    single = single.sort_values("parameter", key=lambda words: words != "in conflict", kind="stable")
    return pd.DataFrame(
        {
            "Assumption": single["label"],
            "What decides it": single["parameter"].map(belief_word),
            "Chance it moves most": single["quantity"].map(quantity_words),
            "What decides that chance": single["reading"].map(belief_word),
        }
    )


def left_out_table(cells: pd.DataFrame) -> pd.DataFrame:
    """Every left-out piece and probability of both models, the largest moves first."""
    order = cells["change"].abs().sort_values(ascending=False, kind="stable").index
    rows = cells.loc[order]
    routes = {"refit": "fitted again", "weights": "re-weighted", "exact": "exact"}
    return pd.DataFrame(
        {
            "Without": [piece_name(row) for row in rows[["kind", "name", "label"]].to_dict("records")],
            "Model": rows["model_id"].map(MODEL_LABELS).to_numpy(),
            "Probability": [cell_text(*pair) for pair in zip(rows["outcome"], rows["horizon"], strict=True)],
            "Before": 100 * rows["before"].to_numpy(),
            "Change, points": 100 * rows["change"].to_numpy(),
            "Route": rows["route"].map(routes).to_numpy(),
        }
    )


def act_table(events: pd.DataFrame) -> pd.DataFrame:
    """What leaving out each single act does, by re-weighting.

    Parameters
    ----------
    events : DataFrame
        `models.sensitivity.study.events_table`.
    """
    return pd.DataFrame(
        {
            "Date": events["date"],
            "Act": events["label"],
            "Moves most": events["cell"].map(quantity_words),
            "Change, points": 100 * events["largest_change"],
            "Badge": events["status"].map(PIECE_BADGES),
        }
    )


def study_table(settings: pd.DataFrame) -> pd.DataFrame:
    """Every setting of the engine's held-out study, errors in points."""
    return pd.DataFrame(
        {
            "Setting": settings["changed"],
            "Badge": settings["status"].map(BADGES),
            "Effective draws": settings["ess"].round(),
            "Largest error, points": (100 * settings["error"]).round(2),
            "In standard errors": settings["z"].round(1),
        }
    )
