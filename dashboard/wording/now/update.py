"""Words for news put into the evidence from the page. Pure."""

from collections.abc import Sequence

ELSEWHERE = (
    "On the command line, whoever may write to the files of this page does it: "
    "`python -m models evidence update FILE.csv --searched-until DATE`."
)
WHAT = (
    "A file of new rows in the ledger’s columns, and the last day that was searched for them. Looking at it changes "
    "nothing. Without a file you say that the search found nothing, which is news too."
)
DRY = "First answer (two minutes, changes nothing)"
WHOLE = "Put it in force (ten minutes or more)"
KEEPS = (
    "It is made apart and put in force at the end: whenever it stops, the evidence is as before or as after, and the "
    "same again goes on where it was. The page stays usable."
)
REVISE_HELP = "Let rows change what stands in the ledger already, or lie before the day to which it was searched."
AUTHOR_HELP = "Publishes the new forecast among the project’s own, for good. Leave it empty to publish nothing."


def heads(sentences: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The preview's first sentence, about the days, and the others."""
    return sentences[0], tuple(sentences[1:])


def run_sentence(*, alive: bool, dry: bool, phase: str, message: str) -> str:
    """How a run stands, or how it ended."""
    what = "The first answer" if dry else "The update"
    if alive:
        return f"{what}: {message}"
    if phase == "done":
        return f"{what} is there. Nothing was changed." if dry else "The update is in force."
    return f"{what} stopped. {message}".strip()
