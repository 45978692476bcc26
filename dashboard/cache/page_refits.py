"""The refits as a page holds them: none is asked for or stopped past the gate of roles."""

from collections.abc import Mapping, Sequence

from dashboard.refits.jobs import Refits
from dashboard.roles import gate
from models.refits.queue import Job
from models.refits.request import Expected


class PageRefits(Refits):
    """The refits of one server, for its pages."""

    def start(
        self,
        key: str,
        values: Mapping[str, float],
        owner: str = "",
        expected: Sequence[Expected] = (),
        priority: int = 0,
    ) -> Job:
        """`Refits.start`, inside an action that has passed the gate."""
        gate.require_passing()
        return super().start(key, values, owner, expected, priority)

    def cancel(self, job_id: str) -> Job | None:
        """`Refits.cancel`, inside an action that has passed the gate."""
        gate.require_passing()
        return super().cancel(job_id)

    def leave(self, job_id: str, owner: str) -> None:
        """`Refits.leave`, inside an action that has passed the gate."""
        gate.require_passing()
        super().leave(job_id, owner)
