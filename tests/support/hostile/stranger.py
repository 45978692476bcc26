"""What a stranger on the network tries, each attempt with what came of it. Run in a network namespace of its own by
`tests.stranger`; it speaks to one address and to nothing else."""

import contextlib
import http.client
import json
import secrets
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.support.page.visitor import Visitor

WAIT_SECONDS = 300.0
SHORT_SECONDS = 3.0
EVIL = "http://evil.example"
SECRETS = (b"root:", b"cookie_secret", b"SQLite format", b"import streamlit", b"[server]")
"""What stands in files that nobody may read."""
NOTHING: Mapping[str, str] = MappingProxyType({})

type Outcome = tuple[bool, str]
type Attempt = tuple[str, Callable[[], Outcome]]


class Stranger:
    """Somebody who can reach an address.

    Parameters
    ----------
    host : str
        Where the page is, as the stranger's network sees it.
    port, private_port : int
        Of the page that is open to the network, and of one that listens to its own machine.
    ids : mapping of str to str
        Widgets of a keeper's page: they are the same on every server.
    """

    def __init__(self, host: str, port: int, private_port: int, ids: Mapping[str, str]) -> None:
        self.host, self.port, self.private_port, self.ids = host, port, private_port, ids
        self.own = f"http://{host}:{port}"

    def ask(
        self, path: str, method: str = "GET", body: bytes = b"", **headers: str
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and body of an answer; the path goes out as it is written."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=WAIT_SECONDS)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with contextlib.closing(connection):
            connection.putrequest(method, path, skip_host="Host" in named)
            for name, value in ({"Content-Length": str(len(body))} | named).items():
                connection.putheader(name, value)
            connection.endheaders(body or None)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()

    def handshake(self, **headers: str) -> int:
        """Status of the answer to a browser that asks for a session."""
        key = {"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
        usual = {"Connection": "Upgrade", "Upgrade": "websocket", "Host": f"{self.host}:{self.port}", **key}
        connection = http.client.HTTPConnection(self.host, self.port, timeout=WAIT_SECONDS)
        with contextlib.closing(connection):
            connection.putrequest("GET", "/_stcore/stream", skip_host=True)
            for name, value in (usual | headers).items():
                connection.putheader(name, value)
            connection.endheaders()
            return connection.getresponse().status

    def session(self, *protocols: str) -> ClientConnection:
        """A bare session."""
        wanted = ["streamlit", *protocols]
        where = f"ws://{self.host}:{self.port}/_stcore/stream"
        return connect(
            where, origin=self.own, subprotocols=wanted, open_timeout=WAIT_SECONDS, max_size=None, proxy=None
        )

    def alive(self) -> bool:
        """Whether the page still answers."""
        return self.ask("/_stcore/health")[2] == b"ok"

    # what comes back is checked, not only the status

    def private(self) -> Outcome:
        try:
            socket.create_connection((self.host, self.private_port), timeout=SHORT_SECONDS).close()
        except OSError as error:
            return True, f"no connection ({type(error).__name__})"
        return False, "connected"

    def refused(self, status: int, *, wanted: tuple[int, ...] = (403,)) -> Outcome:
        return status in wanted, f"status {status}"

    def file(self, path: str) -> Outcome:
        status, _, body = self.ask(path)
        return not any(mark in body for mark in SECRETS), f"status {status}, {_kind(body)}"

    def pressed(self, name: str) -> Outcome:
        """A button that a reader's page does not have, pressed by the id that it has on a keeper's."""
        page, colon, _ = name.partition(":")
        with Visitor(self.own, page=page if colon else "").run() as visitor:
            visitor.press(self.ids[name])
            said = [text for text in visitor.texts if "Saved as entry" in text or "questions were resolved" in text]
        return not said, "nothing happened"

    def said(self, **fields: object) -> Outcome:
        """A message that no page sends."""
        with Visitor(self.own, page="method").run() as visitor:
            message = BackMsg()
            for name, value in fields.items():
                if name == "install_skills":
                    message.backend_operation_request.request_id = "1"
                    message.backend_operation_request.install_skills.SetInParent()
                else:
                    setattr(message, name, value)
            visitor.send(message)
            time.sleep(1)
            still = bool(visitor.run().ids)
        return still and self.alive(), "not heard; the session and the server go on"

    def broken(self, frame: bytes | str) -> Outcome:
        with self.session() as session:
            session.send(frame)
            code = 0
            try:
                while True:
                    session.recv(timeout=SHORT_SECONDS)
            except ConnectionClosed as closed:
                code = closed.rcvd.code if closed.rcvd else 1006
            except TimeoutError:
                pass
        return bool(code) and self.alive(), f"closed with {code}; the server goes on"

    def role(self, cookies: Mapping[str, str] = NOTHING, **headers: str) -> Outcome:
        sent = {name.replace("_", "-"): text for name, text in headers.items()}
        with Visitor(self.own, cookies=cookies, headers=sent, page="method").run() as one:
            said = " ".join(one.texts).replace("\\", "")
        return "Nobody is signed in: reader." in said, "still a reader"

    def taken_over(self) -> Outcome:
        guess = (
            f"{secrets.token_hex(4)}-{secrets.token_hex(2)}-4{secrets.token_hex(2)[1:]}-a{secrets.token_hex(2)[1:]}-"
        )
        guess += secrets.token_hex(6)
        with self.session("x", guess) as session:
            message = BackMsg()
            message.rerun_script.query_string = ""
            session.send(message.SerializeToString())
            first = session.recv(timeout=WAIT_SECONDS)
        return guess.encode() not in first, "a new, empty session"

    def headers(self, path: str, name: str, *words: str) -> Outcome:
        said = self.ask(path)[1].get(name, "")
        return all(word in said for word in words), f"{name}: …{words[-1]}…"

    def no_header(self, name: str, path: str, method: str = "GET") -> Outcome:
        said = self.ask(path, method, Origin=EVIL, Access_Control_Request_Method="PUT")[1].get(name)
        return said not in (EVIL, "*"), f"{name}: the server's own" if said else f"no {name}"

    def upload(self, session: str, **headers: str) -> Outcome:
        border = "b"
        body = f'--{border}\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nx\r\n--{border}--\r\n'
        kind = {"Content_Type": f"multipart/form-data; boundary={border}"}
        status, *_ = self.ask(f"/_stcore/upload_file/{session}/{'0' * 32}", "PUT", body.encode(), **kind, **headers)
        return status in (400, 403), f"status {status}"

    def own_session(self, **headers: str) -> Outcome:
        """An upload to a session of one's own, sent as another page would make the browser send it."""
        with Visitor(self.own, page="method").run() as visitor:
            return self.upload(visitor.session, **headers)

    def flood(self) -> Outcome:
        """Many small files: the allowance ends it, and says so."""
        with Visitor(self.own).run() as visitor:
            visitor.open("Snapshot: export and import")
            kept = [visitor.put(b"x" * 10) for _ in range(40)]
            visitor.upload(b"PK")
            told = [text for text in visitor.texts if "You may not read a file" in text]
        return bool(told), f"{len(kept)} sent; then: {told[0][:60] if told else 'all were read'}"

    def attempts(self) -> Iterator[Attempt]:
        """Everything, in order."""
        mine = f"{self.host}:{self.port}"
        yield "reach a page that nobody opened to the network", self.private
        yield (
            "read the page under another name (DNS rebinding)",
            lambda: self.refused(self.ask("/", Host="evil.example")[0], wanted=(421,)),
        )
        yield (
            "the same with the true name in X-Forwarded-Host",
            lambda: self.refused(self.ask("/", Host="evil.example", X_Forwarded_Host=mine)[0], wanted=(421,)),
        )
        yield "open a session under another name", lambda: self.refused(self.handshake(Host="evil.example"))
        for origin in (
            EVIL,
            "null",
            "http://localhost:3000",
            f"http://{self.host}:{self.port + 1}",
            f"{self.own}.evil",
        ):
            yield (
                f"open a session from a page of {origin.replace(self.host, 'HOST')}",
                lambda origin=origin: self.refused(self.handshake(Origin=origin)),
            )
        yield "upload from a page of another origin", lambda: self.own_session(Origin=EVIL)
        yield "upload without the token of the session's browser", lambda: self.own_session(Origin=self.own)
        yield "upload into a session of others by a guess", lambda: self.upload(secrets.token_hex(16), Origin=self.own)
        paths = (
            ("/../../../../etc/passwd", "/etc/passwd by dots"),
            ("/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/etc/passwd by coded dots"),
            ("/static/..%2f..%2f..%2f..%2fetc/passwd", "/etc/passwd below static files"),
            ("/component/x/../../../../etc/passwd", "/etc/passwd below components"),
            ("/media/..%2f..%2frecord.db", "the record below media"),
            ("/app/static/app.py", "the program below static files of the app"),
            ("/.streamlit/secrets.toml", "the secrets of the sign-in"),
            ("/.streamlit/config.toml", "the settings of the server"),
        )
        for path, what in paths:
            yield f"read {what}", lambda path=path: self.file(path)
        yield (
            "read a file of others by a guess",
            lambda: self.refused(self.ask(f"/media/{secrets.token_hex(28)}.zip")[0], wanted=(404,)),
        )
        yield "take over a session by a guess", self.taken_over
        yield "frame the page", lambda: self.headers("/", "content-security-policy", "frame-ancestors 'none'")
        yield "frame a page below", lambda: self.headers("/record", "x-frame-options", "DENY")
        yield (
            "run a script of one's own in it",
            lambda: self.headers("/", "content-security-policy", "script-src 'self' 'sha"),
        )
        yield (
            "have an answer taken for another kind of file",
            lambda: self.headers("/record", "x-content-type-options", "nosniff"),
        )
        yield (
            "learn the setting from a link that is followed",
            lambda: self.headers("/", "referrer-policy", "same-origin"),
        )
        yield (
            "read an answer from a page of another origin",
            lambda: self.no_header("access-control-allow-origin", "/_stcore/health"),
        )
        yield (
            "be allowed to ask across origins",
            lambda: self.no_header(
                "access-control-allow-origin", f"/_stcore/upload_file/{'0' * 32}/{'0' * 32}", "OPTIONS"
            ),
        )
        forged = {"_streamlit_user": json.dumps({"is_logged_in": True, "email": "ada@example.org", "sub": "ada"})}
        yield "be somebody by a cookie", lambda: self.role(forged)
        yield (
            "be somebody by a header",
            lambda: self.role(X_Forwarded_User="ada", Remote_User="ada", X_Forwarded_Email="a@b"),
        )
        yield "be at the machine by a header", lambda: self.role(X_Forwarded_For="127.0.0.1", X_Real_IP="127.0.0.1")
        yield (
            "come back from a provider with a code of one's own",
            lambda: self.refused(self.ask("/oauth2callback?code=x&state=y")[0], wanted=(302, 303, 307)),
        )
        for name, what in (
            ("Save to the record", "save a forecast"),
            ("track_record:resolve", "resolve what is due"),
            ("track_record:replay", "replay history"),
            ("evidence:look", "change the evidence"),
            ("refit", "refit where nobody needs it"),
        ):
            if name in self.ids:
                yield f"{what}, by the id of a keeper's button", lambda name=name: self.pressed(name)
        yield "empty the caches of everybody", lambda: self.said(clear_cache=True)
        yield "stop the server", lambda: self.said(debug_shutdown_runtime=True)
        yield "have files written (Streamlit's skills)", lambda: self.said(install_skills=True)
        yield "ask which repository the program came from", lambda: self.said(load_git_info=True)
        yield (
            "drive the page by Streamlit's interface for agents",
            lambda: self.refused(
                self.ask("/_stcore/agent/interact", "POST", b"{}", Content_Type="application/json")[0],
                wanted=(403, 404),
            ),
        )
        yield "send what is no message", lambda: self.broken(b"\xff\xff\xff")
        yield "send a text", lambda: self.broken("hello")
        yield "fill the memory with files", self.flood


def _kind(body: bytes) -> str:
    return "the page itself" if b"<title>" in body else f"{len(body)} bytes"


def main() -> None:
    """Try everything on the page that the first argument describes, as JSON; print a line of JSON each."""
    stranger = Stranger(**json.loads(sys.argv[1]))
    for what, attempt in stranger.attempts():
        try:
            held, outcome = attempt()
        except (OSError, InvalidStatus, ConnectionClosed, AssertionError, KeyError) as error:
            held, outcome = False, f"{type(error).__name__}: {str(error)[:80]}"
        print(json.dumps({"what": what, "held": held, "outcome": outcome}), flush=True)


if __name__ == "__main__":
    main()
