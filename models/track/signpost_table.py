"""Saved chances of signposts against the record's answers, beside what each rule's own past would have said."""

import math
from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
import pandas as pd

from models.names import HORIZONS, MODEL_MIXTURE
from models.outcome.rule import RULE
from models.outcome.signposts import waiting
from models.record.entries import SavedForecast
from models.record.entry_checks import ANNULLED, RESOLVED, SIGNPOST
from models.record.resolutions import Resolution
from models.scores.bootstrap import pooled_interval
from models.scores.rules import floored_log_score
from models.signposts.yardsticks import YARDSTICKS
from models.track.asked import by_question
from models.track.marks import mark
from models.track.track_record import verdict

COLUMNS = (
    *("digest", "sequence", "author", "saved_at", "assumptions", "mark", "origin"),
    *("signpost", "target_end_date", "model_id", "p_yes", "status", "observed", "brier", "log"),
)
SCORES = ("brier", "log")
YES = "yes"


def signpost_table(forecasts: Iterable[SavedForecast], resolutions: Iterable[Resolution], today: date) -> pd.DataFrame:
    """One row for each saved forecast, signpost, and who says how likely it is.

    Returns
    -------
    DataFrame
        `COLUMNS`: ``model_id`` is the mixture or one of `models.signposts.yardsticks.YARDSTICKS`; ``mark`` is "live"
        where the forecast was saved before the deadline; ``brier`` and ``log`` are missing unless resolved. Brier
        scores are summed over yes and no, from 0 to 2; of the log score a chance counts as 0.01 at least. A signpost
        that was asked otherwise than it was answered is annulled.
    """
    answers = {subject: past[0] for (kind, subject, _), past in by_question(resolutions).items() if kind == SIGNPOST}
    rows = [row for saved in forecasts for row in _rows(saved, answers, today)]
    table = pd.DataFrame(rows, columns=[name for name in COLUMNS if name not in SCORES])
    table["origin"] = pd.to_datetime(table["origin"])
    done, yes = table["status"] == RESOLVED, table["observed"] == YES
    p = table["p_yes"].astype(float)
    table["brier"] = (2 * np.square(p - yes)).where(done)
    table["log"] = pd.Series(floored_log_score(np.where(yes, p, 1 - p)), index=table.index).where(done)
    return table


def _rows(saved: SavedForecast, answers: Mapping[str, Resolution], today: date) -> Iterable[Mapping[str, object]]:
    for name, said in saved.signposts.items():
        deadline, answer = date.fromisoformat(said["deadline"]), answers.get(name)
        status = waiting(deadline, today) if answer is None else answer.status
        if answer is not None and answer.rule != said["digest"]:
            status = ANNULLED
        about = {
            "digest": saved.digest,
            "sequence": saved.sequence,
            "author": saved.author,
            "saved_at": saved.saved_at,
            "assumptions": saved.assumptions,
            "mark": mark(saved, deadline),
            "origin": pd.Timestamp(saved.reference_date),
            "signpost": name,
            "target_end_date": pd.Timestamp(deadline),
            "status": status,
            "observed": answer.outcome if status == RESOLVED else "",
        }
        for model in (MODEL_MIXTURE, *YARDSTICKS):
            yield {**about, "model_id": model, "p_yes": said["chance" if model == MODEL_MIXTURE else model]}


def signpost_scores(table: pd.DataFrame) -> pd.DataFrame:
    """Mean scores of what is resolved beside both yardsticks, for each mark, setting and score.

    Several forecasts of one year on one signpost are averaged first. All questions of an origin share how much is
    recorded, so that intervals resample origins with all their questions, never questions.

    Returns
    -------
    DataFrame
        ``mark, assumptions, score, origins`` (years), ``questions, ours, expanding, ten_years``, and for either
        yardstick ``difference_*, low_*, high_*, verdict_*``: ours minus its own, the 95 % interval, what may be said.
    """
    done = table[table["status"] == RESOLVED].assign(year=lambda rows: rows["origin"].dt.year)
    rows = []
    for (kind, setting), group in done.groupby(["mark", "assumptions"], sort=True):
        for score in SCORES:
            wide = group.pivot_table(index=["year", "signpost"], columns="model_id", values=score)
            own = wide[MODEL_MIXTURE]
            row = {"mark": kind, "assumptions": setting, "score": score, "ours": float(own.mean())}
            row |= {"origins": own.index.get_level_values("year").nunique(), "questions": len(own)}
            for name in YARDSTICKS:
                row |= {name: float(wide[name].mean())} | _difference(own - wide[name], name)
            rows.append(row)
    return pd.DataFrame(rows)


def _difference(values: pd.Series, name: str) -> Mapping[str, object]:
    by_origin = values.to_frame("difference").pivot_table(index="year", columns="signpost", values="difference")
    interval = pooled_interval(by_origin.to_numpy(dtype=float), max(max(HORIZONS), RULE.memory_years))
    low, high = (end if math.isfinite(end) else math.nan for end in (interval.low, interval.high))
    return {
        f"difference_{name}": float(values.mean()),
        f"low_{name}": low,
        f"high_{name}": high,
        f"verdict_{name}": verdict(interval, len(by_origin)),
    }
