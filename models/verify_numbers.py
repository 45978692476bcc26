"""Every published number of a snapshot against the one that its inputs give: bit for bit, but on a rounding's edge."""

from collections.abc import Iterator
from dataclasses import fields

import numpy as np

from data.types import Evidence
from models.assumptions import Assumptions
from models.forecast import DECIMALS, Forecast, make_forecast
from models.library import Library
from models.names import TABLE_COLUMNS
from models.opinions import BASE_RATE_SEED
from models.snapshot import RELIABILITY_DECIMALS, Snapshot, assumptions_record, reliability_record
from models.structures import STRUCTURE_DIGESTS
from models.verify_findings import SHOWN, Finding, same_finding, told

EXACT = 15
"""Decimals of a number that is not rounded."""
EDGE = 1e-12
"""A number this close to the edge between two roundings may fall to either side: processors add in another order, and
computed under the kernels of five of them, no number differed by more than a tenth of this."""


def compared_numbers(
    snapshot: Snapshot, evidence: Evidence, library: Library, assumptions: Assumptions
) -> Iterator[Finding]:
    """The forecast made again, and every number of it that the snapshot publishes."""
    record = assumptions_record(assumptions)
    yield same_finding("assumptions", "digest of the assumptions", snapshot.assumptions.digest, record.digest)
    yield same_finding("assumptions: changed", "list of moved knobs", snapshot.assumptions.changed, record.changed)
    forecast, exact = (make_forecast(evidence, library, assumptions, places) for places in (DECIMALS, EXACT))
    yield _table(snapshot, forecast, exact)
    yield same_finding(
        "model weights", "weights of the models", dict(snapshot.model_weights), dict(forecast.model_weights)
    )
    models = {name: STRUCTURE_DIGESTS[name] for name in forecast.model_weights}
    if snapshot.structures:
        yield same_finding("structures", "structures of the models", dict(snapshot.structures), models)
    yield _reliability(snapshot, library, forecast)
    yield same_finding("diagnostics", "list of acceptance checks", snapshot.diagnostics, library.diagnostics.checks)
    yield same_finding("seeds", "seeds", dict(snapshot.seeds), {"base_rate_intervals": BASE_RATE_SEED})


def _table(snapshot: Snapshot, forecast: Forecast, exact: Forecast) -> Finding:
    """Every published number against the one computed again, bit for bit but on the edge of a rounding."""
    columns = list(TABLE_COLUMNS)
    mine = list(forecast.table[columns].astype(object).itertuples(index=False, name=None))
    asked = [[row[:-1] for row in rows] for rows in (snapshot.results, mine)]
    if asked[0] != asked[1]:
        return Finding(
            name="numbers", passed=False, detail="The table asks other questions than this forecast answers."
        )
    values = zip(snapshot.results, mine, exact.table["value"].tolist(), strict=True)
    other = [(got, again[-1], raw) for got, again, raw in values if got[-1] != again[-1]]
    wrong = [(got, again) for got, again, raw in other if not on_edge(got[-1], raw, DECIMALS)]
    if wrong:
        row, again = max(wrong, key=lambda pair: abs(pair[0][-1] - pair[1]))
        name = f"{row[0]}, {row[2]}, {row[4]}, {row[5]} {row[6]}"
        return Finding(
            name="numbers",
            passed=False,
            detail=f"{len(wrong)} of {len(mine)} numbers differ, most of all {name}: "
            f"published {row[-1]!r}, computed again {again!r}.",
        )
    edge = (
        f"; {len(other)} of them on the edge of its last decimal, where processors round differently" if other else ""
    )
    return Finding(name="numbers", passed=True, detail=f"All {len(mine)} published numbers come out the same{edge}.")


def on_edge(published: float, raw: float, decimals: int) -> bool:
    """Whether a published number is the rounding of one that lies within `EDGE` of the number computed again."""
    return bool(abs(published - raw) <= 0.5 * 10.0**-decimals + EDGE * max(1.0, abs(raw)))


def _reliability(snapshot: Snapshot, library: Library, forecast: Forecast) -> Finding:
    mine, exact = (reliability_record(library, forecast, places) for places in (RELIABILITY_DECIMALS, EXACT))
    records = (snapshot.reliability, mine, exact)
    wrong = [one.name for one in fields(mine) if not _agrees(*(getattr(record, one.name) for record in records))]
    return told(
        "reliability",
        not wrong,
        "The numbers that say how far the forecast can be trusted come out the same.",
        f"Of the reliability {', '.join(wrong[:SHOWN])} come out differently.",
    )


def _agrees(got: object, again: object, raw: object) -> bool:
    numbers = isinstance(got, float) and isinstance(raw, float) and np.isfinite(raw)
    return got == again or (numbers and on_edge(got, raw, RELIABILITY_DECIMALS))
