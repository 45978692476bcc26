"""What is asked beside a forecast: answers taken as observed, and acts made to happen."""

import argparse

from models.signposts.pins import read_act, read_pin
from models.signposts.published import Asking


def add_asking(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    group = parser.add_argument_group("what if")
    observed = "observed: S03=yes, S03=no or deeper@2028; may be repeated"
    group.add_argument("--given", metavar="PIN", action="append", default=[], help=observed)
    group.add_argument("--do", metavar="ACT", action="append", default=[], help="made to happen: S09@2027")


def chosen_asking(args: argparse.Namespace) -> Asking:
    """Pins and acts as they were given.

    Raises
    ------
    AssumptionError
        One that cannot be read.
    """
    return tuple(map(read_pin, args.given)), tuple(map(read_act, args.do))
