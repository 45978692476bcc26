"""Words for what would change the forecast: pieces left out, priors against evidence, copies. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from dashboard.wording.labels import STATE_LABELS, event_label, joined, years_ahead
from dashboard.wording.numerals import minus, sentence_case
from data.digest import Fields

KIND_WORDS = MappingProxyType(
    {
        "event": "act",
        "source": "publisher",
        "domain": "domain",
        "indicator": "indicator file",
        "claim": "claim",
    }
)
BELIEFS: Mapping[str, str] = MappingProxyType(
    {
        "prior-driven": "the evidence says little here, so the forecast rests on your setting",
        "partly informed": "the evidence adds something, your setting still matters",
        "data-driven": "the evidence decides this, whatever reasonable setting you start from",
        "in conflict": "the evidence points away from your setting; one of the two deserves a second look",
        "neither": "neither setting nor evidence would move it",
    }
)
"""The one list of words for what a belief rests on, and what each means: sliders, Assumptions and Checks read it."""
TWO_QUESTIONS = (
    "Assumptions asks how much doubt the evidence took away; Checks asks whether setting or evidence, made a little "
    "stronger, moves it: two questions, so that a borderline one may carry another word there."
)
_POWER_WORDS = MappingProxyType({"in conflict": "partly informed"})
"""Power scaling says “in conflict” where prior and evidence both move a belief: partly informed, by the list."""
_SAID = (
    ("data-driven", "decides {}"),
    ("partly informed", "informs {} in part"),
    ("in conflict", "contradicts {}"),
    ("neither", "leaves {} that nothing moves"),
    ("prior-driven", "says little about {}"),
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


def belief_word(reading: str) -> str:
    """The one list's word, as a title, for what power scaling found or what narrowing did."""
    return sentence_case(_POWER_WORDS.get(reading, reading))


def beliefs_sentence(counts: Mapping[str, int]) -> str:
    """“Of 16 assumptions the evidence decides 2 and says little about 14: those rest on your setting.”

    Parameters
    ----------
    counts : Mapping[str, int]
        How many assumptions carry each word, by power scaling (`models.verdicts.facts.reading_counts`) or by what the
        evidence did (verdicts of `models.forecast.learning.knob_learning`); those that no evidence speaks to are left
        out.
    """
    named: dict[str, int] = {}
    for reading, count in counts.items():
        word = _POWER_WORDS.get(reading, reading)
        if word in BELIEFS:
            named[word] = named.get(word, 0) + int(count)
    said = [
        phrase.format(named.get(word) or "none") for word, phrase in _SAID if named.get(word) or word == "data-driven"
    ]
    rest = ": those rest on your setting" if named.get("prior-driven") else ""
    return f"Of {sum(named.values())} assumptions the evidence {joined(said)}{rest}."


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
