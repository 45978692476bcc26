"""Snapshots to save, and records to save them in."""

from tests.support.programs.records import (
    default_forecast,
    moved_snapshot,
    plain_snapshot,
    postgres,
    record,
    short_snapshot,
    url,
)

__all__ = ["default_forecast", "moved_snapshot", "plain_snapshot", "postgres", "record", "short_snapshot", "url"]
