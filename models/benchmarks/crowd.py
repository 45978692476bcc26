"""Visitors of the page at once, and how they behave: what the page is asked to bear."""

from data.values import frozen


@frozen
class Crowd:
    """What is tried.

    Attributes
    ----------
    visitors : int
    seconds : float
        How long they move sliders, from the moment when all have their page.
    left : float
        Seconds to look at an empty server afterwards.
    link : str
        What they open, such as ``/ask?pin=S03=yes``.
    """

    visitors: int
    seconds: float = 300.0
    left: float = 0.0
    link: str = "/"
