"""`python -m models snapshot verify FILE`: compute every published number again, and with --refit, sample again."""

import argparse
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path

from data.digest import Fields
from data.editions.edition import newest_edition
from data.load import load_evidence
from data.types import Evidence
from models.assumptions.knobs import knobs
from models.assumptions.setting import Assumptions
from models.commands.options.fitting import Report, stop_on_signal
from models.commands.options.line import Parsers, add_json, answer, command, note
from models.errors import MissingFitError, SnapshotError
from models.library.files import committed_library, load_library
from models.library.library import Library
from models.library.local import newest_pools
from models.snapshot.archive import MAX_BYTES, read_archive
from models.snapshot.inputs import read_inputs
from models.snapshot.value import Snapshot
from models.snapshot.verify import Own, Verification, former_parts, verify
from models.storage.disk import read_limited
from models.storage.home import home

DESCRIPTION = """\
Check a snapshot: every file against MANIFEST, every digest against what is stored, and every published number against
what the stored evidence and draws give, bit for bit, offline. Nothing in a snapshot is executed, nothing is unpacked
to disk. A light snapshot, which holds no inputs, is computed from this program's own evidence and draws if their
digests are the same.

--refit also fits the models again at the snapshot's setting, with another seed: probabilities must agree within four
combined Monte Carlo standard errors. It takes minutes and can be stopped with Ctrl-C.

Exit codes: 0 everything is right, 1 something is wrong, 2 something could not be computed again or the file could not
be read.
"""
EXIT_CODES = {"passed": 0, "failed": 1, "undecided": 2}
VERDICTS = {
    "passed": "VERIFIED: every published number was computed again from the inputs and is the same.",
    "failed": "FAILED: this file does not say what it was made from, or was changed.",
    "undecided": "NOT VERIFIED: nothing is wrong, but not everything could be computed again here.",
}


def add(group: Parsers) -> None:
    """Add the action."""
    text = "compute every number again from what is stored"
    parser = command(group, "verify", text, run_verify, description=DESCRIPTION)
    parser.add_argument("file", metavar="FILE", type=Path, help="zip or snapshot.json")
    parser.add_argument("--refit", action="store_true", help="also sample again and compare (minutes)")
    add_json(parser, "the checks")


def run_verify(args: argparse.Namespace) -> int:
    """Print every check and the verdict."""
    content = read_limited(args.file, MAX_BYTES)
    own = partial(own_inputs, library_of=args.context.library)
    checked = verify(content, own)
    refit = _refit(content, checked, own) if args.refit and checked.passed else None
    values = {
        "outcome": checked.outcome,
        "digest": checked.snapshot.digest,
        "checks": [asdict(check) for check in checked.checks],
        "refit": refit,
    }
    answer(args, values, "\n".join([*_lines(checked), *(refit["told"] if refit else ())]))
    if args.refit and not (refit or args.json):
        note("Not fitted again: what is wrong above comes first.")
    return 1 if refit and not refit["agrees"] else EXIT_CODES[checked.outcome]


def own_inputs(
    snapshot: Snapshot, library_of: Callable[[Evidence], Library] = committed_library
) -> tuple[Evidence, Library]:
    """This program's evidence and the library among its own that a light snapshot names.

    Raises
    ------
    MissingFitError
        There is none here.
    """
    if snapshot.reference_date > (newest := newest_edition().searched_until):
        raise SnapshotError(
            f"got the reference date {snapshot.reference_date}, expected at most {newest}, to which this "
            "program's ledger was searched; upgrade"
        )
    evidence = load_evidence(snapshot.reference_date)
    if evidence.digest != snapshot.evidence.digest:
        raise SnapshotError(
            f"got evidence {snapshot.evidence.digest[:12]}, this program's is {evidence.digest[:12]}; use the version "
            "that wrote the file, or a snapshot with its inputs"
        )
    committed = library_of(evidence)
    if committed.key == snapshot.library.key:
        return evidence, committed
    for folder in newest_pools(home()):
        if folder.name == snapshot.library.key:
            return evidence, load_library(folder).joined_by(committed.members)
    raise MissingFitError(
        f"got library {snapshot.library.key[:12]}, expected the committed one ({committed.key[:12]}) or one of this "
        "folder's; use a snapshot with its inputs"
    )


def _lines(checked: Verification) -> list[str]:
    words = {True: "ok     ", False: "WRONG  ", None: "unknown"}
    snapshot = checked.snapshot
    head = f"Snapshot {snapshot.digest[:12]}, reference date {snapshot.reference_date}"
    checks = (f"{words[check.passed]}  {check.name}: {check.detail}" for check in checked.checks)
    return [head, *checks, VERDICTS[checked.outcome]]


def _refit(content: bytes, checked: Verification, own: Own) -> Fields:
    """Sample again; PyMC is loaded here and nowhere before."""
    archive = read_archive(content)
    snapshot, inputs = archive.snapshot, archive.inputs
    if former := former_parts(snapshot):
        raise SnapshotError(
            f"got a snapshot made with {former}, expected the rule and models that this program samples: its "
            "numbers can be computed again from the stored draws, but not sampled again; use the version that wrote it"
        )
    evidence, _ = read_inputs(inputs) if inputs else own(snapshot)
    assumptions = Assumptions(knobs=knobs(evidence.claims), values=snapshot.assumptions.values)
    note("Loading the sampler.")
    from models.sampling.again import LIMIT, fit_again, unused_seed
    from models.sampling.sampler import SamplerSettings

    report, settings = Report(None), SamplerSettings(seed=unused_seed(checked.snapshot))
    with stop_on_signal(report) as cancelled:
        refit = fit_again(snapshot, evidence, assumptions, settings, report, cancelled)
    worst = refit.rows.iloc[0]
    failed = [f"{model}: {', '.join(check.name for check in checks)}" for model, checks in refit.failures.items()]
    name = f"{worst['model_id']}, {worst['target']}, {worst['target_end_date']}, {worst['output_type_id']}"
    sentences = [
        f"Fitted again with seed {settings.seed}: the largest of {len(refit.rows)} differences is {refit.largest:.2f} "
        f"combined standard errors (limit {LIMIT:g}).",
        f"It is {name}: {worst['published']:.4f} published, {worst['again']:.4f} again.",
        f"Acceptance checks of the new fits: {'; '.join(failed) + ' FAILED' if failed else 'all passed'}.",
    ]
    rows = refit.rows.to_dict("records")
    return {"agrees": refit.agrees, "largest": refit.largest, "failed_checks": failed, "rows": rows, "told": sentences}
