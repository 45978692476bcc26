"""`python -m models export`: files appear, say what they are, and nothing of others is overwritten."""

import json
import zipfile
from datetime import UTC, datetime

import pytest

from data.receipts import DATA_FOLDER
from models.__main__ import main
from models.commands.export import REPORTS, report_renderer
from models.commands.options.context import Context
from models.fits.alignment_fit import save_fit
from models.formats.hubverse_read import read_hub
from models.record.entries import Draft
from models.record.store import Record
from models.snapshot.archive import snapshot_bytes
from tests.support.programs.commands import failed
from tests.support.values.factories import library_of, synthetic_fit, synthetic_snapshot


@pytest.fixture(scope="module")
def fit(real_evidence):
    return synthetic_fit(real_evidence, samples=40)


@pytest.fixture(scope="module")
def snapshot(real_evidence, fit):
    return synthetic_snapshot(real_evidence, library_of(real_evidence, fit), {"C01": 1.8}, {"C01": "=they bite"})


@pytest.fixture
def source(tmp_path, snapshot):
    path = tmp_path / "forecast.zip"
    path.write_bytes(snapshot_bytes(snapshot, {}))
    return str(path)


def test_a_snapshot_becomes_a_hub_and_comes_back(tmp_path, source, snapshot, capsys):
    out = tmp_path / "hub"
    assert main(["export", "hub", "--out", str(out), "--from", source, "--format", "parquet"]) == 0
    assert "Wrote hub" in capsys.readouterr().err
    assert set(read_hub(out).table["reference_date"]) == {snapshot.reference_date.isoformat()}
    assert main(["export", "read-hub", str(out), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    whole = snapshot.table[snapshot.table["model_id"] == "mixture"]
    published = whole[whole["output_type"].isin(["pmf", "quantile"])]
    assert [row["value"] for row in rows if row["model_id"].startswith("mixture")] == published["value"].tolist()
    assert main(["export", "read-hub", str(out), "--scores"]) == 0
    assert capsys.readouterr().out.startswith("model_id,mark,")


def test_what_is_there_is_not_overwritten(tmp_path, source, capsys):
    out = tmp_path / "x.zip"
    out.write_bytes(b"mine")
    for what in ("hub", "report", "evidence"):
        more = [] if what == "evidence" else ["--from", source]
        assert "exists already" in failed(capsys, ["export", what, "--out", str(out), *more])
    assert out.read_bytes() == b"mine"


def test_a_report_goes_where_it_is_asked_for(tmp_path, source, snapshot):
    seen = []

    def laid_out(*given):
        seen.append(given)
        return {"report.pdf": b"%PDF", "report.html": b"<html>"}

    context = Context(declared={REPORTS: {"default": laid_out}}.__getitem__)
    for name in ("report", "r.pdf", "r.html"):
        assert main(["export", "report", "--out", str(tmp_path / name), "--from", source], context) == 0
    assert (tmp_path / "report" / "report.pdf").read_bytes() == (tmp_path / "r.pdf").read_bytes() == b"%PDF"
    assert (tmp_path / "report" / "report.html").read_bytes() == (tmp_path / "r.html").read_bytes() == b"<html>"
    assert [(shown.digest, saved) for shown, _, saved in seen] == [(snapshot.digest, None)] * 3


def test_the_installed_package_says_who_lays_reports_out():
    assert report_renderer().__module__ == "dashboard.report.pages"


def test_saved_forecasts_of_the_record_carry_their_mark(tmp_path, snapshot, capsys):
    url = str(tmp_path / "record.db")
    moment = datetime(snapshot.reference_date.year + 1, 12, 31, 12, tzinfo=UTC)
    with Record.open(url, lambda: moment) as record:
        for name, kind in (("Then", "hindcast"), ("Now", "live")):
            record.save(Draft(name=name, author="A. Reader", kind=kind), snapshot, {}, None)
        (now, *_), head = record.forecasts("live"), len(record.forecasts())
    assert head == 2
    out = tmp_path / "hub"
    assert main(["export", "hub", "--out", str(out), "--all", "--record", url]) == 0
    names = {path.name for path in (out / "model-output").iterdir()}
    late = [name for name in names if name.endswith("_late_hindcast")]
    assert len(late) == len([name for name in names if name.endswith("_hindcast")]) / 2 == len(names) / 3
    arguments = ["export", "hub", "--out", str(tmp_path / "one"), "--entry", now.digest[:8], "--record", url]
    assert main(arguments) == 0
    late = [path.name.endswith("_late_hindcast") for path in (tmp_path / "one" / "model-output").iterdir()]
    assert sum(late) == len(late) / 2
    assert "no draws" in failed(
        capsys, ["export", "netcdf", "--out", "d.nc", "--entry", now.digest[:8], "--record", url]
    )


def test_draws_come_from_the_fit_that_is_given(tmp_path, fit, capsys):
    save_fit(fit, tmp_path / "fit")
    out = tmp_path / "draws.nc"
    assert main(["export", "netcdf", "--out", str(out), "--fit", str(tmp_path / "fit")]) == 0
    assert out.read_bytes().startswith(b"\x89HDF")
    assert "bytes" in capsys.readouterr().err


def test_a_light_snapshot_has_no_draws_to_give(tmp_path, source, capsys):
    assert "no draws" in failed(capsys, ["export", "netcdf", "--out", str(tmp_path / "d.nc"), "--from", source])


def test_the_evidence_travels_with_its_descriptor(tmp_path):
    out = tmp_path / "evidence.zip"
    assert main(["export", "evidence", "--out", str(out)]) == 0
    with zipfile.ZipFile(out) as archive:
        package = json.loads(archive.read("datapackage.json"))
        for resource in package["resources"]:
            assert archive.read(resource["path"]) == (DATA_FOLDER / resource["path"]).read_bytes()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["report", "--out", "report.doc"], ".pdf or .html"),
        (["netcdf", "--out", "draws.h5"], ".nc"),
        (["evidence", "--out", "evidence.tar"], ".zip or .json"),
        (["read-hub", "nowhere"], "hub-config"),
    ],
)
def test_wrong_names_are_told(tmp_path, monkeypatch, capsys, source, arguments, message):
    monkeypatch.chdir(tmp_path)
    more = ["--from", source] if arguments[0] == "report" else []
    assert message in failed(capsys, ["export", *arguments, *more])
