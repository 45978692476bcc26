"""What may be said of the archived backtest, by rule from its rows: README, Checks and decisions quote these sentences.

"Skill" is said where a 95 % interval leaves zero out on the right side and nowhere else, and there it is said.
"""

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from models.backtest.coverage import RECENT, SHARES
from models.backtest.origins import FIRST_ORIGIN
from models.backtest.scores import PRIMARY, YARDSTICKS_OF_PRIMARY
from models.backtest.yardsticks import (
    CLIMATOLOGY,
    CLIMATOLOGY_15,
    CLIMATOLOGY_30,
    PERSISTENCE,
    RIVAL,
    SOFTENED,
)
from models.names import MODEL_M0, MODEL_M1, MODEL_M2, MODEL_M3, MODEL_MIXTURE
from models.outcome.rule import RULE_1
from models.verdicts.facts import SKILL, WORSE

NAMES: Mapping[str, str] = MappingProxyType(
    {
        MODEL_MIXTURE: "the mixture",
        MODEL_M0: "the base rate",
        MODEL_M1: "latent alignment",
        MODEL_M2: "ordered regression",
        MODEL_M3: "hidden regimes",
        RIVAL: "the moving average",
        CLIMATOLOGY: "past frequencies",
        CLIMATOLOGY_15: "fifteen years' frequencies",
        CLIMATOLOGY_30: "thirty years' frequencies",
        PERSISTENCE: '"nothing changes"',
        SOFTENED: '"little changes"',
    }
)
"""What a forecaster is called inside a sentence."""
MEAN_HORIZONS = (1, 3, 5)


def primary_row(comparisons: pd.DataFrame | None) -> pd.Series | None:
    """The one comparison that was named before any score; None in a table without it, or without a table."""
    if comparisons is None:
        return None
    rows = comparisons[comparisons["role"] == PRIMARY]
    return rows.iloc[0] if len(rows) else None


def primary_sentence(comparisons: pd.DataFrame) -> str:
    """Whether the mixture beat the better of base rate and moving average, with its numbers.

    Parameters
    ----------
    comparisons : DataFrame
        `models.backtest.scores.comparisons`.
    """
    row = primary_row(comparisons)
    yardsticks = " and ".join(NAMES[name] for name in YARDSTICKS_OF_PRIMARY)
    if row is None:
        return f"The mixture was not compared with the better of {yardsticks}."
    claims = {
        SKILL: f"the mixture forecast better than the better of {yardsticks}: skill is claimed",
        WORSE: f"the mixture forecast worse than the better of {yardsticks}",
    }
    claim = claims.get(row["verdict"], f"skill of the mixture against the better of {yardsticks} was not shown")
    return (
        f"In hindcasts from {int(row['origins'])} year-ends since {min(FIRST_ORIGIN.values())} {claim}. The mean "
        f"ranked probability score of the mixture is {row['ours']:.3f}, that of {NAMES[row['reference']]} "
        f"{row['theirs']:.3f}; the difference is {difference(row)}."
    )


def secondary_sentence(comparisons: pd.DataFrame) -> str:
    """How many of the mixture's other comparisons show skill, against whom, and how many the opposite."""
    rows = comparisons[(comparisons["role"] != PRIMARY) & (comparisons["model_id"] == MODEL_MIXTURE)]
    skill, worse = (int((rows["verdict"] == verdict).sum()) for verdict in (SKILL, WORSE))
    unknown = int(rows["low"].isna().sum())
    few = f", {unknown} have too few origins for an interval" if unknown else ""
    against = "; ".join(
        f"{int((own['verdict'] == SKILL).sum())} of {len(own)} against {NAMES[reference]}"
        for reference, own in rows.groupby("reference", sort=False)
    )
    return (
        f"Of the mixture's {len(rows)} other comparisons, all secondary and far from independent, {skill} show skill "
        f"and {worse} the opposite{few}" + (f" ({against})." if against else ".")
    )


def recent_sentence(recent: pd.DataFrame) -> str:
    """How the mixture has done since 2004 against the simple rules, by the ranked probability score, all horizons."""
    own = recent[(recent["model_id"] == MODEL_MIXTURE) & (recent["score"] == "rps") & (recent["horizon"] == 0)]
    parts = [f"{difference(row)} against {NAMES[row['reference']]}" for _, row in own.iterrows()]
    return f"The last {int(own['origins'].max())} origins alone, where few states changed: {'; '.join(parts)}."


def pooled_sentence(comparisons: pd.DataFrame, model: str) -> str:
    """One forecaster against every reference by the ranked probability score, all horizons pooled: secondary.

    Parameters
    ----------
    model : str
        Model id in the table.
    """
    rows = comparisons[(comparisons["score"] == "rps") & (comparisons["horizon"] == 0)]
    told = [
        f"{NAMES[row['reference']]} {difference(row)}" for row in rows[rows["model_id"] == model].to_dict("records")
    ]
    return f"Less the score of a reference, {NAMES[model]} has against {'; '.join(told)}."


def chosen_sentence(chosen: pd.DataFrame, comparisons: pd.DataFrame) -> str:
    """What picking, at each origin, the structure that had scored best by then would have scored.

    Parameters
    ----------
    chosen : DataFrame
        `models.backtest.mixture.chosen_by_origin`, scored.
    """
    row = primary_row(comparisons)
    beside = "" if row is None else f", beside {row['ours']:.3f} of the mixture"
    return (
        "Whoever had chosen at each year-end the structure with the best score on what was known by then would have "
        f"had a mean ranked probability score of {chosen['rps'].mean():.3f}{beside}; no interval was computed."
    )


def coverage_sentence(coverage: pd.DataFrame, spreads: pd.DataFrame, model: str = MODEL_MIXTURE) -> str:
    """Whether the ranges of the years' means held what they promised, and whether others would have scored better.

    Parameters
    ----------
    coverage, spreads : DataFrame
        `models.backtest.coverage`.
    """
    rows = coverage[coverage["model_id"] == model]
    pooled = rows[rows["horizon"] == 0].set_index("level")
    held = [
        f"{row['inside']:.0%} of outcomes lay inside the {level:.0%} range ({row['low']:.0%} to {row['high']:.0%} if "
        "calibrated)"
        for level, row in ((share, pooled.loc[share]) for share in SHARES)
    ]
    own = spreads[spreads["model_id"] == model].set_index("factor")
    best = float(own.index[own["best"]][0])
    width = "as they are" if best == 1 else f"a fifth {'wider' if best > 1 else 'narrower'}"
    return (
        f"Of the years' own means, forecast by {NAMES[model]} since {RECENT}, {', '.join(held)}; by horizon and range "
        f"{int(rows['within'].sum())} of {len(rows)} shares lie in such bands. Ranges {width} score best "
        f"(CRPS {own.loc[best, 'crps']:.3f}; as they are {own.loc[1.0, 'crps']:.3f})."
    )


def year_mean_sentence(table: pd.DataFrame, model: str = MODEL_MIXTURE) -> str:
    """CRPS of the years' means against climatologies and persistence, one, three and five years ahead.

    Parameters
    ----------
    table : DataFrame
        `models.backtest.year_means.mean_comparisons`.
    """
    rows = table[(table["model_id"] == model) & (table["score"] == "crps")]
    told = []
    for reference, part in rows[rows["horizon"].isin(MEAN_HORIZONS)].groupby("reference", sort=False):
        cells = [f"{difference(row)} at {int(row['horizon'])}" for row in part.to_dict("records")]
        told.append(f"{NAMES[reference]} {', '.join(cells)}")
    skill = int((rows["verdict"] == SKILL).sum())
    return (
        f"CRPS of the years' means, {NAMES[model]} less a reference, by years ahead: {'; '.join(told)}. {skill} of "
        f"{len(rows)} such comparisons show skill."
    )


def first_edition_sentence(table: pd.DataFrame) -> str:
    """What became of the first edition's forecast of 2025.

    Parameters
    ----------
    table : DataFrame
        `models.backtest.first_edition.first_edition_2025`.
    """
    if table.empty:
        return "The first edition's forecast of 2025 is not resolved by this evidence."
    rows = table.set_index("model_id")
    mixture, base = rows.loc[MODEL_MIXTURE], rows.loc[MODEL_M0]
    booked = 1 - 1 / sum(RULE_1.decay**age for age in range(RULE_1.memory_years))
    return (
        f"As of 31 December 2024 the first edition gave {mixture[mixture['observed']]:.0%} to {mixture['observed']} at "
        f"the end of 2025, which by its own rule ({mixture['rule']}, tone {mixture['tone']:+.2f}) came true: ranked "
        f"probability score {mixture['rps']:.3f}, the base rate's {base['rps']:.3f}. This is a hindcast (evidence to "
        f"2024, computed in November 2026), four of the five years that decide it ({booked:.0%} of their weight) were "
        "on the books, and it is one year."
    )


def difference(row: Mapping | pd.Series) -> str:
    """A mean difference with its interval, such as "-0.043 (-0.081 to -0.003)"."""
    if pd.isna(row["low"]):
        return f"{row['difference']:+.3f} (interval unknown)"
    return f"{row['difference']:+.3f} ({row['low']:+.3f} to {row['high']:+.3f})"
