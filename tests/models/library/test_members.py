"""The stored fits of M2 and M3 under any setting: by a second route, and trusted wherever their sliders reach."""

from dataclasses import replace

import numpy as np
import pytest

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.assumptions.shares import WEIGHT_KNOBS
from models.errors import MissingFitError, OutcomeError, StaleFitError
from models.library.members import Members, committed_members, ordered_prior_at, regimes_name
from models.names import MODEL_M2, MODEL_M3
from models.ordered.law import forecast as ordered_forecast
from models.ordered.transport import log_posterior, unconstrained
from models.regimes.law import RegimePrior
from models.regimes.pool import ANCHORS, StickinessPool
from models.weighting.batch_means import mean_error
from models.weighting.noise import Blocks, standard_error
from models.weighting.weights import smoothed_weights
from tests.support.values.factories import synthetic_members

ORDERED_KNOBS = {*(f"C{number:02d}" for number in range(1, 15)), "confidence", "driver_strength"}
TRUSTED = ("exact", "good", "fair")


@pytest.fixture(scope="module")
def members(real_evidence: Evidence) -> Members:
    return synthetic_members(real_evidence)


@pytest.fixture(scope="module")
def committed(real_evidence: Evidence) -> Members:
    return committed_members(real_evidence)


def test_the_committed_fits_passed_their_checks_at_the_defaults(committed, default_assumptions) -> None:
    assert list(committed.fits) == [MODEL_M2, *(regimes_name(anchor) for anchor in ANCHORS)]
    for fit in committed.fits.values():
        assert fit.diagnostics.checks
        assert fit.diagnostics.passed, [check.name for check in fit.diagnostics.failures]
    assert acting(committed.ordered.assumptions_values) == acting(default_assumptions.values)
    for anchor, fit in zip(ANCHORS, committed.regimes, strict=True):
        assert acting(fit.assumptions_values) == acting(default_assumptions.replace({"stickiness": anchor}).values)


def acting(values) -> dict[str, float]:
    """Knobs that act on a fit: the mixture's weights act on none."""
    return {key: value for key, value in values.items() if key not in WEIGHT_KNOBS.values()}


def test_at_its_own_setting_the_ordered_regression_says_what_was_stored(committed, default_assumptions) -> None:
    found = committed.answer_ordered(default_assumptions)
    assert found.weights.status == "exact"
    # The stored probabilities were rounded to float32.
    np.testing.assert_allclose(found.probabilities, committed.ordered.forecast.flat, rtol=0, atol=1e-6)
    np.testing.assert_allclose(found.mean, committed.ordered.forecast.flat.mean(axis=0), rtol=0, atol=1e-6)


def test_only_what_the_ordered_regression_reads_asks_for_another_prior(default_assumptions: Assumptions) -> None:
    asked = ordered_prior_at(default_assumptions)
    moving = {
        key
        for key, knob in default_assumptions.knobs.items()
        if ordered_prior_at(default_assumptions.replace({key: knob.high})) != asked
    }
    assert moving == ORDERED_KNOBS


@pytest.mark.parametrize("values", [{"C08": 1.7}, {"C04": 1.3, "C13": 2.4}], ids=str)
def test_moved_draws_agree_with_the_stored_draws_weighed_where_they_lie(committed, default_assumptions, values) -> None:
    """Two routes: the draws carried over and weighed, and the same draws left where they were, weighed alone."""
    asked, fit, stored = ordered_prior_at(default_assumptions.replace(values)), committed.ordered, committed.stored
    position = unconstrained(fit.parameters)
    ratio = log_posterior(position, asked, stored.transitions) - log_posterior(
        position, stored.prior, stored.transitions
    )
    weights = smoothed_weights(ratio)
    assert weights.status in ("good", "fair"), "a small move"
    plain = ordered_forecast(fit.parameters, stored.transitions, asked).flat
    error = standard_error(Blocks.alone(fit.chain).of_mean(plain, weights.values))
    found = committed.answer_prior(asked)
    assert np.any(found.weights.values != weights.values)
    # The two errors come from the same draws, so that their sum bounds the error of the difference.
    assert np.all(np.abs(found.mean - weights.values @ plain) < 4 * (error + found.mcse))


@pytest.mark.parametrize("anchor", ANCHORS)
def test_the_pool_agrees_with_each_of_its_fits_alone(committed, default_assumptions, anchor: float) -> None:
    found = committed.answer_regimes(default_assumptions.replace({"stickiness": anchor}))
    fit = committed.fits[regimes_name(anchor)]
    alone = fit.forecast.flat
    error = mean_error(alone, fit.chain)
    assert np.all(np.abs(found.mean - alone.mean(axis=0)) < 4 * (error + found.mcse))


def test_every_end_of_every_knob_leaves_weights_to_trust(committed, default_assumptions: Assumptions) -> None:
    knobs, found = default_assumptions.knobs, {}
    for key in sorted(ORDERED_KNOBS):
        for end in (knobs[key].low, knobs[key].high):
            found[key, end] = committed.answer_ordered(default_assumptions.replace({key: end})).weights.status
    sticky = knobs["stickiness"]
    for end in (sticky.low, 0.7, sticky.default, 0.88, sticky.high):
        found["stickiness", end] = committed.answer_regimes(
            default_assumptions.replace({"stickiness": end})
        ).weights.status
    assert {key: status for key, status in found.items() if status not in TRUSTED} == {}


def test_an_answer_is_kept_for_the_setting_that_it_belongs_to(members, default_assumptions: Assumptions) -> None:
    other = default_assumptions.replace({"stickiness": 0.9})
    first = members.answer_regimes(default_assumptions)
    assert members.answer_regimes(default_assumptions.replace({"C01": 2.0})) is first
    assert members.answer_regimes(other).weights.log_support != first.weights.log_support
    assert members.answer_regimes(other).probabilities is first.probabilities


def test_the_key_is_that_of_all_fits(members: Members, real_evidence: Evidence) -> None:
    again = Members(evidence=real_evidence, ordered=members.ordered, regimes=members.regimes)
    assert again.key == members.key
    other = Members(evidence=real_evidence, ordered=replace(members.ordered, seed=1), regimes=members.regimes)
    assert other.key != members.key
    last = replace(members.regimes[-1], seed=1)
    assert Members(evidence=real_evidence, ordered=members.ordered, regimes=(*members.regimes[:-1], last)).key not in (
        members.key,
        other.key,
    )


@pytest.mark.parametrize("which", ["ordered", "regimes"])
@pytest.mark.parametrize(
    ("field", "word"), [("evidence_digest", "evidence"), ("rule_digest", "rule"), ("model_digest", "model")]
)
def test_one_stale_fit_is_enough_to_refuse(members, real_evidence: Evidence, which: str, field: str, word: str) -> None:
    fits = {"ordered": members.ordered, "regimes": members.regimes}
    stale = replace(members.ordered if which == "ordered" else members.regimes[1], **{field: "0" * 64})
    fits[which] = stale if which == "ordered" else (members.regimes[0], stale, members.regimes[2])
    name = MODEL_M2 if which == "ordered" else MODEL_M3
    told = {
        "model": f"got draws of {name} with the structure 000000000000, expected one of .*use a program that knows it",
        # Of a rule that is not known no fit can be said to be under another one.
        "rule": "got the outcome rule '0000.*expected one of" if which == "ordered" else "",
    }
    with pytest.raises((StaleFitError, OutcomeError), match=told.get(word) or f"{name} was made on another {word}"):
        Members(evidence=real_evidence, **fits)


def test_an_empty_folder_says_which_fit_is_missing(real_evidence: Evidence, tmp_path) -> None:
    with pytest.raises(MissingFitError, match=r"no m3_hidden_regimes_60\.json .*members fit"):
        committed_members(real_evidence, tmp_path)


@pytest.mark.parametrize("stickiness", [0.6, 0.95])
def test_the_pools_error_counts_the_supports_that_the_same_draws_gave(committed: Members, stickiness: float) -> None:
    """Second route: draws of each fit drawn again in blocks of forty, supports solved anew each time.

    Eighty repetitions know a standard deviation within 8 %, and the median ratio of thirty correlated cells as well.
    """
    priors = [RegimePrior(stickiness=fit.assumptions_values["stickiness"]) for fit in committed.regimes]
    asked, rng, means = RegimePrior(stickiness=stickiness), np.random.default_rng(7), []
    for _ in range(80):
        picked = [40 * rng.integers(fit.chain.size // 40, size=fit.chain.size // 40) for fit in committed.regimes]
        rows = [(starts[:, None] + np.arange(40)).ravel() for starts in picked]
        draws = [
            {"transition": fit.parameters["transition"][own]} for fit, own in zip(committed.regimes, rows, strict=True)
        ]
        p = [fit.forecast.flat[own] for fit, own in zip(committed.regimes, rows, strict=True)]
        means.append(StickinessPool.of(priors, draws).weights(asked).values @ np.concatenate(p))
    spread = np.std(means, axis=0, ddof=1)
    found = committed.answer_regimes(
        Assumptions.defaults(committed.evidence.claims).replace({"stickiness": stickiness})
    )
    assert 0.75 < np.median(spread / found.mcse) < 1.3
