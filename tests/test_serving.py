"""The page as a server: it asks nobody, answers only this machine, refuses in words, and gives memory back."""

import contextlib
import http.client
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from dashboard.benchmarks.served import served
from dashboard.server.alive import PREFIX_VARIABLE
from dashboard.server.uploads import REFUSED
from tests.support.page.visitor import Visitor
from tests.support.page.watched import LOOPBACK, Watch, listening, resident

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.xdist_group("browser")  # the server of the browser tests is used here too
FILES = "Snapshot: export and import"
MEGABYTE = 10**6
WAIT_SECONDS = 60.0
ON_LINUX = pytest.mark.skipif(not Path("/proc/self/net/tcp").exists(), reason="read from Linux's own account")
PATIENCE = "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL"
"""Seconds in which a visitor may come back."""


def handshake(address: str, **headers: str) -> int:
    """Status of the answer to a browser that asks for the page's websocket."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=WAIT_SECONDS)
    usual = {"host": urlsplit(address).netloc, "origin": address, "connection": "Upgrade", "upgrade": "websocket"}
    key = {"sec-websocket-version": "13", "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA=="}
    with contextlib.closing(connection):
        connection.putrequest("GET", "/_stcore/stream", skip_host=True)
        for name, value in (usual | key | headers).items():
            connection.putheader(name, value)
        connection.endheaders()
        return connection.getresponse().status


def held(address: str) -> int:
    """Bytes of uploaded files in memory, as the server counts them every few seconds."""
    with urllib.request.urlopen(
        f"{address}/_stcore/metrics?families=cache_memory_bytes", timeout=WAIT_SECONDS
    ) as answer:
        lines = answer.read().decode().splitlines()
    return sum(int(float(line.split()[-1])) for line in lines if "UploadedFileManager" in line)


def until(condition, what: str) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.2)


def broken(size: int) -> bytes:
    """A file that no server can know beforehand and every page reads to its end before it is refused."""
    return b"PK\x03\x04" + secrets.token_bytes(size - 4)


def test_the_watch_sees_a_step_out_of_this_machine(tmp_path):
    watch = Watch(tmp_path)
    steps = "import socket; socket.socket(type=socket.SOCK_DGRAM).connect(('192.0.2.1', 9))"
    subprocess.run([sys.executable, "-c", steps], env=os.environ | watch.environment, check=False, capture_output=True)
    assert watch.outside() == ["outside socket.connect 192.0.2.1"]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1.evil.example"},
        {"origin": "null"},
        {"origin": "http://evil.example", "host": "evil.example"},
        {"host": "192.0.2.1:8501"},
        {"host": ""},
    ],
)
def test_a_strangers_handshake_is_refused_and_nobody_is_asked(address, watch, headers):
    assert handshake(address, **headers) == 403
    assert watch.outside() == []


def test_a_browser_of_this_machine_is_let_in(address):
    local = address.replace("127.0.0.1", "localhost")
    assert [handshake(address), handshake(address, origin=local, host=urlsplit(local).netloc)] == [101, 101]


@ON_LINUX
def test_use_asks_nobody_and_listens_to_this_machine_alone(address, watch):
    with Visitor(address).run() as visitor:
        assert ("expandable", FILES) in visitor.ids
    assert watch.outside() == []
    listeners = [where for process in watch.processes() for where in listening(process)]
    assert listeners
    assert set(listeners) <= LOOPBACK


def test_the_page_under_another_name_is_refused_in_words(address):
    request = urllib.request.Request(address, headers={"Host": "conjunction.example"})
    with pytest.raises(urllib.error.HTTPError, match="421") as refused, urllib.request.urlopen(request):
        pass
    with refused.value as answer:
        answered = answer.read().decode()
    assert "'conjunction.example'" in answered
    assert "--server.allowedHosts NAME" in answered


def test_a_file_that_was_not_taken_leaves_its_reason_on_the_page(address):
    with Visitor(address).run().open(FILES) as visitor:
        visitor.upload(broken(MEGABYTE))
        assert any("damaged or cut off" in text for text in visitor.texts)
        visitor.upload(b"got a file and no room", REFUSED)
        assert "got a file and no room" in visitor.texts


def test_a_port_that_is_taken_is_told_with_what_to_do_and_a_chosen_address_wins():
    with socket.create_server(("127.0.0.2", 0)) as taken:
        port = taken.getsockname()[1]
        options = ["--server.headless", "true", "--server.address", "127.0.0.2", "--server.port", str(port)]
        command = [sys.executable, "-m", "dashboard", *options]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=WAIT_SECONDS, check=False)
    assert ended.returncode == 1
    assert f"Something answers on 127.0.0.2:{port} already" in ended.stderr
    assert f"make dashboard PORT={port + 1}" in ended.stderr


@pytest.mark.slow
def test_under_a_path_the_page_runs_and_takes_files_and_nothing_is_found_beside_it():
    with served({PREFIX_VARIABLE: "desk/conjunction"}) as address:
        with Visitor(address).run().open(FILES) as visitor:
            visitor.upload(broken(MEGABYTE))
            assert any("damaged or cut off" in text for text in visitor.texts)
        beside = f"{address.removesuffix('/desk/conjunction')}/_stcore/health"
        with pytest.raises(urllib.error.HTTPError, match="404") as missing, urllib.request.urlopen(beside):
            pass
        missing.value.close()


@ON_LINUX
@pytest.mark.slow
def test_memory_of_a_hundred_uploads_comes_back(tmp_path):
    watch = Watch(tmp_path)
    with served({**watch.environment, PATIENCE: "5"}) as address:
        server = watch.process("-m dashboard")
        with Visitor(address).run().open(FILES) as first:
            first.upload(broken(9 * MEGABYTE))
        until(lambda: held(address) == 0, "the first visitor's file is let go")
        before = resident(server)
        visitors = [Visitor(address).run().open(FILES) for _ in range(10)]
        for visitor in visitors:
            for _ in range(10):
                visitor.upload(broken(9 * MEGABYTE))
                assert any("damaged or cut off" in text for text in visitor.texts)
        until(lambda: held(address) == 90 * MEGABYTE, "one file a session is held")
        for visitor in visitors:
            visitor.leave()
        until(lambda: resident(server) < 1.2 * before, f"memory is back near {before} bytes")
