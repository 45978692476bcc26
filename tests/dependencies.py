"""All that the project installs, versions and licences: ``python -m tests.dependencies`` writes docs/dependencies.md.

What is declared stands in requirements*.txt; what these need in turn is read from the packages as they are installed.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "dependencies.md"
FILES = {"use": ROOT / "requirements.txt", "development": ROOT / "requirements-dev.txt"}
HEAD = "| package | version | licence | declared for |\n|---|---|---|---|\n"
KNOWN = re.compile(r"License :: (?:OSI Approved :: )?(.+)")
LONGEST = 60


def declared(file: Path) -> dict[str, Requirement]:
    """The pinned packages of a requirements file by their names."""
    lines = file.read_text(encoding="utf-8").splitlines()
    pinned = [Requirement(line) for line in lines if line.strip() and not line.startswith(("#", "-"))]
    return {canonicalize_name(requirement.name): requirement for requirement in pinned}


def needed(roots: Iterable[Requirement]) -> dict[str, Distribution]:
    """All that is installed for these, themselves included."""
    found: dict[str, Distribution] = {}
    waiting = [(requirement, "") for requirement in roots]
    while waiting:
        requirement, extra = waiting.pop()
        name = canonicalize_name(requirement.name)
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        try:
            package = distribution(name)
        except PackageNotFoundError:
            sys.exit(f"{name} is not installed; install requirements-dev.txt first")
        if name in found and not requirement.extras:
            continue
        found[name] = package
        below = [Requirement(text) for text in package.requires or ()]
        waiting += [(one, given) for one in below for given in ("", *requirement.extras)]
    return dict(sorted(found.items()))


def licence(package: Distribution) -> str:
    """What a package says of its licence: an SPDX expression, or classifiers, or the first line of words or file."""
    told = package.metadata
    if expression := told.get("License-Expression"):
        return expression
    classified = [match[1] for text in told.get_all("Classifier", []) if (match := KNOWN.fullmatch(text))]
    texts = [file.read_text() for file in package.files or () if file.name.upper().startswith("LICEN")]
    words = [line for text in (told.get("License") or "", *texts) for line in text.strip().splitlines()]
    return ", ".join(classified) or (words[0][:LONGEST] if words else "not said")


def rows(files: Mapping[str, Path] = FILES) -> Iterator[tuple[str, str, str, str]]:
    """Name, version, licence and purpose of every package; purpose stands in brackets where another one needs it."""
    named = {purpose: declared(file) for purpose, file in files.items()}
    told: dict[str, str] = {}
    packages: dict[str, Distribution] = {}
    for purpose, pinned in named.items():
        for name, package in needed(pinned.values()).items():
            if name in pinned or name not in told:
                told[name] = purpose if name in pinned else f"({purpose})"
            packages[name] = package
    for name in sorted(told):
        yield name, packages[name].version, licence(packages[name]).replace("|", "/"), told[name]


def redrawn(text: str, table: str) -> str:
    """The page with its table drawn anew."""
    before, _, rest = text.partition(HEAD)
    return before + HEAD + table + "\n" + rest.partition("\n\n")[2].lstrip("\n")


if __name__ == "__main__":
    drawn = "".join(f"| {' | '.join(row)} |\n" for row in rows())
    PAGE.write_text(redrawn(PAGE.read_text(encoding="utf-8"), drawn), encoding="utf-8")
