"""Whose a saved forecast is, where both records are shown beside each other."""

OWN, PROJECT = "own", "project"
