"""From evidence, a library and assumptions to one results table. NumPy only: this runs at every move of a slider."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import numpy as np
import pandas as pd

from data.days import horizons_from, year_end
from data.types import Evidence
from data.values import frozen
from models.assumptions.setting import Assumptions
from models.assumptions.shares import shares
from models.errors import MissingFitError, StaleFitError
from models.forecast.answers import answers
from models.forecast.cells import cells
from models.forecast.opinions import REACHED, Opinion, opinions, order_of, ordered_quantiles, pooled
from models.forecast.year_mean import YearOpinion, yardstick_of, year_opinions
from models.library.known import Known
from models.library.library import Library, PathSample
from models.names import (
    HORIZONS,
    INTERVAL,
    INTERVAL_LEVELS,
    MCSE,
    MODEL_M1,
    MODEL_MIXTURE,
    PMF,
    QUANTILE,
    QUANTILE_LEVELS,
    STATES,
    TABLE_COLUMNS,
    TARGET_DEEPER,
    TARGET_RUPTURE,
    TARGET_STATE,
    TARGET_YEAR_MEAN,
    TARGET_YEAR_WORD,
    YEAR_WORDS,
)
from models.rounding import PUBLISHED, Rounding
from models.weighting.status import Status
from models.weighting.weights import Weights

YES, NO = "yes", "no"


@frozen(eq=False)
class Forecast:
    """A forecast: the results table and what it was made of.

    Attributes
    ----------
    table : DataFrame
        Columns `models.names.TABLE_COLUMNS`. Treat as read-only.
    weights : Weights
        Weights of the fit's draws under these assumptions.
    model_weights : Mapping[str, float]
        Share of each model in the mixture, by model id. A library without the fits of M2 and M3 leaves them out.
    statuses : Mapping[str, Status]
        How far each model that has a share can be trusted: the worse of its weights and of its Monte Carlo error.
    tone : float or None
        At the reference date, -10 to 10: what the words of a year's own mean are held against. None where no model says
        anything of these.
    unchecked : str
        Why no badge is green, where the library was not held against refits; else empty.
    """

    table: pd.DataFrame
    weights: Weights
    model_weights: Mapping[str, float]
    statuses: Mapping[str, Status]
    assumptions: Assumptions
    reference_date: date
    evidence_digest: str
    library_key: str
    tone: float | None = None
    unchecked: str = ""

    @property
    def horizons(self) -> tuple[int, ...]:
        """Year-ends that it speaks of, as years after the reference date's own."""
        return horizons_from(self.reference_date)

    @property
    def years(self) -> tuple[str, ...]:
        """The models that say something of the years' own means; none on stored draws of before 2026-11-28."""
        return tuple(dict.fromkeys(model for model, target, _ in cells(self.table).parts if target == TARGET_YEAR_WORD))

    @property
    def status(self) -> Status:
        """How far the shown numbers can be trusted: as far as the shakiest model that has a share."""
        return Status.worst(*self.statuses.values())

    def probability(self, target: str, horizon: int, outcome: str, model: str = MODEL_MIXTURE) -> float:
        """One probability (0-1) of the table."""
        return self._value(model, target, horizon, PMF, outcome)

    def mcse(self, target: str, horizon: int, outcome: str, model: str = MODEL_MIXTURE) -> float:
        """Monte Carlo standard error of that probability."""
        return self._value(model, target, horizon, MCSE, outcome)

    def interval(self, target: str, horizon: int, outcome: str, model: str = MODEL_MIXTURE) -> tuple[float, float]:
        """5-95 % range of that probability over what the models don't know about themselves."""
        low, high = (self._value(model, target, horizon, INTERVAL, f"{outcome}:{level:g}") for level in INTERVAL_LEVELS)
        return low, high

    def quantiles(self, horizon: int, model: str = MODEL_MIXTURE) -> Mapping[float, float]:
        """Quantiles of the year's own mean, by level (0-1), on the scale of the acts; of models in `years`."""
        values = (self._value(model, TARGET_YEAR_MEAN, horizon, QUANTILE, f"{level:g}") for level in QUANTILE_LEVELS)
        return MappingProxyType(dict(zip(QUANTILE_LEVELS, values, strict=True)))

    def _value(self, model: str, target: str, horizon: int, kind: str, identifier: str) -> float:
        values = cells(self.table).part(model, target, horizon).get(kind, {})
        if identifier not in values:
            raise KeyError(f"got no row for {(model, target, horizon, kind, identifier)}, expected one")
        return float(values[identifier])


def make_forecast(
    evidence: Evidence, library: Library, assumptions: Assumptions, rounding: Rounding | None = PUBLISHED
) -> Forecast:
    """Ask the base rate, re-weight the stored draws of the other models to the assumptions, mix, and write the table.

    Parameters
    ----------
    rounding : Rounding or None
        Of the published numbers; verification alone asks for another one, and for none.

    Raises
    ------
    StaleFitError
        The library was made on other evidence.
    MissingFitError
        Only models have a weight that the library holds no fit of.
    """
    source = library.provenance
    if source.evidence_digest != evidence.digest:
        raise StaleFitError(
            f"got a library on evidence {source.evidence_digest[:12]}, expected {evidence.digest[:12]}; "
            "rebuild it with `python -m models library build`"
        )
    given = answers(evidence, library, assumptions)
    mixed = _present_shares(assumptions, given)
    said = opinions(evidence, library, assumptions, given)
    yardstick = yardstick_of(evidence, library)
    years = year_opinions(given, mixed, yardstick, MODEL_MIXTURE)
    return Forecast(
        table=_table({MODEL_MIXTURE: pooled(said, mixed), **said}, years, source.reference_date, rounding),
        weights=given[MODEL_M1].weights,
        model_weights=mixed,
        statuses=MappingProxyType({model: given[model].status for model, share in mixed.items() if share > 0}),
        assumptions=assumptions,
        reference_date=source.reference_date,
        evidence_digest=evidence.digest,
        library_key=library.key,
        tone=None if yardstick is None else round(yardstick.tone, PUBLISHED.decimals),
        unchecked=library.unchecked,
    )


def alignment_summary(library: Library, weights: Weights) -> pd.DataFrame:
    """Weighted quantiles of the latent alignment, history and forecast, over the draws whose path is kept.

    Returns
    -------
    DataFrame
        Columns year, kind ("history" or "forecast"), q05, q25, q50, q75, q95 (logits of a cooperative reading).
    """
    levels, paths = (0.05, 0.25, 0.5, 0.75, 0.95), library.paths
    both, order = _PATHS.of(paths.alignment, lambda: _ordered_paths(paths))
    years = [*paths.years, *(library.provenance.reference_date.year + h for h in HORIZONS)]
    quantiles = ordered_quantiles(both, order, weights.values[paths.rows], levels)
    frame = pd.DataFrame(quantiles.T, columns=[f"q{round(100 * level):02d}" for level in levels])
    frame.insert(0, "year", [int(year) for year in years])
    frame.insert(1, "kind", ["history"] * paths.years.size + ["forecast"] * len(HORIZONS))
    return frame


_PATHS: Known[tuple[np.ndarray, np.ndarray]] = Known()


def _ordered_paths(paths: PathSample) -> tuple[np.ndarray, np.ndarray]:
    """History and future of each draw, shape (sample, year), and the order of each year's draws."""
    both = np.concatenate([paths.alignment, paths.future], axis=1)
    return both, order_of(both)


def sample_paths(library: Library, weights: Weights, count: int) -> pd.DataFrame:
    """A few simulated continuations, evenly spaced through the weighted draws: columns path, year, value."""
    paths = library.paths
    picked = spread_rows(weights.values[paths.rows], count)
    values = np.concatenate([paths.alignment[picked, -1:], paths.future[picked]], axis=1)
    years = library.provenance.reference_date.year + np.arange(values.shape[1])
    return pd.DataFrame(
        {
            "path": np.repeat(np.arange(count), years.size),
            "year": np.tile(years, count),
            "value": values.ravel().astype(float),
        }
    )


def spread_rows(weights: np.ndarray, count: int) -> np.ndarray:
    """Positions of `count` draws, evenly spaced through the cumulated weights: a draw appears as often as it weighs."""
    cumulated = np.cumsum(weights)
    positions = cumulated[-1] * (np.arange(count) + 0.5) / count
    return np.searchsorted(cumulated, REACHED * positions).clip(max=weights.size - 1)


def _present_shares(assumptions: Assumptions, models: Iterable[str]) -> Mapping[str, float]:
    """Shares of the models that can be asked, adding up to 1."""
    weighed = shares(assumptions.values)
    present = {model: weighed[model] for model in models}
    if not sum(present.values()) > 0:
        raise MissingFitError(
            "got a weight only for models that have no fit beside this library, expected one for the base rate or the "
            "latent alignment; raise one of these"
        )
    return MappingProxyType({model: share / sum(present.values()) for model, share in present.items()})


def _table(
    by_model: Mapping[str, Opinion], years: Mapping[str, YearOpinion], reference: date, rounding: Rounding | None
) -> pd.DataFrame:
    parts = []
    for model, opinion in by_model.items():
        parts.append(_values(opinion, rounding)[:, _KEPT].ravel())
        if model in years:
            parts.append(_year_values(years[model], rounding).ravel())
    return _layout(tuple(by_model), tuple(years), reference).assign(value=np.concatenate(parts))


def _values(opinion: Opinion, rounding: Rounding | None) -> np.ndarray:
    """Mean, complement, error, low and high, shape (horizon, question, 5)."""
    values = np.stack([opinion.mean, 1 - opinion.mean, opinion.mcse, opinion.low, opinion.high], axis=-1)
    if rounding is not None:
        values[..., 2:] = np.round(values[..., 2:], rounding.decimals)
        values[:, : len(STATES), 0] = rounding.chances(values[:, : len(STATES), 0])
        values[:, len(STATES) :, :2] = rounding.chances(values[:, len(STATES) :, :2])
    return values


def _year_values(opinion: YearOpinion, rounding: Rounding | None) -> np.ndarray:
    """Quantiles, then chance and error of each word in turn, shape (horizon, 13)."""
    quantiles, words, errors = opinion.quantiles, opinion.words, opinion.mcse
    if rounding is not None:
        quantiles = np.round(quantiles, rounding.quantiles) + 0.0  # no -0.0, which is another text
        words, errors = rounding.chances(words), np.round(errors, rounding.decimals)
    return np.concatenate([quantiles, np.stack([words, errors], axis=-1).reshape(len(quantiles), -1)], axis=1)


_QUESTIONS = (*((TARGET_STATE, name) for name in STATES), (TARGET_RUPTURE, YES), (TARGET_DEEPER, YES))
_KEPT = np.ones((len(_QUESTIONS), 3 + len(INTERVAL_LEVELS)), dtype=bool)
_KEPT[:, 1] = [outcome == YES for _, outcome in _QUESTIONS]
"""Of mean, complement, error, low and high every question has all; only yes-or-no questions have the complement."""


@lru_cache(maxsize=16)
def _layout(models: tuple[str, ...], years: tuple[str, ...], reference: date) -> pd.DataFrame:
    """Every column of the results table but the values, which alone change from move to move."""
    rows: list[tuple[object, ...]] = []
    for model in models:
        rows += _rows(model, reference)
        rows += _year_rows(model, reference) if model in years else ()
    return pd.DataFrame(rows, columns=[name for name in TABLE_COLUMNS if name != "value"])


def _rows(model: str, reference: date) -> Iterator[tuple[object, ...]]:
    for horizon in horizons_from(reference):
        end = year_end(reference, horizon).isoformat()
        for target, outcome in _QUESTIONS:
            start = (model, reference.isoformat(), target, horizon, end)
            yield (*start, PMF, outcome)
            if outcome == YES:
                yield (*start, PMF, NO)
            yield (*start, MCSE, outcome)
            yield from ((*start, INTERVAL, f"{outcome}:{level:g}") for level in INTERVAL_LEVELS)


def _year_rows(model: str, reference: date) -> Iterator[tuple[object, ...]]:
    for horizon in horizons_from(reference):
        day, end = reference.isoformat(), year_end(reference, horizon).isoformat()
        for level in QUANTILE_LEVELS:
            yield model, day, TARGET_YEAR_MEAN, horizon, end, QUANTILE, f"{level:g}"
        for word in YEAR_WORDS:
            yield model, day, TARGET_YEAR_WORD, horizon, end, PMF, word
            yield model, day, TARGET_YEAR_WORD, horizon, end, MCSE, word
