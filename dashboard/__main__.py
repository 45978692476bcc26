"""Start the page: `python -m dashboard [streamlit options]` loads libraries and fits while the server comes up.

Streamlit reads the script only when the first visitor arrives, who would then wait some four seconds.
"""

import contextlib
import importlib
import logging
import socket
import sys
import threading
from pathlib import Path

from streamlit import config
from streamlit.web import cli

from data.errors import ConjunctionError

APP = Path(__file__).with_name("app.py")
LOADED_EARLY = (
    "dashboard.figures.forecast",
    "dashboard.frame.page",
    "dashboard.forecast.exchange",
    "dashboard.forecast.trust",
)


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
    sys.argv = ["streamlit", "run", str(APP), *sys.argv[1:]]
    try:
        sys.exit(cli.main())
    except SystemExit as end:
        if end.code == 1 and (advice := _taken()):
            print(advice, file=sys.stderr)
        raise
