"""Tables of checks: a row a check, a stored fit, a model’s priors asked alone, a change of the rule. Pure."""

from collections.abc import Iterable, Mapping

import pandas as pd

from dashboard.wording.checks import check_name, check_threshold, check_value
from dashboard.wording.labels import MODEL_LABELS
from dashboard.wording.numerals import sentence_case
from models.fits.certificate import Check, Diagnostics


def check_table(checks: Iterable[Check]) -> pd.DataFrame:
    """Named checks with their result in the first column."""
    rows = [
        {
            "Result": "passed" if check.passed else "FAILED",
            "Check": check_name(check.name),
            "Value": check_value(check.value, check.threshold),
            "Expected": check_threshold(check.threshold),
            "Why it matters": check.meaning,
        }
        for check in checks
    ]
    return pd.DataFrame(rows)


def robustness_table(robustness: pd.DataFrame) -> pd.DataFrame:
    """Every change of rule or record with the labels it flips, shares in per cent."""
    return pd.DataFrame(
        {
            "Change": robustness["variation"].map(sentence_case),
            "Labels that flip": 100 * robustness["flipped_share"],
            "From": 100 * robustness["low"],
            "To": 100 * robustness["high"],
            "Without a label": 100 * robustness["unlabelled_share"],
            "Flips most often": robustness["most_flipped_years"],
            "What it means": robustness["meaning"],
        }
    )


def fit_table(fits: Mapping[str, Diagnostics]) -> pd.DataFrame:
    """The stored fits with how many of their checks passed."""
    rows = [
        {
            "Result": "FAILED" if found.failures else "passed",
            "Stored fit": name,
            "Checks passed": f"{len(found.checks) - len(found.failures)} of {len(found.checks)}",
        }
        for name, found in fits.items()
    ]
    return pd.DataFrame(rows)


def gate_table(gates: Mapping[str, tuple[Check, ...]]) -> pd.DataFrame:
    """Whether each model's priors alone forecast something sensible."""
    rows = [
        {
            "Result": "passed" if all(check.passed for check in checks) else "FAILED",
            "Model": MODEL_LABELS[model],
            "Checks passed": f"{sum(check.passed for check in checks)} of {len(checks)}",
        }
        for model, checks in gates.items()
    ]
    return pd.DataFrame(rows)
