"""What programs are told: the bytes of the command line, under a description that holds, and refusals in words."""

import json

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import validate

from dashboard.api import desk
from data.load import load_evidence
from models.__main__ import main
from models.snapshot.inputs import EVIDENCE, inputs_of
from tests.support.programs.commands import small_context, small_library

API = "/api/v1"
MOVED = {"C07": "2.0", "edition": "2"}
PATIENCE = 240.0
"""Seconds: on a busy machine an answer takes long."""
FILES = {"evidencePackage", "snapshot", "entryArchive"}


@pytest.fixture(scope="module")
def description(server):
    return server.get(f"{API}/openapi.json").json()


def command(capsysbinary, *words: str) -> bytes:
    """What the command line prints on the same draws."""
    capsysbinary.readouterr()
    assert main(words, small_context()) == 0
    return capsysbinary.readouterr().out


def test_the_description_is_valid_and_every_example_in_it_is_answered(server, description, entry):
    validate(description)
    for path, operations in description["paths"].items():
        operation = operations["get"]
        query = {one["name"]: one["example"] for one in operation["parameters"] if "example" in one}
        if "{entry}" in path or operation["operationId"] == "scores":
            query["owner"] = "own"
        answer = server.get(path.replace("{entry}", entry.digest), params=query)
        assert answer.status_code == 200, f"{path} {query}: {answer.text[:500]}"
        ((media, content),) = operation["responses"]["200"]["content"].items()
        assert answer.headers["content-type"] == media
        if media == "application/json":
            schema = {**content["schema"], "components": description["components"]}
            jsonschema.Draft202012Validator(schema).validate(answer.json())


@pytest.mark.parametrize(
    ("path", "query", "words"),
    [
        ("forecast", MOVED, "forecast --set C07=2.0 --json"),
        ("signposts", MOVED | {"pin": "S03=yes"}, "signposts --set C07=2.0 --given S03=yes --json"),
        ("record", {}, "record list --json"),
        ("record/ENTRY", {}, "record show ENTRY --json"),
        ("scores", {"owner": "own"}, "track score --json"),
    ],
)
def test_the_same_bytes_as_the_command_line(server, entry, capsysbinary, path, query, words):
    answer = server.get(f"{API}/{path.replace('ENTRY', entry.digest)}", params=query)
    assert answer.status_code == 200
    assert answer.content == command(capsysbinary, *words.replace("ENTRY", entry.digest).split())


def test_a_snapshot_is_the_exported_file(server, capsysbinary, tmp_path):
    asked = server.get(f"{API}/snapshot.zip", params=MOVED | {"light": "1", "do": "S09@2027"})
    words = f"snapshot export --light --set C07=2.0 --do S09@2027 --out {tmp_path / 'a.zip'}"
    command(capsysbinary, *words.split())
    assert asked.content == (tmp_path / "a.zip").read_bytes()


def test_evidence_has_its_own_digest_and_an_entry_its_own_document(server, entry):
    known = load_evidence()
    assert server.get(f"{API}/evidence").content == inputs_of(known, small_library())[EVIDENCE]
    stored = server.get(f"{API}/record/{entry.digest[:6]}/snapshot.json").content
    assert json.loads(stored)["assumptions"]["reasons"] == {"C07": "rivalry over the Moon"}


def test_what_was_answered_before_need_not_travel_again(server):
    first = server.get(f"{API}/forecast")
    again = server.get(f"{API}/forecast", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert server.get(f"{API}/forecast", params=MOVED).headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize(
    ("path", "query", "status", "said"),
    [
        ("forecast", {"C07": "2.0"}, 400, "add edition=2"),
        ("forecast", {"C07": "99", "edition": "2"}, 400, "99 is not in 0.65 to 3.1"),
        ("forecast", {"C7": "2"}, 400, "“C7” is not a knob"),
        ("forecast", {"pin": "S03=yes"}, 400, "Pins and acts are answered by"),
        ("forecast", {"as_of": "2001-02-03"}, 404, "2026-10-08"),
        ("signposts", {"pin": ["S03=yes", "S03=no"]}, 400, "cannot both be so"),
        ("record", {"limit": "0"}, 400, "a whole number from 1 to 1000"),
        ("record", {"owner": "else"}, 400, "own, project"),
        ("record/zz", {}, 400, "digits of its digest"),
        ("record/ffffff", {}, 404, "no forecast whose digest begins with ffffff"),
        ("elsewhere", {}, 404, "openapi.json describes"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(server, path, query, status, said):
    answer = server.get(f"{API}/{path}", params=query)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert said in json.dumps(answer.json(), ensure_ascii=False)


def test_nothing_can_be_written(server, entry):
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for path in ("forecast", "record", f"record/{entry.digest}"):
            assert server.request(method, f"{API}/{path}").status_code == 405


def test_who_would_wait_too_long_is_told_to_come_back(server, monkeypatch):
    monkeypatch.setattr(desk, "MOST_WAITING", 0)
    answer = server.get(f"{API}/forecast")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_a_fault_of_the_program_names_no_place_of_this_machine(server, monkeypatch):
    from dashboard.api import numbers

    monkeypatch.setattr(numbers, "forecast_of", lambda _: 1 / 0)
    answer = server.get(f"{API}/forecast")
    assert answer.status_code == 500
    assert "ZeroDivision" not in answer.text
    assert "/" not in answer.json()["detail"]


def fuzz(server, mode, examples: int) -> None:
    """Questions that the description allows, or just not."""
    import schemathesis
    from schemathesis.checks import CHECKS

    schema = schemathesis.openapi.from_asgi(f"{API}/openapi.json", server.app, timeout=PATIENCE)
    unmeant = CHECKS.get_by_names(["positive_data_acceptance"])  # two pins may contradict each other
    for result in schema.get_all_operations():
        operation = result.ok()
        known = operation.definition.raw
        if known["operationId"] in FILES or (mode.is_negative and not known["parameters"]):
            continue

        @settings(max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=SLOWNESS)
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case):
            answer = case.call(timeout=PATIENCE)
            assert answer.status_code < 500
            case.validate_response(answer, excluded_checks=unmeant)

        ask()


SLOWNESS = list(HealthCheck)


def test_questions_at_random_are_answered_as_described(server):
    from schemathesis import GenerationMode

    fuzz(server, GenerationMode.POSITIVE, 2)
    fuzz(server, GenerationMode.NEGATIVE, 2)


@pytest.mark.slow
def test_many_questions_at_random_are_answered_as_described(server):
    from schemathesis import GenerationMode

    fuzz(server, GenerationMode.POSITIVE, 60)
    fuzz(server, GenerationMode.NEGATIVE, 60)
