"""`forecast`: the same numbers as the functions behind it, from every way to give settings."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from data.types import Evidence
from models.__main__ import main
from models.assumptions.presets import presets
from models.assumptions.setting import Assumptions
from models.commands.forecast import table_text
from models.commands.options.context import Context
from models.fits.alignment_fit import AlignmentFit, save_fit
from models.forecast.results import make_forecast
from models.library.library import Library
from models.names import MODEL_MIXTURE, STATES
from models.snapshot.archive import snapshot_bytes
from models.storage.safe_csv import safe_csv
from tests.support.programs.commands import failed, with_failed_check
from tests.support.values.factories import library_of, synthetic_fit, synthetic_snapshot, whole_snapshot, within_year
from tests.support.values.year_end import YEAR_END


@pytest.fixture(scope="module")
def fit(evidence: Evidence) -> AlignmentFit:
    return synthetic_fit(evidence)


@pytest.fixture(scope="module")
def library(evidence: Evidence, fit: AlignmentFit) -> Library:
    return library_of(evidence, fit)


@pytest.fixture(scope="module")
def stored(fit: AlignmentFit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stored") / "fit"
    save_fit(fit, folder)
    return folder


def test_csv_and_json_are_the_table_and_the_snapshot(
    evidence: Evidence, library: Library, stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["forecast", "--fit", str(stored), "--set", "C01=1.8", "--reason", "C01=why"]
    snapshot = whole_snapshot(evidence, library, {"C01": 1.8}, {"C01": "why"})
    assert main([*arguments, "--csv"]) == 0
    assert capsys.readouterr().out.encode() == safe_csv(snapshot.table)
    assert main([*arguments, "--json"]) == 0
    assert capsys.readouterr().out.encode() == snapshot.json


def test_the_printed_table_says_the_same_in_words(
    evidence: Evidence, library: Library, stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forecast = make_forecast(evidence, library, Assumptions.defaults(evidence.claims))
    assert main(["forecast", "--fit", str(stored), "--model", "m1_latent_alignment"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for state in STATES:
        cells = next(line for line in lines if line.startswith(state)).split("December")[1]
        for horizon in (1, 5):
            chance = forecast.probability("state_at_year_end", horizon, state, "m1_latent_alignment")
            low, high = forecast.interval("state_at_year_end", horizon, state, "m1_latent_alignment")
            number = "<1" if 0 < chance < 0.005 else f"{100 * chance:.0f}"
            assert f"{number} % [{100 * low:.0f}-{100 * high:.0f}]" in cells, (state, horizon)


def test_within_a_year_its_own_end_comes_first_and_the_headline_stays_the_third_ahead(
    evidence: Evidence, library: Library
) -> None:
    snapshot, day = synthetic_snapshot(evidence, library), date(2026, 10, 8)
    whole = make_forecast(evidence, library, Assumptions.defaults(evidence.claims))
    text = table_text(replace(whole, table=within_year(snapshot, day).table, reference_date=day), MODEL_MIXTURE)
    heading = next(line for line in text.splitlines() if "2031" in line)
    assert heading.split() == ["2026", "(begun)", "2027", "2028", "2029", "2030", "2031"]
    assert "\nEnd of 2028: " in text
    assert "\nActs of 2027: " in text
    assert "at the end of 2025)" in text


def test_the_headline_is_the_third_year_end_and_the_next_full_year(
    evidence: Evidence, library: Library, stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forecast = make_forecast(evidence, library, Assumptions.defaults(evidence.claims))
    year, model = evidence.as_of.year, "m1_latent_alignment"
    assert main(["forecast", "--fit", str(stored), "--model", model]) == 0
    text = capsys.readouterr().out
    chances = {state: forecast.probability("state_at_year_end", 3, state, model) for state in STATES}
    assert f"End of {year + 3}: {max(chances, key=chances.get)}, " in text
    low, *_, middle, _, _, high = list(forecast.quantiles(1, model).values())
    assert f"Acts of {year + 1}: mean {middle:+.1f} [{low:+.1f} to {high:+.1f}]; worse " in text
    assert f"against the tone of {forecast.tone:+.1f} at the end of {year}" in text
    assert main(["forecast", "--fit", str(stored), "--model", "m0_base_rate"]) == 0
    text = capsys.readouterr().out
    assert f"End of {year + 3}: " in text
    assert "Acts of" not in text, "the base rate says nothing of a year's own mean"


def test_every_way_to_give_settings_leads_to_the_same_numbers(
    evidence: Evidence, library: Library, stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sceptic = presets(Assumptions.defaults(evidence.claims).knobs)["sceptic"].values
    values = {**sceptic, "volatility": 0.5}
    snapshot = whole_snapshot(evidence, library, values, {"volatility": "calm"})
    (tmp_path / "a.json").write_text(json.dumps({"values": values, "reasons": {"volatility": "calm"}}))
    (tmp_path / "s.zip").write_bytes(snapshot_bytes(snapshot, {}))
    ways = (
        ["--preset", "sceptic", "--set", "volatility=0.5", "--reason", "volatility=calm"],
        [
            *(word for key, value in values.items() for word in ("--set", f"{key}={value}")),
            "--reason",
            "volatility=calm",
        ],
        ["--assumptions-file", str(tmp_path / "a.json")],
        ["--snapshot", str(tmp_path / "s.zip")],
    )
    for way in ways:
        assert main(["forecast", "--fit", str(stored), "--json", *way]) == 0
        assert capsys.readouterr().out.encode() == snapshot.json


def test_without_a_fit_the_committed_library_answers(
    evidence: Evidence, library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    context = Context(library={evidence: library}.__getitem__)
    assert main(["forecast", "--as-of", str(YEAR_END), "--set", "C01=1.8", "--json"], context) == 0
    assert capsys.readouterr().out.encode() == whole_snapshot(evidence, library, {"C01": 1.8}).json
    message = failed(capsys, ["forecast", "--as-of", "2015-12-31"])
    assert "expected a day that the models were fitted for: 2025-12-31" in message
    assert "`python -m models library fit --as-of 2015-12-31`" in message


def test_settings_too_far_from_the_draws_are_shown_with_a_warning(
    stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    far = ["--set", "confidence=0.5", "--set", "C14=-1", "--set", "persistence=0.5"]
    assert main(["forecast", "--fit", str(stored), *far]) == 0
    out, err = capsys.readouterr()
    assert "reliability: poor" in out
    assert "Warning: these settings are too far from the library's fits" in err


def test_a_settings_file_of_a_windows_editor_is_read(
    stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b'\xef\xbb\xbf{"values": {"C07": 2.0}}\r\n')
    assert main(["forecast", "--fit", str(stored), "--assumptions-file", str(path)]) == 0
    assert "Settings: C07=2" in capsys.readouterr().out


BAD_SETTINGS = {
    "unknown knob": (["--set", "C99=1"], "unknown knob 'C99'"),
    "out of bounds": (["--set", "C01=9"], "expected 0.75 to 3.35"),
    "off its step": (["--set", "C01=1.61"], "multiple of 0.05"),
    "no number": (["--set", "C01=high"], "expected a number"),
    "decimal comma": (["--set", "C01=1,8"], "write a decimal point"),
    "typographic minus": (["--set", "C14=\u22121"], "write the hyphen -"),
    "NaN": (["--set", "C01=nan"], "expected a number"),
    "beyond every number": (["--set", "C01=1e999"], "expected a number"),
    "Python's own digits": (["--set", "C01=1_0"], "expected a number"),
    "no equals sign": (["--set", "C01"], "expected KEY=VALUE"),
    "no value": (["--set", "C01="], "expected KEY=VALUE"),
    "twice": (["--set", "C01=1.8", "--set", "C01=1.9"], "got --set C01 twice"),
    "unknown preset": (["--preset", "hawk"], "expected one of evidence, essay"),
    "reason for an unknown knob": (["--reason", "C99=x"], "unknown knob 'C99'"),
    "missing snapshot": (["--snapshot", "absent.zip"], "absent.zip could not be read"),
    "missing fit": (["--fit", "absent"], "no fit.json in absent/"),
    "date of no fit": (["--as-of", "2015-12-31"], "answers for 2025-12-31 only"),
}


@pytest.mark.parametrize(("options", "message"), BAD_SETTINGS.values(), ids=BAD_SETTINGS.keys())
def test_bad_settings_are_told(
    options: list[str], message: str, stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start = [] if "--fit" in options else ["--fit", str(stored)]
    assert message in failed(capsys, ["forecast", *start, *options])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"values": {"C01": NaN}}', "got NaN"),
        ('{"values": {"C01": "1.8"}}', "expected a finite number"),
        ('{"values": {"C01": 99}}', "out of bounds|expected 0.75 to 3.35"),
        ('{"values": [], "reasons": {}}', "expected an object with"),
        ('{"values": {}, "command": "rm"}', "nothing else"),
        ('{"values": {"C01": 1.8', "not JSON"),
    ],
)
def test_a_bad_assumptions_file_is_told(
    content: str, message: str, stored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.json"
    path.write_text(content)
    err = failed(capsys, ["forecast", "--fit", str(stored), "--assumptions-file", str(path)])
    assert any(part in err for part in message.split("|"))


def test_a_fit_that_failed_its_checks_is_shown_with_a_warning(
    fit: AlignmentFit, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_fit(with_failed_check(fit), tmp_path / "bad")
    assert main(["forecast", "--fit", str(tmp_path / "bad")]) == 0
    assert "Warning: a fit failed its check “R-hat”" in capsys.readouterr().err
