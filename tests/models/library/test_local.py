"""The local library: refits join it, several processes at once, and no kill leaves anything but a whole one."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from pathlib import Path

import numpy as np
import pytest

from data.types import Evidence
from models.assumptions.setting import Assumptions
from models.errors import FitError
from models.fits.alignment_fit import AlignmentFit, load_fit, save_fit
from models.library import local
from models.library.anchors import Design
from models.library.files import DRAWS, META, load_library
from models.library.library import Library
from models.library.local import KEPT_POOLS, join_refits, newest_pools
from models.sampling.anchor_fits import task_of
from models.storage import disk
from tests.support.programs.commands import with_failed_check
from tests.support.values.anchor_work import fit_of, library_of_fits
from tests.support.values.factories import synthetic_fit

FORK = "ignore:This process .* is multi-threaded:DeprecationWarning"


@pytest.fixture(scope="module")
def template(real_evidence: Evidence) -> AlignmentFit:
    return synthetic_fit(real_evidence, samples=80)


@pytest.fixture(scope="module")
def refits(real_evidence: Evidence, default_assumptions: Assumptions, template: AlignmentFit) -> list[AlignmentFit]:
    settings = [default_assumptions.replace({"C14": level}) for level in (0.8, 1.0, 1.2, 0.2)]
    designs = [Design(name=f"refit {n}", assumptions=one) for n, one in enumerate(settings)]
    return [fit_of(template, task_of(one, real_evidence, 900 + n)) for n, one in enumerate(designs)]


@pytest.fixture(scope="module")
def committed(real_evidence: Evidence, template: AlignmentFit, default_assumptions: Assumptions) -> Library:
    design = Design(name="C14 high", assumptions=default_assumptions.replace({"C14": 2.0}))
    return library_of_fits(real_evidence, [template, fit_of(template, task_of(design, real_evidence, 7))])


def stored(fit: AlignmentFit, folder: Path, age: float = 0.0) -> Path:
    """Store a refit as the worker does, `age` seconds ago."""
    path = folder / "fits" / fit.key
    save_fit(fit, path)
    moment = path.stat().st_mtime - age
    os.utime(path, (moment, moment))
    return path


def fit_keys(library: Library) -> set[str]:
    return {one.fit_key for one in library.anchors}


def found(committed: Library, folder: Path) -> Library | None:
    return local.local_library(committed, folder)


def test_without_refits_there_is_none(real_evidence, committed, tmp_path):
    assert found(committed, tmp_path) is None
    assert join_refits(real_evidence, committed, tmp_path) is None
    assert found(committed, tmp_path) is None


def test_a_refit_joins_and_the_committed_draws_stay(real_evidence, committed, refits, tmp_path):
    stored(refits[0], tmp_path)
    joined = join_refits(real_evidence, committed, tmp_path)
    read = found(committed, tmp_path)
    assert read.key == joined.key != committed.key
    assert [one.name for one in read.anchors] == ["base", "anchor 1", f"refit {refits[0].key[:12]}"]
    assert fit_keys(read) == fit_keys(committed) | {refits[0].key}
    assert read.provenance.parent == committed.key
    first = slice(0, committed.size)
    np.testing.assert_array_equal(joined.counts[first], committed.counts)
    np.testing.assert_array_equal(joined.anchor[first], committed.anchor)
    np.testing.assert_array_equal(joined.draws.crossproduct[first], committed.draws.crossproduct)
    assert joined.size == committed.size + refits[0].chain.size


def test_the_supports_are_those_of_one_pool_made_at_once(real_evidence, committed, refits, template, tmp_path):
    """The second route: all three fits pooled without a committed library between them."""
    stored(refits[0], tmp_path)
    joined = join_refits(real_evidence, committed, tmp_path)
    high = load_high(real_evidence, template, committed)
    at_once = library_of_fits(real_evidence, [template, high, refits[0]])
    supports = [[one.log_support for one in library.anchors] for library in (joined, at_once)]
    np.testing.assert_allclose(*supports, atol=1e-8)
    np.testing.assert_allclose(joined.log_mixture, at_once.log_mixture, atol=1e-8)


def load_high(evidence: Evidence, template: AlignmentFit, committed: Library) -> AlignmentFit:
    setting = Assumptions.defaults(evidence.claims).replace(committed.anchors[1].values)
    return fit_of(template, task_of(Design(name="C14 high", assumptions=setting), evidence, 7))


@pytest.mark.parametrize(
    "spoilt",
    [
        with_failed_check,
        lambda fit: replace(fit, evidence_digest="0" * 64),
        lambda fit: replace(fit, rule_digest="0" * 64),
        lambda fit: replace(fit, model_digest="0" * 64),
        lambda fit: replace(fit, assumptions_values={**fit.assumptions_values, "C14": 99.0}),
        lambda fit: replace(fit, assumptions_values={**fit.assumptions_values, "C99": 1.0}),
    ],
    ids=["failed a check", "other evidence", "other rule", "other model", "out of range", "unknown knob"],
)
def test_a_refit_that_may_not_join_keeps_no_other_out(real_evidence, committed, refits, tmp_path, spoilt):
    stored(spoilt(refits[0]), tmp_path)
    assert join_refits(real_evidence, committed, tmp_path) is None
    stored(refits[1], tmp_path, age=60)
    assert fit_keys(join_refits(real_evidence, committed, tmp_path)) == fit_keys(committed) | {refits[1].key}


def test_damaged_and_half_written_refits_are_left_out(real_evidence, committed, refits, tmp_path):
    path = stored(refits[0], tmp_path)
    (path / "draws.npz").write_bytes((path / "draws.npz").read_bytes()[:-9])
    (stored(refits[1], tmp_path) / "fit.json").unlink()
    stored(refits[2], tmp_path)
    assert fit_keys(join_refits(real_evidence, committed, tmp_path)) == fit_keys(committed) | {refits[2].key}


def test_no_fit_is_pooled_twice(real_evidence, committed, refits, template, tmp_path):
    stored(template, tmp_path)
    assert join_refits(real_evidence, committed, tmp_path) is None, "the base is in the committed library"
    stored(refits[0], tmp_path)
    save_fit(refits[0], tmp_path / "fits" / "copy")
    assert join_refits(real_evidence, committed, tmp_path).size == committed.size + refits[0].chain.size


def test_the_newest_refits_are_kept(real_evidence, committed, refits, tmp_path, monkeypatch):
    monkeypatch.setattr(local, "MOST_ANCHORS", 2)
    for age, fit in zip((30, 10, 20, 40), refits, strict=True):
        stored(fit, tmp_path, age)
    joined = join_refits(real_evidence, committed, tmp_path)
    assert [one.fit_key for one in joined.anchors[2:]] == [refits[1].key, refits[2].key]


def test_another_committed_library_has_no_part_in_it(real_evidence, committed, refits, template, tmp_path):
    stored(refits[0], tmp_path)
    join_refits(real_evidence, committed, tmp_path)
    rebuilt = library_of_fits(real_evidence, [template, refits[3]])
    assert found(rebuilt, tmp_path) is None
    later = replace(committed.provenance, reference_date=committed.provenance.reference_date + timedelta(days=1))
    assert found(replace_provenance(committed, later), tmp_path) is not None
    stale = replace(committed.provenance, evidence_digest="0" * 64)
    assert found(replace_provenance(committed, stale), tmp_path) is None


def replace_provenance(library: Library, provenance: object) -> Library:
    names = ("draws", "counts", "ledgers", "anchor", "chain", "anchors", "paths")
    return Library(**{name: getattr(library, name) for name in names}, provenance=provenance)


def two_pools(evidence: Evidence, committed: Library, refits: list[AlignmentFit], folder: Path) -> tuple[str, str]:
    """Keys of an older and a newer pool."""
    keys = []
    for fit in refits[:2]:
        stored(fit, folder)
        keys.append(join_refits(evidence, committed, folder).key)
    assert [path.name for path in newest_pools(folder)] == keys[::-1]
    return keys[0], keys[1]


@pytest.mark.parametrize("name", [DRAWS, META])
def test_a_damaged_pool_gives_way_to_the_older_one(real_evidence, committed, refits, tmp_path, name):
    old, new = two_pools(real_evidence, committed, refits, tmp_path)
    for key, expected in ((new, old), (old, None)):
        path = tmp_path / "library" / key / name
        path.write_bytes(path.read_bytes()[:-20])
        read = found(committed, tmp_path)
        assert (read.key if read else None) == expected
    assert join_refits(real_evidence, committed, tmp_path).key == found(committed, tmp_path).key == new


@pytest.mark.parametrize("left", [(), (DRAWS,), (META,), (f".{DRAWS}.00ff.partial",)])
def test_a_half_written_folder_is_passed_over(real_evidence, committed, refits, tmp_path, left):
    _, new = two_pools(real_evidence, committed, refits, tmp_path)
    half = tmp_path / "library" / ("f" * 64)
    half.mkdir()
    for name in left:
        (half / name).write_bytes((tmp_path / "library" / new / META).read_bytes())
    assert newest_pools(tmp_path)[0] == half
    assert found(committed, tmp_path).key == new


def test_old_pools_are_cleared_away(real_evidence, committed, refits, tmp_path):
    two_pools(real_evidence, committed, refits, tmp_path)
    stored(refits[2], tmp_path)
    newest = join_refits(real_evidence, committed, tmp_path)
    assert len(newest_pools(tmp_path)) == KEPT_POOLS == 2
    assert found(committed, tmp_path).key == newest.key


def test_whoever_waits_too_long_for_the_others_is_told(real_evidence, committed, refits, tmp_path, monkeypatch):
    from filelock import FileLock

    monkeypatch.setattr(local, "LOCK_SECONDS", 0.1)
    stored(refits[0], tmp_path)
    (tmp_path / "library").mkdir()
    with (
        FileLock(tmp_path / "library" / "lock", is_singleton=False),
        pytest.raises(FitError, match=r"another process has been writing library/ for 0\.1 seconds; try again later"),
    ):
        join_refits(real_evidence, committed, tmp_path)


def joining(evidence: Evidence, committed: Library, fit: AlignmentFit, folder: Path) -> None:
    """What a worker does with an accepted refit."""
    stored(fit, folder)
    join_refits(evidence, committed, folder)


def dying(evidence: Evidence, committed: Library, folder: Path, moment: int) -> None:
    """Join, and be killed at the n-th step that touches the disk: two writes, two renames, one clearing away."""
    steps = iter(range(moment + 1))

    def then_die(step: object) -> object:
        def counted(*args: object, **named: object) -> object:
            if next(steps) == moment:
                os.kill(os.getpid(), signal.SIGKILL)
            return step(*args, **named)

        return counted

    disk._write_through, Path.replace = then_die(disk._write_through), then_die(Path.replace)
    local.shutil.rmtree = then_die(local.shutil.rmtree)
    join_refits(evidence, committed, folder)


def started(target: object, *args: object) -> ForkProcess:
    process = get_context("fork").Process(target=target, args=args)
    process.start()
    return process


@pytest.mark.filterwarnings(FORK)
def test_two_processes_join_at_the_same_time(real_evidence, committed, refits, tmp_path):
    processes = [started(joining, real_evidence, committed, fit, tmp_path) for fit in refits[:3]]
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert fit_keys(found(committed, tmp_path)) == fit_keys(committed) | {fit.key for fit in refits[:3]}
    assert all(load_library(path) for path in newest_pools(tmp_path))


@pytest.mark.filterwarnings(FORK)
@pytest.mark.parametrize("moment", range(5))
def test_a_killed_join_leaves_a_whole_library_and_no_lock(real_evidence, committed, refits, tmp_path, moment):
    _, newest = two_pools(real_evidence, committed, refits, tmp_path)
    stored(refits[2], tmp_path)
    killed = started(dying, real_evidence, committed, tmp_path, moment)
    killed.join(60)
    assert killed.exitcode == -signal.SIGKILL
    read = found(committed, tmp_path)
    everything = fit_keys(committed) | {fit.key for fit in refits[:3]}
    renamed_both = moment == 4
    assert fit_keys(read) == everything if renamed_both else read.key == newest
    assert fit_keys(join_refits(real_evidence, committed, tmp_path)) == everything
    assert fit_keys(found(committed, tmp_path)) == everything
    assert all(load_fit(path) for path in (tmp_path / "fits").iterdir())
