"""The command line, `python -m models`: everything that the page can do with numbers, for people and for programs."""

import argparse
import os
import sys
from collections.abc import Sequence
from functools import cache
from typing import NoReturn

from data.errors import ConjunctionError
from models.commands import (
    backtest,
    calibrate,
    evidence,
    export,
    fit,
    forecast,
    library,
    members,
    paths,
    record,
    resolve,
    sensitivity,
    signposts,
    snapshot,
    track,
    worker,
)
from models.commands.options.context import Context
from models.commands.programs import alerts, mcp
from models.errors import FitCancelled
from models.text.masking import masked
from models.text.output import take_any_letter

DESCRIPTION = """\
Scenario forecasts for the China-Russia space relationship: evidence + assumptions -> fit -> forecast -> snapshot.

start here:
  python -m models forecast                       the probabilities that the page opens with
  python -m models forecast --set C01=1.8         ... if you believe one of the essay's claims more
  python -m models signposts --given S03=yes      chances of the signposts, and what if one is answered
  python -m models paths --named wolf             ... if a driver were held elsewhere from a year on
  python -m models snapshot export --out my.zip   the same as a file that others can check
  python -m models library show                   the fits that the sliders' answers rest on
  python -m models resolve --from 1950 --to 2024  how the past itself is labelled

Every command has its own --help. Answers go to standard output, everything else to standard error.
Exit codes: 0 done, 1 a check failed, 2 an error that the message explains, 130 stopped.
"""
COMMANDS = (
    forecast,
    signposts,
    paths,
    fit,
    library,
    members,
    backtest,
    calibrate,
    sensitivity,
    resolve,
    evidence,
    snapshot,
    export,
    record,
    track,
    worker,
    alerts,
    mcp,
)
FAILED, STOPPED = 2, 130


class Parser(argparse.ArgumentParser):
    """A parser that repeats what it could not take, but no password in it; so do those of the commands."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and stop."""
        super().error(masked(message))


@cache
def parser() -> argparse.ArgumentParser:
    """The whole command line, built once: a program may run many commands."""
    top = Parser(prog="python -m models", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    for module in COMMANDS:
        module.add(commands)
    return top


def main(arguments: Sequence[str] | None = None, context: Context | None = None) -> int:
    """Run one command and return its exit code; the one place where the project's errors become messages."""
    take_any_letter()
    args = parser().parse_args(arguments, argparse.Namespace(context=context or Context()))
    try:
        code = args.run(args)
        sys.stdout.flush()
        return code
    except (FitCancelled, KeyboardInterrupt) as error:
        print(f"stopped: {error}" if str(error) else "stopped", file=sys.stderr)
        return STOPPED
    except ConjunctionError as error:
        print(f"error: {masked(str(error))}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        # The reader (such as `head`) has enough; without this Python complains once more while it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
