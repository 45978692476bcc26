"""Hindcasts by the sampler: padded ledgers answer as ledgers of their own length do, here and on a Dask cluster."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.backtest.hindcasts import run_origin
from models.backtest.origins import OriginTask, origin_tasks
from models.backtest.outcomes import hindcast_table
from models.names import MODEL_M0, MODEL_M3
from models.sampling.fit_alignment import CompiledAlignment, fit_compiled
from models.sampling.sampler import SamplerSettings
from models.storage.tasks import JsonShelf, run_all, workers
from models.weighting.batch_means import mean_error

SETTINGS = SamplerSettings(chains=4, tune=600, draws=500, seed=5)
THEN = date(2010, 12, 31)

pytestmark = pytest.mark.slow


def test_a_padded_record_gives_the_posterior_of_its_own_length(
    compiled_model: CompiledAlignment, default_assumptions: Assumptions, real_evidence: Evidence
) -> None:
    early = real_evidence.visible(THEN)
    padded = fit_compiled(compiled_model.at(early), default_assumptions, settings=SETTINGS)
    alone = fit_compiled(CompiledAlignment.of(early, default_assumptions), default_assumptions, settings=SETTINGS)
    assert padded.alignment.sizes == alone.alignment.sizes
    pairs = [fit.probabilities["state_probability"].to_numpy().reshape(fit.chain.size, -1) for fit in (padded, alone)]
    errors = np.hypot(*(mean_error(p, fit.chain) for p, fit in zip(pairs, (padded, alone), strict=True)))
    np.testing.assert_array_less(np.abs(pairs[0].mean(axis=0) - pairs[1].mean(axis=0)), 4 * errors + 1e-6)


def test_a_dask_cluster_of_two_processes_gives_the_same_table(real_evidence: Evidence, tmp_path: Path) -> None:
    """The same seeds on other processes: equal to the last bit, and stored in the same way."""
    from distributed import LocalCluster  # seconds to import, for this test alone

    asked = [one for one in origin_tasks(real_evidence, (MODEL_M0, MODEL_M3)) if one.origin in (1990, 2010, 2020)]

    def done(_task: OriginTask, _done: int, _planned: int) -> None:
        pass

    with workers(processes=1) as executor:
        here = run_all(asked, JsonShelf(folder=tmp_path / "here"), executor, run_origin, done)
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        workers(cluster.scheduler_address) as executor,
    ):
        there = run_all(asked, JsonShelf(folder=tmp_path / "there"), executor, run_origin, done)
    tables = [hindcast_table(real_evidence, asked, results) for results in (here, there)]
    assert len(tables[0]) == 2 * (5 + 5 + 4)
    assert tables[0].equals(tables[1])
