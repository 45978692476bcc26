"""`python -m models evidence`: whether it is whole, how far two codings of its rows agree, and new rows into it."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from data.digest import Fields
from data.load import load_evidence
from data.provenance import ProvenanceFinding, check_provenance, write_receipts
from data.readings import CODED, Reading, load_readings
from models.coding.agreement import (
    LARGE_GAP,
    RESAMPLES,
    Agreement,
    Closeness,
    agreements,
    closeness,
    disagreements,
    gap,
)
from models.coding.searches import LATE_FRICTION, Pull, SearchTally, pulls, search_tallies
from models.commands.actions import update
from models.commands.options.line import Parsers, actions, add_json, answer, command, note

CHECK_DESCRIPTION = """\
Check that every file of data/ has a receipt with its SHA-256, every receipt its file, and every row its source.
Rows that load and that no forecast uses are counted with the reason (--all), and told when only their date keeps them
out or when they wait in a pending update. Exit code 1 when a check fails. After editing a file on purpose, write the
new digest with --write-receipts.
"""
AGREEMENT_DESCRIPTION = """\
Krippendorff's alpha of two codings of every row of the ledger, its reserve and the pending update: intensity by steps,
direction, domain and mechanism as right or wrong; over all rows, by domain and by search, each with the central 95 %
of resamples of the rows. Both codings were automated readings, so agreement measures how clear the codebook is, and
not truth. Rows read once are counted and left out.
"""
UNDEFINED = "-"


def add(commands: Parsers) -> None:
    """Add the actions."""
    evidence = command(commands, "evidence", "check the ledger, the indicators and their sources")
    of = actions(evidence)
    check = command(of, "check", "check provenance", run_check, description=CHECK_DESCRIPTION)
    check.add_argument("--write-receipts", action="store_true", help="first write the files' present digests")
    check.add_argument("--all", action="store_true", help="list the passed checks too")
    add_json(check, "the findings")
    agree = command(
        of, "agreement", "how far two codings of a row agree", run_agreement, description=AGREEMENT_DESCRIPTION
    )
    add_json(agree, "the alphas, the searches and the disagreements")
    update.add(of)


def run_check(args: argparse.Namespace) -> int:
    """Print provenance findings; 1 when one failed."""
    if args.write_receipts:
        for file in write_receipts(args.context.data):
            note(f"Wrote the digest of {file}.")
    findings = check_provenance(args.context.data)
    failed = [finding for finding in findings if not finding.passed]
    lines = [
        f"{_word(finding)} {finding.file}: {finding.check}. {finding.detail}".rstrip()
        for finding in findings
        if args.all or finding.notice or not finding.passed
    ]
    noticed = any(finding.notice for finding in findings)
    more = " Nothing is wrong with what the NOTICE above names, and no forecast uses it yet." if noticed else ""
    lines.append(f"{len(findings) - len(failed)} of {len(findings)} checks passed.{more}")
    answer(args, [asdict(finding) for finding in findings], "\n".join(lines))
    return 1 if failed else 0


def run_agreement(args: argparse.Namespace) -> int:
    """Print alpha by column, domain and search, the largest disagreements, and what the second search added."""
    readings = load_readings(args.context.data)
    searched = args.context.edition.searched_until
    events = load_evidence(searched, include_unverified=True, folder=args.context.data).events
    once = sum(reading.read_once for reading in readings)
    found, close, apart = agreements(readings), closeness(readings), disagreements(readings)
    tallies, pulled = search_tallies(events, readings), pulls(events, readings)
    values = {
        "rows": close.rows,
        "read_once": once,
        "resamples": RESAMPLES,
        "alpha": [asdict(one) for one in found],
        "intensity": asdict(close),
        "disagreements": [_coded(reading) for reading in apart],
        "searches": [asdict(one) | {"hostile_share": one.hostile_share} for one in tallies],
        "yearly_means": [asdict(one) for one in pulled],
        "late_friction": LATE_FRICTION,
    }
    parts = (
        [f"{close.rows} rows read twice{f', {once} read once and left out' if once else '; none read once'}."],
        _alpha_lines(found),
        [_closeness_text(close)],
        _apart_lines(apart),
        [*_search_lines(tallies), *map(_pull_line, pulled)],
        [LATE_FRICTION],
    )
    return answer(args, values, "\n\n".join("\n".join(part) for part in parts))


def _word(finding: ProvenanceFinding) -> str:
    return "FAILED" if not finding.passed else "NOTICE" if finding.notice else "ok    "


def _alpha_lines(found: Sequence[Agreement]) -> Iterator[str]:
    yield f"{'alpha (95 %)':25}{'rows':>6}" + "".join(f"  {column:20}" for column in CODED).rstrip()
    for group, member in dict.fromkeys((one.group, one.member) for one in found):
        cells = {one.column: one for one in found if (one.group, one.member) == (group, member)}
        rows = next(iter(cells.values())).rows
        shown = "".join(f"  {_interval(cells.get(column)):20}" for column in CODED)
        yield f"{f'{group} {member}':25}{rows:6}{shown}".rstrip()


def _closeness_text(close: Closeness) -> str:
    return (
        f"The same intensity in {close.exact:.0%} of the rows, within one step in {close.within_one:.0%}; second minus "
        f"first {close.mean:+.2f} on average, standard deviation {close.sd:.2f}."
    )


def _apart_lines(apart: Sequence[Reading]) -> Iterator[str]:
    yield f"{len(apart)} rows lie {LARGE_GAP} steps or more apart or differ in sign (first, second):"
    yield from (f"  {_words(reading)}" for reading in apart)


def _interval(one: Agreement | None) -> str:
    if one is None or one.alpha is None:
        return UNDEFINED
    return f"{one.alpha:.2f} ({one.low:.2f} to {one.high:.2f})"


def _coded(reading: Reading) -> Fields:
    return asdict(reading) | {"gap": gap(reading)}


def _words(reading: Reading) -> str:
    first, second = reading.first, reading.second
    return f"{first.intensity:+3d} {second.intensity:+3d}  {reading.id} ({first.direction}, {second.direction})"


def _search_lines(tallies: Sequence[SearchTally]) -> Iterator[str]:
    yield "What the second search added to the first, in the same years:"
    for one in tallies:
        where = "space rows" if one.space else "all rows"
        share = UNDEFINED if one.hostile_share is None else f"{one.hostile_share:.0%}"
        mean = UNDEFINED if one.mean is None else f"{one.mean:+.2f}"
        yield (
            f"  {one.search:7} {where:11}{one.rows:4}: {one.cooperative} cooperative, {one.hostile} hostile ({share}), "
            f"{one.mixed} mixed, {one.context} for context; mean {mean}"
        )


def _pull_line(one: Pull) -> str:
    kind = "above" if one.sign > 0 else "below"
    return f"  {one.years} years whose plain mean was {kind} nought: {one.before:+.2f} before, {one.after:+.2f} after"
