"""What stands on a slider besides its handle: the starting view as a tick and what its ends mean, as a style sheet.

The rules depend on the knobs alone, so they are sent once a page and no move waits for them. A tick is placed in the
slider's own track by the share at which Streamlit places the handle, and so is exact at any width.
"""

from collections.abc import Mapping

from dashboard.wording.knobs import unit_of, value_text
from models.assumptions.knobs import Knob

TRACK = '[role="group"] > [data-orientation]'
ENDS = '[data-testid="stSliderTickBar"]'
SHARED = f"""
[class*="st-key-slider-"] {TRACK}::after {{
  content: ""; position: absolute; left: var(--start); top: 50%; width: 3px; height: 14px; margin-left: -1.5px;
  transform: translateY(-50%); background: currentColor; border-radius: 1px; pointer-events: none;
}}
[class*="st-key-slider-"] {ENDS} {{ opacity: 1; visibility: visible; }}
[class*="st-key-slider-"] {ENDS} p {{ display: none; }}
[class*="st-key-slider-"] {ENDS} > :first-child::before {{ content: var(--low); }}
[class*="st-key-slider-"] {ENDS} > :last-child::before {{ content: var(--high); }}
[class*="st-key-slider-"] {ENDS} > ::before {{ font-size: 0.75rem; white-space: nowrap; }}
"""


def start_share(knob: Knob) -> float:
    """Where on its slider a knob starts, from 0 at the left end to 1."""
    return (knob.default - knob.low) / (knob.high - knob.low)


def style_sheet(knobs: Mapping[str, Knob]) -> str:
    """The rules for all sliders."""
    rules = [_rule(knob) for knob in knobs.values()]
    return "<style>" + SHARED + "\n".join(rules) + "</style>"


def _rule(knob: Knob) -> str:
    unit = unit_of(knob)
    low, high = f"{value_text(knob, knob.low)} {unit.low}", f"{unit.high} {value_text(knob, knob.high)}"
    place = f"--start: {100 * start_share(knob):.4f}%"
    return f'[class*="st-key-slider-{knob.key}"] {{ {place}; --low: "{low}"; --high: "{high}"; }}'
