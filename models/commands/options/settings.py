"""Options that several commands share: the knobs, the draws and the date, read strictly."""

import argparse
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from data.csv.hints import number_hint
from data.csv.numbers import finite_number
from data.editions.edition import Edition
from data.load import load_claims
from data.receipts import DATA_FOLDER
from data.types import Claim, Evidence
from models.assumptions.knobs import knobs
from models.assumptions.presets import presets
from models.assumptions.setting import Assumptions
from models.commands.options.line import day, note
from models.errors import AssumptionError, FitError, MissingFitError, StaleFitError
from models.fits.alignment_fit import load_fit, present_fit
from models.fits.dated import fitted_dates
from models.library.library import Library
from models.library.pool import single
from models.measures.drivers import driver_table
from models.measures.structure import DRIVER_SCALE
from models.snapshot.archive import MAX_BYTES, read_snapshot
from models.snapshot.value import Snapshot, restore_assumptions
from models.storage.disk import read_limited
from models.storage.strict_json import MAX_JSON_BYTES, read_strict_json

SETTINGS_HELP = """\
settings:
  Every knob has a key (C01 to C14 for the essay's claims, six global ones), bounds, a step and a default.
  --knobs lists them. Settings are checked: a value out of bounds or off its step is an error, never rounded.
"""


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose assumptions."""
    group = parser.add_argument_group("settings")
    start = group.add_mutually_exclusive_group()
    start.add_argument("--preset", metavar="NAME", help="start from a preset: essay, outside_view, sceptic, ...")
    start.add_argument("--snapshot", metavar="FILE", type=Path, help="start from a snapshot's settings (zip or JSON)")
    start.add_argument(
        "--assumptions-file",
        metavar="FILE",
        type=Path,
        help='start from a JSON file: {"values": {"C01": 1.8}, "reasons": {"C01": "..."}}',
    )
    group.add_argument("--set", metavar="KEY=VALUE", action="append", default=[], help="move one knob; may be repeated")
    group.add_argument("--reason", metavar="KEY=TEXT", action="append", default=[], help="why, kept in snapshots")
    group.add_argument("--knobs", action=_ListKnobs, nargs=0, help="list every knob and preset, and stop")


def add_library(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose the stored draws and their date."""
    parser.add_argument("--fit", metavar="FOLDER", type=Path, help="read this fit instead of the committed library")
    parser.add_argument("--as-of", metavar="DATE", type=day, help="reference date; must be that of the draws")


def chosen_assumptions(args: argparse.Namespace, claims: Iterable[Claim]) -> Assumptions:
    """Assumptions that the options ask for.

    Raises
    ------
    AssumptionError, SnapshotError, FileError
    """
    claims = tuple(claims)
    values = {key: _number(key, text) for key, text in _pairs(args.set, "--set").items()}
    return _start(args, claims).replace(values, _pairs(args.reason, "--reason"))


def chosen_library(args: argparse.Namespace) -> tuple[Evidence, Library]:
    """Evidence and the draws that answer to it: the committed library of the day that was asked for (the newest where
    none was), or the one fit of the folder that was given.

    Raises
    ------
    FitError
        There is no such fit, it is stale, or the date that was asked for is another one.
    """
    if args.as_of is not None:
        require_day(args.as_of, args.context.edition)
    if args.fit is None:
        evidence = args.context.evidence(args.as_of)
        return evidence, _library_as_of(args, evidence)
    fit = load_fit(args.fit)
    evidence = args.context.evidence(fit.reference_date)
    library = single(present_fit(fit, evidence), driver_table(evidence), knobs(evidence.claims))
    if args.as_of not in (None, fit.reference_date):
        raise StaleFitError(
            f"got --as-of {args.as_of}, but the fit in {args.fit.name} answers for {fit.reference_date} only; make one "
            f"with `python -m models fit --as-of {args.as_of} --out FOLDER`, then give `--fit FOLDER`"
        )
    return evidence, library


def _library_as_of(args: argparse.Namespace, evidence: Evidence) -> Library:
    try:
        return args.context.library(evidence)
    except MissingFitError as error:
        if args.as_of is None:
            raise
        listed = ", ".join(map(str, fitted_dates()))
        raise MissingFitError(
            f"got --as-of {args.as_of}, expected a day that the models were fitted for: {listed}; fit that day, in some "
            f"ten minutes, with `python -m models library fit --as-of {args.as_of}`"
        ) from error


def require_day(as_of: date, edition: Edition) -> None:
    """Refuse a date that no forecast can be made from.

    Raises
    ------
    FitError
    """
    first, last = date(DRIVER_SCALE.drivers_from, 12, 31), edition.searched_until
    if not first <= as_of <= last:
        more = (
            "; once all up to a later day has been searched, `python -m models evidence update` adds what was found"
            if as_of > last
            else ""
        )
        raise FitError(
            f"got --as-of {as_of}, expected a day from {first}, the end of the first year whose drivers are measured, "
            f"to {last}, to which the ledger was searched; leave --as-of out for the newest{more}"
        )


def read_snapshot_file(path: Path) -> Snapshot:
    """Read a snapshot from a file, never more of it than a snapshot can have."""
    return read_snapshot(read_limited(path, MAX_BYTES))


def restored(snapshot: Snapshot, claims: Iterable[Claim]) -> Assumptions:
    """A snapshot's settings among the present knobs; what could not be kept is told on standard error."""
    assumptions, problems = restore_assumptions(snapshot, claims)
    for problem in problems:
        note(problem)
    return assumptions


def _start(args: argparse.Namespace, claims: tuple[Claim, ...]) -> Assumptions:
    defaults = Assumptions.defaults(claims)
    if args.snapshot:
        return restored(read_snapshot_file(args.snapshot), claims)
    if args.assumptions_file:
        return _from_file(args.assumptions_file, defaults)
    if args.preset is None:
        return defaults
    available = presets(defaults.knobs)
    if args.preset not in available:
        raise AssumptionError(
            f"got the preset {args.preset!r}, expected one of {', '.join(available)}; correct its name"
        )
    return defaults.replace(available[args.preset].values)


def _from_file(path: Path, defaults: Assumptions) -> Assumptions:
    content = read_strict_json(read_limited(path, MAX_JSON_BYTES), path.name, multiline=frozenset({"reasons"}))
    values, reasons = content.pop("values", {}), content.pop("reasons", {})
    if content or not (isinstance(values, dict) and isinstance(reasons, dict)):
        raise AssumptionError(
            f"{path.name}: expected an object with `values` and, if you like, `reasons`, nothing else"
        )
    return defaults.replace(values, reasons)


def _pairs(texts: Sequence[str], option: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in texts:
        key, sign, value = text.partition("=")
        if not (key and sign and value):
            raise AssumptionError(
                f"got {option} {text!r}, expected KEY=VALUE such as C01=1.8; see --knobs for the keys"
            )
        if key in pairs:
            raise AssumptionError(f"got {option} {key} twice, expected it once; leave one out")
        pairs[key] = value
    return pairs


def _number(key: str, text: str) -> float:
    value = finite_number(text)
    if value is None:
        hint = number_hint(text) or "correct it"
        raise AssumptionError(f"knob {key}: got {text!r}, expected a number such as 1.8; {hint}")
    return value


class _ListKnobs(argparse.Action):
    """Print the knobs and stop, as ``--help`` does."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        available = knobs(load_claims(DATA_FOLDER))
        for knob in available.values():
            low, high, default = (f"{value:.{knob.decimals}f}" for value in (knob.low, knob.high, knob.default))
            print(f"{knob.key:20} {default:>6}  {low} to {high} step {knob.step:g}  {knob.label} ({knob.unit})")
        print()
        for preset in presets(available).values():
            print(f"--preset {preset.key:16} {preset.label}: {preset.description}")
        parser.exit()
