"""`python -m models sensitivity`: what it stores, what it says, and when it fails."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.load import load_evidence
from data.types import Evidence
from models.__main__ import main
from models.commands import sensitivity
from models.commands.options.context import Context
from models.commands.sensitivity import acceptance, chosen
from models.errors import FitError
from models.fits.alignment_fit import AlignmentFit, fit_files
from models.leave_out.cases import Basis, Case
from models.sampling.anchor_fits import AnchorTask
from models.sampling.copies import CopiesTask
from models.sensitivity import power_scaling
from models.sensitivity.refits import RefitTask, answer_of
from tests.support.programs.commands import OneThread
from tests.support.values.factories import synthetic_fit
from tests.support.values.likelihood_fits import readable

PIECES = "claim:C03,indicator:sipri_arms_rus_chn,domain:economy"


@pytest.fixture(scope="session")
def real_evidence() -> Evidence:
    """What commands read without being asked for a day."""
    return load_evidence()


@pytest.fixture(scope="module")
def basis(real_evidence: Evidence) -> Basis:
    return Basis.of(real_evidence)


@dataclass
class Refitted:
    """Every refit finds what the reference fit found, and is named in `asked`."""

    fit: AlignmentFit
    asked: list[str] = field(default_factory=list)

    def __call__(self, task: AnchorTask | RefitTask | CopiesTask) -> Mapping[str, object]:
        if isinstance(task, AnchorTask):
            return fit_files(self.fit)
        if isinstance(task, RefitTask):
            self.asked.append(str(task.case))
            return answer_of(self.fit)
        self.asked.append(task.name)
        mean = np.linspace(0.1, 0.9, 30)
        return {name: mean.tolist() for name in ("mean", "mcse", "low", "high", "width_error")}


@pytest.fixture
def refitted(basis: Basis, monkeypatch: pytest.MonkeyPatch) -> Refitted:
    """A study without a sampler, of one event by weights."""
    monkeypatch.setattr(sensitivity, "_swept", lambda basis: (_first_event(basis),))
    row = {"knob": "C01", "label": "x", "quantity": "deeper, 5 y", "prior": 0.1, "likelihood": 0.1, "reading": "x"}
    monkeypatch.setattr(power_scaling, "power_scaling", lambda *_: pd.DataFrame([row]))
    return Refitted(fit=readable(synthetic_fit(basis.evidence, samples=80)))


def _first_event(basis: Basis) -> Case:
    return Case(kind="event", name=basis.evidence.events[0].id)


def test_it_compares_archives_and_goes_on_where_it_was(refitted: Refitted, tmp_path: Path, capsys) -> None:
    arguments = ["sensitivity", "--cases", PIECES, "--out", str(tmp_path / "out"), "--work", str(tmp_path / "work")]
    context = Context(workers=OneThread(refitted))
    code = main(arguments, context)
    first = capsys.readouterr()
    assert "largest difference of a green case" in first.out
    assert "Refitted claim:C03." in first.err
    assert refitted.asked == ["claim:C03", "domain:economy", "C02, one", "C02, shared", "C02, naive"]
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [
        "about.json",
        *(f"{name}.csv" for name in sorted(("cases", "cells", "copies", "events", "knobs", "psense"))),
    ]
    about = json.loads((tmp_path / "out" / "about.json").read_text())
    assert {"evidence", "rule", "model", "seed", "figures"} <= set(about)
    cells = pd.read_csv(tmp_path / "out" / "cells.csv")
    assert len(cells) == 3 * (30 + 30 + 30)
    assert set(cells["route"]) == {"weights", "refit", "exact"}
    refitted.asked.clear()
    assert main(arguments, context) == code
    assert refitted.asked == []


def agreed(difference: float, status: str = "good", count: int = 30) -> pd.DataFrame:
    rows = {"status": status, "refit_status": "exact", "difference": 0.001}
    return pd.DataFrame([rows] * (count - 1) + [rows | {"difference": difference}])


def control(change: float = 0.0, narrowing: float = 0.0) -> pd.DataFrame:
    shared = {"way": "shared", "change": change, "narrowing": narrowing}
    return pd.DataFrame([shared, {"way": "naive", "change": 0.5, "narrowing": 0.5}])


@pytest.mark.parametrize(
    ("cases", "copies", "passed"),
    [
        (agreed(0.0099), control(), True),
        (agreed(-0.0101), control(), False),
        (pd.concat([agreed(0.0), agreed(0.2, "poor", 1)]), control(), True),
        (agreed(0.0, count=29), control(), False),
        (agreed(0.0).assign(refit_status="poor"), control(), False),
        (agreed(0.0), control(change=-0.021), False),
        (agreed(0.0), control(narrowing=0.051), False),
    ],
)
def test_the_acceptance_follows_the_green_cases_and_the_shared_copies(cases, copies, passed: bool) -> None:
    assert acceptance(cases, copies)["passed"].all() == passed


def test_a_few_named_cases_need_not_be_thirty() -> None:
    assert acceptance(agreed(0.0, count=2), control(), designed=False)["passed"].all()


def test_kinds_and_names_are_read_and_typing_errors_told(basis: Basis) -> None:
    assert [str(case) for case in chosen("claim:C03, claim:C03 ,domain:economy", basis)] == [
        "claim:C03",
        "domain:economy",
    ]
    assert len(chosen("claim", basis)) == 14
    for text, message in (("weather", "expected one of event"), ("claim:C99", "such as claim:C01")):
        with pytest.raises(FitError, match=message):
            chosen(text, basis)
