"""Who somebody is here and what they may do. Pure."""

SIGNS = "Author: {author} – from your sign-in."
SIGN_IN, SIGN_OUT = "Sign in", "Sign out"
MAY = {
    "reader": "You can read everything, move every slider and take files along; nothing that you do is written down.",
    "forecaster": "You can also save forecasts, add remarks and refit.",
    "keeper": "You can also resolve and dispute questions, replay history and change the evidence.",
}
EXPIRED = "Your sign-in is too long ago to count. Sign in again to save or refit."
NO_LIBRARY = (
    "Sign-in is set up, but the program that does it is not installed here: whoever runs this page installs it with "
    "`pip install -r requirements-auth.txt` and starts the page again."
)
NO_FILES = "No more files for now."
ASK_REFIT = "Ask for a refit"
ASK_REFIT_HELP = (
    "A reader may ask for a few an hour; forecasters come first. The struck numbers are the last ones that could be "
    "trusted."
)
LEAVE_REFIT, STOP_REFIT = "Do without the refit", "Cancel the refit"


def who_sentence(author: str, role: str, expired: bool) -> str:
    """Who somebody is and what that allows."""
    if expired:
        return EXPIRED
    who = f"Signed in as {author} – the role of a {role}." if author else f"Nobody is signed in: {role}."
    return f"{who} {MAY[role]}"


def open_sentences(where: str, names: str, everyone: str, signing_in: bool) -> tuple[str, ...]:
    """Who can reach the page and what they may do, for whoever starts it.

    Parameters
    ----------
    where, names : str
        Address that it listens on, and names that it answers to.
    everyone : str
        Role of whoever can open it where nobody signs in.
    """
    reach = f"This page listens on {where} and answers to {names}: whoever reaches it there can read all of it."
    if signing_in:
        return (reach, "Writing needs a sign-in, and the role that [roles] in secrets.toml gives (docs/security.md).")
    if everyone == "reader":
        return (reach, "Nobody can write: there is no sign-in, and nobody was given another role (docs/security.md).")
    return (
        reach,
        f"EVERYBODY who can open it is a {everyone}, without a password, because CONJUNCTION_EVERYONE_IS says so. "
        + MAY[everyone],
    )
