"""Fitting the members: the real sampler agrees with what is stored, and what failed its checks is not kept."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.errors import SamplerError
from models.fits.certificate import Check, Diagnostics
from models.fits.dated import dated
from models.fits.member_fit import MemberFit, load_member
from models.names import MODEL_M2
from models.regimes.law import regime_prior_at
from models.sampling.fit_members import KEPT, CompiledOrdered, _accepted
from models.sampling.sampler import SamplerSettings
from models.weighting.batch_means import mean_error

SHORT = SamplerSettings(chains=2, tune=400, draws=400, seed=7, cores=1)


def wide(fit: MemberFit, draws: int) -> MemberFit:
    """The fit's draws several times over, `draws` in all."""
    rows = np.sort(np.arange(draws) % fit.chain.size)
    return replace(
        fit,
        parameters={name: values[rows] for name, values in fit.parameters.items()},
        forecast=type(fit.forecast)(*(values[rows] for values in fit.forecast)),
        chain=fit.chain[rows],
    )


def test_of_a_fit_that_passed_every_third_draw_is_kept() -> None:
    fit = load_member(MODEL_M2, dated(date(2025, 12, 31)))
    kept = _accepted("any", lambda _: wide(fit, 3 * KEPT), SHORT)
    assert kept.chain.size == KEPT
    assert len(set(np.bincount(kept.chain).tolist())) == 1


def test_a_fit_that_failed_is_refused_with_its_checks() -> None:
    checks = tuple(
        Check(name=name, passed=passed, value=value, threshold="at most 1.01", meaning="x")
        for name, passed, value in (("R-hat", False, 1.234), ("other", True, 1.0))
    )
    fit = replace(load_member(MODEL_M2, dated(date(2025, 12, 31))), diagnostics=Diagnostics(checks=checks))
    with pytest.raises(SamplerError, match=r"mine: .* failed its checks \(R-hat is 1\.23, expected at most 1\.01\)"):
        _accepted("mine", lambda _: fit, SHORT)


def test_a_fit_that_failed_is_tried_again_three_times_as_long() -> None:
    good, asked = load_member(MODEL_M2, dated(date(2025, 12, 31))), []
    failed = Check(name="R-hat", passed=False, value=1.234, threshold="at most 1.01", meaning="x")

    def fitted(settings: SamplerSettings) -> MemberFit:
        asked.append(settings)
        return good if len(asked) == 2 else replace(good, diagnostics=Diagnostics(checks=(failed,)))

    assert _accepted("mine", fitted, SHORT).key == good.thinned(KEPT).key
    assert [settings.draws for settings in asked] == [SHORT.draws, 3 * SHORT.draws]
    assert asked[0].seed != asked[1].seed


def test_the_regimes_are_asked_with_the_knob(default_assumptions: Assumptions) -> None:
    assert regime_prior_at(default_assumptions.replace({"stickiness": 0.91})).stickiness == 0.91


@pytest.mark.slow
def test_a_new_fit_agrees_with_the_stored_one(real_evidence: Evidence, default_assumptions: Assumptions) -> None:
    compiled = CompiledOrdered.of(real_evidence, default_assumptions)
    new, stored = compiled.fit(default_assumptions, SHORT), load_member(MODEL_M2, dated(date(2025, 12, 31)))
    assert (new.evidence_digest, new.model_digest) == (stored.evidence_digest, stored.model_digest)
    assert new.chain.tolist() == [0] * SHORT.draws + [1] * SHORT.draws
    one, other = new.forecast.flat, stored.forecast.flat
    error = np.hypot(mean_error(one, new.chain), mean_error(other, stored.chain))
    # Thirty cells, and an error that is itself estimated from few batches.
    assert np.all(np.abs(one.mean(axis=0) - other.mean(axis=0)) < 5 * error)
    earlier = real_evidence.visible(real_evidence.as_of.replace(year=2010))
    then = compiled.at(earlier).fit(default_assumptions, SHORT)
    assert (then.evidence_digest, then.reference_date) == (earlier.digest, earlier.as_of)
    assert np.abs(then.forecast.flat.mean(axis=0) - one.mean(axis=0)).max() > 0.02
