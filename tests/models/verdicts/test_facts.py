"""The numbers behind the answers: counted by hand on tables small enough to do so."""

import numpy as np
import pandas as pd
import pytest

from models.verdicts import facts
from tests.support.values import studies


def test_the_worst_curve_comes_first_with_its_share_outside():
    curves = facts.curve_shares(studies.reliability(outside=3))
    assert tuple(curves.loc[0, ["model_id", "state"]]) == ("m1_latent_alignment", "strain")
    assert curves["outside"].tolist() == pytest.approx([0.3] + [0.0] * 15, abs=1e-12)


def test_a_curve_with_few_pairs_has_no_share_and_comes_last():
    few = studies.curve("m0_base_rate", "strain", 5, enough=False)
    curves = facts.curve_shares(pd.concat([few, studies.curve("m0_base_rate", "deeper", 0)]))
    assert curves["state"].tolist() == ["deeper", "strain"]
    assert np.isnan(curves["outside"].iloc[1])


def test_values_that_were_not_observed_count_nowhere():
    check = pd.DataFrame({"observed": [1.0, 9.0, np.nan], "q05": 0.0, "q95": 5.0})
    assert facts.share_inside([check, check]) == (2, 4)


def test_the_quantity_that_strays_most_is_found_for_each_model():
    assert set(facts.worst_quantities(studies.summary()).values()) == {"rupture in 5 years"}


def test_the_largest_moves_are_each_pieces_largest_with_both_routes_of_the_same_cell():
    moves = facts.largest_moves(studies.cells())
    assert moves["name"].tolist() == [f"C{number:02d}" for number in range(12, 2, -1)]
    first = moves.iloc[0]
    assert (first["outcome"], first["horizon"]) == ("deeper", 5)
    assert first[["refit", "weights"]].tolist() == pytest.approx([0.062, 0.060], abs=1e-12)


def test_all_knobs_together_are_no_assumption():
    assert facts.reading_counts(studies.knobs()) == {"prior-driven": 2, "in conflict": 1}
