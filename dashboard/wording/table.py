"""The results table as the page reads it: one reading for every published probability, with its error and its range."""

import pandas as pd

from dashboard.wording.chances import Chance, chance
from data.values import frozen
from models.names import INTERVAL, MCSE, MODEL_M0, MODEL_MIXTURE, PMF, STATES, TARGET_STATE

YES = "yes"
_KEY = ["model_id", "target", "horizon", "output_type", "output_type_id"]


@frozen
class Reading:
    """One probability of the results table.

    Attributes
    ----------
    date : str
        ISO date of the year-end.
    outcome : str
        State, or "yes" for the two targets of the form "at least one … by then".
    probability, mcse : float
        As in the table, to the last digit.
    interval : (float, float) or None
        5 to 95 % range of the probability over the posterior.
    """

    model: str
    target: str
    horizon: int
    date: str
    outcome: str
    probability: float
    mcse: float
    interval: tuple[float, float] | None

    @property
    def chance(self) -> Chance:
        """The reading in words."""
        return chance(self.probability, self.mcse, self.interval)


def readings(
    table: pd.DataFrame, target: str = TARGET_STATE, model: str = MODEL_MIXTURE, horizon: int | None = None
) -> tuple[Reading, ...]:
    """Readings of one target and model, by horizon and then state.

    Parameters
    ----------
    table : DataFrame
        Columns ``models.names.TABLE_COLUMNS``.
    horizon : int, optional
        Only this horizon.

    Raises
    ------
    ValueError
        The table lacks a probability, or the Monte Carlo error of a simulated one.
    """
    columns = {name: table[name].tolist() for name in (*_KEY, "target_end_date", "value")}
    keys = zip(*(columns[name] for name in _KEY), strict=True)
    values = dict(zip(keys, columns["value"], strict=True))
    dates = dict(zip(columns["horizon"], columns["target_end_date"], strict=True))
    wanted = sorted(dates) if horizon is None else [horizon]
    outcomes = STATES if target == TARGET_STATE else (YES,)
    return tuple(_reading(values, dates, (model, target, h, outcome)) for h in wanted for outcome in outcomes)


def _reading(values: dict, dates: dict, cell: tuple[str, str, int, str]) -> Reading:
    model, target, horizon, outcome = cell
    if (model, target, horizon, PMF, outcome) not in values:
        raise ValueError(
            f"the results table has no probability of {outcome!r} for {target}, {model}, horizon {horizon}; "
            "make the forecast again"
        )
    error = values.get((model, target, horizon, MCSE, outcome), 0.0 if model == MODEL_M0 else None)
    if error is None:
        raise ValueError(f"the results table has no Monte Carlo error of {target} for {model}; make it again")
    ends = [values.get((model, target, horizon, INTERVAL, f"{outcome}:{level}")) for level in ("0.05", "0.95")]
    return Reading(
        model=model,
        target=target,
        horizon=horizon,
        date=dates[horizon],
        outcome=outcome,
        probability=float(values[model, target, horizon, PMF, outcome]),
        mcse=float(error),
        interval=None if None in ends else (float(ends[0]), float(ends[1])),
    )
