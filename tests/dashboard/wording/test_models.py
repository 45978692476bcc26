"""Where the models differ: the two that lie furthest apart, of those that the table holds."""

import pytest

from dashboard.wording.labels import MODEL_LABELS, STATE_SHORT
from dashboard.wording.models import models_disagree, models_sentence, present
from models.names import MEMBERS, MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3, MODEL_MIXTURE, STATES
from tests.support.values.results import table

CALM = (0.03, 0.07, 0.80, 0.10)
NAMES = {f"m{number}": MODEL_LABELS[model].lower() for number, model in enumerate(MEMBERS)}


@pytest.mark.parametrize(
    ("models", "low", "high", "state", "gap"),
    [
        ({"m2": (0.05, 0.12, 0.20, 0.63), "m3": (0.05, 0.12, 0.61, 0.22)}, "m3", "m2", "deeper", 41),
        ({"m1": (0.25, 0.12, 0.41, 0.22), "m2": (0.01, 0.12, 0.41, 0.46)}, "m1", "m2", "deeper", 24),
        ({"m3": (0.45, 0.02, 0.41, 0.12), "m0": (0.05, 0.42, 0.41, 0.12)}, "m0", "m3", "rupture", 40),
    ],
)
def test_the_models_sentence_names_the_two_models_that_lie_furthest_apart(models, low, high, state, gap):
    given, column = table(**models), STATES.index(state)
    text = models_sentence(given, 5)
    assert text.startswith(f"Widest apart on {STATE_SHORT[state].lower()}, by {gap} points: ")
    named = {name: NAMES[name].partition(" (")[0] for name in (low, high)}
    assert ", ".join(f"{said} {100 * models[name][column]:.0f} %" for name, said in named.items()) in text
    assert models_disagree(given, 5)


def test_a_table_without_some_models_is_read_for_those_it_has():
    given = table(m0=CALM, m3=(0.9, 0.05, 0.03, 0.02))
    bare = given[~given["model_id"].isin([MODEL_M2, MODEL_M3])]
    assert present(given) == (MODEL_MIXTURE, *MEMBERS)
    assert present(bare) == (MODEL_MIXTURE, MODEL_M0, MODEL_M1)
    assert models_sentence(bare, 5) == models_sentence(table(m0=CALM), 5)
    assert "Widest apart on rupture" in models_sentence(given, 5)
