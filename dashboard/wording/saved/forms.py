"""Words for forms that add to the record: what is missing, all of it at once, and whom a link reaches. Pure."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from dashboard.wording.knobs import moves_text
from dashboard.wording.labels import joined
from models.assumptions.setting import Assumptions

NAME_PLEASE = "Please give the forecast a name."
AUTHOR_PLEASE = "Please say who you are."
REMARK_PLEASE = "Please write a remark, or another name."
REASON_PLEASE = "Please give a reason."
FOR_GOOD = "An entry stays for good, and everyone who uses this server sees it."
AGAIN = "Save it once more"
HERE_ONLY = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})


def suggested_name(assumptions: Assumptions, preset: str) -> str:
    """What a forecast may be called until its author says otherwise: the preset, or a move.

    Parameters
    ----------
    preset : str
        Label of the preset in force; empty where there is none.
    """
    return "Starting view" if assumptions.is_default else preset or moves_text(assumptions, most=1)


def missing_words(given: Mapping[str, str], unreasoned: Sequence[str] = ()) -> tuple[str, ...]:
    """What a form still needs, each in a sentence.

    Parameters
    ----------
    given : Mapping[str, str]
        What was typed, by the sentence that asks for it.
    unreasoned : sequence of str
        Labels of moved assumptions without a reason.
    """
    asked = [sentence for sentence, text in given.items() if not text.strip()]
    if unreasoned:
        asked.append(f"Please say why you moved {joined([f'“{label}”' for label in unreasoned])}.")
    return tuple(asked)


def here_only_sentence(link: str) -> str:
    """What to do about an address that no other computer can open; nothing where others can."""
    if urlsplit(link).hostname in HERE_ONLY:
        return "This link works on this computer only. To share the forecast, send its snapshot instead."
    return ""


def link_sentence(link: str) -> str:
    """Whom the address of a saved forecast reaches."""
    return here_only_sentence(link) or "Link to this entry, for whoever can reach this server:"
