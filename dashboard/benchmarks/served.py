"""The page's own server, for as long as something is measured, and what it costs.

It runs in a process of its own, in a folder of its own.
"""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from dashboard.server.alive import PREFIX_VARIABLE
from data.values import frozen

if TYPE_CHECKING:
    from playwright.sync_api import Page

START_SECONDS = 60.0
"""A loaded machine with two cores took fifteen for its first page."""


@frozen(eq=False)
class Server:
    """A server of the page: its address and its process."""

    address: str
    process: subprocess.Popen


@frozen(eq=False)
class Meter:
    """What a page costs its server, counted since it was opened.

    Attributes
    ----------
    pid : int
    frames : list of int
        Bytes of every message that the page was sent.
    """

    pid: int
    frames: list[int]

    @classmethod
    def of(cls, page: "Page", pid: int) -> Self:
        """A meter of a page that has not been opened yet."""
        frames: list[int] = []
        page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(len(frame))))
        return cls(pid=pid, frames=frames)

    def read(self) -> Mapping[str, float]:
        """Milliseconds of processor time, not a number where the system does not tell, and bytes."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            spent = 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except OSError:
            spent = float("nan")
        return {"cpu": spent, "bytes": sum(self.frames)}


@contextlib.contextmanager
def served(environment: Mapping[str, str] = MappingProxyType({})) -> Iterator[str]:
    """The address of the page, served as `serving` does."""
    with serving(environment) as server:
        yield server.address


@contextlib.contextmanager
def serving(environment: Mapping[str, str] = MappingProxyType({})) -> Iterator[Server]:
    """The page, served as the README says, with a folder of its own for refits.

    Parameters
    ----------
    environment : Mapping[str, str]
        Further variables of the server's environment.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--server.headless", "true", "--server.port", str(port)]
    with tempfile.TemporaryDirectory() as home:
        server = subprocess.Popen(
            [sys.executable, "-m", "dashboard", *options],
            cwd=Path(__file__).parents[2],
            env=os.environ | {"CONJUNCTION_HOME": home} | dict(environment),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            address = "/".join(filter(None, (f"http://127.0.0.1:{port}", environment.get(PREFIX_VARIABLE))))
            _wait_for(server, address)
            yield Server(address=address, process=server)
        finally:
            server.terminate()
            server.wait(10)


def _wait_for(server: subprocess.Popen, address: str) -> None:
    end = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
            if answer.read() == b"ok":
                return
        time.sleep(0.1)
    raise RuntimeError(f"got no page within {START_SECONDS:g} s, expected one; see what `python -m dashboard` says")
