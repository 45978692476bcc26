"""One table for everybody: what is printed, stored and exported are the same digits, whatever the setting and pins."""

import io
import json

import numpy as np
import pandas as pd
import pytest

from models.assumptions.knobs import knobs
from models.errors import AssumptionError
from models.fits.probabilities import OUTCOMES
from models.names import STATES, TARGET_STATE
from models.rounding import PUBLISHED
from models.signposts.pins import read_act, read_pin
from models.signposts.published import PublishedSignposts
from models.signposts.table import COLUMNS, SignpostTable
from models.storage.safe_csv import safe_csv
from tests.support.values.asked import random_acts, random_pins, small_board, small_library, small_question


def random_values(rng: np.random.Generator) -> dict[str, float]:
    """Three knobs somewhere between their default and a random place."""
    available = knobs(small_library()[0].claims)
    chosen = rng.choice(sorted(available), size=3, replace=False)
    places = {key: available[key].low + rng.random() * (available[key].high - available[key].low) for key in chosen}
    return {key: available[key].snap((place + available[key].default) / 2) for key, place in places.items()}


def agree(number: int, seed: int) -> None:
    """Headline, card, table, JSON and CSV of random settings with pins."""
    rng, board = np.random.default_rng(seed), small_board()
    for _ in range(number):
        question = small_question(random_values(rng))
        asking = random_pins(rng, board), random_acts(rng, board)
        asked = SignpostTable.of(question, small_library()[0], asking)
        document = json.loads(json.dumps(asked.document, allow_nan=False))
        read = pd.read_csv(io.BytesIO(safe_csv(asked.table)))
        pd.testing.assert_frame_equal(read, asked.table, check_exact=True, check_dtype=False)
        pd.testing.assert_frame_equal(
            pd.DataFrame(document["signposts"], columns=list(COLUMNS)), asked.table, check_exact=True, check_dtype=False
        )
        plain = PublishedSignposts.of(question, small_library()[0])
        assert [row.chance for row in plain.chances] == list(asked.table["chance"])
        assert document["expected"]["mean"] == round(sum(asked.table["chance"]), PUBLISHED.decimals)
        forecast, answer = question.forecast, asked.answer
        before = {(row["target_end_date"], row["outcome"]): row for row in document["states"]}
        for place, horizon in list(enumerate(forecast.horizons))[2:3]:
            end = f"{forecast.reference_date.year + horizon}-12-31"
            for column, outcome in enumerate(OUTCOMES):
                row = before[end, outcome]
                if outcome in STATES:
                    assert row["before"] == forecast.probability(TARGET_STATE, horizon, outcome)
                if answer.too_rare:
                    assert row["given"] is None
                elif asking != ((), ()):
                    assert row["given"] == answer.outcomes[place][column]
                else:
                    assert row["given"] == row["before"]


def test_headline_card_table_json_and_csv_agree() -> None:
    agree(number=3, seed=15)


@pytest.mark.slow
def test_headline_card_table_json_and_csv_agree_for_two_hundred_settings() -> None:
    agree(number=200, seed=1500)


def test_states_as_printed_sum_to_one_and_pins_are_answered() -> None:
    question, evidence = small_question(), small_library()[0]
    first, second = question.board.open[0].id, question.board.open[1].id
    asked = SignpostTable.of(question, evidence, ((read_pin(f"{first}=yes"), read_pin(f"{second}=no")), ()))
    table = asked.table.set_index("id")
    assert (table.loc[first, "given"], table.loc[second, "given"]) == (1, 0)
    assert (table.loc[[first, second], "value"] == 0).all()
    for answer in ("yes", "no"):
        sums = table[[f"{answer}_{state}" for state in STATES]].sum(axis=1)
        np.testing.assert_allclose(sums, 1, atol=1e-12)


def test_an_act_that_is_made_to_happen_is_answered_yes() -> None:
    question, evidence = small_question(), small_library()[0]
    signpost = next(one for one in question.board.open if one.asks_for_a_break)
    act = read_act(f"{signpost.id}@{question.board.coming.years[0]}")
    asked = SignpostTable.of(question, evidence, ((), (act,)))
    assert asked.answer.kind == "do"
    assert asked.answer.chance == 1
    assert asked.table.set_index("id").loc[act.id, "given"] == 1


def test_another_year_end_is_asked_and_an_unknown_one_refused() -> None:
    question, evidence = small_question(), small_library()[0]
    years = question.board.coming.years
    assert SignpostTable.of(question, evidence, year=years[0]).year == years[0]
    with pytest.raises(AssumptionError, match=f"from {years[0]} to {years[-1]}"):
        SignpostTable.of(question, evidence, year=years[-1] + 1)
