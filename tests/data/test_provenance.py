"""Every file has its receipt, and a changed byte is found."""

import pytest

from data.digest import file_digest
from data.errors import EvidenceError
from data.load import load_evidence
from data.provenance import check_provenance, write_receipts
from data.receipts import DATA_FOLDER, load_receipts
from data.vocabulary import ESSAY_PARAGRAPHS


def faults(folder) -> dict[tuple[str, str], str]:
    return {(one.file, one.check): one.detail for one in check_provenance(folder) if not one.passed}


def test_the_real_folder_is_in_order():
    assert faults(DATA_FOLDER) == {}


def test_every_file_was_looked_at():
    looked_at = {one.file for one in check_provenance() if one.check == "SHA-256"}
    on_disk = {path.relative_to(DATA_FOLDER).as_posix() for path in DATA_FOLDER.rglob("*.csv")}
    assert looked_at == (on_disk | {"codebook.md"}) - {"sources.csv"}


@pytest.mark.parametrize("file", ["events.csv", "codebook.md", "indicators/sipri_milex.csv"])
def test_a_changed_byte_is_found(folder, file):
    path = folder / file
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(bytes(content))
    assert (file, "SHA-256") in faults(folder)


def test_a_missing_receipt_is_found(folder):
    lines = (folder / "sources.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("indicators/space_budgets_estimates.csv")]
    assert len(kept) == len(lines) - 1
    (folder / "sources.csv").write_text("".join(kept), encoding="utf-8")
    assert ("indicators/space_budgets_estimates.csv", "has a receipt") in faults(folder)


def test_what_a_file_manager_leaves_is_no_unlisted_file(folder):
    before = len(check_provenance(folder))
    (folder / "._events.csv").write_bytes(b"\0\5\x16\7")
    (folder / "indicators" / "._sipri_milex.csv").write_bytes(b"\0\5\x16\7")
    assert len(check_provenance(folder)) == before


def test_an_unlisted_file_is_found(folder):
    (folder / "indicators" / "rumours.csv").write_text("year,value\n2020,1\n", encoding="utf-8")
    assert list(faults(folder)) == [("indicators/rumours.csv", "has a receipt")]


def test_a_file_that_is_gone_is_found(folder):
    (folder / "indicators" / "space_budgets_estimates.csv").unlink()
    assert list(faults(folder)) == [("indicators/space_budgets_estimates.csv", "is on disk")]


@pytest.mark.parametrize("column", ["unit", "licence", "citation", "definition_breaks", "source", "period", "title"])
def test_an_empty_field_of_a_receipt_is_found(folder, spoil, column):
    spoil("sources.csv", 7, **{column: ""})
    found = faults(folder)
    assert f"sources.csv, row 7, column '{column}': got nothing" in found["sources.csv", "receipts can be read"]


def test_two_receipts_for_a_file_are_found(folder, append):
    append("sources.csv")
    assert "again, first in sources.csv" in faults(folder)["sources.csv", "receipts can be read"]


@pytest.mark.parametrize("file", ["../outside.csv", "/etc/hosts"])
def test_a_receipt_stays_inside_the_folder(folder, spoil, file):
    spoil("sources.csv", 2, file=file)
    assert "inside the data folder" in faults(folder)["sources.csv", "receipts can be read"]


def test_a_changed_header_is_found(folder):
    path = folder / "indicators" / "space_budgets_estimates.csv"
    path.write_bytes(path.read_bytes().replace(b"usd_bn", b"eur_bn", 1))
    assert ("indicators/space_budgets_estimates.csv", "columns") in faults(folder)


def test_a_missing_source_label_is_found(folder):
    path = folder / "sources.csv"
    row = next(n for n, one in enumerate(load_receipts(folder), start=2) if one.file.endswith("sipri_milex.csv"))
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[row - 1] = lines[row - 1].replace(",opened,", ",,", 1)
    path.write_text("".join(lines), encoding="utf-8")
    assert ("indicators/sipri_milex.csv", "source labels") in faults(folder)


def test_a_malformed_ledger_is_a_finding_not_a_crash(folder, spoil):
    spoil("events.csv", 5, domain="moon")
    assert "row 5, column 'domain'" in faults(folder)["events.csv", "can be read"]


@pytest.mark.parametrize("cells", [{"paragraph": "10"}, {"paragraph": "99"}, {"indicators": "made_up.series"}])
def test_a_claim_that_points_nowhere_is_found(folder, spoil, cells):
    spoil("claims.csv", 2, **cells)
    assert ("claims.csv", "claim C01") in faults(folder)


def test_the_headings_of_the_essay_claim_nothing():
    assert all(set(claim.paragraphs) <= ESSAY_PARAGRAPHS for claim in load_evidence().claims)


def test_writing_receipts_settles_an_added_row(folder, append):
    append("events.csv", id="E2025-01-02-later", date="2025-01-02", date_precision="day")
    assert ("events.csv", "SHA-256") in faults(folder)
    assert write_receipts(folder) == ("events.csv",)
    assert faults(folder) == {}
    assert {one.file: one.sha256 for one in load_receipts(folder)}["events.csv"] == file_digest(folder / "events.csv")


def test_writing_receipts_twice_changes_nothing(folder):
    before = (folder / "sources.csv").read_bytes()
    assert write_receipts(folder) == ()
    assert (folder / "sources.csv").read_bytes() == before


def test_writing_receipts_touches_only_the_digest(folder, spoil):
    before = (folder / "sources.csv").read_text(encoding="utf-8").splitlines()
    spoil("events.csv", 2, coding_note="Checked.")
    write_receipts(folder)
    after = (folder / "sources.csv").read_text(encoding="utf-8").splitlines()
    assert [n for n, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]] == [1]


def test_no_receipt_is_written_for_what_cannot_be_read(folder, spoil):
    before = (folder / "sources.csv").read_bytes()
    spoil("events.csv", 5, domain="moon")
    with pytest.raises(EvidenceError, match="row 5, column 'domain'"):
        write_receipts(folder)
    assert (folder / "sources.csv").read_bytes() == before


def test_no_receipt_is_written_beside_an_unlisted_file(folder):
    (folder / "rumours.csv").write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(EvidenceError, match=r"rumours\.csv: file without a receipt"):
        write_receipts(folder)


def test_a_full_disk_keeps_the_old_receipts(folder, spoil, monkeypatch):
    before = (folder / "sources.csv").read_bytes()
    spoil("events.csv", 2, coding_note="Checked.")

    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_text", full)
    with pytest.raises(OSError, match="No space left"):
        write_receipts(folder)
    assert (folder / "sources.csv").read_bytes() == before
    assert not list(folder.glob("*.part"))
