"""A writer that ends in the midst: at one of its writings, renamings or removings, as a kill would have it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.swap import journal


class StoppedError(BaseException):
    """What a kill is to the code that runs: nothing catches it."""


def stop_at(monkeypatch: pytest.MonkeyPatch, step: int) -> list[str]:
    """End at a step, which is then done by half or not at all; returns the steps, as they come."""
    steps: list[str] = []

    def counted(name: str, done: Callable[..., Any]) -> Callable[..., Any]:
        def act(*args: Any, **options: Any) -> Any:
            steps.append(name)
            if len(steps) > step:
                if name == "write":
                    Path(args[0]).write_bytes(args[1][:2])
                raise StoppedError
            return done(*args, **options)

        return act

    monkeypatch.setattr(journal, "_write_through", counted("write", journal._write_through))
    monkeypatch.setattr(Path, "replace", counted("rename", Path.replace))
    monkeypatch.setattr(Path, "unlink", counted("remove", Path.unlink))
    return steps


def stopped_at(monkeypatch: pytest.MonkeyPatch, step: int, act: Callable[[], None]) -> None:
    """Do something that ends at a step."""
    with monkeypatch.context() as patch:
        stop_at(patch, step)
        with pytest.raises(StoppedError):
            act()
