"""Words for pins and acts: how likely they are, what they move, and how observing differs from making happen. Pure."""

from collections.abc import Mapping, Sequence

from dashboard.wording.chances import percent
from dashboard.wording.labels import STATE_LABELS, joined
from dashboard.wording.numerals import minus, share
from data.values import frozen
from models.names import STATES
from models.outcome.signpost_list import Signpost
from models.signposts.pins import Act, Observed, Pin

NOTHING_ASKED = (
    "Nothing yet. Press a state, or “Suppose yes” or “Suppose no” on any question below: every number on this page "
    "then says what would follow."
)
TOO_RARE = "Too rare to say: fewer than 1 simulated future in 1,000 is like this. Take something away to get numbers."
UNCONDITIONAL = "The numbers on this page are without it: what is published is never conditional."
OVERLAP = "one row can settle both, so that the second is partly counted twice: read this as a direction"
FAINT = "Faint: without what you suppose."
SIGNS = 4
SIGNS_TITLE = "What one would see more often, or less"
OBSERVED, MADE = "observed", "made to happen"


@frozen
class Shift:
    """The chance of a state without and with what is assumed.

    Attributes
    ----------
    error : float
        The larger Monte Carlo standard error of the two.
    """

    state: str
    before: float
    after: float
    error: float = 0.0

    @property
    def ends(self) -> tuple[str, str]:
        """Both chances as they are written."""
        return percent(self.before, self.error), percent(self.after, self.error)

    @property
    def moves(self) -> bool:
        """Whether they are written differently."""
        return self.ends[0] != self.ends[1]

    @property
    def text(self) -> str:
        """As in “deeper cooperation falls from 15 % to 5 %”."""
        name, (before, after) = STATE_LABELS[self.state].lower(), self.ends
        verb = "rises" if self.after > self.before else "falls"
        return f"{name} {verb} from {before} to {after}" if self.moves else f"{name} stays at {before}"


def asked_text(asked: Pin | Act, questions: Mapping[str, Signpost]) -> str:
    """One thing that is assumed, as in “S03 observed: yes. Is a joint project cancelled by the end of 2027?”"""
    if isinstance(asked, Observed):
        return f"{asked.id} {OBSERVED}: {'yes' if asked.yes else 'no'}. {_question(asked.id, questions)}"
    if isinstance(asked, Act):
        return f"{asked.id} {MADE} in {asked.year}. {_question(asked.id, questions)}"
    return f"{STATE_LABELS[asked.state]} at the end of {asked.year}."


def _question(identifier: str, questions: Mapping[str, Signpost]) -> str:
    return minus(questions[identifier].question) if identifier in questions else ""


def short_text(pins: Sequence[Pin], acts: Sequence[Act]) -> str:
    """Everything that is assumed in a line, as in “S03 yes and deeper cooperation at the end of 2028”."""
    parts = [f"{pin.id} {'yes' if pin.yes else 'no'}" if isinstance(pin, Observed) else _held(pin) for pin in pins]
    return joined([*parts, *(f"{act.id} {MADE} in {act.year}" for act in acts)])


def _held(pin: Pin) -> str:
    return f"{STATE_LABELS[pin.state].lower()} at the end of {pin.year}"


def chance_sentence(chance: float) -> str:
    """How likely what is observed was, before it was."""
    if chance >= 0.01:
        return f"Chance of what you suppose: {percent(chance)}."
    if chance < 0.001:
        return "Chance of what you suppose: less than 1 in 1,000."
    return f"Chance of what you suppose: about 1 in {round(1 / chance, -1):.0f}."


def borrowed_text(borrowed: float) -> str:
    """The badge of models without ledgers of their own."""
    return f"{share(borrowed)} borrowed"


def given_sentence(shifts: Sequence[Shift], year: int) -> str:
    """What follows at a year-end: the states that move most, the largest move first."""
    return f"At the end of {year} {moves_text(shifts)}."


def moves_text(shifts: Sequence[Shift]) -> str:
    """The two states that move most, as in “strain rises from 1 % to 4 % and rupture stays at 2 %”."""
    ranked = sorted(shifts, key=lambda shift: -abs(shift.after - shift.before))
    moving = [shift.text for shift in ranked if shift.moves]
    return joined(moving[:2]) if moving else "no state’s chance moves by a point"


def course_sentence(shifts: Mapping[int, Sequence[Shift]]) -> str:
    """In which year what is assumed moves most, and which state."""
    year, most = max(
        ((year, shift) for year, states in shifts.items() for shift in states),
        key=lambda pair: abs(pair[1].after - pair[1].before),
    )
    if not most.moves:
        return f"No state’s chance moves by a point at any year-end. {FAINT}"
    ends = " to ".join(most.ends)
    return f"{STATE_LABELS[most.state]} at the end of {year} moves most, from {ends}. {FAINT}"


def sign_lines(
    signposts: Sequence[Signpost], before: Sequence[float], after: Sequence[float], pinned: Sequence[str]
) -> tuple[str, ...]:
    """The open questions whose chances move most, at most `SIGNS` of them, without those that are supposed."""
    others = [
        (abs(a - b), b, a, one) for one, b, a in zip(signposts, before, after, strict=True) if one.id not in pinned
    ]
    most = sorted(others, key=lambda row: -row[0])[:SIGNS]
    return tuple(
        f"{percent(float(a))} instead of {percent(float(b))}: {minus(one.question)} ({one.id})"
        for _, b, a, one in most
        if percent(float(a)) != percent(float(b))
    )


def overlap_sentence(pairs: Sequence[tuple[str, str]]) -> str:
    """That one pinned answer says another; empty where none does."""
    said = [f"a yes to {first} says yes to {second}" for first, second in pairs]
    return f"{joined(said)[:1].upper()}{joined(said)[1:]}: {OVERLAP}." if said else ""


def difference_sentence(act: Act, signpost: Signpost, year: int, observed: Shift, made: Shift) -> str:
    """Observing against making happen, by the reader's own case.

    Parameters
    ----------
    observed, made : Shift
        Of the same state at the end of `year`: once a yes is observed, and once the act is made to happen.
    """
    name = STATE_LABELS[observed.state].lower()
    heard = f"Hearing that {signpost.id} came true by the end of {signpost.deadline.year}"
    seen = f"{heard} says something about the world that brought it: {name} at the end of {year} goes {_to(observed)}."
    if act.year > year:
        done = f"Made to happen in {act.year}, its row comes after that day and cannot move it: {_to(made)}."
    else:
        done = f"Made to happen in {act.year}, it adds its row to that year and nothing else: {_to(made)}."
    return f"{seen} {done}"


def _to(shift: Shift) -> str:
    return f"from {' to '.join(shift.ends)}" if shift.moves else f"nowhere from {shift.ends[1]}"


def most_moved(shifts: Sequence[Shift]) -> str:
    """The state whose chance moves most."""
    return max(shifts, key=lambda shift: abs(shift.after - shift.before)).state


def shifts(before: Sequence[float], after: Sequence[float], error: Sequence[float]) -> tuple[Shift, ...]:
    """The four states of one year-end, worst first."""
    rows = zip(STATES, before, after, error, strict=True)
    return tuple(Shift(state=s, before=float(b), after=float(a), error=float(e)) for s, b, a, e in rows)
