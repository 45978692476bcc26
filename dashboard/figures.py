"""Every chart, in one place: `from dashboard import figures`. Tables in, Vega-Lite specifications out; pure.

Show one with ``st.vega_lite_chart(spec, theme="streamlit")``: it fills its place, is transparent, and leaves the colour
of text to the theme. ``spec["description"]`` is its alternative text.
"""

from dashboard.figures_backtest import given_to_outcome, hindcast_strip, score_differences, stacking_weights
from dashboard.figures_calibration import rank_deviation, reliability_curve
from dashboard.figures_checks import knob_tornado, predictive_check, prior_posterior, robustness_bars
from dashboard.figures_engine import error_against_badge
from dashboard.figures_evidence import history_labels, indicator_series, ledger_timeline
from dashboard.figures_forecast import dot_plot, model_contributions, states_over_horizons, target_curves
from dashboard.figures_path import alignment_path, notable_events
from dashboard.figures_sensitivity import leave_one_out_bars
from dashboard.figures_style import DIRECTION_COLOURS, MODEL_COLOURS, STATE_COLOURS, STATE_INKS, still

__all__ = [
    "DIRECTION_COLOURS",
    "MODEL_COLOURS",
    "STATE_COLOURS",
    "STATE_INKS",
    "alignment_path",
    "dot_plot",
    "error_against_badge",
    "given_to_outcome",
    "hindcast_strip",
    "history_labels",
    "indicator_series",
    "knob_tornado",
    "leave_one_out_bars",
    "ledger_timeline",
    "model_contributions",
    "notable_events",
    "predictive_check",
    "prior_posterior",
    "rank_deviation",
    "reliability_curve",
    "robustness_bars",
    "score_differences",
    "stacking_weights",
    "states_over_horizons",
    "still",
    "target_curves",
]
