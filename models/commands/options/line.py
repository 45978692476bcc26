"""How a command declares itself on the line, and how it answers: in words, or as JSON for programs."""

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from models.errors import FormatError
from models.snapshot.archive import SUFFIX
from models.text.output import print_json

type Parsers = argparse._SubParsersAction
type Run = Callable[[argparse.Namespace], int]


def command(parsers: Parsers, name: str, text: str, run: Run | None = None, **more: Any) -> argparse.ArgumentParser:
    """Add a command, or an action of one.

    Parameters
    ----------
    text : str
        What the list of commands says of it.
    run : callable, optional
        What it does, and its exit code; a command that only has actions does nothing itself.
    more
        What else argparse takes: ``description`` and ``epilog``, whose lines stay as they are.
    """
    parser = parsers.add_parser(name, help=text, **{"formatter_class": argparse.RawDescriptionHelpFormatter, **more})
    if run:
        parser.set_defaults(run=run)
    return parser


def actions(parser: argparse.ArgumentParser, metavar: str = "ACTION") -> Parsers:
    """Let a command have actions, one of which must be given."""
    return parser.add_subparsers(metavar=metavar, required=True)


def add_json(parser: argparse.ArgumentParser, what: str) -> None:
    """Add the option for output that programs read."""
    parser.add_argument("--json", action="store_true", help=f"print {what} as JSON")


def add_record(parser: argparse.ArgumentParser) -> None:
    """Add the option that chooses another record."""
    parser.add_argument("--record", metavar="URL", help="another record: a file, or postgresql://user@host/database")


def add_out(parser: argparse.ArgumentParser, what: str = "where to write, ending in .zip") -> None:
    """Add the options that say where a file goes."""
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help=what)
    add_force(parser)


def add_force(parser: argparse.ArgumentParser) -> None:
    """Add the option that replaces a file."""
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")


def require_new_zip(path: Path, force: bool, option: str = "") -> None:
    """Refuse to write a zip under another name than one, or over a file that is there.

    Raises
    ------
    FormatError
    """
    if path.suffix != SUFFIX:
        raise FormatError(f"got {option}{path.name}, expected a name that ends in {SUFFIX}; rename it")
    if path.exists() and not force:
        raise FormatError(f"{path.name} exists already; choose another name, or replace it with --force")


def day(text: str) -> date:
    """A date option, as argparse wants it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"got {text!r}, expected a date such as 2024-12-31") from None


def note(text: str) -> None:
    """Tell the person something that is not the answer."""
    print(text, file=sys.stderr)


def answer(args: argparse.Namespace, values: object, text: str) -> int:
    """Print an answer, for programs or for people, and return the exit code of a command that did its work."""
    if args.json:
        print_json(values)
    else:
        print(text)
    return 0


def percent(chance: float) -> str:
    """A chance as a person reads it; a dash where there is none."""
    if chance != chance:
        return "-"
    return "<1 %" if 0 < chance < 0.005 else ">99 %" if 0.995 < chance < 1 else f"{100 * chance:.0f} %"
