"""The evidence as a data package: every file with its receipt, and a descriptor that says what each column is."""

from data.package import DESCRIPTOR, descriptor_bytes
from data.receipts import DATA_FOLDER, load_receipts
from models.storage.disk import Files, explained
from models.storage.zips import zipped


def package_files() -> Files:
    """Everything in the package, by name.

    Raises
    ------
    FileError, EvidenceError
    """
    names = [receipt.file for receipt in load_receipts()] + ["sources.csv"]
    with explained(DATA_FOLDER, "read"):
        files = {name: (DATA_FOLDER / name).read_bytes() for name in names}
    return {**files, DESCRIPTOR: descriptor_bytes()}


def package_zip() -> bytes:
    """The package as one zip; the same files give the same bytes."""
    return zipped(package_files())
