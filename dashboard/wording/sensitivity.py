"""Words for what would change the forecast: pieces left out, priors against evidence, copies. Pure."""

from types import MappingProxyType

import pandas as pd

from dashboard.wording.labels import STATE_LABELS, event_label, joined, years_ahead
from dashboard.wording.numerals import minus, sentence_case
from data.digest import Fields
from models.verdicts.facts import reading_counts

KIND_WORDS = MappingProxyType(
    {
        "event": "act",
        "source": "publisher",
        "domain": "domain",
        "indicator": "indicator file",
        "claim": "claim",
    }
)
READINGS = MappingProxyType(
    {
        "prior-driven": "Prior-driven",
        "data-driven": "Data-driven",
        "in conflict": "In conflict",
        "neither": "Neither",
    }
)
READING_MEANINGS = MappingProxyType(
    {
        "prior-driven": "your setting decides it, the evidence says little",
        "data-driven": "the evidence decides it",
        "in conflict": "setting and evidence both decide it, or pull apart",
        "neither": "neither would move it",
    }
)
FILE_NAMES = MappingProxyType(
    {
        "un_ideal_points": "positions in UN votes",
        "sipri_milex": "military spending (SIPRI)",
        "sipri_arms_rus_chn": "arms transfers (SIPRI)",
        "gdp_current_usd": "size of the economies",
        "objects_launched_unoosa": "objects launched (UNOOSA)",
        "artemis_signatories": "signatories of the Artemis Accords",
    }
)
_OUTCOMES = MappingProxyType(
    {**STATE_LABELS, "any rupture": "At least one rupture year-end", "any deeper": "At least one deeper year-end"}
)


def piece_name(row: Fields) -> str:
    """A left-out piece in a few words: “Claim C10: Chinese growth”, “Border fighting (1969)”."""
    kind, name, label = (str(row[key]) for key in ("kind", "name", "label"))
    if kind == "event":
        return f"{event_label(name)} ({name[1:5]})"
    if kind == "claim":
        return f"Claim {name}: {label}"
    if kind == "indicator":
        return f"Figures: {FILE_NAMES.get(name, label)}"
    return f"{sentence_case(KIND_WORDS[kind])}: {label}"


def cell_text(outcome: str, horizon: int) -> str:
    """“Deeper cooperation, 5 years ahead”."""
    return f"{_OUTCOMES[outcome]}, {years_ahead(horizon)}"


def quantity_words(quantity: str) -> str:
    """A quantity of the prior-against-evidence table: “rupture, 1 y” as “Rupture, 1 year ahead”."""
    outcome, _, horizon = quantity.rpartition(", ")
    return cell_text(outcome, int(horizon.removesuffix(" y")))


def points_text(change: float) -> str:
    """A change of a probability to a tenth of a point: “+4.2 points”."""
    return minus(f"{100 * change:+.1f} points")


def moves_sentence(moves: pd.DataFrame) -> str:
    """What moves the forecast most when it is left out, and how far the fast route is off.

    Parameters
    ----------
    moves : DataFrame
        `models.verdicts.facts.largest_moves`.
    """
    first = moves.iloc[0]
    gap = (moves["refit"] - moves["weights"]).abs().max()
    apart = "" if pd.isna(gap) else f" Re-weighting differs from these refits by {100 * gap:.1f} points at most."
    return (
        f"Without “{piece_name(first)}”, “{cell_text(first['outcome'], int(first['horizon']))}” of the latent-"
        f"alignment model changes by {points_text(first['refit'])} from {100 * first['before']:.0f} %. Each bar is the "
        f"probability that the piece moves most.{apart}"
    )


def readings_sentence(knobs: pd.DataFrame) -> str:
    """How many assumptions carry each word.

    Parameters
    ----------
    knobs : DataFrame
        `models.sensitivity.power_scaling.by_knob`.
    """
    counts = reading_counts(knobs)
    phrases = [
        f"{counts[word]} {words.lower()} ({READING_MEANINGS[word]})"
        for word, words in READINGS.items()
        if counts.get(word)
    ]
    return f"Of {sum(counts.values())} assumptions of the latent-alignment model: {joined(phrases)}."


def readings_phrase(knobs: pd.DataFrame) -> str:
    """“Of 16 assumptions 7 are prior-driven, 2 data-driven”: the same without what the words mean."""
    counts = reading_counts(knobs)
    phrases = [f"{counts[word]} {word}" for word in READINGS if counts.get(word)]
    return f"{sum(counts.values())} assumptions: {joined(phrases)}"


def copies_phrase(copies: pd.DataFrame) -> str:
    """“Ten copies of one indicator move it by 1.0 points at most”."""
    shared = copies.loc[copies["way"] == "shared", "change"]
    return f"Ten copies of one indicator move it by {100 * shared.abs().max():.1f} points at most"


def copies_sentence(copies: pd.DataFrame) -> str:
    """Whether ten copies of one indicator count as one.

    Parameters
    ----------
    copies : DataFrame
        `models.sampling.copies.copies_control`.
    """
    shared, naive = (copies[copies["way"] == way] for way in ("shared", "naive"))
    moved = f"{100 * shared['change'].abs().max():.1f} points at most"
    against = f"; with a whole prior for each copy it would be {100 * naive['change'].abs().max():.1f}"
    return (
        f"The driver of claim {copies['claim'].iloc[0]} entered ten times instead of once moves the forecast by {moved}"
        f"{against if len(naive) else ''}. Copies must not count as news."
    )
