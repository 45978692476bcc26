"""What a study must reach: figures, each with its limit."""

from collections.abc import Sequence

import pandas as pd


def figures_table(rows: Sequence[tuple[str, float, str, float]]) -> pd.DataFrame:
    """Figures held against their limits.

    Parameters
    ----------
    rows : sequence of tuple
        What was measured, the figure, ``<=`` or ``>=``, and the limit.

    Returns
    -------
    DataFrame
        Columns measure, value, threshold, passed; a figure that is not known (NaN) has not passed.
    """
    table = pd.DataFrame(rows, columns=["measure", "value", "sign", "limit"])
    passed = (table["value"] <= table["limit"]).where(table["sign"] == "<=", table["value"] >= table["limit"])
    threshold = table["sign"] + " " + table["limit"].map("{:g}".format)
    return table[["measure", "value"]].assign(threshold=threshold, passed=passed)
