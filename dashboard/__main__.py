"""Start the page: `python -m dashboard [streamlit options]` loads the page's libraries while the server comes up.

Streamlit reads the script only when the first visitor arrives, who would then wait some three seconds for imports.
"""

import importlib
import sys
import threading
from pathlib import Path

from streamlit.web import cli

APP = Path(__file__).with_name("app.py")
LOADED_EARLY = ("dashboard.figures", "dashboard.frame", "dashboard.exchange", "dashboard.reliability")


def _load() -> None:
    for name in LOADED_EARLY:
        importlib.import_module(name)


if __name__ == "__main__":
    threading.Thread(target=_load, daemon=True, name="load-early").start()
    sys.argv = ["streamlit", "run", str(APP), *sys.argv[1:]]
    sys.exit(cli.main())
