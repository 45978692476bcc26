"""Start the page: `python -m dashboard [streamlit options]` loads libraries and fits while the server comes up.

Streamlit reads the script only when the first visitor arrives, who would then wait some four seconds.
"""

import contextlib
import importlib
import logging
import sys
import threading
from pathlib import Path

from streamlit.web import cli

from data.errors import ConjunctionError

APP = Path(__file__).with_name("app.py")
LOADED_EARLY = ("dashboard.figures", "dashboard.frame", "dashboard.exchange", "dashboard.reliability")


def _load() -> None:
    for name in LOADED_EARLY:
        importlib.import_module(name)
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)
    with contextlib.suppress(ConjunctionError):  # the page itself will say what is wrong
        importlib.import_module("dashboard.cache").library()


if __name__ == "__main__":
    threading.Thread(target=_load, daemon=True, name="load-early").start()
    sys.argv = ["streamlit", "run", str(APP), *sys.argv[1:]]
    sys.exit(cli.main())
