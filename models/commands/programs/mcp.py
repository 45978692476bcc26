"""`python -m models mcp`: answer an MCP client over standard input and output, read-only."""

import argparse

from models.commands.options.line import Parsers, add_record, command
from models.errors import FormatError

DESCRIPTION = """\
Answer a client of the Model Context Protocol (docs/api.md) over standard input and output: forecasts under a setting,
signposts with pins, rows of the evidence, saved forecasts, scores. Nothing can be written.
"""
EXAMPLES = """\
a client's configuration:
  {"mcpServers": {"conjunction": {"command": ".venv/bin/python", "args": ["-m", "models", "mcp"]}}}
"""


def add(commands: Parsers) -> None:
    """Add the command."""
    more = {"description": DESCRIPTION, "epilog": EXAMPLES}
    add_record(command(commands, "mcp", "answer an MCP client, read-only", run, **more))


def run(args: argparse.Namespace) -> int:
    """Answer until the client hangs up."""
    try:
        from models.mcp.server import mcp_server
    except ModuleNotFoundError as error:
        if error.name != "mcp":
            raise
        raise FormatError("the package mcp is not installed; `pip install -e .[mcp]` brings it") from error
    from models.mcp.tools import Tools
    from models.record.store import Record

    context = args.context
    mcp_server(
        Tools(
            evidence=context.evidence,
            library=context.library,
            record=lambda: Record.open(args.record),
            today=context.today,
        )
    ).run()
    return 0
