"""A visitor of the page without a browser: Streamlit's own websocket and upload messages, and nothing drawn."""

import contextlib
import http.cookies
import secrets
import urllib.request
from collections.abc import Iterator, Mapping
from types import MappingProxyType, TracebackType
from typing import Self
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

WAIT_SECONDS = 60.0
"""The first run imports everything; a loaded machine with two cores took fifteen seconds."""
XSRF = "_streamlit_xsrf"
NOTHING: Mapping[str, str] = MappingProxyType({})
EARLY = ForwardMsg.ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN


class Visitor:
    """One session: it runs the page, opens an expander, types, presses a button, uploads a file.

    Parameters
    ----------
    address : str
        Such as ``http://127.0.0.1:8501``, with the server's path prefix if it has one.
    query : str
        What the link says.
    cookies : mapping of str to str
        What the browser has from before, such as from signing in.
    headers : mapping of str to str
        Sent with the handshake, in place of the usual ones.
    page : str
        Address of the page that is opened first, such as "method"; empty for the app's first.
    """

    def __init__(
        self,
        address: str,
        query: str = "",
        cookies: Mapping[str, str] = NOTHING,
        headers: Mapping[str, str] = NOTHING,
        page: str = "",
    ) -> None:
        self._address, self._query, self._states = address, query, {}
        self._token = cookies.get(XSRF) or _token(address)
        kept = {**cookies, XSRF: self._token}
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in kept.items()), **headers}
        self._closing = contextlib.ExitStack()
        handshake = connect(
            f"{address.replace('http', 'ws', 1)}/_stcore/stream",
            origin=address,
            subprotocols=["streamlit", self._token],
            additional_headers=sent,
            open_timeout=WAIT_SECONDS,
            max_size=None,
            proxy=None,
        )
        self._socket = self._closing.enter_context(handshake)
        self.pages, self._page, self._named = {}, "", page
        self.session, self.ids, self.texts, self.sent_to = "", {}, [], ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.leave()

    def leave(self) -> None:
        """Close the page."""
        self._closing.close()

    def run(self) -> Self:
        """Run the page to its end; what it drew stands in `ids` (of widgets, by kind) and `texts`."""
        message = BackMsg()
        asked = message.rerun_script
        asked.page_script_hash, asked.page_name, asked.query_string = self._page, self._named, self._query
        message.rerun_script.widget_states.widgets.extend(self._states.values())
        self.send(message)
        self.ids, self.texts = {}, []
        for answer in self._answers():
            if answer.WhichOneof("type") == "script_finished" and answer.script_finished != EARLY:
                return self
        raise AssertionError("the server closed the connection before the page was drawn")

    def send(self, message: BackMsg) -> None:
        """Say something to the session, without waiting for an answer."""
        self._socket.send(message.SerializeToString())

    def open(self, label: str) -> Self:
        """Open an expander, or a box behind a button."""
        name = self.ids["expandable", label]
        self._states[name] = WidgetState(id=name, bool_value=True)
        return self.run()

    def visit(self, page: str, query: str = "") -> Self:
        """Go to another page of the app by its address, such as "record"."""
        self._page, self._named, self._query = self.pages[page], "", query
        self._states.clear()
        return self.run()

    def type(self, label: str, text: str) -> Self:
        """Type a line, which goes out with the next run."""
        name = self.ids["text_input", label]
        self._states[name] = WidgetState(id=name, string_value=text)
        return self

    def press(self, name: str) -> Self:
        """Press a button by its label, or by the id that it once had."""
        widget = self.ids.get(("button", name), name)
        self._states[widget] = WidgetState(id=widget, trigger_value=True)
        try:
            return self.run()
        finally:
            del self._states[widget]

    def upload(self, content: bytes, kind: str = "application/zip", name: str = "snapshot.zip") -> Self:
        """Put a file into the page's uploader, as a browser does, and run the page."""
        file = self.put(content, kind, name)
        [widget] = [widget for (kind, _), widget in self.ids.items() if kind == "file_uploader"]
        state = WidgetState(id=widget)
        where = f"{urlsplit(self._address).path}/_stcore/upload_file/{self.session}/{file}"
        info = state.file_uploader_state_value.uploaded_file_info.add(file_id=file, name=name, size=len(content))
        info.file_urls.file_id, info.file_urls.upload_url, info.file_urls.delete_url = file, where, where
        self._states[widget] = state
        return self.run()

    def _answers(self) -> Iterator[ForwardMsg]:
        with contextlib.suppress(EOFError):
            while True:
                answer = ForwardMsg.FromString(self._socket.recv(timeout=WAIT_SECONDS))
                self._read(answer)
                yield answer

    def put(self, content: bytes, kind: str = "application/zip", name: str = "snapshot.zip") -> str:
        """Send a file to the upload address of this session and return the name that it was given."""
        file, border = secrets.token_hex(16), secrets.token_hex(16)
        disposition = f'Content-Disposition: form-data; name="{name}"; filename="{name}"'
        head = f"--{border}\r\n{disposition}\r\nContent-Type: {kind}\r\n\r\n"
        request = urllib.request.Request(
            f"{self._address}/_stcore/upload_file/{self.session}/{file}",
            data=b"".join((head.encode(), content, f"\r\n--{border}--\r\n".encode())),
            method="PUT",
            headers={
                "Content-Type": f"multipart/form-data; boundary={border}",
                "Cookie": f"{XSRF}={self._token}",
                "X-Xsrftoken": self._token,
            },
        )
        with urllib.request.urlopen(request, timeout=WAIT_SECONDS):
            return file

    def _read(self, answer: ForwardMsg) -> None:
        if answer.HasField("new_session"):
            self.session = answer.new_session.initialize.session_id
        if answer.HasField("navigation"):
            self.pages = {page.url_pathname: page.page_script_hash for page in answer.navigation.app_pages}
        if answer.HasField("auth_redirect"):
            self.sent_to = answer.auth_redirect.url
        for kind in ("expandable", "popover") if answer.delta.HasField("add_block") else ():
            block = getattr(answer.delta.add_block, kind)
            if block.id:
                self.ids["expandable", block.label] = block.id
        if answer.delta.HasField("new_element"):
            kind = answer.delta.new_element.WhichOneof("type")
            element = getattr(answer.delta.new_element, kind)
            if getattr(element, "id", ""):
                self.ids[kind, getattr(element, "label", "")] = element.id
            self.texts.append(getattr(element, "body", ""))


def _token(address: str) -> str:
    """The token that the server gives a browser before it lets it upload."""
    with urllib.request.urlopen(f"{address}/_stcore/health", timeout=WAIT_SECONDS) as answer:
        return http.cookies.SimpleCookie(answer.headers["Set-Cookie"])[XSRF].value
