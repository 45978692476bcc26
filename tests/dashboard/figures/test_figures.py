"""Charts must draw the table's own numbers, be legible on light and dark pages, and say in words what they show."""

import json
from copy import deepcopy
from datetime import date

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert

from dashboard.figures.asked import answer_bars, supposed_states
from dashboard.figures.checks import predictive_check, robustness_bars
from dashboard.figures.colours import INK, STATE_INKS
from dashboard.figures.evidence import history_labels, indicator_series, ledger_timeline
from dashboard.figures.forecast import dot_plot, model_contributions, states_over_horizons, target_curves
from dashboard.figures.knobs import knob_tornado, prior_posterior
from dashboard.figures.year_mean import year_means
from dashboard.tables.asked import answer_rows
from dashboard.wording.forecast import dots_sentence, outlook
from dashboard.wording.labels import MODEL_LABELS, STATE_LABELS, STATE_SHORT
from dashboard.wording.table import readings
from models.forecast.learning import knob_density
from models.names import HORIZONS, MODELS, TARGET_DEEPER, TARGET_RUPTURE, TARGET_STATE
from models.signposts.pins import StateHeld
from tests.support.page.charts import letters, rows
from tests.support.values.results import YEAR_MEANS, with_years
from tests.support.values.results import table as results_table

TODAY = date(2024, 12, 31)


def predictive(categories: int) -> pd.DataFrame:
    """A check whose second value lies outside and whose third was not observed."""
    observed = np.full(categories, 1.0)
    observed[1:3] = 9.0, np.nan
    return pd.DataFrame({"category": range(categories), "observed": observed, "q05": 0.0, "q50": 2.0, "q95": 5.0})


ROBUSTNESS = pd.DataFrame(
    {
        "variation": ["cut-offs -10 %", "rows dropped"],
        "flipped_share": [0.05, 0.18],
        "low": [0.05, 0.1],
        "high": [0.05, 0.25],
        "unlabelled_share": [0.0, 0.0],
        "limit": [0.2, 0.1],
        "meaning": ["first", "second"],
    }
)
EFFECTS = pd.DataFrame(
    {
        "key": [f"K{i}" for i in range(15)],
        "label": [f"Knob {i}" for i in range(15)],
        "low": [0.1 - 0.005 * i for i in range(15)],
        "high": [0.1 + 0.001 * i for i in range(15)],
    }
)


@pytest.fixture(scope="module")
def specs(evidence, whole, library, forecast, history, path, question):
    table = forecast.table
    answer = question.ask((StateHeld(state="transactional", year=question.board.coming.years[1]),))
    density = knob_density(library, forecast.assumptions, forecast.weights, "C01")
    return {
        "states": states_over_horizons(table, TODAY),
        "dots": dot_plot(table, 3, TODAY),
        "models": model_contributions(table, 3, TODAY),
        "targets": target_curves(table, TODAY),
        "path": path[3],
        "ledger": ledger_timeline(whole.ledger()),
        "indicator": indicator_series(evidence.indicator("orbital_launches.rus_attempts")),
        "unbroken": indicator_series(evidence.indicator("un_ideal_points.absdist_chn_rus")),
        "history": history_labels(history),
        "beliefs": prior_posterior(density, "Balancing", "odds ratio"),
        "few": predictive_check(predictive(7), "Acts in each band"),
        "many": predictive_check(predictive(75), "Mean intensity"),
        "robustness": robustness_bars(ROBUSTNESS),
        "years": year_means(with_years(results_table()), [(2023, 1.5), (2024, -2.0)], 1.2),
        "supposed": supposed_states(answer_rows(table, answer), "Strain at the end of 2028 moves most."),
        "answers": answer_bars({"If yes": [0.1, 0.2, 0.3, 0.4], "If no": [0.25] * 4}, [0.0] * 4, "Strain moves most."),
        "tornado": knob_tornado(EFFECTS, 0.1, "Rupture on 31 December 2027"),
    }


NAMES = (
    *("states", "dots", "models", "targets", "path", "ledger", "indicator", "unbroken"),
    *("history", "beliefs", "few", "many", "robustness", "years", "tornado"),
    *("supposed", "answers"),
)


def published(forecast, model, target, kind="pmf") -> pd.DataFrame:
    t = forecast.table
    return t[(t["model_id"] == model) & (t["target"] == target) & (t["output_type"] == kind)]


def test_the_years_chart_draws_what_was_recorded_and_the_tables_quantiles(specs):
    past, fan = rows(specs["years"]), rows(specs["years"], "fan")
    assert past["mean"].tolist() == [1.5, -2.0]
    assert fan.loc[0, ["low", "first", "mean", "third", "high"]].tolist() == [YEAR_MEANS[i] for i in (0, 2, 3, 4, 6)]
    assert fan["year"].tolist() == [2025, 2026, 2027, 2028, 2029]
    assert rows(specs["years"], "tone")["at"].tolist() == [1.2]


# What every chart owes its reader -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_is_valid_vega_lite_with_plain_numbers(specs, name):
    spec = json.loads(json.dumps(specs[name], allow_nan=False))
    assert spec["config"]["legend"].pop("layout")  # Vega takes it and Vega-Lite hands it on, but its schema lacks it
    alt.Chart.from_dict(spec, validate=True)


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_has_alternative_text_that_says_something(specs, name):
    assert len(specs[name]["description"]) > 60
    assert specs[name]["description"].endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_fits_its_place_and_leaves_colours_of_text_to_the_page(specs, name):
    spec = specs[name]
    assert spec["width"] == "container"
    assert spec["background"] == "transparent"
    text = json.dumps({key: value for key, value in spec.items() if key != "datasets"})
    for fixed in ("gridColor", "domainColor", '"font"', "labelFont"):
        assert fixed not in text
    assert letters(spec) <= {INK, *STATE_INKS.values()}  # the page's own, or one that is legible inside a bar


@pytest.mark.parametrize("name", NAMES)
def test_a_screen_reader_hears_the_charts_name_and_none_of_its_marks(specs, name):
    vega = vl_convert.vegalite_to_vega({**specs[name], "width": 400})
    assert vega["description"]
    silent = [part.get("aria", True) for part in (*_marks_in(vega), *vega.get("axes", ()), *vega.get("legends", ()))]
    configured = [vega["config"][part]["aria"] for part in ("axis", "legend")]
    assert not any(one for one in silent if one is not True)
    assert configured == [False, False]


def _marks_in(part) -> list:
    own = part.get("marks", [])
    return [mark for one in own for mark in ([one] if one["type"] != "group" else _marks_in(one))]


@pytest.mark.parametrize("name", NAMES)
def test_every_dataset_that_is_named_is_supplied(specs, name):
    spec = specs[name]

    def named(part) -> set[str]:
        if isinstance(part, list):
            return set().union(*map(named, part), set())
        if not isinstance(part, dict):
            return set()
        own = part.get("data", {})
        here = {own["name"]} if isinstance(own, dict) and "name" in own else set()
        return here.union(*(named(value) for key, value in part.items() if key != "datasets"))

    assert named(spec) <= set(spec["datasets"])


def test_changing_a_chart_does_not_change_the_next_one(forecast):
    first = states_over_horizons(forecast.table, TODAY)
    kept = deepcopy(first)
    first["layer"][0]["mark"] = "nonsense"
    first["config"]["axis"]["labelFlush"] = "nonsense"
    assert states_over_horizons(forecast.table, TODAY) == kept


# The forecast -------------------------------------------------------------------------------------------------------


def test_bars_are_the_tables_numbers_to_the_last_digit(specs, forecast):
    drawn = rows(specs["states"])
    table = published(forecast, "mixture", TARGET_STATE)
    assert drawn["probability"].tolist() == table["value"].tolist()
    assert drawn["state"].tolist() == table["output_type_id"].tolist()
    assert drawn["year"].tolist() == [str(2025 + h) for h in table["horizon"]]


def test_labels_in_bars_are_the_pages_words(specs, forecast):
    expected = [one.chance.percent for one in readings(forecast.table)]
    assert rows(specs["states"])["shown"].tolist() == expected


@pytest.mark.parametrize("horizon", HORIZONS)
def test_fifty_dots_share_the_chances_out(forecast, horizon):
    drawn = rows(dot_plot(forecast.table, horizon, TODAY))
    assert len(drawn) == 50
    assert len(drawn[["column", "line"]].drop_duplicates()) == 50
    counts = drawn["state"].value_counts()
    for one in outlook(forecast.table, horizon):
        count = int(counts.get(one.outcome, 0))
        assert abs(count - 50 * one.probability) < 1
        if count:
            assert f"{count} {STATE_SHORT[one.outcome].lower()}" in dots_sentence(forecast.table, horizon)


def test_dots_run_from_worst_to_best(specs):
    codes = rows(specs["dots"])["code"].tolist()
    assert codes == sorted(codes)


def test_models_stand_side_by_side_with_their_own_ranges(specs, forecast):
    drawn = rows(specs["models"])
    for model in MODELS:
        mine = drawn[drawn["model"] == MODEL_LABELS[model]]
        t = published(forecast, model, TARGET_STATE)
        assert mine["probability"].tolist() == t.loc[t["horizon"] == 3, "value"].tolist()
        ends = published(forecast, model, TARGET_STATE, "interval")
        ends = ends[ends["horizon"] == 3]
        assert mine["low"].tolist() == ends.loc[ends["output_type_id"].str.endswith(":0.05"), "value"].tolist()
        assert mine["high"].tolist() == ends.loc[ends["output_type_id"].str.endswith(":0.95"), "value"].tolist()


def test_at_least_once_is_drawn_above_on_the_day(specs, forecast):
    drawn = rows(specs["targets"])
    for state, target in (("rupture", TARGET_RUPTURE), ("deeper", TARGET_DEEPER)):
        mine = drawn[drawn["state"] == state]
        ever = mine.loc[mine["question"].str.startswith("At least"), "probability"].tolist()
        then = mine.loc[mine["question"].str.startswith("In that"), "probability"].tolist()
        t = published(forecast, "mixture", target)
        assert ever == t.loc[t["output_type_id"] == "yes", "value"].tolist()
        assert len(then) == len(HORIZONS)
        assert all(a >= b for a, b in zip(ever, then, strict=True))


# The evidence --------------------------------------------------------------------------------------------------------


def test_the_timeline_holds_every_row_and_marks_the_unverified(specs, whole):
    drawn = rows(specs["ledger"])
    assert drawn["id"].tolist() == [event.id for event in whole.events]
    assert drawn["intensity"].tolist() == [event.intensity for event in whole.events]
    assert drawn["verified"].tolist() == [event.verified for event in whole.events]
    assert (~drawn["verified"]).sum() > 0
    assert (drawn.loc[~drawn["verified"], "source"] == "Unverified: no page was found").all()
    assert drawn["when"].between(1950, whole.as_of.year + 1).all()
    inside = [int(value) for value in drawn["when"]]
    assert inside == [event.year for event in whole.events]


def test_an_empty_search_still_draws(evidence):
    spec = ledger_timeline(evidence.ledger().iloc[:0])
    assert spec["datasets"]["rows"] == []
    assert "widen the search" in spec["description"]


def test_tiles_are_the_resolved_labels(specs, history):
    drawn = rows(specs["history"])
    assert dict(zip(drawn["year"], drawn["label"], strict=True)) == {
        one.year: STATE_LABELS[one.state] for one in history if one.state
    }
    assert drawn["reason"].tolist() == [one.reason for one in history if one.state]


# The checks ---------------------------------------------------------------------------------------------------------


def test_both_densities_are_drawn_as_given(specs, library, forecast):
    density = knob_density(library, forecast.assumptions, forecast.weights, "C01")
    drawn = rows(specs["beliefs"])
    for name, told in (("prior", "Before"), ("posterior", "After")):
        mine = drawn[drawn["belief"].str.startswith(told)]
        assert mine["density"].tolist() == density[name].tolist()
        assert mine["x"].tolist() == density["x"].tolist()


@pytest.mark.parametrize("name", ["few", "many"])
def test_a_predictive_check_marks_what_lies_outside(specs, name):
    drawn = rows(specs[name])
    assert drawn["inside"][:2].tolist() == ["Inside", "Outside"]
    assert specs[name]["datasets"]["rows"][2]["observed"] is None
    assert drawn["told"][2] == "not observed"


def test_robustness_is_sorted_and_exact(specs):
    drawn = rows(specs["robustness"])
    assert drawn["name"].tolist() == ["Rows dropped", "Cut-offs −10 %"]
    assert drawn["flipped_share"].tolist() == [0.18, 0.05]
    assert drawn["limit"].tolist() == [0.1, 0.2]


def test_the_tornado_shows_the_strongest_knobs_first(specs):
    drawn = rows(specs["tornado"])
    shown = drawn["key"].drop_duplicates().tolist()
    assert shown == [f"K{i}" for i in range(14, 2, -1)]
    low = drawn[drawn["end"] == "Slider at its lowest"].set_index("key")["probability"]
    expected = EFFECTS.set_index("key")["low"]
    assert low.to_dict() == expected[shown].to_dict()
    assert rows(specs["tornado"], "base")["at"].tolist() == [0.1]
