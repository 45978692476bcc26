"""Words for hindcasts: scores against references, what was given to what happened, weights, controls. Pure."""

import re
from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from dashboard.wording.chances import percent
from dashboard.wording.labels import MODEL_LABELS, STATE_LABELS, joined, years_ahead
from dashboard.wording.numerals import minus, share
from data.digest import Fields
from models.backtest.controls import AS_RECORDED, ESSAY
from models.backtest.yardsticks import CLIMATOLOGY, CLIMATOLOGY_15, CLIMATOLOGY_30, PERSISTENCE, RIVAL, SOFTENED
from models.names import MEMBERS, MODEL_M0, MODELS
from models.verdicts.facts import NONE, PRIMARY, SKILL, WORSE, chosen_rows, share_outside

HINDCAST = "Hindcast, not a forecast"
HINDCAST_NOTE = (
    "These are hindcasts: the models were written, and the structures to compare picked, by people who knew the "
    "outcome; what is compared and what decides was written down before the scores (decision 16 in docs/decisions)."
)
REFERENCES = MappingProxyType(
    {
        RIVAL: "the moving average",
        MODEL_M0: "the base rate",
        SOFTENED: "“little changes”",
        CLIMATOLOGY_30: "thirty years’ frequencies",
        PERSISTENCE: "“nothing changes”",
        CLIMATOLOGY: "past frequencies",
        CLIMATOLOGY_15: "fifteen years’ frequencies",
    }
)
"""What the models are scored against, in words that stand after “against”."""
SHOWN = (RIVAL, MODEL_M0, SOFTENED, CLIMATOLOGY_30)
"""References that are drawn; the easier ones, hard persistence and frequencies since 1950, stand in the table."""
MEAN_SCORES = MappingProxyType({"crps": "CRPS, points of intensity", "words": "Ranked, three words"})
SCORES = MappingProxyType({"rps": "Ranked", "brier": "Brier", "log": "Log"})
SCORE_MEANINGS = MappingProxyType(
    {
        "rps": "ranked probability score, which forgives a near miss",
        "brier": "Brier score, which treats all four states alike",
        "log": "log score, which punishes surprises hardest",
    }
)
VERDICT_WORDS = MappingProxyType(
    {SKILL: "Better", NONE: "No evidence either way", WORSE: "Worse"},
)
"""What an interval that lies below zero, holds zero, or lies above zero allows to be said."""
_AGAINST = MappingProxyType({SKILL: "Skill against", NONE: "No evidence of skill against", WORSE: "Worse than"})
STRENGTHS = MappingProxyType({AS_RECORDED: "weak as by default", ESSAY: "at the essay’s strength"})
EQUAL_SHARE = 1 / len(MEMBERS)
_FORECASTERS = MappingProxyType(
    {
        RIVAL: "Moving average (rival)",
        "equal": "Equal weights",
        "published": "Published weights",
        "stack": "Stacking that has seen every outcome",
        "stack_left_out": "Stacking, each block of years left out",
        "stack_prequential": "Stacking with what was known at the time",
        "stack_learned": "The same, from the year on in which it learned",
    }
)


def typed(sentence: str) -> str:
    """A sentence of `models.verdicts.sentences` as the page sets it: minus signs, spaced per cents, round quotes."""
    spaced = re.sub(r"(?<=\d)%", " %", minus(sentence)).replace("'", "’")
    return re.sub(r'"(.+?)"', r"“\1”", spaced)


def short_name(model: str) -> str:
    """A model's name inside a sentence: “latent alignment”."""
    return forecaster_name(model).partition(" (")[0].lower()


def forecaster_name(name: str) -> str:
    """A model or a way of mixing them, as a row's title."""
    return MODEL_LABELS.get(name) or _FORECASTERS[name]


def shown_rows(comparisons: pd.DataFrame, score: str = PRIMARY, horizon: int = 0) -> pd.DataFrame:
    """The comparisons that are drawn: the mixture and its members against `SHOWN`, the hardest first."""
    rows = chosen_rows(comparisons, score, horizon)
    rows = rows[rows["model_id"].isin(MODELS) & rows["reference"].isin(SHOWN)]
    return rows.loc[rows["reference"].map(SHOWN.index).sort_values(kind="stable").index]


def horizon_text(horizon: int) -> str:
    """“All horizons”, “1 year ahead”."""
    return years_ahead(horizon) if horizon else "All horizons"


def comparison_sentence(comparisons: pd.DataFrame, score: str = PRIMARY, horizon: int = 0) -> str:
    """The verdicts of one chart, grouped by reference, with the rule that made them.

    Parameters
    ----------
    comparisons : DataFrame
        `models.backtest.scores.comparisons`.
    """
    rows = shown_rows(comparisons, score, horizon)
    verdicts = " ".join(f"{phrase}." for phrase in skill_phrases(rows))
    unknown = int(rows["low"].isna().sum())
    few = f" {unknown} have too few origins for an interval." if unknown else ""
    return (
        f"{verdicts}{few} {horizon_text(horizon)}, by the {SCORE_MEANINGS[score]}. A model counts as better or worse "
        "only where the 95 % interval of the difference leaves zero out. Hollow marks are hindcasts, not forecasts."
    )


def skill_phrases(rows: pd.DataFrame) -> list[str]:
    """“No evidence of skill against the base rate: latent alignment and hidden regimes”, one for each pair of verdict
    and reference that occurs."""
    phrases = []
    for verdict, against in _AGAINST.items():
        for reference, words in REFERENCES.items():
            part = rows[(rows["verdict"] == verdict) & (rows["reference"] == reference)]
            if len(part):
                phrases.append(f"{against} {words}: {_all_or_names(part, rows[rows['reference'] == reference])}")
    return phrases


def _all_or_names(part: pd.DataFrame, whole: pd.DataFrame) -> str:
    if len(part) == len(whole) > 1:
        return "the mixture and all its members" if len(whole) == len(MODELS) else "all the others"
    return joined([short_name(model) for model in part["model_id"]])


def difference_text(row: Fields) -> str:
    """“−0.042 (−0.081 to −0.003)”, or the difference alone where the interval is unknown."""
    shown = _signed(float(row["difference"]))
    if pd.isna(row["low"]):
        return f"{shown} (interval unknown)"
    return f"{shown} ({_signed(float(row['low']))} to {_signed(float(row['high']))})"


def strip_sentence(given: pd.DataFrame) -> str:
    """Means of what each model gave to what happened, and its greatest surprise.

    Parameters
    ----------
    given : DataFrame
        `dashboard.figures.backtest.given_to_outcome`.
    """
    near, far = given["horizon"].min(), given["horizon"].max()
    means = given.groupby(["model_id", "horizon"], sort=False)["given"].mean()
    averages = [
        f"{short_name(model)} {percent(means[model, near])} and {percent(means[model, far])}"
        for model in MEMBERS
        if (model, near) in means.index and (model, far) in means.index
    ]
    worst = given.loc[given["given"].idxmin()]
    return (
        f"Chance given, on average, to what then happened, {near} and {far} years ahead: {joined(averages)}. Guessing "
        f"gives 25 %. Greatest surprise: {STATE_LABELS[worst['observed']].lower()} at the end of "
        f"{worst['target_year']}, to which {short_name(worst['model_id'])} gave {percent(worst['given'])}. "
        f"{HINDCAST_NOTE}"
    )


def stacking_sentence(weights: pd.DataFrame, published: Mapping[str, float], stacked: pd.DataFrame) -> str:
    """Learned weights beside equal and published ones, and whether learning paid.

    Parameters
    ----------
    weights, stacked : DataFrame
        `models.backtest.scores.stack_tables`.
    published : Mapping[str, float]
        Default share of each model in the mixture.
    """
    wide = [row.model_id for row in weights.itertuples() if not row.low <= EQUAL_SHARE <= row.high]
    off = [row.model_id for row in weights.itertuples() if not row.low <= published[row.model_id] <= row.high]
    learned = [f"{short_name(row.model_id)} {share(row.weight)}" for row in weights.itertuples()]
    equal, ours = (f"outside the interval of {_names(out)}" if out else "inside every interval" for out in (wide, off))
    return (
        f"Weights that would have forecast the past {int(weights['origins'].iloc[0])} origins best: {joined(learned)}; "
        f"equal weights lie {equal}, the published ones {ours}. {_paid(stacked)} A weight is not the chance "
        "that a model is true."
    )


def _paid(stacked: pd.DataFrame) -> str:
    row = stacked.set_index("forecaster").loc["stack_learned"]
    if row["versus_published_high"] < 0:
        return "Learned with what was known at the time, they beat the published weights."
    if row["versus_published_low"] > 0:
        return "Learned with what was known at the time, they did worse than the published weights."
    return "Learned with what was known at the time, they show no evidence of beating the published weights."


def drivers_phrase(controls: pd.DataFrame) -> str:
    """Whether the drivers made hindcasts better, weak and at the essay's strength, by the primary score."""
    rows = controls[controls["score"] == PRIMARY]
    told = [_drivers(rows[rows["variant"] == variant], words) for variant, words in STRENGTHS.items()]
    return " ".join(filter(None, told))


def _drivers(rows: pd.DataFrame, words: str) -> str:
    if rows.empty:
        return ""
    helped, harmed = (rows["low"] > 0).any(), (rows["high"] < 0).any()
    effect = "have helped" if helped and not harmed else "have harmed" if harmed else "show no evidence of helping"
    mean = joined([f"{short_name(row.model_id)} {_signed(row.gain)}" for row in rows.itertuples()])
    return f"The drivers, {words}, {effect} (score gained: {mean}; above 0 they help)."


def driver_controls_sentence(controls: pd.DataFrame) -> str:
    """What the drivers gained, as they were and shuffled over the years.

    Parameters
    ----------
    controls : DataFrame
        `models.backtest.scores.control_table`.
    """
    rows = controls[controls["score"] == PRIMARY]
    gains = []
    for row in rows[rows["variant"].isin(STRENGTHS)].to_dict("records"):
        ends = "" if pd.isna(row["low"]) else f", {_signed(row['low'])} to {_signed(row['high'])}"
        strength = "" if row["variant"] == AS_RECORDED else f" {STRENGTHS[row['variant']]}"
        gains.append(f"{short_name(row['model_id'])}{strength} {_signed(row['gain'])}{ends}")
    most = rows.loc[rows["variant"].str.startswith("shuffled"), "gain"].max()
    return (
        f"Score gained by the drivers over none (above 0 they help): {'; '.join(gains)}. Shuffled over the years, "
        f"which should gain nothing, they gain {_signed(most)} at most."
    )


def reliability_sentence(curve: pd.DataFrame) -> str:
    """One curve: pairs, how much lies outside the band, and what that allows to be said.

    Parameters
    ----------
    curve : DataFrame
        Rows of one model and state in `models.backtest.scores.reliability_table`.
    """
    first = curve.iloc[0]
    what = f"“{STATE_LABELS[first['state']]}” by {short_name(first['model_id'])}, {int(first['pairs'])} hindcasts"
    if not first["verdict"]:
        return f"{what}: too few for a verdict, so no band is drawn."
    return (
        f"{what}: {share(share_outside(curve))} of them lie outside the band, where chance alone leaves a tenth. It "
        f"happened in {share(curve_base(curve))} of cases. Horizons and neighbouring years share outcomes, so the true "
        "band is wider than the one drawn."
    )


def curve_base(curve: pd.DataFrame) -> float:
    """How often the event happened: recalibrated shares keep the mean of the outcomes."""
    return float((curve["recalibrated"] * curve["count"]).sum() / curve["count"].sum())


def _names(models: list[str]) -> str:
    return joined([short_name(model) for model in models])


def _signed(value: float) -> str:
    return minus(f"{value:+.3f}")
