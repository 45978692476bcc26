"""A conversation with the MCP server, in the official client's words: it answers with the command line's JSON."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
from mcp import Client

from models.__main__ import main
from models.mcp.server import mcp_server
from models.mcp.tools import Tools
from models.record.store import Record
from tests.support.programs.commands import small_context, small_library

ROOT = Path(__file__).parents[3]
NAMES = {
    "assumptions",
    "forecast",
    "signposts",
    "evidence_rows",
    "saved_forecasts",
    "saved_forecast",
    "scores",
}


@pytest.fixture(scope="module")
def tools(tmp_path_factory):
    url = str(tmp_path_factory.mktemp("record") / "record.db")
    context = small_context()
    saving = ["record", "save", "--record", url, "--light", "--name", "Mine", "--author", "Ada"]
    assert main(saving, context) == 0
    return Tools(library=lambda _: small_library(), record=lambda: Record.open(url))


def talk(tools, *questions):
    """Ask one thing after the other in one conversation: what each said, and whether it was an error."""

    async def conversation():
        async with Client(mcp_server(tools)) as client:
            listed = (await client.list_tools()).tools
            answers = [await client.call_tool(name, arguments) for name, arguments in questions]
            return listed, [(answer.content[0].text, bool(answer.is_error)) for answer in answers]

    return asyncio.run(conversation())


def test_a_conversation(tools, capsys):
    listed, answers = talk(
        tools,
        ("assumptions", {}),
        ("forecast", {"values": {"C07": 2.0}}),
        ("signposts", {"given": ["S03=yes"], "year": 2028}),
        ("evidence_rows", {"text": "moon", "since": "2020-01-01", "limit": 3}),
        ("saved_forecasts", {"author": "ada"}),
        ("scores", {}),
    )
    assert {tool.name for tool in listed} == NAMES
    assert all(tool.annotations.read_only_hint for tool in listed)
    assert [error for _, error in answers] == [False] * 6
    knobs, forecast, signposts, rows, saved, _ = (text for text, _ in answers)
    assert {"C07", "volatility"} <= {knob["key"] for knob in json.loads(knobs)["knobs"]}
    capsys.readouterr()
    main(["forecast", "--set", "C07=2.0", "--json"], small_context())
    assert forecast == capsys.readouterr().out
    main(["signposts", "--given", "S03=yes", "--json"], small_context())
    assert f"{signposts}\n" == capsys.readouterr().out
    assert all("moon" in row["summary"].casefold() and row["date"] >= "2020" for row in json.loads(rows)["rows"])
    entry = json.loads(saved)[0]
    assert entry["name"] == "Mine"
    (shown, error), (missing, found_none) = talk(
        tools, ("saved_forecast", {"entry": entry["digest"][:8]}), ("saved_forecast", {"entry": "ffffff"})
    )[1]
    assert (json.loads(shown)["forecast"], error) == ({n: v for n, v in entry.items() if n != "shown_name"}, False)
    assert (found_none, "no forecast whose digest begins with ffffff" in missing) == (True, True)


def test_errors_are_told_as_they_are_meant_to_be_read(tools):
    questions = (
        ("forecast", {"values": {"C07": 99}}),
        ("forecast", {"preset": "nonsense"}),
        ("forecast", {"as_of": "soon"}),
        ("signposts", {"given": ["S03=yes", "S03=no"]}),
        ("evidence_rows", {"limit": 0}),
        ("saved_forecasts", {"kind": "else"}),
    )
    told = talk(tools, *questions)[1]
    assert all((error and "expected" in text) or "cannot both be so" in text for text, error in told), told


@pytest.mark.slow
def test_a_client_starts_the_command():
    from mcp import StdioServerParameters

    async def conversation():
        parameters = StdioServerParameters(command=sys.executable, args=["-m", "models", "mcp"], cwd=str(ROOT))
        async with Client(parameters) as client:
            return await client.call_tool("forecast", {})

    answer = asyncio.run(conversation())
    printed = subprocess.run(
        [sys.executable, "-m", "models", "forecast", "--json"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert answer.content[0].text == printed.stdout
