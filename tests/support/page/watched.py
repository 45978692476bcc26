"""A server whose every step out of this machine is written down, in it and in the processes that it starts.

Python tells its audit hooks of every connection, look-up of a name and message to an address before it happens; the
hook is set by a `sitecustomize` on the path, so that nothing in the project knows of it.
"""

import os
from collections.abc import Mapping
from pathlib import Path

LOG = "WATCHED"
_HOOK = """
import os, sys

INSIDE = {"127.0.0.1", "::1", "localhost", "", None}
WHERE = {"socket.connect": 1, "socket.bind": 1, "socket.sendto": 1, "socket.sendmsg": 1, "socket.getaddrinfo": 0,
         "socket.gethostbyname": 0, "socket.gethostbyaddr": 0}

def write(line):
    with open(os.environ["WATCHED"], "a") as stream:
        stream.write(line + "\\n")

def watch(event, arguments):
    if event not in WHERE:
        return
    address = arguments[WHERE[event]]
    host = address[0] if isinstance(address, tuple) else address
    host = host.decode() if isinstance(host, bytes) else host
    named = event.startswith("socket.get") or (isinstance(address, tuple) and isinstance(host, str))
    if named and host not in INSIDE:
        write(f"outside {event} {host}")

write(f"process {os.getpid()} {' '.join(sys.orig_argv[1:4])}")
sys.addaudithook(watch)
"""
LISTENING, LOOPBACK = "0A", {"0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F"}
"""As Linux writes a listening socket's state and addresses, each word turned round."""


class Watch:
    """What was seen, and the environment that has it seen.

    Parameters
    ----------
    folder : Path
        For the hook and what it writes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._log = folder, folder / "watched.txt"
        (folder / "sitecustomize.py").write_text(_HOOK)
        self._log.touch()

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables for a process that is to be watched."""
        path = os.pathsep.join([str(self._folder), *filter(None, [os.environ.get("PYTHONPATH")])])
        return {"PYTHONPATH": path, LOG: str(self._log), "CONJUNCTION_RECORD": ""}

    def outside(self) -> list[str]:
        """Every step out of this machine."""
        return [line for line in self._log.read_text().splitlines() if line.startswith("outside")]

    def process(self, command: str) -> int:
        """Number of the first process with these words in its command."""
        lines = (line.split(maxsplit=2) for line in self._log.read_text().splitlines() if line.startswith("process"))
        return next(int(number) for _, number, words in lines if command in words)

    def processes(self) -> list[int]:
        """Numbers of all processes that were watched and live."""
        lines = (line.split() for line in self._log.read_text().splitlines() if line.startswith("process"))
        return [int(words[1]) for words in lines if Path(f"/proc/{words[1]}/fd").is_dir()]


def listening(number: int) -> list[str]:
    """Addresses, as Linux writes them, on which a process listens for connections or waits for messages."""
    links = (str(link.readlink()) for link in Path(f"/proc/{number}/fd").iterdir())
    own = {link.removeprefix("socket:[").removesuffix("]") for link in links if link.startswith("socket:[")}
    addresses = []
    for name in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/{number}/net/{name}").read_text().splitlines()[1:]:
            words = line.split()
            if words[9] in own and (name.startswith("udp") or words[3] == LISTENING):
                addresses.append(words[1].partition(":")[0])
    return addresses


def resident(number: int) -> int:
    """Bytes of memory that a process has."""
    status = Path(f"/proc/{number}/status").read_text().splitlines()
    return 1024 * int(next(line for line in status if line.startswith("VmRSS")).split()[1])
