"""The starting view is drawn beside a moved setting, and a chart without it differs in rows alone."""

import json
from datetime import date

import pytest
import vl_convert

from dashboard.figures import ghosts
from dashboard.figures.forecast import dot_plot, model_contributions, states_over_horizons, target_curves
from dashboard.figures.path import alignment_path, notable_events
from dashboard.figures.style import STARTING, still
from dashboard.figures.year_mean import year_means
from models.forecast.results import alignment_summary, make_forecast
from models.names import STATES
from tests.support.page.charts import rows
from tests.support.values.results import table as results_table
from tests.support.values.results import with_years

TODAY = date(2024, 12, 31)
NAMES = ("states", "dots", "models", "targets", "path", "years")


@pytest.fixture(scope="module")
def pair(evidence, library, forecast, history):
    """Every chart of a moved setting: without the starting view, and with it."""
    high = {key: forecast.assumptions.knobs[key].high for key in ("C01", "rupture_hazard", "outside_view_weight")}
    moved = make_forecast(evidence, library, forecast.assumptions.replace(high))
    usual, table = forecast.table, moved.table
    events, summaries = (
        notable_events(evidence.events),
        [alignment_summary(library, f.weights) for f in (moved, forecast)],
    )
    years = with_years(results_table())
    made = {
        "states": (lambda ghost: states_over_horizons(table, TODAY, ghost), ghosts.states_ghost(usual, 0, TODAY)),
        "dots": (lambda ghost: dot_plot(table, 2, TODAY, ghost), ghosts.dots_ghost(usual, 2, TODAY)),
        "models": (lambda ghost: model_contributions(table, 2, TODAY, ghost), ghosts.models_ghost(usual, 2, TODAY)),
        "targets": (lambda ghost: target_curves(table, TODAY, ghost), ghosts.targets_ghost(usual, 0, TODAY)),
        "path": (
            lambda ghost: alignment_path(summaries[0], events, history, None, ghost),
            ghosts.path_ghost(summaries[1]),
        ),
        "years": (lambda ghost: year_means(years, [(2024, -2.0)], 1.2, ghost), ghosts.years_ghost(years)),
    }
    return {name: (draw(()), draw(ghost)) for name, (draw, ghost) in made.items()}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_but_rows_tells_them_apart_so_that_nothing_jumps(pair, name):
    bare, ghosted = pair[name]
    assert bare["datasets"]["ghost"] == []
    assert ghosted["datasets"]["ghost"] != []
    left, right = ({**still(spec), "datasets": {}} for spec in (bare, ghosted))
    assert json.dumps(left) == json.dumps(right)


@pytest.mark.parametrize("name", NAMES)
def test_the_legend_names_the_starting_view_only_where_it_is_drawn(pair, name):
    drawn = [vl_convert.vegalite_to_svg({**spec, "width": 600}) for spec in pair[name]]
    assert [STARTING in svg for svg in drawn] == [False, True]
    heights = [svg.partition('height="')[2].partition('"')[0] for svg in drawn]
    assert abs(float(heights[0]) - float(heights[1])) <= 1


def test_ghosts_are_the_starting_views_own_numbers(pair, forecast):
    was = rows(pair["states"][1], "ghost")
    for one in was.to_dict("records"):
        day = f"{one['year'].partition(' ')[0]}-12-31"
        assert one["probability"] == forecast.probability("state_at_year_end", int(day[:4]) - 2025, one["state"])
    assert len(was) == len(STATES) * was["year"].nunique()


def test_a_dot_wears_a_ring_only_where_its_colour_has_changed(pair):
    now, rings = rows(pair["dots"][1]), rows(pair["dots"][1], "ghost")
    places = now.set_index(["column", "line"])["state"]
    assert 0 < len(rings) < len(now)
    assert all(places[one["column"], one["line"]] != one["state"] for one in rings.to_dict("records"))


def test_numbers_of_thin_segments_stand_beside_the_bar_in_order_and_apart(pair):
    drawn = rows(pair["states"][0])
    for _, bar in drawn.groupby("year"):
        heights = bar.sort_values("code")["beside"].dropna()
        assert heights.between(0, 1).all()
        assert (heights.diff().dropna() >= 0.05).all()
        assert bar["beside"].isna().sum() == (bar["probability"] >= 0.06).sum()
