"""2025, the first year that the models had not seen: what the first edition had said, and what it was worth.

The numbers are those of its default snapshot as of 31 December 2024, stored as they stood (``first_edition_2025.csv``,
with their source). They answer the question of `rule-1` and are scored under it, on today's ledger.
"""

from pathlib import Path

import pandas as pd

from data.types import Evidence
from models.backtest.scores import SCORES
from models.names import STATES
from models.outcome.rule import RULE_1, resolve

SAID = Path(__file__).with_name("first_edition_2025.csv")
YEAR = 2025


def first_edition_2025(evidence: Evidence) -> pd.DataFrame:
    """The first edition's forecast for the end of 2025, resolved and scored under its own rule.

    Returns
    -------
    DataFrame
        ``model_id, reference_date, target_end_date``, probability of each state, ``rule`` (version), ``observed, tone``
        and the scores; no row where the ledger does not reach the year-end or annuls it.
    """
    said = pd.read_csv(SAID).drop(columns="source")
    label = resolve(evidence.events, YEAR, RULE_1)
    if evidence.as_of.year < YEAR or label.state is None:
        return said.iloc[:0]
    p = said[list(STATES)].to_numpy()
    code = label.state.code
    found = {name: score(p / p.sum(axis=1, keepdims=True), code) for name, score in SCORES.items()}
    return said.assign(rule=RULE_1.version, observed=label.state.value, tone=label.tone, **found)
