"""Every colour of a chart: of a state, of a model, of a badge, of a hindcast; each legible on light and dark pages."""

from collections.abc import Mapping

from models.names import MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3, MODEL_MIXTURE, Scenario

STATE_COLOURS: Mapping[str, str] = {
    Scenario.RUPTURE.value: "#b3450f",
    Scenario.STRAIN.value: "#cd8226",
    Scenario.TRANSACTIONAL.value: "#4b97d2",
    Scenario.DEEPER.value: "#2166ac",
}
"""Orange to blue, a pair that every common colour blindness keeps apart; the outer states are the darker ones, as in a
diverging scale. Each stands out at 3:1 or more from a white and from a near-black page."""
STATE_INKS: Mapping[str, str] = {
    Scenario.RUPTURE.value: "#ffffff",
    Scenario.STRAIN.value: "#14171c",
    Scenario.TRANSACTIONAL.value: "#14171c",
    Scenario.DEEPER.value: "#ffffff",
}
"""Text on those colours, 4.5:1 or more."""
INK = "currentColor"
"""Every letter of a chart, and what must be seen on any ground: the text colour of the page that it stands in, at
4.5:1 and more in both themes. No fixed grey reaches that on white and on near-black at once."""
MUTED = "#767b85"
"""Grey for rules and marks, never for letters: above 4:1 on white and on near-black."""
ACCENT = "#8c6bb1"
"""What a model says beyond the evidence (fan, posterior, high end of a slider): 4.3:1 on both pages and of no state."""
MODEL_COLOURS: Mapping[str, str] = {
    MODEL_MIXTURE: ACCENT,
    MODEL_M0: "#00936b",
    MODEL_M1: "#c26a9b",
    MODEL_M2: "#b87a00",
    MODEL_M3: "#3d85c6",
}
"""Green, reddish purple, orange and blue of Okabe and Ito, darkened to 3:1; each model has its own shape as well."""
DIRECTION_COLOURS: Mapping[str, str] = {
    "cooperation": STATE_COLOURS[Scenario.DEEPER.value],
    "conflict": STATE_COLOURS[Scenario.RUPTURE.value],
    "mixed": ACCENT,
    "context": MUTED,
}
PART_COLOURS: Mapping[str, str] = {
    "data": MODEL_COLOURS[MODEL_M0],
    "prior": ACCENT,
    "model": MODEL_COLOURS[MODEL_M2],
    "time": MUTED,
    "bridge": MODEL_COLOURS[MODEL_M3],
    "together": MODEL_COLOURS[MODEL_M1],
}
"""Of the parts of a change (`models.change.split`), kept apart by common colour blindnesses; each has its own lane."""
BADGE_COLOURS: Mapping[str, str] = {
    "good": MODEL_COLOURS[MODEL_M0],
    "fair": STATE_COLOURS[Scenario.STRAIN.value],
    "poor": STATE_COLOURS[Scenario.RUPTURE.value],
}
"""Green, amber and red for the engine's badge; every kind of setting has its own shape as well."""
HINDCAST_COLOUR = "#5b8291"
"""Slate: 4:1 on white and on near-black, and the colour of no state and no live model."""
