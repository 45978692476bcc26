"""docs/formats.md tells the columns, groups and variables that are exported, no more and no less."""

import re
from pathlib import Path

import pytest

from data.load import load_evidence
from models.assumptions.setting import Assumptions
from models.forecast.results import make_forecast
from models.formats.hubverse import HUB_COLUMNS
from models.formats.hubverse_config import SCHEMA_VERSION
from models.formats.hubverse_read import SCORE_COLUMNS
from models.formats.hubverse_target import LABEL_COLUMNS, LABELS, ORACLE, ORACLE_COLUMNS
from models.formats.hubverse_validate import SUM_TOLERANCE
from models.formats.netcdf import draws_tree
from tests.support.values.factories import synthetic_fit, synthetic_library
from tests.support.values.year_end import YEAR_END

TEXT = (Path(__file__).parents[1] / "docs" / "formats.md").read_text(encoding="utf-8")


def section(name: str) -> str:
    return re.search(rf"^## {name}.*?(?=^## |\Z)", TEXT, re.M | re.S)[0]


def first_cells(table_head: str, text: str) -> list[str]:
    table = text.split(table_head, 1)[1].split("\n\n", 1)[0]
    return re.findall(r"^\| (.+?) \|", table, re.M)


def named(sentence: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`([^`]+)`", sentence))


def test_the_columns_of_a_forecast_are_told_in_order():
    cells = first_cells("| column | meaning |\n|---|---|\n", section("Hub tables"))
    assert named(" ".join(cells)) == HUB_COLUMNS


@pytest.mark.parametrize(
    ("start", "end", "columns"),
    [
        ("Columns of the oracle output:", "(1 for", ORACLE_COLUMNS),
        ("Columns of the labels:", "\n\n", LABEL_COLUMNS),
        ("Columns of the scores:", ";", SCORE_COLUMNS),
    ],
)
def test_the_columns_of_what_came_true_and_of_scores_are_told(start, end, columns):
    documented = section("Hub tables").split(start, 1)[1].split(end, 1)[0]
    assert named(documented) == columns


def test_files_version_and_tolerance_are_told():
    text = section("Hub tables")
    assert f"`{ORACLE}`" in text
    assert f"`{LABELS}`" in text
    assert f"schema version {SCHEMA_VERSION.removeprefix('v')}" in text
    assert f"within {SUM_TOLERANCE:g}".replace("e-08", "e-8") in text


def test_every_group_of_the_draws_is_told_and_no_other():
    evidence = load_evidence(YEAR_END)
    library, setting = synthetic_library(evidence, samples=40), Assumptions.defaults(evidence.claims)
    fit = synthetic_fit(evidence, samples=40)
    tree = draws_tree(evidence, library, make_forecast(evidence, library, setting), fit)
    rows = dict(re.findall(r"^\| (.+?) \| (.+?) \|$", section("Draws"), re.M))
    documented = {group: named(variables) for groups, variables in rows.items() for group in named(groups)}
    groups = {name for name in tree.children if not name.startswith("m3_")}
    assert groups <= set(documented)
    for name in ("predictions", "observed_data", "library"):
        assert set(documented[name]) == set(tree[name].data_vars)
    drawn = {*fit.parameters.data_vars, "alignment", "cutpoints"}  # what of these is fixed differs between fits
    assert set(documented["constant_data"]) - drawn == set(tree["constant_data"].data_vars) - drawn
    assert set(documented["posterior"]) - {"(chain, draw, ...)"} <= set(tree["posterior"].data_vars)
