"""The pages' tables: plain words in the columns, shares in per cent, and nothing of the raw numbers lost."""

import pandas as pd

from dashboard.tables.checks import check_table, robustness_table
from models.fits.certificate import Check

ROBUSTNESS = pd.DataFrame(
    {
        "variation": ["cut-offs -10 %", "memory of 4 years"],
        "flipped_share": [0.05, 0.18],
        "low": [0.04, 0.1],
        "high": [0.06, 0.25],
        "unlabelled_share": [0.0, 0.02],
        "draws": [1, 200],
        "most_flipped_years": ["1959", ""],
        "limit": [0.2, 0.1],
        "meaning": ["first", "second"],
    }
)


def test_robustness_is_shown_in_per_cent_with_names_like_titles():
    shown = robustness_table(ROBUSTNESS)
    assert shown["Change"].tolist() == ["Cut-offs −10 %", "Memory of 4 years"]
    # A product by 100 and its expectation differ by rounding only.
    pd.testing.assert_series_equal(shown["To"], pd.Series([6.0, 25.0], name="To"), rtol=1e-12)
    assert shown["Allowed"].tolist() == [20.0, 10.0]
    assert shown["What it means"].tolist() == ["first", "second"]


def test_a_failed_check_stands_out_and_reads_like_the_rest():
    check = Check(name="divergences", passed=False, value=0.02, threshold="at most 0.1% of draws", meaning="Why.")
    row = check_table([check]).iloc[0].to_dict()
    assert row == {
        "Result": "FAILED",
        "Check": "Divergences",
        "Value": "2 %",
        "Expected": "at most 0.1 % of draws",
        "Why it matters": "Why.",
    }
