"""Settings as links, undo as a value, and the widgets that show and change them (a small page of their own)."""

import itertools
from collections.abc import Mapping
from datetime import date

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.settings import reasons
from dashboard.settings.history import LIMIT, History
from dashboard.settings.link import EDITION, FORMER, GROUPS, PRESENT_EDITION, View, read_link, write_link
from data.load import load_evidence
from models.assumptions.presets import presets
from models.assumptions.setting import Assumptions
from tests.support.page.widgets import widget
from tests.support.values.year_end import YEAR_END

CLAIMS, NEWEST = load_evidence(YEAR_END).claims, YEAR_END
DEFAULTS = Assumptions.defaults(CLAIMS)


def present(link: Mapping[str, object]) -> dict[str, object]:
    """A link as the page writes it today."""
    return {EDITION: PRESENT_EDITION, **link}


def random_setting(rng: np.random.Generator) -> Assumptions:
    """A setting anywhere on the grid of every knob."""
    values = {key: knob.snap(rng.uniform(knob.low, knob.high)) for key, knob in DEFAULTS.knobs.items()}
    return DEFAULTS.replace(values)


def knob_page() -> None:
    """The sidebar, one typed knob and its reason, and what they add up to."""
    import streamlit as st

    from dashboard.cache import reference
    from dashboard.settings import controls, looks, sidebar
    from data.load import load_evidence
    from tests.support.values.year_end import YEAR_END

    claims = load_evidence(YEAR_END).claims
    controls.start(claims)
    controls.collect()
    reference.choose(controls.view().as_of)
    reference.hold()
    sidebar.show(claims)
    controls.typed(controls.current().knobs["C01"])
    controls.reason(controls.current().knobs["C01"])
    looks.horizon_selector(YEAR_END)
    looks.group_selector()
    controls.publish()
    st.json({"values": dict(controls.current().values), "problems": list(controls.problems())})


def opened(**link: str) -> AppTest:
    """The page above, opened by a link."""
    page = AppTest.from_function(knob_page, default_timeout=60)
    for key, text in present(link).items():
        page.query_params[key] = text
    return page.run()


def setting(page: AppTest) -> Assumptions:
    """The setting that the page stands on."""
    return page.session_state["account"].setting


@pytest.mark.parametrize("seed", range(20))
def test_any_setting_survives_its_link(seed):
    wanted = random_setting(np.random.default_rng(seed))
    year = (None, 2026, 2027, 2029, 2030)[seed % 5]
    view = View(year=year, group=GROUPS[seed % 5], job="0123456789ab" if seed % 2 else "")
    assumptions, seen, problems = read_link(write_link(wanted, view), CLAIMS, NEWEST)
    assert (dict(assumptions.values), seen, problems) == (dict(wanted.values), view, ())


def test_default_link_is_empty():
    assert write_link(DEFAULTS, View()) == {}


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ({"C01": "1e9"}, "is used"),
        ({"C01": "-1e9"}, "is used"),
        ({"C01": "1.333"}, "is used"),
        ({"C01": "abc"}, "not a number"),
        ({"C01": ""}, "not a number"),
        ({"C01": "nan"}, "not a number"),
        ({"C01": "inf"}, "used"),
        ({"C99": "1"}, "not a knob"),
        ({"<script>": "1"}, "not a knob"),
        ({"year": "2031"}, "Year-end"),
        ({"as_of": "2026-01-01"}, "Reference date"),
        ({"as_of": "yesterday"}, "Reference date"),
        ({"years": "6"}, "Year-end"),
        ({"years": "five"}, "Year-end"),
        ({"preset": "optimist"}, "Preset"),
        ({"group": "nobody"}, "Group"),
        ({"refit": "../../etc"}, "Refit"),
        ({"why": "1949"}, "Why this year"),
        ({"why": "2026"}, "not a year from 1950 to 2025"),
    ],
)
def test_malformed_link_is_taken_as_far_as_possible_and_told(link, told):
    assumptions, view, problems = read_link(present({"C02": "1.5", **link}), CLAIMS, NEWEST)
    assert len(problems) == 1
    assert told in problems[0]
    assert assumptions.values["C02"] == 1.5
    assert assumptions.knobs["C01"].check(assumptions.values["C01"])
    assert view.job == ""


def test_a_former_link_keeps_the_essays_strength_and_says_so():
    former, _, problems = read_link({"C01": "2.0"}, CLAIMS, NEWEST)
    assert (reasons.kind(former), former.values["C01"], problems) == (reasons.Answer.REASONS, 2.0, (FORMER,))
    said, _, problems = read_link({"C01": "2.0", "driver_strength": "0.1"}, CLAIMS, NEWEST)
    assert (reasons.kind(said), problems) == (reasons.Answer.EVIDENCE, ())


@pytest.mark.parametrize(
    ("link", "newest", "year"),
    [
        ({"years": "1", "edition": "2"}, date(2026, 10, 8), 2026),
        ({"years": "5", "edition": "2", "C01": "2.0"}, date(2026, 10, 8), 2030),
        ({"years": "2"}, date(2026, 10, 8), 2027),
        ({"years": "5", "C01": "2.0"}, date(2026, 10, 8), 2029),
        ({"years": "1"}, date(2025, 12, 31), 2026),
        ({"year": "2030"}, date(2025, 12, 31), 2030),
        ({"year": "2030", "years": "1"}, date(2025, 12, 31), 2030),
        ({"years": "3"}, date(2026, 10, 8), None),
        ({"year": "2028"}, date(2026, 10, 8), None),
        ({}, date(2026, 10, 8), None),
        ({"as_of": "2025-12-31", "year": "2026"}, date(2026, 10, 8), 2026),
    ],
)
def test_a_link_opens_on_the_calendar_year_that_it_was_made_for(link, newest, year):
    _, view, problems = read_link(link, CLAIMS, newest)
    assert (view.year, problems) == (year, (FORMER,) if "C01" in link and "edition" not in link else ())
    reference = view.as_of or newest
    assert reference.year + view.horizon(reference) == (year or 2028)


@pytest.mark.parametrize(
    ("link", "told"), [({"years": "1", "edition": "2"}, "which is 2026"), ({"year": "2026"}, "not a year from 2027")]
)
def test_a_link_to_a_year_that_is_over_says_why_it_opens_elsewhere(link, told):
    _, view, (problem,) = read_link(link, CLAIMS, date(2026, 12, 31))
    assert view.year is None
    assert told in problem
    assert "2029 is shown" in problem


def test_a_link_may_name_a_preset_and_move_further():
    named, _, problems = read_link({"preset": "sceptic", "C07": "2.0"}, CLAIMS, NEWEST)
    assert dict(named.values) == {**DEFAULTS.replace(presets(DEFAULTS.knobs)["sceptic"].values).values, "C07": 2.0}
    assert problems == ()


def test_the_year_that_is_explained_stands_in_the_link_of_the_pages_that_explain_it():
    _, view, problems = read_link({"why": "1969"}, CLAIMS, NEWEST)
    assert (view.why, problems) == (1969, ())
    written = {page: write_link(DEFAULTS, view.on(page)) for page in ("", "evidence", "ask")}
    assert written == {"": {"why": "1969"}, "evidence": {"why": "1969"}, "ask": {}}


def test_a_parameter_that_stands_twice_is_told_and_the_last_one_counts():
    assumptions, _, problems = read_link(present({"C07": ["2.0", "1.0"], "C01": ["2.0", "2.0"]}), CLAIMS, NEWEST)
    assert (assumptions.values["C07"], assumptions.values["C01"]) == (1.0, 2.0)
    assert problems == ("“C07” stands 2 times in the link (“2.0”, “1.0”); the last one counts.",)


def test_blanks_around_a_value_are_nobodys_words():
    _, view, problems = read_link(present({"years": "3 ", "group": " global", "C01": " 2.0"}), CLAIMS, NEWEST)
    assert (view.horizon(NEWEST), view.group, problems) == (3, "global", ())


@pytest.mark.parametrize("key", ["utm_source", "utm_campaign", "fbclid", "gclid", "mc_eid", "msclkid"])
def test_what_other_sites_add_to_a_link_is_not_addressed_to_this_page(key):
    assert read_link({key: "x"}, CLAIMS, NEWEST)[2] == ()


@pytest.mark.parametrize("text", ["1e999", "1_0", "\N{ARABIC-INDIC DIGIT TWO}", "\N{MINUS SIGN}1", "0x2", "9" * 4000])
def test_only_numbers_as_people_write_them_are_numbers(text):
    assumptions, _, problems = read_link(present({"C01": text}), CLAIMS, NEWEST)
    assert assumptions == DEFAULTS
    assert "is not a number" in problems[0]
    assert len(problems[0]) < 140


def test_endless_link_is_cut():
    _, _, problems = read_link({f"x{i}": "1" for i in range(10_000)}, CLAIMS, NEWEST)
    assert len(problems) <= 100


def test_undo_and_redo_walk_the_same_road():
    rng = np.random.default_rng(1)
    settings = [DEFAULTS, *(random_setting(rng) for _ in range(5))]
    history = History(present=DEFAULTS)
    for setting in settings[1:]:
        history = history.commit(setting)
    back = list(itertools.accumulate(range(7), lambda state, _: state.undo(), initial=history))
    assert [state.present for state in back[:6]] == settings[::-1]
    assert back[-1].present is DEFAULTS
    forth = list(itertools.accumulate(range(7), lambda state, _: state.redo(), initial=back[-1]))
    assert [state.present for state in forth[:6]] == settings
    assert forth[-1].present is settings[-1]


def test_new_move_forgets_what_was_undone_and_an_equal_one_does_not():
    first, second = DEFAULTS.replace({"C01": 2.0}), DEFAULTS.replace({"C01": 2.5})
    history = History(present=DEFAULTS).commit(first).undo()
    assert history.commit(DEFAULTS.replace({})).future == (first,)
    assert history.commit(second).future == ()


def test_history_has_a_largest_length():
    history = History(present=DEFAULTS)
    for step in range(LIMIT + 50):
        history = history.commit(DEFAULTS.replace({"C01": 2.0 if step % 2 else 2.5}))
    assert len(history.past) == LIMIT


def test_both_ends_of_every_slider_and_back():
    page = opened()
    for key, knob in DEFAULTS.knobs.items():
        for end in (knob.low, knob.high):
            widget(page.slider, f"slider:{key}").set_value(end)
            page.run()
            assert setting(page).values[key] == end
            assert widget(page.slider, f"slider:{key}").value == end
    assert not page.exception
    assert set(setting(page).changed) == set(DEFAULTS.knobs)
    page.button(key="reset").click().run()
    assert setting(page).is_default
    page.button(key="undo").click().run()
    assert set(setting(page).changed) == set(DEFAULTS.knobs)


def test_the_last_model_stays_on_and_the_page_says_why():
    page = opened(outside_view_weight="0", alignment_weight="0", ordered_weight="0")
    assert page.session_state["account"].problems == ()
    before = setting(page)
    widget(page.slider, "slider:regimes_weight").set_value(0.0).run()
    assert not page.exception
    assert setting(page) == before
    assert widget(page.slider, "slider:regimes_weight").value == before.values["regimes_weight"]
    assert "switch one of the four models on" in page.session_state["account"].problems[0]
    widget(page.slider, "slider:ordered_weight").set_value(0.5).run()
    assert page.session_state["account"].problems == ()
    widget(page.slider, "slider:regimes_weight").set_value(0.0).run()
    assert setting(page).values["regimes_weight"] == 0


def test_every_preset_sets_its_values_and_names_itself():
    page = opened()
    for key, preset in presets(DEFAULTS.knobs).items():
        widget(page.selectbox, "preset").select(key).run()
        assert dict(setting(page).values) == dict(DEFAULTS.replace(preset.values).values)
        assert widget(page.selectbox, "preset").value == key
    widget(page.slider, "slider:C13").set_value(1.0).run()
    assert widget(page.selectbox, "preset").value is None
    page.button(key="undo").click().run()
    assert widget(page.selectbox, "preset").value == key
    page.button(key="redo").click().run()
    assert setting(page).values["C13"] == 1.0


def test_typed_number_moves_the_slider_and_the_other_way_round():
    page = opened()
    widget(page.number_input, "typed:C01").set_value(2.05).run()
    assert widget(page.slider, "slider:C01").value == 2.05
    widget(page.slider, "slider:C01").set_value(1.1).run()
    assert widget(page.number_input, "typed:C01").value == 1.1
    widget(page.number_input, "typed:C01").set_value(1.333).run()
    assert widget(page.slider, "slider:C01").value == 1.35
    assert "1.333" in page.session_state["account"].problems[0]
    widget(page.slider, "slider:C02").set_value(1.0).run()
    assert page.session_state["account"].problems == ()


def test_reason_is_kept_with_the_setting_and_can_be_undone():
    page = opened(C01="2.0")
    widget(page.text_area, "reason:C01").set_value("New figures.").run()
    assert dict(setting(page).reasons) == {"C01": "New figures."}
    widget(page.slider, "slider:C01").set_value(2.5).run()
    assert dict(setting(page).reasons) == {"C01": "New figures."}
    widget(page.text_area, "reason:C01").set_value("  ").run()
    assert dict(setting(page).reasons) == {}
    page.button(key="undo").click().run()
    assert widget(page.text_area, "reason:C01").value == "New figures."


def test_a_reason_that_cannot_be_seen_is_told_and_not_taken():
    page = opened(C01="2.0")
    widget(page.text_area, "reason:C01").set_value("because\u200b").run()
    assert dict(setting(page).reasons) == {}
    (problem,) = page.session_state["account"].problems
    assert "U+200B (ZERO WIDTH SPACE) as letter 8" in problem


def test_link_opens_the_exact_setting_and_view():
    page = opened(C01="2.05", persistence="0.81", years="4", group="global")
    assert setting(page).changed == ("C01", "persistence")
    assert widget(page.slider, "slider:persistence").value == 0.81
    assert (page.session_state["account"].view.year, page.session_state["account"].view.group) == (2029, "global")
    assert widget(page.segmented_control, "years:2026").value == 2029
    assert page.session_state["account"].problems == ()


def test_address_follows_the_setting():
    page = opened(C01="2.05", years="4")
    widget(page.slider, "slider:C01").set_value(1.6).run()
    assert page.query_params == {"year": "2029"}
    widget(page.slider, "slider:volatility").set_value(1.2).run()
    assert page.query_params == {"year": "2029", "volatility": "1.20", "edition": "2"}
