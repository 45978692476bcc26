"""Tables of the pages, as a reader wants them: plain words in the columns. Pure."""

from collections.abc import Iterable, Mapping

import pandas as pd

from dashboard.wording.engine import BADGES
from dashboard.wording.evidence import check_name, check_threshold, check_value, sentence_case
from dashboard.wording.labels import (
    ACTOR_LABELS,
    DOMAIN_LABELS,
    MODEL_LABELS,
    STATE_LABELS,
    TARGET_LABELS,
    date_text,
    event_date_text,
)
from dashboard.wording.table import readings
from data.types import Claim, Evidence
from models.fits.certificate import Check, Diagnostics
from models.forecast.results import Forecast
from models.names import MODEL_MIXTURE, TARGETS
from models.outcome.rule import Label

DIRECTIONS = {1: "closer", -1: "apart", 0: "neither"}
SIDES = {"cooperation": "cooperate", "rupture": "fall out", "us_policy": "United States policy"}


def ledger_table(evidence: Evidence) -> pd.DataFrame:
    """Every row of the ledger with its date, its actors and how far its source was seen in words."""
    table = evidence.ledger()
    unread = table["verified"].map({True: "", False: "unverified"})
    reserve = table["reserve"].map({True: "reserve", False: ""})
    dates = zip(table["date"], table["date_precision"], strict=True)
    return table.assign(
        day=[event_date_text(day.date(), precision) for day, precision in dates],
        label=(unread + " " + reserve).str.strip().replace("", "read"),
        theme=table["domain"].map(DOMAIN_LABELS),
        reason=table["mechanism"].str.replace("_", " "),
        actors=table["initiator"].map(ACTOR_LABELS) + " → " + table["target"].map(ACTOR_LABELS),
    )


def claim_table(claims: Iterable[Claim]) -> pd.DataFrame:
    """The essay's claims as the models use them."""
    rows = [
        {
            "Claim": claim.id,
            "What it says": claim.title,
            "In full": claim.text,
            "Paragraph": claim.paragraph.replace(";", ", "),
            "Side": SIDES[claim.side],
            "Pushes them": DIRECTIONS[claim.direction],
            "Said how strongly": claim.strength,
            "Odds ratio": claim.odds_ratio,
            "Sign right": claim.p_sign,
            "Measured by": ", ".join(claim.indicators),
        }
        for claim in claims
    ]
    return pd.DataFrame(rows)


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


def label_table(history: Iterable[Label]) -> pd.DataFrame:
    """Every labelled year-end with its reason, the latest first."""
    rows = [
        {
            "Year-end": str(one.year),
            "State": STATE_LABELS[one.state.value] if one.state else "no label",
            "Tone": one.tone,
            "Why": one.reason,
        }
        for one in reversed(tuple(history))
    ]
    return pd.DataFrame(rows)


def chance_table(forecast: Forecast) -> pd.DataFrame:
    """Every published probability in words."""
    rows = [
        {
            "On": date_text(one.date),
            "Question": TARGET_LABELS[target],
            "Outcome": STATE_LABELS.get(one.outcome, "yes"),
            "Word": one.chance.word,
            "Chance": one.chance.percent,
            "As a count": one.chance.in_100,
            "Range": one.chance.range,
        }
        for target in TARGETS
        for one in readings(forecast.table, target, MODEL_MIXTURE)
    ]
    return pd.DataFrame(rows)


def learning_table(learning: pd.DataFrame) -> pd.DataFrame:
    """What the record says about each knob, without the working columns."""
    return pd.DataFrame(
        {
            "Knob": learning["label"],
            "Verdict": learning["verdict"],
            "Before the record": learning["prior_centre"],
            "After the record": learning["posterior_centre"],
            "Doubt left": 100 * learning["posterior_sd"] / learning["prior_sd"],
        }
    )


def study_table(settings: pd.DataFrame) -> pd.DataFrame:
    """Every setting of the engine's held-out study, errors in points."""
    return pd.DataFrame(
        {
            "Setting": settings["changed"],
            "Badge": settings["status"].map(BADGES),
            "Effective draws": settings["ess"].round(),
            "Largest error, points": (100 * settings["error"]).round(2),
            "In standard errors": settings["z"].round(1),
        }
    )


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


def comparison_table(rows: pd.DataFrame) -> pd.DataFrame:
    """The published probabilities of two snapshots that moved, the largest moves first."""
    published = rows[(rows["model_id"] == MODEL_MIXTURE) & (rows["output_type_id"] != "no")]
    order = published["difference"].abs().sort_values(ascending=False, kind="stable").index
    moved = published.loc[order]
    return pd.DataFrame(
        {
            "On": [date_text(day) for day in moved["target_end_date"]],
            "Question": [TARGET_LABELS[target] for target in moved["target"]],
            "Outcome": [STATE_LABELS.get(outcome, "yes") for outcome in moved["output_type_id"]],
            "Snapshot": moved["old"],
            "Here": moved["new"],
            "Beyond the simulations' error": moved["beyond_error"],
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
