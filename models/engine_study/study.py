"""The whole study of the engine: what it refits, every table that follows, and the figures it must reach."""

from collections.abc import Callable, Sequence

import pandas as pd

from data.types import Evidence
from data.values import frozen
from models.engine_study.held_out import HeldOut, compare, per_setting, summary
from models.engine_study.supports import (
    compare_shifts,
    compare_supports,
    inverse_shifts,
    support_summary,
    support_tasks,
)
from models.fits.alignment_fit import AlignmentFit
from models.library.library import Library
from models.sampling.anchor_fits import AnchorTask
from models.storage.safe_csv import Tables


@frozen
class StudyResult:
    """What a study found.

    Attributes
    ----------
    tables : Mapping[str, DataFrame]
        A row a setting, and every row behind the figures, by name.
    figures : DataFrame
        What must be reached: columns measure, value, threshold, passed.
    settings : int
        How many settings were held out.
    """

    tables: Tables
    figures: pd.DataFrame
    settings: int


def run_study(
    evidence: Evidence,
    library: Library,
    study: HeldOut,
    refit: Callable[[Sequence[AnchorTask]], Sequence[AlignmentFit]],
) -> StudyResult:
    """Refit and compare.

    Parameters
    ----------
    refit : callable
        Gives the fits of tasks, in their order.
    """
    shifts, tasks = inverse_shifts(evidence, library), study.tasks(evidence)
    fits = refit((*tasks, *support_tasks(evidence, shifts, study.seed)))
    fits, base, there = fits[: len(tasks)], fits[len(tasks)], fits[len(tasks) + 1 :]
    cells = compare(evidence, library, tasks, fits)
    supports = compare_supports(evidence, library, base, tasks, fits)
    inverse = compare_shifts(evidence, library, shifts, there)
    figures = pd.concat([summary(cells), support_summary(supports, inverse)], ignore_index=True)
    tables = {"settings": per_setting(cells), "cells": cells, "supports": supports, "inverse": inverse}
    return StudyResult(tables=tables, figures=figures, settings=len(tasks))
