"""``python -m tests.stranger``: what somebody in a network of their own can do to a page that is open to it.

By hand, as root on Linux: it makes a network namespace with a pair of addresses that lead nowhere else, serves the page
to one of them, and tries everything of `tests.support.hostile.stranger` from the other. Nothing leaves the two. What
came of it is printed as a table (docs/security.md keeps one); the exit code is 1 where anything was not held.
"""

import contextlib
import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.support.page.visitor import Visitor

ROOT = Path(__file__).parents[1]
HERE, THERE = "198.18.77.1", "198.18.77.2"
"""Of a block that is kept for measurements between machines, and is routed nowhere."""
START_SECONDS = 300.0
WATCHED = ("dashboard", "data", "models", "docs")


@contextlib.contextmanager
def namespace() -> Iterator[str]:
    """A network namespace that reaches this one by one address; gone with all that it had at the end."""
    name = f"stranger{os.getpid()}"
    near, far = f"sn{os.getpid()}", f"sf{os.getpid()}"
    run = lambda *words: subprocess.run(["ip", *words], check=True)  # noqa: E731
    run("netns", "add", name)
    try:
        run("link", "add", near, "type", "veth", "peer", "name", far, "netns", name)
        run("addr", "add", f"{HERE}/30", "dev", near)
        run("link", "set", near, "up")
        run("-n", name, "addr", "add", f"{THERE}/30", "dev", far)
        run("-n", name, "link", "set", far, "up")
        run("-n", name, "link", "set", "lo", "up")
        yield name
    finally:
        run("netns", "del", name)


@contextlib.contextmanager
def served(home: Path, host: str, said: Path) -> Iterator[tuple[str, int]]:
    """A page that listens on an address, with folders of its own; its address, and its port."""
    with socket.create_server((host, 0)) as probe:
        port = probe.getsockname()[1]
    options = ["--server.headless", "true", "--server.port", str(port), "--server.address", host]
    if host == HERE:
        options += ["--server.allowedHosts", host, "--browser.serverAddress", host]
    environment = os.environ | {"CONJUNCTION_HOME": str(home), "CONJUNCTION_RECORD": "", "CONJUNCTION_EVERYONE_IS": ""}
    with said.open("wb") as output:
        command = [sys.executable, "-m", "dashboard", *options]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait_for(server, f"http://{host}:{port}")
            yield f"http://{host}:{port}", port
        finally:
            server.terminate()
            server.wait(30)


def _wait_for(server: subprocess.Popen, address: str) -> None:
    end = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):
            return
        time.sleep(0.5)
    raise RuntimeError(f"got no page at {address}, expected one")


def keepers_ids(address: str) -> Mapping[str, str]:
    """Ids of what a keeper can press: they are the same in every session."""
    with Visitor(address).run() as keeper:
        save = keeper.open("Save").ids.get(("button", "Save to the record"), "")
        found = {"Save to the record": save, "refit": _button(keeper, "Refit")}
        keeper.visit("track_record")
        found |= {"track_record:replay": _button(keeper, "Replay"), "track_record:resolve": _button(keeper, "Resolve")}
        keeper.visit("evidence")
        found |= {"evidence:look": _button(keeper, "Look at it")}
    return {name: widget for name, widget in found.items() if widget}


def _button(visitor: Visitor, label: str) -> str:
    return next((one for (kind, said), one in visitor.ids.items() if kind == "button" and said.startswith(label)), "")


def digest(folders: tuple[str, ...]) -> str:
    """Of every file of the program that is tracked."""
    listed = subprocess.run(["git", "ls-files", "-z", *folders], cwd=ROOT, capture_output=True, check=True).stdout
    whole = hashlib.sha256()
    for name in filter(None, listed.decode().split("\0")):
        whole.update((ROOT / name).read_bytes())
    return whole.hexdigest()


def after(home: Path) -> Iterator[tuple[str, bool, str]]:
    """What must be as before: record, refits, runs of updates."""
    from models.record.store import Record

    entries = 0
    if (home / "record.db").is_file():
        with Record.open(str(home / "record.db")) as record:
            entries = record.head[0]
    yield "in all: the record", entries == 0, f"{entries} entries"
    refits = list((home / "refits").rglob("*")) if (home / "refits").exists() else []
    yield "in all: refits", not any(path.name == "queue.db" for path in refits), f"{len(refits)} files"
    runs = list((home / "page_updates").glob("*"))
    yield "in all: updates", not runs, f"{len(runs)} runs"


def attempted(name: str, plan: Mapping[str, object]) -> Iterator[tuple[str, bool, str]]:
    """What the stranger reports."""
    inside = [sys.executable, "-m", "tests.support.hostile.stranger", json.dumps(plan)]
    command = ["ip", "netns", "exec", name, *inside]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            row = json.loads(line)
            print(f"{'held  ' if row['held'] else 'BROKEN'} {row['what']}: {row['outcome']}", flush=True)
            yield row["what"], row["held"], row["outcome"]
    if process.returncode:
        yield "try everything", False, f"the stranger ended with {process.returncode}"


def main() -> int:
    """Serve, try, print."""
    before = digest(WATCHED)
    with tempfile.TemporaryDirectory() as folder, namespace() as name:
        private, opened = Path(folder, "private"), Path(folder, "open")
        said = Path(folder, "said.txt")
        with served(private, "127.0.0.1", Path(folder, "private.txt")) as (address, port):
            ids = keepers_ids(address)
            with served(opened, HERE, said) as (_, open_port):
                plan = {"host": HERE, "port": open_port, "private_port": port, "ids": ids}
                rows = list(attempted(name, plan))
        print(said.read_text(errors="replace"))
        rows += after(opened)
    rows.append(("in all: files of the program", digest(WATCHED) == before, "compared by digest"))
    print("\n| | attempt | held | what came of it |\n|---|---|---|---|")
    for number, (what, held, outcome) in enumerate(rows, 1):
        print(f"| {number} | {what} | {'yes' if held else '**NO**'} | {outcome} |")
    return 0 if all(held for _, held, _ in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
