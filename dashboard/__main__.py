"""Start the page, `python -m dashboard [--everyone-is ROLE] [streamlit options]`: libraries load while it comes up.

Streamlit reads the script only when the first visitor arrives, who would then wait some four seconds.
"""

import contextlib
import importlib
import logging
import os
import socket
import sys
import threading
from pathlib import Path

from streamlit import config
from streamlit.web import cli

from dashboard.roles.assigned import EVERYONE_VARIABLE
from data.errors import ConjunctionError

EVERYONE = "--everyone-is"
"""The role of whoever can open the page, where nobody signs in: an option of this program, not of Streamlit."""
APP = Path(__file__).with_name("app.py")
LOADED_EARLY = (
    "dashboard.figures.forecast",
    "dashboard.frame.page",
    "dashboard.forecast.exchange",
    "dashboard.forecast.trust",
)


def _taken_out(arguments: list[str]) -> list[str]:
    """The arguments for Streamlit: what everybody may do is said to the server by its variable."""
    if EVERYONE not in arguments:
        return arguments
    at = arguments.index(EVERYONE)
    if at + 1 == len(arguments):
        raise SystemExit(f"{EVERYONE}: got no role, expected reader, forecaster or keeper (docs/security.md)")
    os.environ[EVERYONE_VARIABLE] = arguments[at + 1]
    return [*arguments[:at], *arguments[at + 2 :]]


def _load() -> None:
    for name in LOADED_EARLY:
        importlib.import_module(name)
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)
    with contextlib.suppress(ConjunctionError):  # the page itself will say what is wrong
        importlib.import_module("dashboard.cache.forecasts").library()


def _taken() -> str:
    """What to do where the port was not free; empty where it was."""
    address, port = config.get_option("server.address") or "127.0.0.1", int(config.get_option("server.port"))
    with contextlib.suppress(OSError), socket.create_connection((address, port), timeout=1):
        return (
            f"Something answers on {address}:{port} already, perhaps this page, started before. Open it, or choose "
            f"another port: make dashboard PORT={port + 1}, or python -m dashboard --server.port {port + 1}"
        )
    return ""


if __name__ == "__main__":
    threading.Thread(target=_load, daemon=True, name="load-early").start()
    sys.argv = ["streamlit", "run", str(APP), *_taken_out(sys.argv[1:])]
    try:
        sys.exit(cli.main())
    except SystemExit as end:
        if end.code == 1 and (advice := _taken()):
            print(advice, file=sys.stderr)
        raise
