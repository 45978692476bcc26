"""Sentences say what their rows say: skill exactly where the interval leaves zero out."""

import pytest

from models.names import MODEL_MIXTURE
from models.verdicts.sentences import (
    chosen_sentence,
    coverage_sentence,
    first_edition_sentence,
    pooled_sentence,
    primary_sentence,
    secondary_sentence,
    year_mean_sentence,
)
from tests.support.values import studies


@pytest.mark.parametrize(
    ("verdict", "phrase", "others"),
    [
        ("skill", "skill is claimed", "skill and 0 the opposite"),
        ("no evidence of skill", "was not shown", "0 show skill and 0 the opposite"),
        ("worse", "forecast worse than the better of", "0 show skill and"),
    ],
)
def test_skill_is_claimed_where_it_was_shown_and_only_there(verdict, phrase, others):
    table = studies.comparisons(verdict)
    told = primary_sentence(table)
    assert phrase in told
    assert ("skill is claimed" in told) == (verdict == "skill")
    assert "that of the moving average" in told
    row = table[table["role"] == "primary"].iloc[0]
    assert f"{row['difference']:+.3f} ({row['low']:+.3f} to {row['high']:+.3f})" in told
    assert others in secondary_sentence(table)
    own = (table["model_id"] == MODEL_MIXTURE).sum() - 1
    assert f"Of the mixture's {own} other" in secondary_sentence(table)


def test_a_table_without_the_comparison_claims_nothing():
    assert "was not compared" in primary_sentence(studies.comparisons("skill").query("role == 'secondary'"))


def test_unknown_intervals_are_counted_and_told():
    table = studies.comparisons().assign(low=float("nan"), high=float("nan"))
    own = (table["model_id"] == MODEL_MIXTURE).sum() - 1
    assert f"{own} have too few origins" in secondary_sentence(table)
    assert "+0.000 (interval unknown)" in pooled_sentence(table, "m1_latent_alignment")


def test_choosing_is_told_beside_the_mixture():
    tables = studies.tables("backtest")
    assert "0.250, beside 0.300 of the mixture" in chosen_sentence(tables["chosen"], tables["comparisons"])


def test_coverage_says_when_ranges_miss_and_which_width_is_best():
    good = coverage_sentence(studies.coverage(), studies.spreads())
    assert "80% of outcomes lay inside the 80% range (70% to 88% if calibrated)" in good
    assert "18 of 18 shares" in good
    assert "Ranges as they are score best" in good
    bad = coverage_sentence(studies.coverage(0.97), studies.spreads(0.8))
    assert "97% of outcomes" in bad
    assert "12 of 18 shares" in bad
    assert "Ranges a fifth narrower score best" in bad


def test_means_are_told_one_three_and_five_years_ahead():
    told = year_mean_sentence(studies.mean_comparisons("skill"))
    assert told.count("-0.150 (-0.200 to -0.100) at") == 3
    assert "6 of 6 such comparisons show skill" in told


def test_the_year_2025_is_called_a_hindcast():
    told = first_edition_sentence(studies.first_edition())
    for words in (
        "gave 81% to transactional",
        "rule-1, tone +1.50",
        "0.022",
        "hindcast",
        "64% of their weight",
        "one year",
    ):
        assert words in told
    assert "not resolved" in first_edition_sentence(studies.first_edition().iloc[:0])
