"""A move of a slider changes rows and nothing else, so that a browser repaints charts instead of building new ones."""

import json
from datetime import date

import pytest
import vl_convert

from dashboard.figures.forecast import dot_plot, model_contributions, states_over_horizons, target_curves
from dashboard.figures.path import alignment_path, notable_events
from dashboard.figures.style import still
from models.forecast.results import alignment_summary, make_forecast, sample_paths

TODAY = date(2024, 12, 31)


def drawn(evidence, library, history, setting) -> dict:
    forecast = make_forecast(evidence, library, setting)
    table, summary = forecast.table, alignment_summary(library, forecast.weights)
    paths, events = sample_paths(library, forecast.weights, 3), notable_events(evidence.events)
    return {
        "states": states_over_horizons(table, TODAY),
        "dots": dot_plot(table, 2, TODAY),
        "models": model_contributions(table, 2, TODAY),
        "targets": target_curves(table, TODAY),
        "path": alignment_path(summary, events, history, paths),
    }


@pytest.fixture(scope="module")
def pair(evidence, library, forecast, history):
    defaults = forecast.assumptions
    changed = {"C01": defaults.knobs["C01"].high, "outside_view_weight": defaults.knobs["outside_view_weight"].high}
    return tuple(drawn(evidence, library, history, setting) for setting in (defaults, defaults.replace(changed)))


@pytest.mark.parametrize("name", ["states", "dots", "models", "targets", "path"])
def test_only_rows_move(pair, name):
    before, after = (one[name] for one in pair)
    assert before["datasets"] != after["datasets"]
    left, right = ({**still(spec), "datasets": {}} for spec in (before, after))
    assert json.dumps(left) == json.dumps(right)
    assert before["datasets"].keys() == after["datasets"].keys()


@pytest.mark.parametrize("name", ["states", "dots", "models", "targets", "path"])
def test_the_text_for_those_who_cannot_see_says_what_it_is_and_where_its_sentence_stands(pair, name):
    spec = pair[0][name]
    told = still(spec)["description"]
    kind = spec["usermeta"]["kind"]
    assert told.startswith(kind)
    assert spec["description"].startswith(f"{kind} ")
    assert told.endswith("The sentence below the chart says what it shows.")


def test_the_axis_of_the_path_reads_its_ends_from_the_rows(pair):
    for charts in pair:
        vega = vl_convert.vegalite_to_vega(charts["path"])
        (axis,) = (scale for scale in vega["scales"] if scale["name"] == "y")
        assert axis["domain"] == [{"signal": f"data('reference')[0].{end}"} for end in ("foot", "head")]
        assert "reference" in {one["name"] for one in vega["data"]}
