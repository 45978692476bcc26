"""Tables of checks: a row a check, a stored fit, a model’s priors asked alone, a change of the rule. Pure."""

from collections.abc import Iterable, Mapping

import pandas as pd

from dashboard.wording.checks import check_name, check_threshold, check_value
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
    """Every change of rule or ledger with the labels it flips, shares in per cent."""
    return pd.DataFrame(
        {
            "Change": robustness["variation"].map(sentence_case),
            "Labels that flip": 100 * robustness["flipped_share"],
            "Allowed": 100 * robustness["limit"],
            "From": 100 * robustness["low"],
            "To": 100 * robustness["high"],
            "Without a label": 100 * robustness["unlabelled_share"],
            "Flips most often": robustness["most_flipped_years"],
            "What it means": robustness["meaning"],
        }
    )


def certificate_table(what: str, certificates: Mapping[str, Diagnostics]) -> pd.DataFrame:
    """Whatever was checked, named under `what`, with how many of its checks passed."""
    rows = [
        {
            "Result": "passed" if certificate.passed else "FAILED",
            what: name,
            "Checks passed": f"{len(certificate.checks) - len(certificate.failures)} of {len(certificate.checks)}",
        }
        for name, certificate in certificates.items()
    ]
    return pd.DataFrame(rows)
