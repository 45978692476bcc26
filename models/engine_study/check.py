"""The short form of the held-out study, made with every library: three settings fitted again, so that green shows."""

from collections.abc import Callable, Sequence

from data.types import Evidence
from models.engine_study.held_out import HeldOut, compare, per_setting
from models.fits.alignment_fit import AlignmentFit
from models.library.checked import HeldSetting, LibraryCheck
from models.library.library import Library
from models.sampling.anchor_fits import AnchorTask

SETTINGS = {"single": 2, "triple": 1}
"""Kinds of which nearly all are green, so that the check is about the badge and not about its rareness."""


def check_library(
    evidence: Evidence, library: Library, made: str, refit: Callable[[Sequence[AnchorTask]], Sequence[AlignmentFit]]
) -> LibraryCheck:
    """Fit three settings again and hold the library against them.

    The settings follow from the reference date: others at every edition, and the same ones whoever repeats the check.

    Parameters
    ----------
    library : Library
        Joined by its members or not, and not yet doubted: its badges are what is tested.
    made : str
        Day of the check.
    refit : callable
        Gives the fits of tasks, in their order.
    """
    seed = evidence.as_of.toordinal()
    tasks = HeldOut(counts=SETTINGS, seed=seed).tasks(evidence)
    held = per_setting(compare(evidence, library, tasks, refit(tasks)))
    settings = [
        HeldSetting(name=row.setting, changed=row.changed, status=str(row.status), error=round(100 * row.error, 3))
        for row in held.itertuples()
    ]
    return LibraryCheck(library=library.key, made=made, seed=seed, settings=tuple(settings))
