"""`python -m models members`: fit and show M2 and M3, the members of the mixture beside the latent alignment."""

import argparse

from models.commands.options.line import Parsers, actions, add_json, answer, command, note
from models.fits.member_fit import save_member
from models.library.members import committed_members

DESCRIPTION = """\
The ordered regression (M2) and the hidden regimes (M3): four fits of seconds each, after a minute of compilation.
`fit` replaces what is committed in models/fits/dates; `show` tells what is there, with every acceptance check.
"""


def add(commands: Parsers) -> None:
    """Add the command."""
    text = "fit or show the models beside the flagship"
    parts = actions(command(commands, "members", text, description=DESCRIPTION), "WHAT")
    command(parts, "fit", "sample and store them", run_fit)
    add_json(command(parts, "show", "list the stored fits", run_show), "the fits")


def run_fit(args: argparse.Namespace) -> int:
    """Fit all and store them together: none is stored unless all passed."""
    note("Compiling; the first time this takes a minute.")
    from models.sampling.fit_members import fit_members

    evidence = args.context.evidence()
    members = fit_members(evidence, lambda name: note(f"Fitted {name}."))
    for name, fit in members.fits.items():
        save_member(fit, args.context.fits(evidence.as_of), name)
    print(f"{len(members.fits)} fits, members {members.key[:12]}")
    return 0


def run_show(args: argparse.Namespace) -> int:
    """List the stored fits and their checks."""
    evidence = args.context.evidence()
    members = committed_members(evidence, args.context.fits(evidence.as_of))
    lines = [f"members {members.key[:12]}"]
    for name, fit in members.fits.items():
        checks, failed = fit.diagnostics.checks, len(fit.diagnostics.failures)
        lines.append(f"{name}: {fit.chain.size} draws, {len(checks) - failed} checks passed, {failed} failed")
        lines += [f"  {check.name}: {check.value:.4g} ({check.threshold})" for check in checks]
    certificates = {name: fit.certificate for name, fit in members.fits.items()}
    return answer(args, {"key": members.key, "fits": certificates}, "\n".join(lines))
