"""Refits asked for from the page: a queue on this machine's disk, and the one worker that empties it."""
