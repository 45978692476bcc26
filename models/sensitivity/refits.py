"""Leave a piece of the evidence out exactly: the latent-alignment model fitted again to what is left."""

from collections.abc import Mapping

from data.digest import digest
from data.types import Evidence
from data.values import frozen
from models.assumptions.knobs import knobs_of
from models.assumptions.setting import Assumptions
from models.errors import FitError
from models.fits.alignment_fit import AlignmentFit
from models.leave_out.cases import Basis, Case
from models.library.pool import RESOLUTION, fit_counts
from models.names import MODEL_M1
from models.outcome.rule import RULE
from models.sampling import anchor_fits
from models.sampling.anchor_fits import AnchorTask
from models.weighting.batch_means import mean_error

type PlainAnswer = Mapping[str, object]

SAMPLER: Mapping[str, float] = {"chains": 4, "tune": 800, "draws": 3000, "target_accept": 0.95}
"""Twelve thousand draws leave a standard error of 0.17 points, so that a difference of one point means something."""
REFERENCE_SAMPLER: Mapping[str, float] = {**SAMPLER, "draws": 6000}
"""The whole evidence's fit enters every comparison, and is what the weights start from: 0.12 points."""
REFERENCE_SEED = 20_261_123
LARGEST_SEED = 2**31


@frozen
class RefitTask:
    """One refit to make, in plain values that travel to another process or machine.

    Attributes
    ----------
    basis_digest : str
        `models.leave_out.cases.Basis.digest` of what is left. Cases that leave the same share a refit.
    """

    case: Case
    as_of: str
    evidence_digest: str
    basis_digest: str
    settings: Mapping[str, float]

    @classmethod
    def of(cls, basis: Basis, case: Case, settings: Mapping[str, float] = SAMPLER) -> "RefitTask":
        """The refit without one piece of the whole evidence."""
        return cls(
            case=case,
            as_of=basis.evidence.as_of.isoformat(),
            evidence_digest=basis.evidence.digest,
            basis_digest=basis.without(case).digest,
            settings=settings,
        )

    @property
    def key(self) -> str:
        """What is asked, whatever the case is called."""
        return digest({"record": self.basis_digest, "settings": dict(self.settings), "rule": RULE.digest})

    @property
    def seed(self) -> int:
        """A seed of its own for every basis, the same on every machine."""
        return int(self.basis_digest[:12], 16) % LARGEST_SEED


def run_refit(task: RefitTask) -> PlainAnswer:
    """Fit in this process; the compiled model stays for the next task.

    Returns
    -------
    dict
        ``after`` and ``after_mcse`` (probabilities: horizons, and in each the four states, any rupture and any
        deeper cooperation), ``failures`` (names of acceptance checks that did not pass), ``draws``.

    Raises
    ------
    FitError
        This process reads other evidence.
    SamplerError
    """
    from models.sampling.fit_alignment import SamplerSettings, fit_compiled

    model = anchor_fits.compiled_for(task.as_of, task.evidence_digest)
    left = Basis.of(model.evidence).without(task.case)
    if left.digest != task.basis_digest:
        raise FitError(f"{task.case} leaves other evidence here, expected {task.basis_digest[:12]}; use one version")
    moved = model.at(left.evidence, left.drivers)
    fit = fit_compiled(moved, left.assumptions, settings=SamplerSettings.of(task.settings, task.seed))
    return answer_of(fit)


def answer_of(fit: AlignmentFit) -> PlainAnswer:
    """A fit's forecast as JSON values."""
    p = fit_counts(fit) / RESOLUTION
    return {
        "after": p.mean(axis=0).tolist(),
        "after_mcse": mean_error(p, fit.chain).tolist(),
        "failures": [check.name for check in fit.diagnostics.failures],
        "draws": int(fit.chain.size),
    }


def reference_task(evidence: Evidence, settings: Mapping[str, float] = REFERENCE_SAMPLER) -> AnchorTask:
    """The fit to the whole evidence under the essay's reading, to be made by `models.sampling.anchor_fits.fit_all`."""
    defaults = Assumptions.defaults(evidence.claims)
    return AnchorTask(
        name="the whole evidence",
        values={key: defaults.values[key] for key in knobs_of(MODEL_M1, defaults.knobs)},
        seed=REFERENCE_SEED,
        evidence_digest=evidence.digest,
        as_of=evidence.as_of.isoformat(),
        settings=(settings,),
    )
