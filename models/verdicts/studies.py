"""The archived studies: what each was about and its tables, and whether it is of the present version."""

import json
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Self

import pandas as pd

from data.digest import Fields
from data.types import Evidence
from data.values import frozen
from models.fits.dated import fitted_evidence
from models.library.structures import STRUCTURE_DIGESTS
from models.names import MODEL_M1
from models.outcome.rule import RULE
from models.signpost_study.study import signpost_structures
from models.storage.safe_csv import Tables

type Standing = Literal["present", "earlier", "missing", "stale"]

BACKTEST, CALIBRATION, SENSITIVITY = "backtest", "calibration", "sensitivity"
MID_YEAR, PART_OF_YEAR = "backtest_mid_year", "calibration/part_of_year"
"""The backtest from days inside a year, and the calibration of what reads a part of one."""
SIGNPOSTS = "backtest_signposts"
"""The chances of the signposts, and their pins."""
TABLES = MappingProxyType(
    {
        BACKTEST: (
            *("hindcasts", "comparisons", "recent", "chosen", "reliability", "weights", "stacked", "controls"),
            *("variants", "year_mean_comparisons", "year_mean_variants", "coverage", "spreads", "first_edition_2025"),
        ),
        MID_YEAR: ("comparisons", "thin", "coverage"),
        SIGNPOSTS: (
            *("scores", "comparisons", "calibration", "coverage", "searches", "controls", "history"),
            *("pins", "values"),
        ),
        CALIBRATION: ("summary", "ranks", "fits"),
        PART_OF_YEAR: ("summary", "ranks", "fits"),
        SENSITIVITY: ("cells", "cases", "knobs", "events", "copies"),
    }
)
"""Folder of each study below ``docs/``, and the tables that the page reads."""
OPTIONAL = frozenset({"controls", "variants", "year_mean_variants", "pins", "values"})
"""Tables that a run may leave out."""
COMMANDS = MappingProxyType(
    {
        BACKTEST: "python -m models backtest",
        MID_YEAR: "python -m models backtest --mid-year",
        SIGNPOSTS: "python -m models backtest --signposts --pins",
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
    standing : {"present", "earlier", "missing", "stale"}
        Earlier: on another evidence that the project has fits on, under this rule and of these models. Stale: made from
        unknown evidence, under another rule, or of models that were built otherwise.
    about : Mapping
        Its ``about.json``; empty when missing.
    tables : Mapping[str, DataFrame]
        Empty unless present or earlier: a page cannot show numbers of another version by accident.
    rests_on : str
        Of an earlier study, on which evidence, for a reader; else empty.
    """

    name: str
    standing: Standing
    about: Fields = field(default_factory=dict)
    tables: Tables = field(default_factory=dict)
    rests_on: str = ""

    @property
    def present(self) -> bool:
        """Whether its tables may be shown: it is of this rule and these models, if on earlier evidence (`rests_on`)."""
        return self.standing in ("present", "earlier")

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
        Digest of each model's structure, by model id; of the signposts' constants and list.
    earlier : Mapping[str, date]
        Reference date of other evidences that the project has fits on, by digest.
    """

    evidence: str
    rule: str
    structures: Mapping[str, str]
    earlier: Mapping[str, date] = field(default_factory=dict)

    @classmethod
    def present(cls, evidence: Evidence) -> Self:
        """That of some evidence under this program's rule and models."""
        structures = {**STRUCTURE_DIGESTS, **signpost_structures()}
        return cls(evidence=evidence.digest, rule=RULE.digest, structures=structures, earlier=fitted_evidence())

    def standing(self, about: Fields) -> Standing:
        """That of a study with this ``about``; one of M1 alone says ``model``.

        A calibration with deliberate mistakes (``wrong``) is of no version.
        """
        theirs = dict(about.get("structures") or {MODEL_M1: about.get("model")})
        same = all(self.structures.get(model) == digest for model, digest in theirs.items())
        if about.get("wrong") or not same or about.get("rule") != self.rule:
            return "stale"
        if about.get("evidence") == self.evidence:
            return "present"
        return "earlier" if about.get("evidence") in self.earlier else "stale"

    def matches(self, about: Fields) -> bool:
        """Whether a study with this ``about`` is of this version, on this very evidence."""
        return self.standing(about) == "present"


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
    standing = version.standing(about)
    if standing == "stale":
        return Study(name=name, standing=standing, about=about)
    tables = {table: pd.read_csv(path) for table, path in paths.items()}
    rests_on = "" if standing == "present" else _rests_on(version.earlier[about["evidence"]], about["evidence"])
    return Study(name=name, standing=standing, about=about, tables=tables, rests_on=rests_on)


def read_engine_study(
    folder: Path, library_key: str, earlier: Mapping[str, date] | None = None
) -> tuple[Fields, pd.DataFrame] | None:
    """The held-out study of the engine: what it was about, and one row a setting; None when of another library.

    Parameters
    ----------
    folder : Path
        Holds ``study.json`` and ``settings.csv``.
    earlier : Mapping[str, date], optional
        Reference dates of other libraries whose study counts too, by key. What it is about then says ``rests_on``, as
        `Study` does.
    """
    about = json.loads((folder / "study.json").read_bytes())
    own, day = about["library"] == library_key, (earlier or {}).get(about["library"])
    if not own and day is None:
        return None
    about["rests_on"] = "" if own else _rests_on(day, about["evidence"])
    return about, pd.read_csv(folder / "settings.csv")


def _rests_on(day: date, evidence: str) -> str:
    return f"rests on the evidence as of {day.day} {day:%B %Y} ({evidence[:12]})"
