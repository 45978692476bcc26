"""`resolve`: the rule's own labels, and rows that no label uses told."""

import json
from datetime import date
from pathlib import Path

import pytest

from data.types import Evidence
from models import commands
from models.__main__ import main
from models.commands.options.context import Context
from models.outcome import candidates
from models.outcome.past_rows import NEVER
from models.outcome.rule import RULE, RULE_1, resolve_history
from models.outcome.signpost_list import SIGNPOSTS
from models.outcome.words import break_words, cut_words, tone_words, weight_words, year_words
from models.outcome.year_mean import resolve_year_mean
from tests.support.programs.commands import failed


def test_resolve_prints_the_labels_of_the_rule(evidence: Evidence, capsys: pytest.CaptureFixture[str]) -> None:
    expected = resolve_history(evidence.events, 1957, 1970)
    assert main(["resolve", "--from", "1957", "--to", "1970", "--json"]) == 0
    years = json.loads(capsys.readouterr().out)["years"]
    assert [(label["year"], label["state"], label["tone"]) for label in years] == [
        (label.year, label.state.value, label.tone) for label in expected
    ]
    assert main(["resolve", "--from", "1957", "--to", "1970"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for line, label in zip(lines, expected, strict=True):
        assert line.split()[:2] == [str(label.year), label.state.value]
        assert label.reason in line


def test_resolve_covers_the_whole_ledger_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert (lines[0][:4], lines[-1][:4], len(lines)) == ("1950", "2025", 76)
    assert main(["resolve", "--as-of", "2010-12-31"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("2010")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--from", "1900"], "expected 1950 to 2025"),
        (["--to", "2031"], "expected 1950 to 2025"),
        (["--from", "1970", "--to", "1960"], "first <= last"),
        (["--as-of", "2010-06-30", "--to", "2010"], "expected 1950 to 2009"),
    ],
)
def test_resolve_refuses_years_that_the_ledger_cannot_label(
    options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert message in failed(capsys, ["resolve", *options])


def test_labels_are_given_under_the_rule_that_is_named(evidence: Evidence, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("rule-1", RULE_1.digest):
        assert main(["resolve", "--from", "2016", "--rule", name, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["rule"] == {"version": "rule-1", "digest": RULE_1.digest}
        expected = resolve_history(evidence.events, 2016, 2025, RULE_1)
        assert [label["tone"] for label in told["years"]] == [label.tone for label in expected]
    assert "expected one of rule-1 (d28ac40afaef), rule-2" in failed(capsys, ["resolve", "--rule", "rule-9"])


def test_years_own_means_are_told_against_the_tone_a_year_before(
    evidence: Evidence, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["resolve", "--year-means", "--json"]) == 0
    years = json.loads(capsys.readouterr().out)["years"]
    assert [year["year"] for year in years] == list(range(1951, 2026))
    expected = resolve_year_mean(evidence.events, 2025, 2024)
    assert (years[-1]["mean"], years[-1]["word"]) == (expected.mean, expected.word)
    assert main(["resolve", "--year-means", "--from", "2025"]) == 0
    assert capsys.readouterr().out == f"2025  {expected.word:15}  {expected.reason}\n"
    assert "rule-1, which has no cuts" in failed(capsys, ["resolve", "--year-means", "--rule", "rule-1"])


@pytest.mark.parametrize(
    ("options", "unused"),
    [
        (["--signposts", "--rule", "rule-1"], "--rule"),
        (["--candidates", "--as-of", "2010-12-31", "--json"], "--as-of, --json"),
    ],
)
def test_what_an_answer_does_not_rest_on_is_refused(
    options: list[str], unused: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert f"got {unused} with {options[0]}" in failed(capsys, ["resolve", *options])


def test_the_study_of_the_candidates_is_written_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    few = [how for how in candidates.candidates() if how.name in ("power 2.5", "power 0")]
    monkeypatch.setattr(candidates, "candidates", lambda: few)
    monkeypatch.setattr(candidates, "DRAWS", 20)
    assert main(["resolve", "--candidates", "--out", str(tmp_path / "study")]) == 0
    told = capsys.readouterr()
    assert "Wrote 25 candidates and cuts to study; " in told.err
    assert "power 2.5 -4.5     0.0   4.5" in told.out
    assert "power 0" not in told.out
    assert {path.name for path in (tmp_path / "study").iterdir()} == {"about.json", "candidates.csv"}
    assert json.loads((tmp_path / "study" / "about.json").read_text(encoding="utf-8"))["draws"] == 20


def test_the_help_tells_the_rule_by_its_own_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["resolve", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert all(words(RULE) in told for words in (weight_words, tone_words, cut_words, break_words, year_words))


def test_resolve_answers_every_signpost(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", "--signposts", "--json"]) == 0
    answers = json.loads(capsys.readouterr().out)
    assert [resolution["id"] for resolution in answers] == [signpost.id for signpost in SIGNPOSTS]
    assert main(["resolve", "--signposts"]) == 0
    text = capsys.readouterr().out
    assert all(signpost.question in text for signpost in SIGNPOSTS)
    by_id = {resolution["id"]: resolution for resolution in answers}
    assert "E2025-05-08-lunar-power-mou" in by_id["S32"]["near_misses"]
    assert "Near miss: E2025-05-08-lunar-power-mou. During" in text
    assert (by_id["S32"]["past_rows"], by_id["S32"]["past_years"]) == (0, [])
    assert by_id["S43"]["past_years"] == [2011, 2023]
    assert text.count(NEVER) == sum(not resolution["past_rows"] for resolution in answers) > 0
    assert by_id["S46"]["implies"] == ["S20"]
    assert "A yes also answers S20." in text


@pytest.mark.parametrize(
    ("options", "warned"), [([], True), (["--as-of", "2025-12-31"], True), (["--as-of", "2010-12-31"], False)]
)
def test_rows_after_the_last_day_are_told_unless_an_earlier_day_was_asked_for(
    options: list[str], warned: bool, later_data: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["resolve", *options], later_data) == 0
    out, err = capsys.readouterr()
    row = len((later_data.data / "events.csv").read_text(encoding="utf-8").splitlines())
    assert (f"events.csv, row {row} (E2026-09-01-row, 2026-09-01)" in err) is warned
    assert "E2026-09-01-row" not in out


def test_no_command_reads_the_present_evidence_past_that_warning() -> None:
    folder = Path(commands.__file__).parent
    bare = {path.name for path in folder.rglob("*.py") if "load_evidence()" in path.read_text(encoding="utf-8")}
    assert bare == {"export.py"}, "it writes what was saved as it stands; without --from it asks chosen_library"


def test_a_day_inside_a_year_labels_the_years_before_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", "--as-of", "2010-06-30"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("2009")


def test_an_overdue_signpost_is_due_on_the_command_line_too(capsys: pytest.CaptureFixture[str]) -> None:
    later = Context(today=lambda: date(2032, 1, 1))
    assert main(["resolve", "--signposts", "--json"], later) == 0
    statuses = {resolution["status"] for resolution in json.loads(capsys.readouterr().out)}
    assert statuses == {"due", "yes", "no"}, "what the ledger has answered stays answered"
    assert main(["resolve", "--signposts", "--json", "--as-of", "2024-12-31"], later) == 0
    assert {resolution["status"] for resolution in json.loads(capsys.readouterr().out)} == {"open"}
