"""Whether the page of this machine answers: `python -m dashboard.server.alive`, for a container's health check."""

import http.client
import os
import sys
from contextlib import suppress

PORT_VARIABLE = "STREAMLIT_SERVER_PORT"
PREFIX_VARIABLE = "STREAMLIT_SERVER_BASE_URL_PATH"
ANSWERS = (200, 421)
"""421: it answers, but not under the name that is used here, which others need not be able to use."""
WAIT_SECONDS = 4.0


def answers(port: int, prefix: str = "") -> bool:
    """Whether the server at a port answers under its prefix."""
    with suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT_SECONDS)
        connection.request("GET", f"/{prefix.strip('/')}/_stcore/health".replace("//", "/"))
        return connection.getresponse().status in ANSWERS
    return False


if __name__ == "__main__":
    alive = answers(int(os.environ.get(PORT_VARIABLE, "8501")), os.environ.get(PREFIX_VARIABLE, ""))
    sys.exit(0 if alive else "the page does not answer")
