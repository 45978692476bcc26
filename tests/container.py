"""By hand, ``python -m tests.container [FORMER]``: builds the image and tries what docs/serving.md promises of it.

FORMER is a revision (the one before): its program writes a record of 500 forecasts, which the image then opens. Needs
podman, the programs of a PostgreSQL server, git, and leave to run containers. ``BASE`` names another base image. Where
no registry answers, it can be made of Debian's packages::

    mmdebstrap --variant=minbase --include=python3,python3-venv,ca-certificates trixie base.tar
    podman import base.tar base:trixie

``PODMAN`` and ``BUILD`` hold the program with its options and more options of the build; BUILD=none takes the image as
it is.
"""

import contextlib
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.support.page import visitor as page
from tests.support.page.browser import free_port, healthy
from tests.support.page.visitor import Visitor
from tests.support.programs import postgres

ROOT = Path(__file__).parents[1]
PODMAN = shlex.split(os.environ.get("PODMAN", "podman"))
NAME, IMAGE, FILE = "conjunction-trial", "conjunction", "docs/deploy/Containerfile"
FORM, SAVE = "Save", "Save to the record"
ENTRIES, STOP_SECONDS, WAIT_SECONDS = 500, 5.0, 900.0
HARDENED = ("--read-only", "--tmpfs", "/tmp", "--cap-drop", "all", "--security-opt", "no-new-privileges")
FILL = """
import sys
from pathlib import Path
from dashboard.benchmarks.record import fill
from data.load import load_evidence
fill(Path(sys.argv[1]), load_evidence(), int(sys.argv[2]))
"""
TOUCH = """
import os
for place in ("/app/x", "/opt/venv/x", "/etc/x", "/x"):
    try:
        open(place, "w")
    except OSError as error:
        print(place, error.strerror)
    else:
        raise SystemExit(f"{place} could be written")
print("user", os.getuid())
"""


def told(what: str, outcome: object) -> None:
    print(f"{what:48} {outcome}", flush=True)


def podman(*line: str) -> str:
    done = subprocess.run([*PODMAN, *line], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"podman {' '.join(line[:3])} failed: {done.stderr[-2000:]}{done.stdout[-2000:]}")
    return done.stdout.strip()


def built() -> None:
    more = shlex.split(os.environ.get("BUILD", ""))
    if more != ["none"]:
        base = ["--build-arg", f"BASE={os.environ['BASE']}"] if "BASE" in os.environ else []
        podman("build", "--format", "docker", "--tag", IMAGE, "--file", FILE, *base, *more, ".")
    size = int(podman("image", "inspect", "--format", "{{.Size}}", IMAGE))
    told("image", f"{size / 1e6:.0f} MB")


@contextlib.contextmanager
def running(*more: str) -> Iterator[str]:
    """The page in a container, which must end by itself soon after it was told to, although a visitor is there."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    named = {"ADDRESS": "127.0.0.1", "PORT": port, "ALLOWED_HOSTS": "127.0.0.1"}  # the health check reads the port
    variables = [word for name, value in named.items() for word in ("--env", f"STREAMLIT_SERVER_{name}={value}")]
    started = time.monotonic()
    podman("run", "--detach", "--replace", "--name", NAME, "--network", "host", *HARDENED, *variables, *more, IMAGE)
    try:
        until(lambda: healthy(address), "the page answers")
        told("started read-only", f"{time.monotonic() - started:.1f} s to the first answer")
        with Visitor(address):
            yield address
            started = time.monotonic()
            podman("stop", "--time", "20", NAME)
        took, code = time.monotonic() - started, podman("inspect", "--format", "{{.State.ExitCode}}", NAME)
        told("stopped, a visitor's page open", f"{took:.1f} s, exit code {code}")
        assert took < STOP_SECONDS
        assert code == "0"
    except BaseException:
        print(podman("logs", "--tail", "30", NAME), file=sys.stderr)
        raise
    finally:
        podman("rm", "--force", "--time", "1", NAME)


def inside(*line: str) -> str:
    return podman("exec", NAME, "python", *line)


def until(condition, what: str) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"waited in vain: {what}")
        time.sleep(0.2)


def saved_on_the_page(address: str, name: str) -> list[str]:
    """What a visitor reads after saving the forecast on screen."""
    with Visitor(address) as visitor:
        visitor.run().open(FORM).type("Name", name).type("Author", "Trial").press(SAVE)
        return visitor.texts


def newest() -> tuple[str, str]:
    number, digest = inside("-m", "models", "record", "head").split()[:2]
    return number, digest


def names() -> list[str]:
    return [entry["shown_name"] for entry in json.loads(inside("-m", "models", "record", "list", "--json"))]


def refitted(address: str, cache: Path) -> None:
    with Visitor(address, query="C01=1.9") as visitor:
        visitor.run().press("Refit")
        started = time.monotonic()
        until(lambda: any((cache / "conjunction" / "fits").glob("*/fit.json")), "a refit is there")
        told("refit asked for on the page", f"done after {time.monotonic() - started:.0f} s, compilation included")


def with_sqlite(folder: Path, former: str) -> None:
    """A record of the former revision, the page, a save, a refit, a backup brought back."""
    record, cache = folders(folder)
    written_by(former, record / "record.db")
    with running("--volume", f"{record}:/record", "--volume", f"{cache}:/cache") as address:
        told("health check", inside("-m", "dashboard.server.alive") or "alive")
        told("cannot write elsewhere", ", ".join(inside("-c", TOUCH).splitlines()))
        told(f"{ENTRIES} entries of {former}", inside("-m", "models", "record", "verify").splitlines()[-1])
        before = len(names())
        saved_on_the_page(address, "Saved in the container")
        assert names()[0] == "Saved in the container", names()[:3]
        told("saved on the page", f"{len(names())} forecasts after {before}")
        refitted(address, cache)
        told("backup", inside("-m", "models", "record", "export", "/record/backup.zip"))
        told("restore", inside("-m", "models", "record", "import", "/record/backup.zip", "--record", "/cache/again.db"))


def with_postgresql(folder: Path) -> None:
    """A save, the database stopped and told, and a save when it is there again."""
    programs = postgres.programs()
    assert programs, postgres.ABSENT
    _, cache = folders(folder)
    with postgres.running(programs) as server:
        data, socket = server.folder / "data", str(server.folder)
        server.folder.chmod(0o755)
        place = ("--volume", f"{socket}:{socket}", "--volume", f"{cache}:/cache")
        with running(*place, "--env", f"CONJUNCTION_RECORD={server.new_database()}") as address:
            saved_on_the_page(address, "Before the restart")
            postgres.as_user(programs / "pg_ctl", "-D", data, "-w", "-m", "fast", "stop")
            words = " ".join(saved_or_told(address)).splitlines()
            told("PostgreSQL stopped, in words on the page", next((line for line in words if "record" in line), words))
            options = f"-c listen_addresses='' -c unix_socket_directories='{socket}'"
            postgres.as_user(programs / "pg_ctl", "-D", data, "-l", server.folder / "log", "-w", "-o", options, "start")
            time.sleep(16)  # the page leaves a server that is down alone for so long
            saved_on_the_page(address, "After the restart")
            assert names() == ["After the restart", "Before the restart"], names()
            told("PostgreSQL started again", f"{len(names())} forecasts, nothing lost")


def saved_or_told(address: str) -> list[str]:
    with Visitor(address) as visitor:
        return visitor.run().open(FORM).texts


def folders(folder: Path) -> tuple[Path, Path]:
    made = folder / "record", folder / "cache"
    for path in made:
        path.mkdir(parents=True)
        path.chmod(0o777)
    return made


def written_by(former: str, file: Path) -> None:
    """A record that a former revision's own program wrote."""
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(["git", "archive", former], cwd=ROOT, capture_output=True, check=True).stdout
        subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
        place = os.environ | {"PYTHONPATH": folder, "CONJUNCTION_HOME": str(Path(folder) / "home")}
        line = [sys.executable, "-c", FILL, str(file), str(ENTRIES)]
        subprocess.run(line, cwd=folder, env=place, check=True)
    file.chmod(0o666)  # the container's user is another one


def main(former: str) -> None:
    page.WAIT_SECONDS = WAIT_SECONDS  # a first page in a new container compiles nothing, but reads everything
    built()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        with_sqlite(Path(folder) / "sqlite", former)
        with_postgresql(Path(folder) / "postgresql")


if __name__ == "__main__":
    main(*sys.argv[1:] or ["HEAD~1"])
