"""The health check of a container: alive is what answers, under a name or not."""

import http.server
import threading
from collections.abc import Iterator

import pytest

from dashboard.server.alive import answers

PATHS = {"/_stcore/health": 200, "/desk/_stcore/health": 421}


class Asked(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(PATHS.get(self.path, 404))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with http.server.HTTPServer(("127.0.0.1", 0), Asked) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize(("prefix", "alive"), [("", True), ("/desk/", True), ("elsewhere", False)])
def test_whoever_answers_under_its_prefix_is_alive(port, prefix, alive):
    assert answers(port, prefix) is alive


def test_a_port_where_nobody_listens_is_not():
    assert not answers(1)
