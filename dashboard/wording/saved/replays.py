"""Words for history replayed into a record: what it would write, what it wrote, and what is not shown. Pure."""

from dashboard.wording.numerals import counted

REPLAYS_HELP = (
    "Forecasts that the replay saved from the ends of past years. They are hindcasts by construction and show how the "
    "method would have done; nobody stood by them."
)


def replay_label(missing: int, of: int) -> str:
    """What the button offers."""
    return "Replay history since 2005" if missing == of else f"Go on with the replay ({missing} of {of} left)"


def replay_question(forecasts: int, answers: int) -> str:
    """What a replay would write, asked before anything is written."""
    entries = forecasts + answers
    return (
        f"This writes {entries} entries into this server’s record that cannot be taken out: "
        f"{counted(forecasts, 'hindcast')}, one from the end of each past year, and {counted(answers, 'answer')} of "
        "year-ends. They stay behind a filter, which is off at first, and never count with live forecasts. It takes "
        "about half a minute."
    )


def replay_done(forecasts: int, answers: int) -> str:
    """What a replay wrote."""
    saved = f"{counted(forecasts, 'hindcast')} {'was' if forecasts == 1 else 'were'} saved"
    return f"{saved} and {counted(answers, 'answer')} written."


STOPPED = (
    "The replay was stopped. What it had written until then stays in the record, behind the filter; it can go on from "
    "there."
)


def filter_label(count: int) -> str:
    """The filter that replayed forecasts stand behind."""
    return f"Show the replayed history ({counted(count, 'hindcast')})"
