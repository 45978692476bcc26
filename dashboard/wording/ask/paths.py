"""Words for a driver held at a value from a year on: what is held, what the answer is, and what it rests on. Pure."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from dashboard.wording.chances import percent, points
from dashboard.wording.labels import MODEL_LABELS, STATE_LABELS, date_text, joined
from dashboard.wording.numerals import minus, number, share
from models.names import MEMBERS, MODEL_MIXTURE, STATES, TARGET_STATE
from models.paths.answers import LISTENERS, PathAnswer
from models.paths.drivers import BY_CLAIM, HeldDrivers
from models.paths.holds import HIGHEST, LOWEST, TODAY, USUAL, Hold
from models.weighting.status import Status

LEVELS: Mapping[str, str] = MappingProxyType(
    {
        TODAY: "as now",
        USUAL: "its mean of 1992–2020",
        LOWEST: "its lowest so far",
        HIGHEST: "its highest so far",
    }
)
FIRST_DECIMAL = 0.0005
"""Of a chance: half of a tenth of a point, below which a difference is none."""
FINER = (0.1, 0.5)
"""Percentage points: most of these differences are smaller than one, and known better than the chances themselves."""
LABEL = "What if, by the model: a driver is held and the futures are simulated again. No forecast, and not scored."
POOR = "Too far from the base case: the model cannot say what holding this driver would do under these assumptions."
NOTHING_ELSE = (
    "Only the number that stands in for the claim is held. No act is added to the ledger, and nothing is said about "
    "what would bring it about or what else would come with it."
)
DEAF = "No model that reads drivers has a weight, so nothing moves."


def hold_sentence(drivers: HeldDrivers, hold: Hold) -> str:
    """What is held, at what, from when, and where it stands now."""
    now = Hold(claim=hold.claim, level=TODAY, start=hold.start)
    note = drivers.table.origin_note[hold.claim]
    seen = "" if note == "observed" else f", {note}"
    held = value_text(drivers, hold)
    if hold.level == TODAY:
        return f"{BY_CLAIM[hold.claim].title}: held as now, {held}{seen}, from {hold.start} on."
    level = f"{LEVELS[hold.level]}, " if hold.level in LEVELS else ""
    most = " That is further out than the models read: they take it as two standard deviations."
    present = f"(now {value_text(drivers, now)}{seen})"
    told = f"{BY_CLAIM[hold.claim].title}: held at {level}{held}, from {hold.start} on {present}."
    return told + (most if drivers.is_held_back(hold) else "")


def value_text(drivers: HeldDrivers, hold: Hold) -> str:
    """What a driver is held at, in its own units."""
    value = drivers.value(hold)
    return ("no", "yes")[round(value)] if BY_CLAIM[hold.claim].is_flag else number(value)


def answer_sentence(answer: PathAnswer, horizon: int) -> str:
    """The state that moves most at a year-end: with the driver held, and as published."""
    if answer.status == Status.POOR:
        return POOR
    cells = [answer.cell(TARGET_STATE, horizon, state) for state in STATES]
    most = max(cells, key=lambda cell: abs(cell["difference"]))
    day, state = date_text(most["target_end_date"]), STATE_LABELS[most["outcome"]]
    if abs(most["difference"]) < FIRST_DECIMAL:
        return f"On {day} nothing moves. {_reason(answer, horizon)}"
    held, without = (percent(most[name], most["mcse"]) for name in ("held", "without"))
    return (
        f"{state} on {day}: {held} if the driver is held there, by the model, against {without} as published "
        f"({difference_text(most['difference'], most['mcse'])})."
    )


def difference_text(difference: float, mcse: float) -> str:
    """A difference in percentage points, rounded to the first of `FINER` whose half is no less than its Monte Carlo
    error; as `points` rounds, where none is."""
    step = next((step for step in FINER if step >= 200 * mcse), None)
    if step is None:
        return points(difference, mcse)
    shown = round(100 * difference / step) * step
    return "0 points" if shown == 0 else minus(f"{shown:+.1f} points")


def timing_sentence(answer: PathAnswer) -> str:
    """From when on anything can move."""
    return f"Drivers act a year later: the first year-end that can move is that of {answer.first_year}."


def doubt_sentence(answer: PathAnswer, titles: Mapping[str, str]) -> str:
    """What the answer rests on: assumption or evidence, and how sure the side is.

    Parameters
    ----------
    titles : Mapping[str, str]
        Of the claims, by id.
    """
    by_word: dict[str, list[str]] = {}
    for claim, verdict in answer.learning.items():
        by_word.setdefault(verdict, []).append(f"“{titles[claim]}”")
    said = joined([f"{joined(claims)} ({word})" for word, claims in by_word.items()])
    alone = set(by_word) <= {"prior-driven"}
    rests = "Nearly all of this is what was assumed, not what was seen" if alone else "Part of this is what was assumed"
    side = f"In {share(answer.agreeing)} of the model’s draws the pair moves to the same side as on average."
    return f"{rests}: {said}. {side}"


def listening_sentence(answer: PathAnswer, shares: Mapping[str, float]) -> str:
    """How much of the mixture can move at all.

    Parameters
    ----------
    shares : Mapping[str, float]
        Of each model in the mixture.
    """
    if not answer.listening:
        return DEAF
    still = [MODEL_LABELS[model] for model in MEMBERS if shares.get(model, 0) > 0 and model not in LISTENERS]
    if not still:
        return "Every model of the mixture reads drivers."
    verb = "reads no driver and stays as it is" if len(still) == 1 else "read no driver and stay as they are"
    return f"{joined(still)} {verb}: {share(1 - answer.listening)} of the mixture cannot move."


def error_sentence(answer: PathAnswer) -> str:
    """What simulating again would do to the differences."""
    mixture = answer.table[answer.table["model_id"] == MODEL_MIXTURE]
    size = 196 * float(mixture["mcse"].max())  # 1.96 standard errors, in percentage points
    told = "less than 0.1" if size < 0.1 else f"at most about {size:.1f}"
    return f"Simulating again would move a difference by {told} percentage points, 19 times in 20."


def titles_text(drivers: HeldDrivers, holds: Iterable[Hold]) -> str:
    """Every hold in one line, for a list or a link."""
    return "; ".join(f"{hold.claim} at {value_text(drivers, hold)} from {hold.start}" for hold in holds)


def _reason(answer: PathAnswer, horizon: int) -> str:
    year = int(answer.table.loc[answer.table["horizon"] == horizon, "target_end_date"].iloc[0][:4])
    if not answer.listening:
        return DEAF
    if year < answer.first_year:
        return timing_sentence(answer)
    return "The driver is held where it stands, or hardly counts."
