"""`python -m models worker`: the process in which the page's refits run. PyMC is imported only once it runs."""

import argparse
import os
import sys
from pathlib import Path

from models.commands.options.line import Parsers, command

DESCRIPTION = """\
Compile the model once and answer refit requests, one line of JSON each on standard input, until it closes.
The page starts and ends it; for a single fit use `python -m models fit`. Progress and outcomes are rows of a table,
fits are files, both below FOLDER.
"""
NICENESS = 5
"""A refit keeps every core busy; the page's own answers go first."""


def add(commands: Parsers) -> None:
    """Add the command."""
    text = "answer the page's refits (the page starts it)"
    worker = command(commands, "worker", text, run_worker, description=DESCRIPTION)
    worker.add_argument("--home", metavar="FOLDER", type=Path, required=True, help="folder of jobs and fits")


def run_worker(args: argparse.Namespace) -> int:
    """Serve until standard input closes."""
    from models.refits.worker import compiled_run, joined_to_library, serve

    if hasattr(os, "nice"):
        os.nice(NICENESS)
    serve(iter(sys.stdin.readline, ""), args.home, compiled_run, joined_to_library(args.home))
    return 0
