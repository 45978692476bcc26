"""From fits to a library: thin, collapse, pool, and solve for how well the evidence supports each anchor's prior."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from data.values import frozen
from models.alignment.collapsed import CollapsedDraws
from models.alignment.priors import prior_parameters
from models.assumptions.knobs import Knobs, knobs_of
from models.assumptions.setting import Assumptions
from models.assumptions.shares import shares
from models.errors import FitError, StaleFitError
from models.fits.alignment_fit import AlignmentFit
from models.fits.probabilities import StateProbabilities
from models.library.library import Anchor, Library, PathSample, Provenance, log_densities
from models.measures.driver_table import DriverTable
from models.measures.simulated import Simulated
from models.names import MODEL_M0, MODEL_M1, STATES, Scenario
from models.weighting.batch_means import chain_efficiency
from models.weighting.mbar import solve

RESOLUTION = 4096
"""Stored shares of a draw's probability: a fortieth of a point, rounded to nearest."""
PATH_SHARE = 8
"""One draw in eight keeps its latent path: five thousand paths hold the shown quantiles within a pixel."""


@frozen(eq=False)
class Part:
    """The draws of one anchor, thinned and collapsed, before they are pooled."""

    anchor: Anchor
    draws: CollapsedDraws
    counts: np.ndarray
    chain: np.ndarray
    paths: PathSample
    simulated: Simulated | None


def part_of(name: str, fit: AlignmentFit, drivers: DriverTable, knobs: Knobs, keep: int | None = None) -> Part:
    """Thin a fit to about `keep` draws (all by default), evenly along every chain.

    Raises
    ------
    StaleFitError
        The fit knows other knobs, leaving those aside that never act on it.
    """
    acting = set(knobs_of(MODEL_M1, knobs))
    if odd := sorted(set(fit.assumptions_values) - set(knobs) | acting - set(fit.assumptions_values)):
        raise StaleFitError(
            f"the fit and the assumptions differ in the knobs {', '.join(odd)}; expected the same; fit again"
        )
    rows = _thinned(fit.chain, keep)
    counts = fit_counts(fit)[rows]
    some = np.arange(0, rows.size, PATH_SHARE if rows.size > PATH_SHARE**2 else 1)
    setting = Assumptions(knobs=knobs, values=fit.assumptions_values)
    anchor = Anchor(
        name=name,
        values=fit.assumptions_values,
        prior=prior_parameters(setting),
        seed=fit.seed,
        fit_key=fit.key,
        efficiency=chain_efficiency(counts, fit.chain[rows]),
        log_support=0.0,
        diagnostics=fit.diagnostics,
        outside={
            "calm_hazard": setting.values["rupture_hazard"],
            "base_rate_weight": shares(setting.values)[MODEL_M0],
        },
    )
    return Part(
        anchor=anchor,
        draws=CollapsedDraws.of(fit, drivers).part(rows).as_stored,
        counts=counts,
        chain=fit.chain[rows],
        paths=PathSample(
            rows=some,
            years=fit.alignment.coords["year"].to_numpy(),
            alignment=fit.alignment.to_numpy()[rows[some]],
            future=fit.future_alignment.to_numpy()[rows[some]],
        ),
        simulated=fit.simulated.part(rows),
    )


def fit_counts(fit: AlignmentFit) -> np.ndarray:
    """Per-draw probabilities in ``1 / RESOLUTION``, shape (sample, horizon * outcome), uint16.

    The states' counts add up to `RESOLUTION`: what rounding leaves goes to the largest. A state that is held once is
    not less likely than the state itself, nor than in fewer years.
    """
    outcomes = StateProbabilities.of(fit.probabilities).outcomes * RESOLUTION
    counts = np.rint(outcomes).astype(np.int64)
    states = counts[..., : len(STATES)]
    largest = states.argmax(axis=-1)[..., None]
    rest = RESOLUTION - states.sum(axis=-1, keepdims=True)
    np.put_along_axis(states, largest, np.take_along_axis(states, largest, axis=-1) + rest, axis=-1)
    now = states[..., [Scenario.RUPTURE.code, Scenario.DEEPER.code]]
    ever = np.maximum(counts[..., len(STATES) :], now)
    ever[:, 0] = now[:, 0]
    counts[..., len(STATES) :] = np.maximum.accumulate(ever, axis=1)
    return counts.reshape(len(counts), -1).astype(np.uint16)


def pooled(parts: Sequence[Part], provenance: Provenance, log_support: Sequence[float]) -> Library:
    """Pool parts whose supports are known.

    Raises
    ------
    FitError
        One of several fits failed its acceptance checks: such draws must not be pooled.
    """
    for part in parts if len(parts) > 1 else ():
        if not part.anchor.diagnostics.passed:
            failed = ", ".join(check.name for check in part.anchor.diagnostics.failures)
            raise FitError(f"the fit for anchor {part.anchor.name} failed its checks ({failed}); fit it more strictly")
    sizes = [part.chain.size for part in parts]
    chains = np.cumsum([0, *(np.unique(part.chain).size for part in parts)])
    numbers = [
        np.unique(part.chain, return_inverse=True)[1] + first for part, first in zip(parts, chains, strict=False)
    ]
    firsts = np.cumsum([0, *sizes])
    paths = [part.paths for part in parts]
    return Library(
        draws=CollapsedDraws.joined([part.draws for part in parts]),
        counts=np.concatenate([part.counts for part in parts]),
        ledgers=RESOLUTION,
        anchor=np.repeat(np.arange(len(parts), dtype=np.int16), sizes),
        chain=np.concatenate(numbers).astype(np.int32),
        anchors=tuple(
            replace(part.anchor, log_support=float(support)) for part, support in zip(parts, log_support, strict=True)
        ),
        paths=PathSample(
            rows=np.concatenate([sample.rows + first for sample, first in zip(paths, firsts, strict=False)]),
            years=paths[0].years,
            alignment=np.concatenate([sample.alignment for sample in paths]),
            future=np.concatenate([sample.future for sample in paths]),
        ),
        provenance=provenance,
        simulated=Simulated.joined([part.simulated for part in parts]) if parts[0].simulated else None,
    )


def parts_of(library: Library) -> list[Part]:
    """Take a library apart again, so that others can be added."""
    paths = library.paths
    parts = []
    for index, anchor in enumerate(library.anchors):
        rows = np.flatnonzero(library.anchor == index)
        some = np.flatnonzero((paths.rows >= rows[0]) & (paths.rows <= rows[-1]))
        parts.append(
            Part(
                anchor=anchor,
                draws=library.draws.part(rows),
                counts=library.counts[rows],
                chain=library.chain[rows],
                paths=PathSample(
                    rows=paths.rows[some] - rows[0],
                    years=paths.years,
                    alignment=paths.alignment[some],
                    future=paths.future[some],
                ),
                simulated=library.simulated.part(rows) if library.simulated else None,
            )
        )
    return parts


def single(fit: AlignmentFit, drivers: DriverTable, knobs: Knobs) -> Library:
    """A library of one fit, all its draws."""
    return pooled([part_of("base", fit, drivers, knobs)], provenance_of(fit), [0.0])


def provenance_of(fit: AlignmentFit, parent: str = "") -> Provenance:
    """What a fit answers to."""
    return Provenance(
        evidence_digest=fit.evidence_digest,
        rule_digest=fit.rule_digest,
        model_digest=fit.model_digest,
        reference_date=fit.reference_date,
        versions=fit.versions,
        parent=parent,
    )


def solve_supports(parts: Sequence[Part]) -> np.ndarray:
    """Log support of every anchor's prior relative to the first, by MBAR, shape (anchor,)."""
    draws = CollapsedDraws.joined([part.draws for part in parts])
    densities = log_densities(draws, tuple(part.anchor for part in parts))
    return solve(densities, np.array([part.chain.size for part in parts]))


def _thinned(chain: np.ndarray, keep: int | None) -> np.ndarray:
    """Positions of evenly spaced draws of every chain."""
    if keep is None or keep >= chain.size:
        return np.arange(chain.size)
    chains = [np.flatnonzero(chain == number) for number in np.unique(chain)]
    each = keep // len(chains)
    return np.concatenate([rows[np.arange(each) * rows.size // each] for rows in chains])
