"""New fits and new rows put in force, each by one rename, so that a kill at any moment leaves the old or the new state.

The fits come first: nothing reads them before the rows name their evidence. Then the rows. A kill between the two
leaves fits that nobody asks for; one after both leaves what is no longer needed, and the next run puts it away.
"""

import json
import secrets
import shutil
from datetime import date
from pathlib import Path

from data.days import is_year_end
from data.editions.edition import editions
from data.types import Evidence
from models.errors import FitError
from models.fits.dated import dated, fitted_dates, fitted_evidence
from models.library.files import committed_library
from models.storage.disk import explained, wait_for_disk
from models.update.project import Project
from models.update.staging import Prepared

COMING, LEAVING = ".coming-", ".leaving-"
"""What the names of folders begin with that are half written or half removed; nothing reads them."""
STUDIES = ("*/about.json", "*/study.json")


def install(project: Project, staged: Prepared) -> None:
    """Put the staged fits beside the others, where programs find them that have their evidence.

    Raises
    ------
    FitError
        The staged fits are not whole.
    FileError
    """
    root, evidence = project.fits, staged.evidence
    target = dated(evidence.as_of, root)
    if _answers(evidence, target):
        return
    committed_library(evidence, staged.fits)
    coming = root / f"{COMING}{secrets.token_hex(4)}"
    with explained(root, "written"):
        try:
            coming.mkdir()
            for path in sorted(staged.fits.iterdir()):
                if path.is_file() and not path.name.startswith("."):
                    _copied(path, coming / path.name)
            _leave(target)  # of rows that never came into force: an update ends later than the one before
            coming.rename(target)
        finally:
            shutil.rmtree(coming, ignore_errors=True)


def tidy(project: Project, evidence: Evidence) -> tuple[date, ...]:
    """Remove the fits that nothing needs.

    Kept are the fits of the newest date, of the newest year-end, of every evidence that a study in ``docs/`` names, and
    of dates that were never an edition's: somebody made those by hand.

    Parameters
    ----------
    evidence : Evidence
        In force.

    Returns
    -------
    tuple of date
        Whose fits were removed.

    Raises
    ------
    FileError
    """
    root, gone = project.fits, _unneeded(project, evidence)
    with explained(root, "written"):
        for day in gone:
            _leave(dated(day, root))
        for path in (*root.glob(f"{LEAVING}*"), *root.glob(f"{COMING}*")):
            shutil.rmtree(path, ignore_errors=True)
    return gone


def _unneeded(project: Project, evidence: Evidence) -> tuple[date, ...]:
    dates = fitted_dates(project.fits)
    year_ends = [day for day in dates if is_year_end(day) and day <= evidence.as_of]
    kept = {evidence.as_of, *year_ends[-1:], *_studied(project)}
    former = {edition.as_of for edition in editions(project.data)}
    return tuple(day for day in dates if day in former - kept)


def _studied(project: Project) -> set[date]:
    """Reference dates of the evidences that studies rest on."""
    known, named = fitted_evidence(project.fits), set()
    for pattern in STUDIES:
        for path in project.docs.glob(pattern):
            digest = json.loads(path.read_bytes()).get("evidence")
            named |= {known[digest]} if digest in known else set()
    return named


def _answers(evidence: Evidence, folder: Path) -> bool:
    """Whether whole fits of the evidence lie in a folder."""
    try:
        committed_library(evidence, folder)
    except FitError:
        return False
    return True


def _copied(source: Path, target: Path) -> None:
    with source.open("rb") as read, target.open("xb") as written:
        shutil.copyfileobj(read, written)
        wait_for_disk(written)


def _leave(folder: Path) -> None:
    """Take a folder out of sight by one rename, and then remove it."""
    if not folder.is_dir():
        return
    leaving = folder.with_name(f"{LEAVING}{secrets.token_hex(4)}")
    folder.replace(leaving)
    shutil.rmtree(leaving, ignore_errors=True)
