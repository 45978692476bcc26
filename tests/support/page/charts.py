"""Reading a chart back: the rows that a Vega-Lite specification draws."""

import pandas as pd


def rows(spec, name="rows") -> pd.DataFrame:
    return pd.DataFrame(spec["datasets"][name])
