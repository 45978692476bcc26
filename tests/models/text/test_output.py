"""Names with any letters are printed whatever the output's encoding, and what programs read stays readable."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from models.__main__ import main
from models.snapshot.document import read_document
from tests.support.programs.commands import small_context

pytestmark = pytest.mark.machine

NAME, AUTHOR, REASON = "Осень 北京", "Zoë Müller", "санкции — 制裁"
ENCODINGS = ("ascii", "cp1252")


@pytest.fixture(autouse=True)
def own_record(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CONJUNCTION_RECORD", str(tmp_path / "record.db"))


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Callable[..., bytes]:
    """Run a command with output that refuses letters which its encoding lacks; returns what stood on one stream."""

    def run(encoding: str, *arguments: str, code: int = 0) -> bytes:
        """Standard output, or standard error of a command that is refused."""
        streams = [io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict") for _ in range(2)]
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", streams[0])
            patch.setattr(sys, "stderr", streams[1])
            assert main(arguments, small_context()) == code
        for stream in streams:
            stream.flush()
        return streams[bool(code)].buffer.getvalue()

    return run


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_letter_comes_out_of_every_command(said: Callable[..., bytes], encoding: str, tmp_path: Path) -> None:
    moved = ("--set", "C01=1.8", "--reason", f"C01={REASON}")
    saved = json.loads(said(encoding, "record", "save", "--name", NAME, "--author", AUTHOR, *moved, "--json"))
    digest, out = saved["digest"], str(tmp_path / "light.zip")
    assert saved["name"] == NAME
    remark = ("record", "remark", digest, "--author", AUTHOR, "--text", REASON)
    commands = (
        ("record", "list"),
        ("record", "show", digest),
        remark,
        ("record", "verify"),
        ("snapshot", "export", "--light", *moved, "--out", out),
        ("snapshot", "show", out),
        ("snapshot", "compare", out, out),
        ("forecast", *moved),
        ("track", "score"),
        ("resolve", "--from", "2020", "--to", "2024"),
        ("evidence", "check"),
    )
    for command in commands:
        text = said(encoding, *command).decode(encoding)
        assert text
        if command == ("record", "list"):
            shown = NAME.encode(encoding, errors="backslashreplace").decode(encoding)
            assert shown in text
    assert json.loads(said(encoding, "record", "list", "--json"))[0]["author"] == AUTHOR
    assert NAME.encode(encoding, errors="backslashreplace") in said(encoding, "record", "show", NAME, code=2)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_file_on_standard_output_is_the_file(said: Callable[..., bytes], encoding: str) -> None:
    """Redirected on any machine it is the same UTF-8, which another program reads."""
    moved = ("--set", "C01=1.8", "--reason", f"C01={REASON}")
    document = read_document(said(encoding, "forecast", *moved, "--json"))
    assert document.assumptions.reasons == {"C01": REASON}
    assert said(encoding, "forecast", "--csv") == said("utf-8", "forecast", "--csv")
    assert REASON in said("utf-8", "forecast", *moved, "--json").decode("utf-8")
