"""What a browser may say to a session, and how many sessions there are at once.

Streamlit answers messages that no page of ours sends: one empties the caches of all visitors and forgets who looks
after refits, one tells which repository the program came from, one writes files. They end here.
"""

import logging

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

MOST_SESSIONS = 250
"""Open at once: five times the desk that this is for, at some ten megabytes each."""
HEARD = frozenset({"rerun_script", "stop_script", "file_urls_request", "app_heartbeat", "backend_operation_request"})
OPERATIONS = frozenset({"deferred_file", "dataframe_chunk"})
"""Of `backend_operation_request`: a file that is made on a click, and further rows of a table."""
FULL = 1013
"""Of a WebSocket that is closed: try again later."""
LOG = logging.getLogger(__name__)


class KnownMessages:
    """Passes on what pages say, and lets no more than so many sessions in."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._open = app, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a session on, or say that there is no room."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        if self._open >= MOST_SESSIONS:
            LOG.warning("A visitor was turned away: %s sessions are open", self._open)
            await receive()
            await send({"type": "websocket.close", "code": FULL, "reason": "too many visitors"})
            return

        async def heard() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive" or is_heard(message.get("bytes") or b""):
                    return message

        self._open += 1
        try:
            await self._app(scope, heard, send)
        finally:
            self._open -= 1


def is_heard(content: bytes) -> bool:
    """Whether a message is one that a page sends; what is no message at all is for Streamlit to refuse."""
    message = BackMsg()
    try:
        message.ParseFromString(content)
    except DecodeError:
        return True
    kind = message.WhichOneof("type")
    if kind == "backend_operation_request":
        asked = message.backend_operation_request
        return asked.WhichOneof("payload") in OPERATIONS if asked.WhichOneof("payload") else False
    return kind is None or kind in HEARD
