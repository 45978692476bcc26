"""The path of alignment: its summary, its named acts, and names that never overlap."""

from itertools import pairwise

import numpy as np
import pandas as pd

from dashboard.figures.path import LEAST_GAP, YEARS_PER_LETTER, alignment_path, notable_events
from dashboard.wording.labels import STATE_LABELS
from data.load import load_evidence
from tests.support.page.charts import rows
from tests.support.values.year_end import YEAR_END


def test_the_path_draws_its_summary_and_joins_the_fan_to_the_past(path):
    summary, _, _, spec = path
    drawn = rows(spec)
    columns = ["year", "q05", "q25", "q50", "q75", "q95"]
    past, fan = (drawn[drawn["kind"] == kind].reset_index(drop=True) for kind in ("history", "forecast"))
    pd.testing.assert_frame_equal(past[columns], summary[summary["kind"] == "history"][columns])
    assert fan["year"].tolist() == [2025, 2026, 2027, 2028, 2029, 2030]
    assert fan["q50"].tolist()[1:] == summary.loc[summary["kind"] == "forecast", "q50"].tolist()
    assert fan["q50"].iloc[0] == past["q50"].iloc[-1]


def test_sample_paths_and_strip_are_drawn_as_given(path, history):
    _, _, paths, spec = path
    assert rows(spec, "paths")["value"].tolist() == paths["value"].tolist()
    strip = rows(spec, "strip")
    assert strip["label"].tolist() == [STATE_LABELS[one.state] for one in history if one.state]
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
    shown = set(notable_events(events, most=100)["id"])
    hidden = {event.id for event in events if event.reserve or event.is_context or not event.verified}
    assert shown
    assert not shown & hidden


def test_names_on_the_path_never_overlap_nor_cross_a_stem(path, history):
    summary, _, _, _ = path
    crowd = notable_events(load_evidence(YEAR_END).events, most=100)
    spec = alignment_path(summary, crowd, history)
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
    low, high = rows(spec, "reference").loc[0, ["foot", "head"]]
    assert low < summary["q05"].min()
    lines = [event["line"] for event in spec["datasets"]["events"]]
    assert summary["q95"].max() < min(lines) <= max(lines) < high
