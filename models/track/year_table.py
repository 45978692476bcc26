"""Saved forecasts of the years' own means against what the ledger answered: CRPS, and the score of the three words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from data.digest import Fields
from models.names import MODEL_MIXTURE, QUANTILE_LEVELS, TARGET_YEAR_MEAN, TARGET_YEAR_WORD, YEAR_WORDS
from models.outcome.rule import rule_of
from models.outcome.signposts import DUE, OPEN
from models.outcome.year_mean import word_codes
from models.record.entries import Remark, SavedForecast
from models.record.entry_checks import RESOLVED, YEAR_MEAN
from models.record.listing import shown_names
from models.record.resolutions import Resolution
from models.scores.distributions import quantile_crps
from models.scores.rules import ranked_probability_score
from models.track.asked import by_question
from models.track.marks import mark
from models.track.scored_table import DEFAULT

CRPS, WORD_SCORE = "crps", "word_rps"
QUANTILES = tuple(f"q_{level:g}" for level in QUANTILE_LEVELS)
CHANCES = tuple(f"p_{word}" for word in YEAR_WORDS)
COLUMNS = (
    *("digest", "sequence", "name", "author", "saved_at", "mark", "assumptions", "rule", "model_id", "origin"),
    *("horizon", "target_year", "target_end_date", "tone", *QUANTILES, *CHANCES, "status", "observed", "word"),
    *(CRPS, WORD_SCORE),
)


def year_table(
    forecasts: Sequence[SavedForecast], resolutions: Iterable[Resolution], today: date, remarks: Iterable[Remark] = ()
) -> pd.DataFrame:
    """One row for each saved forecast, model that simulates ledgers, and horizon.

    Returns
    -------
    DataFrame
        `COLUMNS`: the quantiles and the chances of the words as published, ``status`` of the question, ``observed``
        (the year's own mean), ``word`` (against the ``tone`` that the forecast was made at), ``crps`` (points of
        intensity, `quantile_crps`) and ``word_rps`` (0 to 2), missing unless resolved. Forecasts of before 2026-11-28
        have no row; the mixture at the default assumptions is `models.track.scored_table.DEFAULT`.
    """
    shown, histories = shown_names(forecasts, remarks), by_question(resolutions)
    rows = [
        {**_about(saved, shown[saved.digest]), "model_id": model, **_of_year(saved, values, place, histories, today)}
        for saved in forecasts
        for model, values in _models(saved)
        for place in range(len(saved.horizons))
    ]
    return _scored(pd.DataFrame(rows, columns=list(COLUMNS)))


def _models(saved: SavedForecast) -> Iterator[tuple[str, Mapping[str, tuple]]]:
    known = [*saved.published.items(), *((DEFAULT, v) for m, v in saved.default.items() if m == MODEL_MIXTURE)]
    yield from ((model, values) for model, values in known if TARGET_YEAR_MEAN in values)


def _about(saved: SavedForecast, name: str) -> Fields:
    own = ("digest", "sequence", "author", "saved_at", "assumptions", "rule", "tone")
    return {
        **{field: getattr(saved, field) for field in own},
        "name": name,
        "origin": pd.Timestamp(saved.reference_date),
    }


def _of_year(saved: SavedForecast, values: Mapping[str, tuple], place: int, histories: Mapping, today: date) -> Fields:
    horizon = saved.horizons[place]
    year = saved.reference_date.year + horizon
    day = date(year, 12, 31)
    history = histories.get((YEAR_MEAN, str(year), saved.rule), ())
    status = history[0].status if history else DUE if day < today else OPEN
    observed = float(history[0].outcome) if status == RESOLVED else np.nan
    code = int(word_codes(np.array(observed - saved.tone), rule_of(saved.rule))) if status == RESOLVED else -1
    return {
        "horizon": horizon,
        "target_year": year,
        "target_end_date": pd.Timestamp(day),
        "mark": mark(saved, day),
        **dict(zip(QUANTILES, values[TARGET_YEAR_MEAN][place], strict=True)),
        **dict(zip(CHANCES, values[TARGET_YEAR_WORD][place], strict=True)),
        "status": status,
        "observed": observed,
        "word": YEAR_WORDS[code] if code >= 0 else "",
    }


def _scored(table: pd.DataFrame) -> pd.DataFrame:
    done = table["status"] == RESOLVED
    if done.any():
        rows = table[done]
        table.loc[done, CRPS] = quantile_crps(rows[list(QUANTILES)].to_numpy(float), rows["observed"].to_numpy(float))
        codes = rows["word"].map(YEAR_WORDS.index).to_numpy(int)
        chances = rows[list(CHANCES)].to_numpy(float)
        table.loc[done, WORD_SCORE] = ranked_probability_score(chances, codes, len(YEAR_WORDS))
    return table
