"""The results table as the page reads it: one reading for every published probability, with its error and its range."""

import pandas as pd

from dashboard.wording.chances import Chance, chance
from data.values import frozen
from models.forecast.cells import Cells, cells
from models.names import INTERVAL, MCSE, MODEL_M0, MODEL_MIXTURE, PMF, STATES, TARGET_STATE

YES = "yes"


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
    known = cells(table)
    wanted = known.ends if horizon is None else [horizon]
    outcomes = STATES if target == TARGET_STATE else (YES,)
    return tuple(_reading(known, model, target, h, outcome) for h in wanted for outcome in outcomes)


def _reading(known: Cells, model: str, target: str, horizon: int, outcome: str) -> Reading:
    part = known.part(model, target, horizon)
    chances, errors, ends = (part.get(kind, {}) for kind in (PMF, MCSE, INTERVAL))
    if outcome not in chances:
        raise ValueError(
            f"the results table has no probability of {outcome!r} for {target}, {model}, horizon {horizon}; "
            "make the forecast again"
        )
    if outcome not in errors and model != MODEL_M0:
        raise ValueError(f"the results table has no Monte Carlo error of {target} for {model}; make it again")
    low, high = (ends.get(f"{outcome}:{level}") for level in ("0.05", "0.95"))
    return Reading(
        model=model,
        target=target,
        horizon=horizon,
        date=known.ends[horizon],
        outcome=outcome,
        probability=float(chances[outcome]),
        mcse=float(errors.get(outcome, 0.0)),
        interval=None if low is None or high is None else (float(low), float(high)),
    )
