"""What the tests of the command line share."""

from dataclasses import replace
from functools import cache

import pytest

from data.load import load_evidence
from models.__main__ import main
from models.fits.alignment_fit import AlignmentFit
from models.fits.certificate import Check, Diagnostics
from models.library.library import Library
from tests.support.values.factories import synthetic_library


@cache
def small_library() -> Library:
    """Build, once, what stands in for the committed library where its numbers don't matter."""
    return synthetic_library(load_evidence(), samples=80)


def failed(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    """Run a command that must fail cleanly and return its message."""
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert len(err) < 700
    return err


def with_failed_check(fit: AlignmentFit) -> AlignmentFit:
    check = Check(name="R-hat", passed=False, value=1.2, threshold="at most 1.01", meaning="Chains disagree.")
    return replace(fit, diagnostics=Diagnostics(checks=(check,)))
