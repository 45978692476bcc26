"""Fits with everything that a likelihood reads, for tests that leave evidence out."""

from __future__ import annotations

import dataclasses

import numpy as np
import xarray as xr

from models.fits.alignment_fit import AlignmentFit

EDGES = np.array([-2.2, -1.1, 0.0, 0.8, 1.6, 2.4])


def readable(fit: AlignmentFit, seed: int = 7) -> AlignmentFit:
    """The same fit with cut-points, a space offset and a break slope, independent of everything else."""
    rng = np.random.default_rng(seed)
    size = fit.chain.size
    more = {
        "cutpoints": (("sample", "edge"), EDGES + 0.05 * rng.standard_normal((size, 1))),
        "space_offset": ("sample", rng.normal(0.2, 0.2, size)),
        "break_slope": ("sample", rng.lognormal(-0.35, 0.2, size)),
    }
    return dataclasses.replace(fit, parameters=xr.Dataset({**fit.parameters.data_vars, **more}))
