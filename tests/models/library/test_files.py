"""A library on disk: what comes back is what was stored, and nothing else is ever taken for it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.digest import digest
from data.types import Evidence
from models.alignment.collapsed import PER_DRAW
from models.alignment.priors import prior_parameters
from models.assumptions.setting import Assumptions
from models.errors import MissingFitError, StaleFitError
from models.fits.dated import dated
from models.fits.probabilities import by_horizon
from models.library import files
from models.library.anchors import first_design
from models.library.checked import UNCHECKED
from models.library.files import (
    DRAWS,
    FORMER_FORMAT,
    LIBRARY_FORMAT,
    META,
    committed_library,
    load_library,
    save_library,
)
from models.library.files import library_files as files_of
from models.library.library import Library
from models.library.reweighting import reweight
from models.measures.structure import ALIGNMENT_1
from models.sampling.anchor_fits import task_of
from tests.support.values.anchor_work import fit_of, library_of_fits
from tests.support.values.factories import synthetic_fit

FIRST = "19643f2f9665a15b9adb4b53ff10f11bcb7bdb0fe29968a37d0390ff73f377a8"
SINGLE = 1e-5
"""Single precision keeps seven digits; a log density adds up some thirty products of such numbers."""


@pytest.fixture(scope="module")
def library(real_evidence: Evidence, default_assumptions: Assumptions) -> Library:
    template = synthetic_fit(real_evidence, samples=200)
    designs = first_design(default_assumptions)[1:4]
    others = [fit_of(template, task_of(one, real_evidence, seed)) for seed, one in enumerate(designs)]
    return library_of_fits(real_evidence, [template, *others])


@pytest.fixture
def stored(library: Library, tmp_path: Path) -> Path:
    save_library(library, tmp_path / "stored")
    return tmp_path / "stored"


@pytest.mark.parametrize("values", [{}, {"C01": 1.3}, {"C14": 1.5, "confidence": 1.6}, {"driver_strength": 0.9}])
def test_the_engine_answers_the_same(library, stored, default_assumptions, values):
    setting, found = default_assumptions.replace(values), load_library(stored)
    before, after = (reweight(one, setting) for one in (library, found))
    np.testing.assert_allclose(after.values, before.values, rtol=0, atol=SINGLE * before.values.max())
    np.testing.assert_allclose(after.ess, before.ess, rtol=SINGLE)
    np.testing.assert_allclose(after.log_support, before.log_support, rtol=SINGLE, atol=SINGLE)


def test_densities_come_back_in_single_precision(library, stored):
    found = load_library(stored)
    for anchor in library.anchors:
        expected = library.draws.log_density(anchor.prior)
        np.testing.assert_allclose(found.draws.log_density(anchor.prior), expected, rtol=SINGLE, atol=SINGLE)
    np.testing.assert_allclose(found.log_mixture, library.log_mixture, rtol=SINGLE, atol=SINGLE)
    for name in PER_DRAW:
        np.testing.assert_array_equal(getattr(found.draws, name), np.float32(getattr(library.draws, name)))


def test_rounded_shares_keep_the_order_of_what_they_round(library):
    counts = by_horizon(library.counts.astype(int))
    np.testing.assert_array_equal(counts[..., :4].sum(axis=-1), library.ledgers)
    for state, ever in ((counts[..., 0], counts[..., 4]), (counts[..., 3], counts[..., 5])):
        np.testing.assert_array_equal(state[:, 0], ever[:, 0])
        assert np.all(ever >= state)
        assert np.all(np.diff(ever, axis=1) >= 0)


def test_everything_else_comes_back_exactly(library, stored):
    found = load_library(stored)
    for name in ("counts", "anchor", "chain", "probabilities"):
        np.testing.assert_array_equal(getattr(found, name), getattr(library, name))
        assert getattr(found, name).dtype == getattr(library, name).dtype
    for name in ("starts", "fit"):
        np.testing.assert_array_equal(getattr(found.blocks, name), getattr(library.blocks, name))
    np.testing.assert_array_equal(found.draws.gram, library.draws.gram)
    np.testing.assert_array_equal(found.draws.origin, library.draws.origin)
    np.testing.assert_array_equal(found.paths.rows, library.paths.rows)
    np.testing.assert_array_equal(found.paths.years, library.paths.years)
    assert (found.ledgers, found.provenance, found.key) == (library.ledgers, library.provenance, library.key)
    for one, other in zip(found.anchors, library.anchors, strict=True):
        assert one.prior.plain == other.prior.plain
        assert replace(one, prior=other.prior) == other


def test_paths_come_back_for_pictures(library, stored):
    found = load_library(stored)
    for name in ("alignment", "future"):
        # Half precision keeps eleven bits: a logit of 4 within 0.002, far below a pixel.
        np.testing.assert_allclose(getattr(found.paths, name), getattr(library.paths, name), rtol=2**-11, atol=1e-4)


def test_bytes_are_the_same_every_time(library, stored):
    assert files_of(library) == files_of(library) == {name: (stored / name).read_bytes() for name in (DRAWS, META)}
    assert files_of(load_library(stored)) == files_of(library)


def test_a_library_of_the_first_structure_is_weighed_as_ever(library, tmp_path, default_assumptions):
    """Without ledgers and with one volatility for all years, whose steps are then told apart in vain."""
    draws = library.draws
    whole = replace(draws, total=draws.total + draws.total_before, volatility_before=draws.volatility)
    one = replace(
        whole, steps=draws.steps + draws.steps_before, total_before=0 * draws.total, steps_before=np.zeros(())
    )
    provenance = replace(library.provenance, model_digest=FIRST)
    former = replace(library, draws=one, simulated=None, provenance=provenance)
    save_library(former, tmp_path / "former")
    found = load_library(tmp_path / "former")
    assert json.loads((tmp_path / "former" / META).read_bytes())["format"] == FORMER_FORMAT
    assert (found.year_means, found.structure) == (None, ALIGNMENT_1)
    split = replace(one, total=draws.total, total_before=draws.total_before)
    split = replace(split, steps=draws.steps, steps_before=draws.steps_before)
    prior = prior_parameters(default_assumptions.replace({"C14": 1.5, "persistence": 0.8}), ALIGNMENT_1)
    np.testing.assert_allclose(found.draws.log_density(prior), split.log_density(prior), rtol=SINGLE, atol=10 * SINGLE)


@pytest.mark.parametrize("name", [DRAWS, META])
@pytest.mark.parametrize(
    "damage", [lambda b: b[:-2], lambda b: b[: len(b) // 2], lambda b: b[:0], lambda b: b[:300] + b"0" + b[301:]]
)
def test_damage_is_noticed(stored, name, damage: Callable[[bytes], bytes]):
    whole = (stored / name).read_bytes()
    assert damage(whole) != whole
    (stored / name).write_bytes(damage(whole))
    with pytest.raises(StaleFitError, match=r"stored/ is damaged .* rebuild it with `python -m models library build`"):
        load_library(stored)


@pytest.mark.parametrize(
    "path",
    [
        ("anchors", 1, "log_support"),
        ("anchors", 2, "efficiency"),
        ("anchors", 0, "prior", "level_mean"),
        ("anchors", 0, "values", "C01"),
        ("anchors", 1, "diagnostics", 0, "value"),
        ("resolution",),
    ],
    ids=lambda path: path[-1],
)
def test_a_number_changed_by_hand_is_noticed(stored, path):
    meta = json.loads((stored / META).read_bytes())
    *way, last = path
    inner = meta
    for step in way:
        inner = inner[step]
    inner[last] += 1
    (stored / META).write_text(json.dumps(meta))
    with pytest.raises(StaleFitError, match="changed by hand"):
        load_library(stored)


@pytest.mark.parametrize("content", [b"[]", b"{}", b"null", b"3", b"\xff\xfe", b'{"format": 1}'])
def test_what_is_no_library_is_refused(stored, content):
    (stored / META).write_bytes(content)
    with pytest.raises(StaleFitError):
        load_library(stored)


def resealed(stored: Path, **changes: object) -> None:
    """Change fields as somebody who knows the format would."""
    meta = {**json.loads((stored / META).read_bytes()), **changes}
    del meta["digest"]
    (stored / META).write_text(json.dumps({**meta, "digest": digest(meta)}))


def test_draws_of_another_library_are_refused(stored, real_evidence):
    other = library_of_fits(real_evidence, [synthetic_fit(real_evidence, samples=80, seed=9)] * 2)
    content = files_of(other)[DRAWS]
    (stored / DRAWS).write_bytes(content)
    with pytest.raises(StaleFitError, match="not those that it certifies"):
        load_library(stored)
    resealed(stored, draws_digest=hashlib.sha256(content).hexdigest())
    with pytest.raises(StaleFitError, match=r"do not fit|anchors"):
        load_library(stored)


def test_another_format_is_refused_by_its_number(stored):
    resealed(stored, format=LIBRARY_FORMAT + 1)
    with pytest.raises(StaleFitError, match=f"got library format {LIBRARY_FORMAT + 1}, expected {LIBRARY_FORMAT}"):
        load_library(stored)


def test_a_huge_file_is_not_read(stored, monkeypatch):
    monkeypatch.setattr(files, "MAX_LIBRARY_BYTES", 1000)
    with pytest.raises(StaleFitError, match=f"stored/{META} is larger than 1000 bytes"):
        load_library(stored)


@pytest.mark.parametrize("name", [DRAWS, META])
def test_a_missing_file_is_told_by_name(stored, name):
    (stored / name).unlink()
    with pytest.raises(MissingFitError, match=f"no {name} in stored/, expected a library"):
        load_library(stored)


def test_a_library_on_other_evidence_is_refused(stored, real_evidence, library):
    for path in dated(real_evidence.as_of).glob("m[23]_*"):
        shutil.copy(path, stored)
    found = committed_library(real_evidence, stored)
    assert (found.key, found.unchecked) == (library.key, UNCHECKED)
    other = replace(real_evidence, events=real_evidence.events[:-1])
    with pytest.raises(StaleFitError, match="fitted to another evidence; expected the present one; rebuild it"):
        committed_library(other, stored)


@pytest.mark.parametrize(("field", "word"), [("rule_digest", "rule"), ("model_digest", "model")])
def test_one_under_another_rule_or_model_is_refused(stored, real_evidence, field, word):
    made = json.loads((stored / META).read_bytes())["provenance"]
    resealed(stored, provenance={**made, field: "0" * 64})
    with pytest.raises(StaleFitError, match=f"fitted to another {word}; "):
        committed_library(real_evidence, stored)
