"""`python -m models sensitivity`: what the forecast would be without each piece of the evidence, by both routes."""

import argparse
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path

import pandas as pd

from data.digest import Fields
from models.commands.options.line import Parsers, command
from models.commands.options.runs import (
    add_workers,
    archive,
    make_folder,
    print_figures,
    progress_of,
    today,
    work_folder,
    workers,
)
from models.errors import FitError
from models.fits.alignment_fit import AlignmentFit
from models.leave_out.cases import KINDS, Basis, Case, cases
from models.measures.structure import ALIGNMENT
from models.outcome.rule import RULE
from models.scores.figures import figures_table
from models.sensitivity.refits import PlainAnswer
from models.sensitivity.study import (
    SELECTION_SEED,
    agreement,
    events_table,
    m0_cells,
    m1_cells,
    select,
    sources_with_several,
)
from models.storage.safe_csv import Tables
from models.storage.tasks import JsonShelf, OnDone, run_all
from models.weighting.status import Status

DESCRIPTION = """\
Leave one event, publisher, domain, indicator file or claim out, and say what moves. Every event is answered by weighing
the draws of one fit; a designed selection of all kinds is also fitted again, and the two answers are compared. Then:
how strongly each probability depends on each prior and on the evidence (power-scaling), and whether ten copies of one
indicator change anything. Finished pieces wait in the work folder; a run that was stopped goes on where it was.

Exit code 1 when a green answer of the fast route is more than one point off its refit, or the copies move the forecast.
"""
SWEEP_DRAWS = 6000
"""They hold the change by most events within 0.3 points (each row says how well); compared pieces use every draw."""
GREEN = tuple(status for status in Status if status.sure)
LEAST_CASES = 30
DECIMALS = 6
"""A ten-thousandth of a point: enough to read any difference, and the archive stays half as large."""
DESIGN = "all"


def add(commands: Parsers) -> None:
    """Add the command."""
    text = "what the forecast would be without each piece of the evidence"
    parser = command(commands, "sensitivity", text, run, description=DESCRIPTION)
    pieces = f"pieces to refit: all (the design), names such as claim:C01,domain:economy, kinds ({', '.join(KINDS)})"
    parser.add_argument("--cases", metavar="LIST", default=DESIGN, help=pieces)
    parser.add_argument("--out", metavar="FOLDER", type=Path, default=Path("docs/sensitivity"), help="where tables go")
    add_workers(parser)


def run(args: argparse.Namespace) -> int:
    """Weigh, refit, compare, archive; 1 when the acceptance is missed."""
    from models.leave_out.weighed import Reference
    from models.sampling.anchor_fits import fit_all
    from models.sensitivity.refits import reference_task
    from models.sensitivity.study import weigh_all

    basis, work = Basis.of(args.context.evidence()), work_folder(args, "sensitivity")
    named = None if args.cases == DESIGN else chosen(args.cases, basis)
    shelf = JsonShelf(folder=work / "weights")
    make_folder(args.out)
    with workers(args) as executor:
        fit = fit_all([reference_task(basis.evidence)], work, executor, _progress("Fitted"))[0]
        swept = weigh_all(Reference.of(basis, fit, SWEEP_DRAWS), _swept(basis), shelf, _progress("Weighed"))
        study = named or select(basis, swept)
        refits, copies = _refits(basis, study, work, executor), _copies(basis, work, executor)
    weighed = weigh_all(Reference.of(basis, fit), study, shelf, _progress("Weighed with every draw"))
    tables = _tables(basis, fit, study, weighed, refits) | {"events": events_table(basis, swept), "copies": copies}
    figures = acceptance(tables["cases"], copies, designed=named is None)
    rounded = {name: table.round(DECIMALS) for name, table in tables.items()}
    archive(args.out, _about(basis, fit, figures), rounded)
    return print_figures(figures)


def chosen(text: str, basis: Basis) -> tuple[Case, ...]:
    """Cases from a list of kinds and ``kind:name``.

    Raises
    ------
    FitError
        Nothing of that kind or name.
    """
    pieces: list[Case] = []
    for part in filter(None, (word.strip() for word in text.split(","))):
        case = Case.of(part)
        of_kind = cases(basis.evidence, case.kind)
        if case.name and case not in of_kind:
            advice = f"expected a {case.kind} that the evidence knows, such as {of_kind[0]}; correct it"
            raise FitError(f"got {part!r}, {advice}")
        pieces += [case] if case.name else of_kind
    return tuple(dict.fromkeys(pieces))


def acceptance(agreed: pd.DataFrame, copies: pd.DataFrame, *, designed: bool = True) -> pd.DataFrame:
    """The figures that the study must reach: columns measure, value, threshold, passed.

    Parameters
    ----------
    agreed : DataFrame
        `models.sensitivity.study.agreement`.
    copies : DataFrame
        `models.sampling.copies.copies_control`.
    designed : bool
        False leaves the number of cases out: somebody asked for a few.
    """
    green, fair = agreed["status"].isin(GREEN), agreed["refit_status"] == Status.EXACT
    points, shared = 100 * agreed["difference"].abs(), copies[copies["way"] == "shared"]
    return figures_table(
        [
            ("cases compared", float(len(agreed)), ">=", LEAST_CASES if designed else 0),
            ("green cases", float(green.sum()), ">=", LEAST_CASES if designed else 0),
            ("largest difference of a green case, points", points[green].max() if green.any() else 0.0, "<=", 1.0),
            ("refits that failed a check", float((~fair).sum()), "<=", 0.0),
            ("largest move by ten copies, points", 100 * shared["change"].abs().max(), "<=", 2.0),
            ("largest narrowing by ten copies, per cent", 100 * shared["narrowing"].max(), "<=", 5.0),
        ]
    )


def _swept(basis: Basis) -> tuple[Case, ...]:
    return (*cases(basis.evidence, "event"), *sources_with_several(basis.evidence))


def _refits(basis: Basis, study: Sequence[Case], work: Path, executor: Executor) -> dict[Case, PlainAnswer]:
    """The exact answers; cases that leave the same evidence share one."""
    from models.sensitivity.refits import RefitTask, run_refit

    tasks = {case: RefitTask.of(basis, case) for case in study}
    distinct = list({task.key: task for task in reversed(tasks.values())}.values())[::-1]
    answers = run_all(distinct, JsonShelf(folder=work / "refits"), executor, run_refit, _progress("Refitted"))
    by_key = {task.key: answer for task, answer in zip(distinct, answers, strict=True)}
    return {case: by_key[task.key] for case, task in tasks.items()}


def _copies(basis: Basis, work: Path, executor: Executor) -> pd.DataFrame:
    from models.sampling.copies import WAYS, copies_control, copies_tasks, run_copies

    shelf = JsonShelf(folder=work / "copies")
    answers = run_all(copies_tasks(basis), shelf, executor, run_copies, _progress("Fitted with copies"))
    return copies_control(dict(zip(WAYS, answers, strict=True)))


def _tables(
    basis: Basis,
    fit: AlignmentFit,
    study: Sequence[Case],
    weighed: Mapping[Case, PlainAnswer],
    refits: Mapping[Case, PlainAnswer],
) -> Tables:
    from models.sensitivity.power_scaling import by_knob, power_scaling
    from models.sensitivity.refits import answer_of

    before, scaled = answer_of(fit), power_scaling(fit, basis)
    inside = [m1_cells(basis.evidence, case, before, weighed[case], refits[case]) for case in study]
    cells = pd.concat([*inside, *(m0_cells(basis, case) for case in study)], ignore_index=True)
    return {"cells": cells, "cases": agreement(cells), "psense": scaled, "knobs": by_knob(scaled)}


def _about(basis: Basis, fit: AlignmentFit, figures: pd.DataFrame) -> Fields:
    return {
        "made": today(),
        "evidence": basis.evidence.digest,
        "rule": RULE.digest,
        "model": ALIGNMENT.digest,
        "record": basis.digest,
        "reference_fit": fit.key,
        "reference_date": basis.evidence.as_of.isoformat(),
        "seed": SELECTION_SEED,
        "versions": dict(fit.versions),
        "figures": figures.to_dict("records"),
    }


def _progress(verb: str) -> OnDone:
    """Progress of one part of the run."""

    def sentence(task: object) -> str:
        piece = task if isinstance(task, Case) else getattr(task, "case", None) or task.name
        return f"{verb} {piece}."

    return progress_of(sentence)
