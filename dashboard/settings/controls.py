"""Every widget that changes a setting: drawn from the session's `Account`, and reported to it.

A run begins with `collect`, which takes what people did since the last one, and draws every widget at what is then in
force. There are no callbacks that carry a value: Streamlit may end one at its first word when a new message waits.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import streamlit as st

from dashboard.cache import reference
from dashboard.figures.years import CLICKED
from dashboard.settings.account import Account, same
from dashboard.settings.conditions import Conditions, read_conditions
from dashboard.settings.link import GROUPS, View, read_link, write_link
from dashboard.wording.knobs import knob_help, slider_format
from data.types import Claim
from models.assumptions.knobs import Knob
from models.assumptions.presets import Preset, presets
from models.assumptions.setting import MAX_REASON_LENGTH, Assumptions
from models.errors import AssumptionError, StorageError
from models.text.visible import require_visible

ACCOUNT = "account"
GROUP_LABELS = MappingProxyType(
    {
        "cooperation": "Reasons to cooperate",
        "rupture": "Fault lines",
        "us_policy": "United States policy",
        "global": "The whole model",
        "weight": "Which models count",
    }
)


def start(claims: tuple[Claim, ...]) -> None:
    """Read the address once a session; afterwards the session's account is the truth and the address follows it."""
    if ACCOUNT not in st.session_state:
        link = {key: st.query_params.get_all(key) for key in st.query_params}
        assumptions, view, problems = read_link(link, claims, reference.newest())
        conditions, refused = read_conditions(link)
        st.session_state[ACCOUNT] = Account.of(assumptions, view, (*problems, *refused), conditions)


def account() -> Account:
    """The session's account."""
    return st.session_state[ACCOUNT]


def collect() -> None:
    """Take what people did to the widgets since the last run, before anything is drawn."""
    present = account()
    present.settle({key: _said(st.session_state[key]) for key in present.keys if key in st.session_state})


def publish() -> None:
    """Write the settings to the address, unless it says so already and was not just told something else."""
    present = account()
    page = present.page
    setting = write_link(present.setting, present.view.on(page))
    wanted = {**{key: (text,) for key, text in setting.items()}, **present.conditions.texts}
    said = {key: tuple(st.query_params.get_all(key)) for key in st.query_params}
    if said != wanted or present.published != (wanted, page):
        st.query_params.from_dict(wanted)
        present.published = (wanted, page)


def current() -> Assumptions:
    """The setting in force."""
    return account().setting


def view() -> View:
    """Where the reader looks."""
    return account().view


def conditions() -> Conditions:
    """What is taken as observed or made to happen."""
    return account().conditions


def problems() -> tuple[str, ...]:
    """What could not be taken as it was given, one sentence each."""
    return account().problems


def commit(assumptions: Assumptions, notes: tuple[str, ...] = ()) -> None:
    """Put a setting in force; the one before can be had back by undo."""
    account().commit(assumptions, notes)


def watch(job_id: str) -> None:
    """Put a refit into the address, so that a reload finds it again; an empty id takes it out."""
    account().look(job=job_id)


def look_at(entry: str) -> None:
    """Open a saved forecast by its entry's digest; an empty one closes it."""
    account().look(entry=entry)


def tell(note: str) -> None:
    """Show one sentence at the top of the page until the next change."""
    account().problems = (note,)


def knob_groups(assumptions: Assumptions, claims: tuple[Claim, ...]) -> Mapping[str, tuple[Knob, ...]]:
    """Knobs by group, in page order: the essay's two sides, United States policy, the rest, and the models' weights."""
    sides = {claim.id: claim.side for claim in claims}
    groups: dict[str, list[Knob]] = {group: [] for group in GROUPS}
    for knob in assumptions.knobs.values():
        groups[sides.get(knob.key, knob.group)].append(knob)
    return {group: tuple(knobs) for group, knobs in groups.items()}


def slider(knob: Knob) -> None:
    """One knob as a slider."""
    value = current().values[knob.key]
    _number(knob, "slider", st.slider, knob.label, format=slider_format(knob, value))


def typed(knob: Knob) -> None:
    """One knob as a number to type; what is off the grid goes to the nearest allowed value and the page says so."""
    form = f"%.{knob.decimals}f"
    _number(knob, "typed", st.number_input, knob.label, label_visibility="collapsed", format=form)


def reason(knob: Knob) -> None:
    """Why the reader moved this knob, kept in snapshots. A text that cannot be kept stays to be corrected."""
    present = account()
    value = present.drafts.get(knob.key, current().reasons.get(knob.key, ""))
    key = present.key(f"reason:{knob.key}", value, lambda text: _take_reason(present, knob, text))
    shown = st.text_area(
        f"Your reason for moving “{knob.label}”",
        value,
        key=key,
        max_chars=MAX_REASON_LENGTH,
        height=68,
        placeholder="Why this value? Kept in the snapshot.",
        help="Changes no number. It is exported with the forecast, so that others can see why you chose this value.",
    )
    compare(present, shown, value)


def compare(present: Account, shown: object, value: object) -> None:
    """Note a widget that a browser brought along from an earlier session: it shows what nobody here has taken yet."""
    present.unheard |= not same(shown, value)


def active_preset(assumptions: Assumptions) -> Preset | None:
    """The preset whose values these are."""
    values = dict(assumptions.values)
    equal = (p for p in presets(assumptions.knobs).values() if dict(_preset_setting(p, assumptions).values) == values)
    return next(equal, None)


def _said(value: object) -> object:
    """What a widget says: a chart in which years can be clicked says the last one, nothing before."""
    if not isinstance(value, Mapping):
        return value
    clicked = value["selection"][CLICKED]
    return int(clicked[-1][CLICKED]) if clicked else None


def _number(knob: Knob, name: str, widget: Callable[..., float], label: str, **options: object) -> None:
    present, value = account(), current().values[knob.key]
    shown = widget(
        label,
        knob.low,
        knob.high,
        value,
        step=knob.step,
        key=present.key(f"{name}:{knob.key}", value, lambda moved: _take_number(present, knob, moved)),
        help=knob_help(knob),
        **options,
    )
    compare(present, shown, value)


def preset_box() -> None:
    present, available = account(), presets(current().knobs)
    active = active_preset(current())
    value = active.key if active else None
    shown = st.selectbox(
        "Preset",
        tuple(available),
        index=tuple(available).index(value) if active else None,
        key=present.key("preset", value, lambda chosen: _take_preset(present, available.get(chosen))),
        format_func=lambda key: available[key].label,
        placeholder="Your own setting",
        help="\n\n".join(f"**{preset.label}.** {preset.description}" for preset in available.values()),
    )
    compare(present, shown, value)
    with st.container(key="preset-meaning", gap=None):
        moved = f"{len(current().changed)} of {len(current().knobs)} assumptions moved."
        st.markdown(f":small[{active.meaning if active else moved}]")


def _take_number(present: Account, knob: Knob, moved: object) -> None:
    if moved is None:  # an emptied box
        return
    value = float(moved)
    nearest = knob.snap(value)
    exact = abs(nearest - value) < knob.step / 100
    notes = () if exact else (f"{knob.label}: {value:g} is not in {knob.range_text}; {nearest:g} is used.",)
    try:
        present.commit(present.setting.replace({knob.key: nearest}), notes)
    except AssumptionError as error:  # the last model cannot be switched off
        present.problems = (str(error),)


def _take_reason(present: Account, knob: Knob, text: str) -> None:
    try:
        require_visible(text, f"the reason for {knob.label}", needed=False, multiline=True)
    except StorageError as error:
        present.drafts[knob.key], present.problems = text, (str(error),)
        return
    present.drafts.pop(knob.key, None)
    reasons = {**present.setting.reasons, knob.key: text.strip()}
    kept = {name: text for name, text in reasons.items() if text}
    present.commit(Assumptions(knobs=present.setting.knobs, values=present.setting.values, reasons=kept))


def _take_preset(present: Account, preset: Preset | None) -> None:
    if preset is not None:
        present.commit(_preset_setting(preset, present.setting))


def _preset_setting(preset: Preset, assumptions: Assumptions) -> Assumptions:
    return Assumptions(knobs=assumptions.knobs, values=preset.values, reasons=assumptions.reasons)


def use_preset(preset: Preset) -> Callable[[], None]:
    """What a press elsewhere does: put a preset in force."""
    present = account()
    return lambda: _take_preset(present, preset)
