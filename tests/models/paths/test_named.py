"""What-ifs with a name: each is of the essay, can be asked from any first year, and moves a driver."""

from pathlib import Path

import pytest

from data.errors import EvidenceError
from data.types import Evidence
from models.errors import AssumptionError
from models.paths.drivers import HeldDrivers
from models.paths.named import COLUMNS, NAMED, named_path, named_paths


def test_every_name_moves_a_driver_of_a_claim_in_its_paragraph(evidence: Evidence) -> None:
    drivers, claims = HeldDrivers.of(evidence), {claim.id: claim for claim in evidence.claims}
    assert {"wolf", "no_programme", "mistrust", "pressure"} <= set(named_paths())
    for start in drivers.starts:
        for key, path in named_paths().items():
            holds = path.holds(start)
            assert (drivers.along(holds)[-1] != drivers.table.origin).sum() == len(holds), key
            told = {part for hold in holds for part in claims[hold.claim].paragraph.split(";")}
            assert set(path.paragraph.split(";")) <= told, key


def test_a_name_may_carry_its_year() -> None:
    path, holds = named_path("wolf@2028", 2026)
    assert {hold.start for hold in holds} == {2028}
    assert named_path("wolf", 2026) == (path, path.holds(2026))


@pytest.mark.parametrize(
    ("text", "told"),
    [("wolff", "expected one of wolf"), ("wolf@", "correct the year"), ("wolf@soon", "correct the year")],
)
def test_an_unknown_name_or_year_is_told(text: str, told: str) -> None:
    with pytest.raises(AssumptionError, match=told):
        named_path(text, 2026)


def test_a_file_with_a_hold_that_cannot_be_read_is_refused_with_its_row(tmp_path: Path) -> None:
    (tmp_path / NAMED).write_text(",".join(COLUMNS) + "\nx,Label,C13=usual,5,Words.\n", encoding="utf-8")
    with pytest.raises(EvidenceError, match=r"row 2.*no other claim is measured"):
        named_paths(tmp_path)
