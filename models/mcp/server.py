"""The server that an MCP client starts: every tool read-only, every error in the project's own words."""

import functools
from collections.abc import Callable

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

from data.errors import ConjunctionError
from models.mcp.tools import Tools
from models.text.masking import masked

NAME = "conjunction"
INSTRUCTIONS = (
    "Scenario forecasts for the China-Russia space relationship, from fitted models and a dated ledger. Everything is "
    "read-only. A chance is conditional on assumptions: name those that were moved, the reference date and the "
    "reliability when you quote one, and never a finer digit than a whole per cent."
)
READ_ONLY = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def mcp_server(tools: Tools) -> MCPServer:
    """The server with its tools."""
    server = MCPServer(NAME, instructions=INSTRUCTIONS)
    for tool in tools.all:
        server.tool(annotations=READ_ONLY, structured_output=False)(_told(tool))
    return server


def _told(tool: Callable[..., str]) -> Callable[..., str]:
    """The tool, whose errors reach the client as they are meant to be read."""

    @functools.wraps(tool)
    def answer(**arguments: object) -> str:
        try:
            return tool(**arguments)
        except ConjunctionError as error:
            raise ToolError(masked(str(error))) from error

    return answer
