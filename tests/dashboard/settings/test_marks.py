"""The marks on the sliders: a tick where each starts, and words at both ends."""

import re

import numpy as np

from dashboard.settings.marks import start_share, style_sheet
from data.load import load_claims
from data.receipts import DATA_FOLDER
from models.assumptions.setting import Assumptions

KNOBS = Assumptions.defaults(load_claims(DATA_FOLDER)).knobs


def test_every_slider_has_its_tick_where_a_handle_at_the_start_would_stand():
    ticks = re.findall(
        r'slider-(\w+)"\] \{ --start: ([\d.]+)%; --low: "([^"]+)"; --high: "([^"]+)"', style_sheet(KNOBS)
    )
    assert [key for key, *_ in ticks] == list(KNOBS)
    for key, place, low, high in ticks:
        knob = KNOBS[key]
        np.testing.assert_allclose(knob.low + float(place) / 100 * (knob.high - knob.low), knob.default, atol=1e-4)
        assert low.startswith(f"{knob.low:.{knob.decimals}f}".replace("-", "−"))
        assert high.endswith(f"{knob.high:.{knob.decimals}f}")


def test_a_knob_that_starts_at_an_end_has_its_tick_there():
    assert start_share(KNOBS["driver_strength"]) == 0
