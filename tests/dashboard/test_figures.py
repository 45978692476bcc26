"""Charts must draw the table's own numbers, be legible on light and dark pages, and say in words what they show."""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import date
from itertools import pairwise

import altair as alt
import numpy as np
import pandas as pd
import pytest

from dashboard import figures, wording
from dashboard.figures_path import LEAST_GAP, YEARS_PER_LETTER
from dashboard.figures_style import ACCENT, MUTED
from data.load import load_evidence
from data.types import Observation
from models.assumptions import Assumptions
from models.forecast import alignment_summary, make_forecast, sample_paths
from models.learning import knob_density
from models.names import HORIZONS, MODELS, STATES, TARGET_DEEPER, TARGET_RUPTURE, TARGET_STATE
from models.outcome import resolve_history
from tests.factories import synthetic_fit

PAGES = {"light": "#ffffff", "dark": "#0e1117"}  # Streamlit's own two page colours


@pytest.fixture(scope="module")
def evidence():
    return load_evidence()


@pytest.fixture(scope="module")
def whole():
    return load_evidence(include_unverified=True)


@pytest.fixture(scope="module")
def fit(evidence):
    return synthetic_fit(evidence, samples=80)


@pytest.fixture(scope="module")
def forecast(evidence, fit):
    return make_forecast(evidence, fit, Assumptions.defaults(evidence.claims))


@pytest.fixture(scope="module")
def history(evidence):
    return resolve_history(evidence.events, 1950, 2024)


@pytest.fixture(scope="module")
def path(evidence, fit, forecast, history):
    summary = alignment_summary(fit, forecast.weights)
    paths = sample_paths(fit, forecast.weights, 4)
    events = figures.notable_events(evidence.events)
    return summary, events, paths, figures.alignment_path(summary, events, history, paths)


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
def specs(evidence, whole, fit, forecast, history, path):
    table = forecast.table
    density = knob_density(fit, forecast.assumptions, forecast.weights, "C01")
    return {
        "states": figures.states_over_horizons(table),
        "dots": figures.dot_plot(table, 3),
        "models": figures.model_contributions(table, 3),
        "targets": figures.target_curves(table),
        "path": path[3],
        "ledger": figures.ledger_timeline(whole.ledger()),
        "indicator": figures.indicator_series(evidence.indicator("orbital_launches.rus_attempts")),
        "unbroken": figures.indicator_series(evidence.indicator("un_ideal_points.absdist_chn_rus")),
        "history": figures.history_labels(history),
        "beliefs": figures.prior_posterior(density, "Balancing", "odds ratio"),
        "few": figures.predictive_check(predictive(7), "Acts in each band"),
        "many": figures.predictive_check(predictive(75), "Mean intensity", "before"),
        "robustness": figures.robustness_bars(ROBUSTNESS),
        "tornado": figures.knob_tornado(EFFECTS, 0.1, "Rupture on 31 December 2027"),
    }


NAMES = (
    *("states", "dots", "models", "targets", "path", "ledger", "indicator", "unbroken"),
    *("history", "beliefs", "few", "many", "robustness", "tornado"),
)


def rows(spec, name="rows") -> pd.DataFrame:
    return pd.DataFrame(spec["datasets"][name])


def published(forecast, model, target, kind="pmf") -> pd.DataFrame:
    t = forecast.table
    return t[(t["model_id"] == model) & (t["target"] == target) & (t["output_type"] == kind)]


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
    for fixed in ("labelColor", "titleColor", "gridColor", "domainColor", '"font"', "labelFont"):
        assert fixed not in text


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
    first = figures.states_over_horizons(forecast.table)
    kept = deepcopy(first)
    first["layer"][0]["mark"] = "nonsense"
    first["config"]["axis"]["labelFlush"] = "nonsense"
    assert figures.states_over_horizons(forecast.table) == kept


# Colours ------------------------------------------------------------------------------------------------------------


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio."""
    a, b = sorted(float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other))
    return (b + 0.05) / (a + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ rgb
    f = np.cbrt(np.clip(xyz / [0.9505, 1.0, 1.089], 0.008856, None))
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


# Machado, Oliveira and Fernandes (2009), severity 1.0
BLINDNESS = {
    "none": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_marks_stand_out_from_both_pages(page):
    for colour in (*figures.STATE_COLOURS.values(), *figures.MODEL_COLOURS.values(), ACCENT):
        assert contrast(colour, page) >= 3  # WCAG 1.4.11, graphical objects
    assert contrast(MUTED, page) >= 4  # one grey cannot reach 4.5 on both; it is never the only bearer of a number


def test_numbers_inside_bars_are_legible():
    for state in STATES:
        assert contrast(figures.STATE_COLOURS[state], figures.STATE_INKS[state]) >= 4.5  # WCAG 1.4.3, text


@pytest.mark.parametrize("kind", BLINDNESS)
def test_the_four_states_differ_for_every_kind_of_colour_vision(kind):
    seen = [lab(np.clip(BLINDNESS[kind] @ linear(colour), 0, 1)) for colour in figures.STATE_COLOURS.values()]
    gaps = [np.linalg.norm(a - b) for i, a in enumerate(seen) for b in seen[i + 1 :]]
    assert min(gaps) > 15  # a just noticeable difference is about 2.3; neighbours in a bar need several times that


# The forecast -------------------------------------------------------------------------------------------------------


def test_bars_are_the_tables_numbers_to_the_last_digit(specs, forecast):
    drawn = rows(specs["states"])
    table = published(forecast, "mixture", TARGET_STATE)
    assert drawn["probability"].tolist() == table["value"].tolist()
    assert drawn["state"].tolist() == table["output_type_id"].tolist()
    assert drawn["year"].tolist() == [2024 + h for h in table["horizon"]]


def test_labels_in_bars_are_the_pages_words(specs, forecast):
    expected = [one.chance.percent for one in wording.readings(forecast.table)]
    assert rows(specs["states"])["shown"].tolist() == expected


@pytest.mark.parametrize("horizon", HORIZONS)
def test_fifty_dots_share_the_chances_out(forecast, horizon):
    drawn = rows(figures.dot_plot(forecast.table, horizon))
    assert len(drawn) == 50
    assert len(drawn[["column", "line"]].drop_duplicates()) == 50
    counts = drawn["state"].value_counts()
    for one in wording.outlook(forecast.table, horizon):
        count = int(counts.get(one.outcome, 0))
        assert abs(count - 50 * one.probability) < 1
        if count:
            assert f"{count} {wording.STATE_LABELS[one.outcome]}" in wording.dots_sentence(forecast.table, horizon)


def test_dots_run_from_worst_to_best(specs):
    codes = rows(specs["dots"])["code"].tolist()
    assert codes == sorted(codes)


def test_models_stand_side_by_side_with_their_own_ranges(specs, forecast):
    drawn = rows(specs["models"])
    for model in MODELS:
        mine = drawn[drawn["model"] == wording.MODEL_LABELS[model]]
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


# The path -----------------------------------------------------------------------------------------------------------


def test_the_path_draws_its_summary_and_joins_the_fan_to_the_record(path):
    summary, _, _, spec = path
    drawn = rows(spec)
    columns = ["year", "q05", "q25", "q50", "q75", "q95"]
    record, fan = (drawn[drawn["kind"] == kind].reset_index(drop=True) for kind in ("history", "forecast"))
    pd.testing.assert_frame_equal(record[columns], summary[summary["kind"] == "history"][columns])
    assert fan["year"].tolist() == [2024, 2025, 2026, 2027, 2028, 2029]
    assert fan["q50"].tolist()[1:] == summary.loc[summary["kind"] == "forecast", "q50"].tolist()
    assert fan["q50"].iloc[0] == record["q50"].iloc[-1]


def test_sample_paths_and_strip_are_drawn_as_given(path, history):
    _, _, paths, spec = path
    assert rows(spec, "paths")["value"].tolist() == paths["value"].tolist()
    strip = rows(spec, "strip")
    assert strip["label"].tolist() == [wording.STATE_LABELS[one.state] for one in history if one.state]
    assert np.all(strip["to"] - strip["from"] == 1)


def test_named_acts_are_grave_spaced_and_on_the_path(path):
    summary, events, _, spec = path
    assert {"E1950-02-14-alliance", "E1960-07-16-advisers", "E1969-03-02-zhenbao"} <= set(events["id"])
    assert events["intensity"].abs().min() >= 6
    assert min(b - a for a, b in pairwise(events["year"])) >= LEAST_GAP
    medians = summary.set_index("year")["q50"]
    for event in spec["datasets"]["events"]:
        assert event["value"] == medians[event["year"]]


def test_no_unverified_reserve_or_context_row_is_named():
    events = load_evidence(include_unverified=True, include_reserve=True).events
    shown = set(figures.notable_events(events, most=100)["id"])
    hidden = {event.id for event in events if event.reserve or event.is_context or not event.verified}
    assert shown
    assert not shown & hidden


def test_names_on_the_path_never_overlap_nor_cross_a_stem(path, history):
    summary, _, _, _ = path
    crowd = figures.notable_events(load_evidence().events, most=100)
    spec = figures.alignment_path(summary, crowd, history)
    named = [event for event in spec["datasets"]["events"] if event["named"]]
    assert len(named) >= 6
    spans = []
    for event in named:
        width = YEARS_PER_LETTER * len(event["label"])
        start = event["year"] - width if event["align"] == "right" else event["year"]
        spans.append((start, start + width, event["line"], event["year"]))
    for i, (start, end, line, stem) in enumerate(spans):
        for other_start, other_end, other_line, other_stem in spans[i + 1 :]:
            if line == other_line:
                assert end <= other_start or other_end <= start
            if line < other_line:
                assert not start < other_stem < end
            else:
                assert not other_start < stem < other_end


def test_names_and_strip_have_room_outside_the_band(path):
    summary, _, _, spec = path
    low, high = spec["layer"][0]["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert low < summary["q05"].min()
    lines = [event["line"] for event in spec["datasets"]["events"]]
    assert summary["q95"].max() < min(lines) <= max(lines) < high


# The record ---------------------------------------------------------------------------------------------------------


def test_the_timeline_holds_every_row_and_marks_the_unverified(specs, whole):
    drawn = rows(specs["ledger"])
    assert drawn["id"].tolist() == [event.id for event in whole.events]
    assert drawn["intensity"].tolist() == [event.intensity for event in whole.events]
    assert drawn["verified"].tolist() == [event.verified for event in whole.events]
    assert (~drawn["verified"]).sum() > 0
    assert (drawn.loc[~drawn["verified"], "source"] == "Unverified: no page was found").all()
    assert drawn["when"].between(1950, 2025).all()
    inside = [int(value) for value in drawn["when"]]
    assert inside == [event.year for event in whole.events]


def test_an_empty_search_still_draws(evidence):
    spec = figures.ledger_timeline(evidence.ledger().iloc[:0])
    assert spec["datasets"]["rows"] == []
    assert "widen the search" in spec["description"]


def indicator(evidence, ends, breaks=()):
    seen = tuple(Observation(period_end=end, value=i + 0.1, source_kind="opened") for i, end in enumerate(ends))
    return replace(evidence.indicator("orbital_launches.rus_attempts"), observations=seen, definition_breaks=breaks)


def test_no_line_crosses_a_gap_or_a_definition_break(evidence):
    years = [2000, 2001, 2004, 2005, 2006]
    one = indicator(evidence, [date(year, 12, 31) for year in years], ("2006: other", "1990: before it begins"))
    spec = figures.indicator_series(one)
    drawn = rows(spec)
    assert drawn["when"].tolist() == years
    assert drawn["value"].tolist() == [o.value for o in one.observations]
    assert drawn["run"].tolist() == [0, 0, 1, 1, 2]
    assert rows(spec, "breaks")["at"].tolist() == [2005.5]
    assert spec["layer"][0]["encoding"]["y"]["title"] == one.unit


def test_dated_figures_keep_their_dates(evidence):
    one = indicator(evidence, [date(2021, 12, 1), date(2022, 1, 20), date(2022, 7, 1)], ("2022: other",))
    spec = figures.indicator_series(one)
    drawn, rule = rows(spec), rows(spec, "breaks")["at"][0]
    assert drawn["when"][0] < rule <= drawn["when"][1] < drawn["when"][2] < 2023
    assert drawn["day"].tolist() == ["1 December 2021", "20 January 2022", "1 July 2022"]


def test_doubtful_figures_are_marked(evidence):
    ends = [date(2000, 12, 31), date(2001, 12, 31)]
    one = indicator(evidence, ends)
    doubtful = replace(one.observations[1], source_kind="unverified")
    drawn = rows(figures.indicator_series(replace(one, observations=(one.observations[0], doubtful))))
    assert drawn["verified"].tolist() == [True, False]


@pytest.mark.parametrize("most", [0, 1])
def test_a_series_with_hardly_any_figure_still_draws(evidence, most):
    spec = figures.indicator_series(indicator(evidence, [date(2000, 12, 31)][:most], ("2000: other",)))
    assert len(spec["datasets"]["rows"]) == most
    assert spec["datasets"]["breaks"] == []


def test_tiles_are_the_resolved_labels(specs, history):
    drawn = rows(specs["history"])
    assert dict(zip(drawn["year"], drawn["label"], strict=True)) == {
        one.year: wording.STATE_LABELS[one.state] for one in history if one.state
    }
    assert drawn["reason"].tolist() == [one.reason for one in history if one.state]


# The checks ---------------------------------------------------------------------------------------------------------


def test_both_densities_are_drawn_as_given(specs, fit, forecast):
    density = knob_density(fit, forecast.assumptions, forecast.weights, "C01")
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
    assert rows(specs["robustness"], "limit")["at"].tolist() == [0.2]


def test_the_tornado_shows_the_strongest_knobs_first(specs):
    drawn = rows(specs["tornado"])
    shown = drawn["key"].drop_duplicates().tolist()
    assert shown == [f"K{i}" for i in range(14, 2, -1)]
    low = drawn[drawn["end"] == "Slider at its lowest"].set_index("key")["probability"]
    expected = EFFECTS.set_index("key")["low"]
    assert low.to_dict() == expected[shown].to_dict()
    assert rows(specs["tornado"], "base")["at"].tolist() == [0.1]
