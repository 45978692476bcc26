"""The archived studies: what each was about and its tables, and whether it is of the present version."""

import json
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Self

import pandas as pd

from data.digest import Fields
from data.types import Evidence
from data.values import frozen
from models.library.structures import STRUCTURE_DIGESTS
from models.names import MODEL_M1
from models.outcome.rule import RULE
from models.storage.safe_csv import Tables

type Standing = Literal["present", "missing", "stale"]

BACKTEST, CALIBRATION, SENSITIVITY = "backtest", "calibration", "sensitivity"
MID_YEAR, PART_OF_YEAR = "backtest_mid_year", "calibration/part_of_year"
"""The backtest from days inside a year, and the calibration of what reads a part of one."""
TABLES = MappingProxyType(
    {
        BACKTEST: (
            *("hindcasts", "comparisons", "recent", "chosen", "reliability", "weights", "stacked", "controls"),
            *("variants", "year_mean_comparisons", "year_mean_variants", "coverage", "spreads", "first_edition_2025"),
        ),
        MID_YEAR: ("comparisons", "thin", "coverage"),
        CALIBRATION: ("summary", "ranks", "fits"),
        PART_OF_YEAR: ("summary", "ranks", "fits"),
        SENSITIVITY: ("cells", "cases", "knobs", "events", "copies"),
    }
)
"""Folder of each study below ``docs/``, and the tables that the page reads."""
OPTIONAL = frozenset({"controls", "variants", "year_mean_variants"})
"""Tables that a run may leave out."""
COMMANDS = MappingProxyType(
    {
        BACKTEST: "python -m models backtest",
        MID_YEAR: "python -m models backtest --mid-year",
        CALIBRATION: "python -m models calibrate",
        PART_OF_YEAR: "python -m models calibrate --part-of-year",
        SENSITIVITY: "python -m models sensitivity",
    }
)


@frozen(eq=False)
class Study:
    """One archived study.

    Attributes
    ----------
    name : str
        One of `TABLES`.
    standing : {"present", "missing", "stale"}
        Stale: made from other evidence, under another rule, or of models that were built otherwise.
    about : Mapping
        Its ``about.json``; empty when missing.
    tables : Mapping[str, DataFrame]
        Empty unless present: a page cannot show numbers of another version by accident.
    """

    name: str
    standing: Standing
    about: Fields = field(default_factory=dict)
    tables: Tables = field(default_factory=dict)

    @property
    def present(self) -> bool:
        """Whether it is of this version."""
        return self.standing == "present"

    @property
    def key(self) -> tuple[object, object]:
        """What its tables depend on: the evidence, and when it was made."""
        return self.about["evidence"], self.about["made"]

    @property
    def command(self) -> str:
        """What makes it anew."""
        return COMMANDS[self.name]


@frozen
class Version:
    """What a study must be of to count.

    Attributes
    ----------
    evidence, rule : str
        Digests.
    structures : Mapping[str, str]
        Digest of each model's structure, by model id.
    """

    evidence: str
    rule: str
    structures: Mapping[str, str]

    @classmethod
    def present(cls, evidence: Evidence) -> Self:
        """That of some evidence under this program's rule and models."""
        return cls(evidence=evidence.digest, rule=RULE.digest, structures=STRUCTURE_DIGESTS)

    def matches(self, about: Fields) -> bool:
        """Whether a study with this ``about`` is of this version; one of M1 alone says ``model``.

        A calibration with deliberate mistakes (``wrong``) is of no version.
        """
        if about.get("wrong"):
            return False
        theirs = about.get("structures") or {MODEL_M1: about.get("model")}
        same = all(self.structures.get(model) == digest for model, digest in dict(theirs).items())
        return same and (about.get("evidence"), about.get("rule")) == (self.evidence, self.rule)


def read_study(name: str, folder: Path, version: Version) -> Study:
    """Read a study's archive.

    Parameters
    ----------
    name : str
        One of `TABLES`.
    folder : Path
        Holds ``about.json`` and a CSV file for each table; one that is not there makes the study missing.
    version : Version
        The present one.
    """
    paths = {table: folder / f"{table}.csv" for table in TABLES[name]}
    paths = {table: path for table, path in paths.items() if table not in OPTIONAL or path.is_file()}
    if not all(path.is_file() for path in (folder / "about.json", *paths.values())):
        return Study(name=name, standing="missing")
    about = json.loads((folder / "about.json").read_bytes())
    if not version.matches(about):
        return Study(name=name, standing="stale", about=about)
    tables = {table: pd.read_csv(path) for table, path in paths.items()}
    return Study(name=name, standing="present", about=about, tables=tables)


def read_engine_study(folder: Path, library_key: str) -> tuple[Fields, pd.DataFrame] | None:
    """The held-out study of the engine: what it was about, and one row a setting; None when of another library.

    Parameters
    ----------
    folder : Path
        Holds ``study.json`` and ``settings.csv``.
    """
    about = json.loads((folder / "study.json").read_bytes())
    return (about, pd.read_csv(folder / "settings.csv")) if about["library"] == library_key else None
