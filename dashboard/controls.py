"""Every widget that changes a setting, and every key of the session: one owner.

The session holds one truth, a `History` of settings and a `View`. Widgets show it and report to it: before a widget is
drawn its key is set to the truth, and its callback commits a new, validated setting. So presets, undo, links and
imports all take one road, and two widgets of one knob (a slider and a number) cannot disagree.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import streamlit as st

from dashboard import wording
from dashboard.history import History
from dashboard.link import GROUPS, View, read_link, write_link
from data.types import Claim
from models.assumptions import MAX_REASON_LENGTH, Assumptions
from models.errors import AssumptionError, SnapshotError
from models.knobs import Prior
from models.names import HORIZONS
from models.presets import Preset, presets
from models.strict_json import require_plain_text

HISTORY, VIEW, PROBLEMS, PUBLISHED, PAGE = "history", "view", "problems", "published", "page"
RECORD_PAGE = "record"
"""The one page whose address says which saved forecast is open."""
GROUP_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "cooperation": "Reasons to cooperate",
        "rupture": "Fault lines",
        "us_policy": "United States policy",
        "global": "The whole model",
        "weight": "Which models count",
    }
)


def start(claims: tuple[Claim, ...]) -> None:
    """Read the address once a session; afterwards the session is the truth and the address follows it."""
    if HISTORY not in st.session_state:
        assumptions, view, problems = read_link(st.query_params.to_dict(), claims)
        st.session_state[HISTORY] = History(present=assumptions)
        st.session_state[VIEW] = view
        st.session_state[PROBLEMS] = problems


def publish(page: str | None = None) -> None:
    """Write the settings to the address when they changed, and again after a change of page, which empties it."""
    page = st.session_state.get(PAGE) if page is None else page
    wanted = write_link(current(), view() if page == RECORD_PAGE else replace(view(), entry=""))
    if (wanted, page) != st.session_state.get(PUBLISHED):
        st.query_params.from_dict(wanted)
        st.session_state[PUBLISHED] = (wanted, page)
    st.session_state[PAGE] = page


def current() -> Assumptions:
    """The setting on screen."""
    return st.session_state[HISTORY].present


def view() -> View:
    """Where the reader looks."""
    return st.session_state[VIEW]


def problems() -> tuple[str, ...]:
    """What could not be taken as it was given, one sentence each."""
    return st.session_state[PROBLEMS]


def commit(assumptions: Assumptions, notes: tuple[str, ...] = ()) -> None:
    """Make `assumptions` the setting on screen; the one before can be had back by undo."""
    st.session_state[HISTORY] = st.session_state[HISTORY].commit(assumptions)
    st.session_state[PROBLEMS] = notes


def watch(job_id: str) -> None:
    """Put a refit into the address, so that a reload finds it again; an empty id takes it out."""
    st.session_state[VIEW] = replace(view(), job=job_id)


def look_at(entry: str) -> None:
    """Open a saved forecast by its entry's digest; an empty one closes it."""
    st.session_state[VIEW] = replace(view(), entry=entry)


def knob_groups(assumptions: Assumptions, claims: tuple[Claim, ...]) -> Mapping[str, tuple[Prior, ...]]:
    """Knobs by group, in page order: the essay's two sides, United States policy, the rest, and the models' weights."""
    sides = {claim.id: claim.side for claim in claims}
    found: dict[str, list[Prior]] = {group: [] for group in GROUPS}
    for prior in assumptions.knobs.values():
        found[sides.get(prior.key, prior.group)].append(prior)
    return {group: tuple(priors) for group, priors in found.items()}


def sidebar(claims: tuple[Claim, ...]) -> None:
    """Presets, undo, redo, reset and every slider, for the sidebar."""
    st.markdown("**Your assumptions**")
    _preset_box()
    _step_buttons()
    for group, priors in knob_groups(current(), claims).items():
        with st.expander(GROUP_LABELS[group], expanded=group == GROUPS[0]):
            for prior in priors:
                slider(prior)


def slider(prior: Prior) -> None:
    """One knob as a slider."""
    key = f"slider:{prior.key}"
    _show(key, current().values[prior.key])
    st.slider(
        prior.label,
        prior.low,
        prior.high,
        step=prior.step,
        format=f"%.{prior.decimals}f",
        key=key,
        help=_help(prior),
        on_change=_take_number,
        args=(key, prior.key),
    )


def typed(prior: Prior) -> None:
    """One knob as a number to type; what is off the grid goes to the nearest allowed value and the page says so."""
    key = f"typed:{prior.key}"
    _show(key, current().values[prior.key])
    st.number_input(
        f"{prior.label} ({prior.unit})",
        prior.low,
        prior.high,
        step=prior.step,
        format=f"%.{prior.decimals}f",
        key=key,
        help=_help(prior),
        on_change=_take_number,
        args=(key, prior.key),
        label_visibility="collapsed",
    )


def reason(prior: Prior) -> None:
    """Why the reader moved this knob, kept in snapshots."""
    key = f"reason:{prior.key}"
    _show(key, current().reasons.get(prior.key, ""))
    st.text_area(
        f"Your reason for moving “{prior.label}”",
        key=key,
        max_chars=MAX_REASON_LENGTH,
        height=68,
        placeholder="Why this value? Kept in the snapshot.",
        help="Changes no number. It is exported with the forecast, so that others can see why you chose this value.",
        on_change=_take_reason,
        args=(key, prior.key),
    )


def horizon_selector() -> int:
    """How many year-ends ahead the headline looks."""
    return _choice("years", "Years ahead", HORIZONS, view().horizon, _take_horizon, wording.define("horizon"), str)


def group_selector() -> str:
    """Which group of knobs is open on the page."""
    help_text = (
        "The essay's reasons for cooperation, its fault lines, what the United States does, what holds for all, and "
        "how much each model counts."
    )
    return _choice("group", "Group", GROUPS, view().group, _take_group, help_text, GROUP_LABELS.__getitem__)


def active_preset(assumptions: Assumptions) -> Preset | None:
    """The preset whose values these are."""
    values = dict(assumptions.values)
    found = (p for p in presets(assumptions.knobs).values() if dict(_preset_setting(p, assumptions).values) == values)
    return next(found, None)


def _choice[T](
    key: str, label: str, options: tuple[T, ...], chosen: T, take: Callable, help_text: str, name: Callable[[T], str]
) -> T:
    _show(key, chosen)
    st.segmented_control(
        label, options, key=key, required=True, format_func=name, help=help_text, on_change=take, args=(key,)
    )
    return chosen


def _preset_box() -> None:
    available = presets(current().knobs)
    active = active_preset(current())
    _show("preset", active.key if active else None)
    st.selectbox(
        "Preset",
        tuple(available),
        index=None,
        key="preset",
        format_func=lambda key: available[key].label,
        placeholder="Your own setting",
        help="\n\n".join(f"**{preset.label}.** {preset.description}" for preset in available.values()),
        on_change=_take_preset,
    )


def _step_buttons() -> None:
    history: History = st.session_state[HISTORY]
    back = "Put every knob back to its default; undo brings your setting back"
    untouched = current().is_default and not current().reasons
    steps = (
        ("undo", "Undo", "Take the last change back", not history.past, _undo),
        ("redo", "Redo", "Take the last undo back", not history.future, _redo),
        ("reset", "Reset", back, untouched, _reset),
    )
    with st.container(horizontal=True, gap="small"):
        for key, label, help_text, disabled, take in steps:
            st.button(label, key=key, help=help_text, disabled=disabled, on_click=take)


def _help(prior: Prior) -> str:
    where = f"Essay, paragraph {prior.paragraph.replace(';', ' and ')}. " if prior.paragraph else ""
    grid = f"Unit: {prior.unit}. Range {prior.range_text}; default {prior.default:g}."
    return f"{prior.help}\n\n{grid} {where}{prior.reason}"


def _show(key: str, value: object) -> None:
    """Set a widget's key to the truth, only where it differs: setting it anew would fight a slider being dragged."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def _take_number(key: str, knob: str) -> None:
    prior = current().knobs[knob]
    value = st.session_state[key]
    if value is None:
        return
    nearest = prior.snap(float(value))
    exact = abs(nearest - float(value)) < prior.step / 100
    notes = () if exact else (f"{prior.label}: {value:g} is not in {prior.range_text}; {nearest:g} is used.",)
    try:
        commit(current().replace({knob: nearest}), notes)
    except AssumptionError as error:  # the last model cannot be switched off
        tell(str(error))


def _take_reason(key: str, knob: str) -> None:
    try:
        require_plain_text(st.session_state[key], f"the reason for {current().knobs[knob].label}", multiline=True)
    except SnapshotError as error:
        tell(str(error))
        return
    reasons = {**current().reasons, knob: st.session_state[key].strip()}
    kept = {name: text for name, text in reasons.items() if text}
    commit(Assumptions(knobs=current().knobs, values=current().values, reasons=kept))


def _take_horizon(key: str) -> None:
    st.session_state[VIEW] = replace(view(), horizon=st.session_state[key])


def _take_group(key: str) -> None:
    st.session_state[VIEW] = replace(view(), group=st.session_state[key])


def _take_preset() -> None:
    chosen = st.session_state["preset"]
    if chosen is not None:
        commit(_preset_setting(presets(current().knobs)[chosen], current()))


def _preset_setting(preset: Preset, assumptions: Assumptions) -> Assumptions:
    return Assumptions(knobs=assumptions.knobs, values=preset.values, reasons=assumptions.reasons)


def _undo() -> None:
    st.session_state[HISTORY] = st.session_state[HISTORY].undo()
    st.session_state[PROBLEMS] = ()


def _redo() -> None:
    st.session_state[HISTORY] = st.session_state[HISTORY].redo()
    st.session_state[PROBLEMS] = ()


def _reset() -> None:
    commit(Assumptions(knobs=current().knobs))


def tell(note: str) -> None:
    """Show one sentence at the top of the page until the next change."""
    st.session_state[PROBLEMS] = (note,)
