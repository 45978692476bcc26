"""Words for a change against the starting view: of a chance, and of the assumptions. Pure."""

from dashboard.wording.table import Reading
from data.values import frozen
from models.assumptions.knobs import Knob
from models.assumptions.setting import Assumptions

QUIET = "Claims hardly count here."
"""Beside the moves, where a claim is among them: that nothing else happens would puzzle."""
ROOM = 80
"""Letters of moves that a line holds beside its beginning; the rest of them are counted."""


@frozen
class Change:
    """What a card says of a chance that stood elsewhere before.

    Attributes
    ----------
    text : str
        “up: 14 % → 21 %”.
    colour : str
        Blue and orange, which every common colour blindness keeps apart; grey for none.
    arrow : {"up", "down", "off"}
    """

    text: str
    colour: str
    arrow: str


def change(before: Reading, now: Reading) -> Change:
    """How a chance moved, as far as both are written: two that read the same have not moved."""
    was, is_ = before.chance.percent, now.chance.percent
    if was == is_:
        return Change(text=f"still {is_}", colour="gray", arrow="off")
    up = now.probability > before.probability
    return Change(
        text=f"{'up' if up else 'down'}: {was} → {is_}",
        colour="blue" if up else "orange",
        arrow="up" if up else "down",
    )


def moves(assumptions: Assumptions) -> tuple[str, ...]:
    """Every moved assumption, as in “Pride and rank 1.40 → 2.00”, the furthest moved of its range first."""
    moved = [(assumptions.knobs[key], assumptions.values[key]) for key in assumptions.changed]
    return tuple(_move(knob, value) for knob, value in sorted(moved, key=_nearness))


def moved_sentence(assumptions: Assumptions) -> str:
    """What was moved, in a sentence that keeps to a line: as many moves as fit, at least one, and how many more; empty
    where nothing was."""
    made, of = moves(assumptions), len(assumptions.knobs)
    if not made:
        return ""
    told = [made[0]]
    for move in made[1:]:
        if len("; ".join([*told, move])) > ROOM:
            break
        told.append(move)
    more = f"; and {len(made) - len(told)} more" if len(told) < len(made) else ""
    return f"You moved {len(made)} of {of} assumptions: {'; '.join(told)}{more}."


def _nearness(move: tuple[Knob, float]) -> float:
    knob, value = move
    return -abs(value - knob.default) / (knob.high - knob.low)


def _move(knob: Knob, value: float) -> str:
    return f"{knob.label} {knob.default:.{knob.decimals}f} → {value:.{knob.decimals}f}"
