"""`python -m models members`: fit and show M2 and M3, the members of the mixture beside the latent alignment."""

import argparse

from models.commands.options.settings import add_json, note, present_evidence
from models.fits.member_fit import MEMBER_FITS, save_member
from models.library.members import committed_members
from models.text.output import print_json

DESCRIPTION = """\
The ordered regression (M2) and the hidden regimes (M3): four fits of seconds each, after a minute of compilation.
`fit` replaces what is committed in models/fits/member_fits; `show` tells what is there, with every acceptance check.
"""


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    layout = argparse.RawDescriptionHelpFormatter
    parser = commands.add_parser(
        "members", help="fit or show the models beside the flagship", description=DESCRIPTION, formatter_class=layout
    )
    parts = parser.add_subparsers(metavar="WHAT", required=True)
    fit = parts.add_parser("fit", help="sample and store them")
    fit.set_defaults(run=run_fit)
    show = parts.add_parser("show", help="list the stored fits")
    add_json(show, "the fits")
    show.set_defaults(run=run_show)


def run_fit(args: argparse.Namespace) -> int:  # noqa: ARG001 (the same for every command)
    """Fit all and store them together: none is stored unless all passed."""
    note("Compiling; the first time this takes a minute.")
    from models.sampling.fit_members import fit_members

    members = fit_members(present_evidence(), lambda name: note(f"Fitted {name}."))
    for name, fit in members.fits.items():
        save_member(fit, MEMBER_FITS, name)
    print(f"{len(members.fits)} fits, members {members.key[:12]}")
    return 0


def run_show(args: argparse.Namespace) -> int:
    """List the stored fits and their checks."""
    members = committed_members(present_evidence())
    fits = members.fits
    if args.json:
        print_json({"key": members.key, "fits": {name: fit.certificate for name, fit in fits.items()}})
        return 0
    print(f"members {members.key[:12]}")
    for name, fit in fits.items():
        failed = len(fit.diagnostics.failures)
        print(f"{name}: {fit.chain.size} draws, {len(fit.diagnostics.checks) - failed} checks passed, {failed} failed")
        for check in fit.diagnostics.checks:
            print(f"  {check.name}: {check.value:.4g} ({check.threshold})")
    return 0
