"""The closed lists of the codebook: every coded column takes one of these values and nothing else."""

from __future__ import annotations

ACTORS = ("SUN", "RUS", "CHN", "USA", "both", "other")
LAST_SOVIET_YEAR = 1991
"""SUN codes Moscow to this year, RUS from the next (codebook.md)."""

SPACE_DOMAINS = ("civil_space", "military_space", "space_governance")
DOMAINS = (*SPACE_DOMAINS, "arms_technology", "security", "diplomacy", "economy", "us_policy")

CLAIM_MECHANISMS = (
    "balancing_us",
    "cost_sharing",
    "complementarity",
    "joint_projects",
    "diplomatic_alignment",
    "counterspace",
    "status_nationalism",
    "mistrust_ip",
    "free_riding",
    "jeopardised_interests",
    "us_engagement",
    "us_norm_leadership",
    "history",
    "consequence",
)
MECHANISMS = (*CLAIM_MECHANISMS, "us_pressure", "other")
"""The essay's mechanisms, and the two codes of the ledger that no claim of the essay speaks to."""

DIRECTIONS = ("cooperation", "conflict", "mixed", "context")
PRECISIONS = ("day", "month", "year")
CONFIDENCES = ("high", "medium", "low")
EVENT_SOURCE_KINDS = ("read", "unverified")

INTENSITY_LIMIT = 10
MIXED_LIMIT = 3
"""A mixed event carries at most this much tone either way; beyond it one side dominates (codebook.md)."""

SIDES = ("cooperation", "rupture", "us_policy")
STRENGTHS = ("strong", "moderate", "modest", "weak", "slight", "none")
ESSAY_PARAGRAPHS = frozenset(range(1, 20)) - {3, 10, 15}
"""Paragraphs of the essay, counted with its headings; the headings (3, 10, 15) claim nothing."""

UNVERIFIED = "unverified"


def is_verified(source_kind: str) -> bool:
    """Tell whether a source label vouches for the whole row: mixed labels that hold the word do not."""
    return UNVERIFIED not in source_kind.lower()
