"""Words for a first visit: what this is, the questions that set the page, and the five steps of the tour. Pure."""

from data.values import frozen

PURPOSE = "Conjunction weighs where China and Russia are heading in space."
RUPTURE_YEAR = 1969
"""The year that is asked about: of the border war."""
SCEPTIC, WHY = "A sceptic’s view", f"Why was {RUPTURE_YEAR} a rupture?"


def rupture(year: int) -> str:
    """The third question: of at least one rupture year-end by the last one, since less is out of reach."""
    return f"What would make a rupture by {year} 15 % likely?"


@frozen
class Step:
    """One stop of the tour: what it is about, and what there is to know."""

    title: str
    text: str


OPEN, SKIP, NEXT, BACK, DONE = "Tour", "Skip", "Next", "Back", "Done"
ABOUT = "Five steps through this page; nothing is blocked meanwhile."
TOUR: tuple[Step, ...] = (
    Step(
        title="The answer",
        text="The likeliest state, and each one’s range.",
    ),
    Step(
        title="The year",
        text="Choose another year-end, and the whole page follows.",
    ),
    Step(
        title="Your assumptions",
        text="Move a slider on the left (phone: arrows at the top). Each card says what changed.",
    ),
    Step(
        title="How far to trust it",
        text="Quote green, compare amber, leave red. Beside it: what the record says of your moves.",
    ),
    Step(
        title="Take it along",
        text="Save, share, compare or download above the answer. Checks tells what was tested.",
    ),
)


def place(at: int) -> str:
    """“2 of 5”."""
    return f"{at + 1} of {len(TOUR)}"
