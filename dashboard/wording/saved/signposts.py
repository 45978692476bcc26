"""Words for saved chances of signposts: how good they were, and what the answers taught. Pure."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from dashboard.wording.labels import date_text
from dashboard.wording.numerals import counted
from dashboard.wording.track import KIND_WORDS, VERDICT_LABELS
from data.digest import Fields
from models.signposts.value import SHOWN_AS
from models.track.learned import LESS, MORE
from models.track.track_record import BETTER, TOO_FEW, UNCLEAR, WORSE

YARDSTICK_LABELS = MappingProxyType(
    {"expanding": "the question’s own years since 1992", "ten_years": "its own last ten years"}
)
TAUGHT_VERDICTS = MappingProxyType({**VERDICT_LABELS, MORE: "More than expected", LESS: "Less than expected"})
_SAID = MappingProxyType({BETTER: "better", WORSE: "worse", UNCLEAR: "no clear difference", TOO_FEW: "too few to tell"})
_TAUGHT = MappingProxyType({**_SAID, MORE: "more than was expected", LESS: "less than was expected"})
TAUGHT_MEANING = (
    "Before an answer is known, a forecast says how much it expects to learn from it. Once it is in the record, that "
    "forecast’s own draws say how far the answer moves it, and when the year-end is answered too, how much better it "
    "would have been. By the model all three have the same mean. Numbers are thousandths of a ranked score."
)


def waiting_sentence(waiting: int, first: date | None) -> str:
    """What stands in place of scores while no signpost of a saved forecast has been answered."""
    if not waiting:
        return "No saved forecast gives a chance to a signpost."
    many = "One signpost waits" if waiting == 1 else f"{waiting} signposts wait"
    due = f" The first is due after {date_text(first)}." if first else ""
    return f"{many} for an answer; saved forecasts gave each a chance. Nothing can be scored before.{due}"


def chances_sentence(row: Fields) -> str:
    """One row of `models.track.signpost_table.signpost_scores`: who came nearer."""
    parts = [
        f"{row[name]:.3f} for {label}: {_SAID[str(row[f'verdict_{name}'])]}" for name, label in YARDSTICK_LABELS.items()
    ]
    return (
        f"Mean {'Brier' if row['score'] == 'brier' else 'Log'} score of {KIND_WORDS[str(row['mark'])]}, "
        f"{row['questions']} answers from {counted(int(row['origins']), 'year')}: {row['ours']:.3f}, against "
        f"{' and '.join(parts)}."
    )


def taught_sentence(row: Fields) -> str:
    """One row of `models.track.learned.learned_summary`."""
    text = (
        f"{KIND_WORDS[str(row['mark'])].capitalize()}, {counted(int(row['answers']), 'answer')} from "
        f"{counted(int(row['origins']), 'year')}: {thousandths(row['expected'])} expected of each on average, moved by "
        f"{thousandths(row['moved'])}."
    )
    if not row["scored"]:
        return f"{text} No year-end of theirs is answered yet, so what they gained is not known."
    scored, verdict = counted(int(row["scored"]), "answer"), _TAUGHT[str(row["verdict"])]
    expected, gained, error = (thousandths(row[name]) for name in ("expected_scored", "gained", "error"))
    return (
        f"{text} Where the year-end is answered ({scored}): {expected} expected, {gained} gained (Monte Carlo error "
        f"{error}); {verdict}."
    )


def without_sentence(why: Mapping[str, int]) -> str:
    """Answers that taught nothing that can be told, and why."""
    parts = [f"{counted(count, 'answer')}: {reason}" for reason, count in why.items()]
    return f"Without numbers: {'; '.join(parts)}." if parts else ""


def thousandths(value: float) -> str:
    """A worth as it is shown, “3.1”, with a real minus."""
    return f"{SHOWN_AS * value:.1f}".replace("-", "−")


def with_error(value: float, error: float) -> str:
    """“3.1 ± 0.2”; a dash where it is not known."""
    return f"{thousandths(value)} ± {thousandths(error)}" if value == value else "–"
