"""A real PostgreSQL server for tests, from Debian's packages: in a folder of its own, on a socket, for one session."""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from data.values import frozen

USER = "postgres"
"""Debian's; initdb and the server refuse to run as root."""
ABSENT = "no PostgreSQL server programs on this machine (Debian: apt-get install postgresql)"


@frozen
class Server:
    """A running server; everybody on this machine who can open the folder is let in."""

    folder: Path

    def url(self, database: str = USER) -> str:
        return f"postgresql://{USER}@/{database}?host={self.folder}"

    def new_database(self) -> str:
        """The URL of an empty database of its own."""
        name = f"record_{secrets.token_hex(6)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)


def programs() -> Path | None:
    """Folder of initdb and pg_ctl, the newest that is installed."""
    config = shutil.which("pg_config")
    named = subprocess.run([config, "--bindir"], capture_output=True, text=True).stdout.strip() if config else ""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    folders = [*debian, *([Path(named)] if named else [])]
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Server]:
    """Start a server whose files and socket lie in a new folder; stop it and remove them at the end.

    Not in pytest's own temporary folder: the server's user may not enter that, and a socket's path must be short.
    """
    home = Path(tempfile.mkdtemp(prefix="pg"))
    data = home / "data"
    try:
        if os.geteuid() == 0:
            user = pwd.getpwnam(USER)
            os.chown(home, user.pw_uid, user.pw_gid)
        as_user(folder / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{home}' -c max_connections=40"
        as_user(folder / "pg_ctl", "-D", data, "-l", home / "log", "-w", "-o", options, "start")
        try:
            yield Server(folder=home)
        finally:
            as_user(folder / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home)


def as_user(*command: str | Path) -> None:
    """Run one of the server's programs as a user whom it accepts."""
    change = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--init-groups"] if os.geteuid() == 0 else []
    done = subprocess.run([*change, *map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/")
    assert done.returncode == 0, done.stderr.decode()[:2000]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The session's server; tests that need one are skipped only where it isn't installed."""
    folder = programs()
    if folder is None:
        pytest.skip(ABSENT)
    with running(folder) as server:
        yield server
