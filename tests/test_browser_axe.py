"""axe-core on every page, in both themes, on phone and desktop, with a moved setting and under each badge.

Nothing it calls a violation may stand but what is named here; texts inside charts, which it cannot see into, have a test of
their own (`tests/dashboard/figures`). The full walk is slow; one page in one theme is not.
"""

from models.weighting.status import Status
from tests.support.page.browser import IN_A_BROWSER

pytestmark = IN_A_BROWSER

DESKTOP, PHONE = {"width": 1400, "height": 900}, {"width": 390, "height": 844}
ZOOMED = {"width": 700, "height": 450}
"""What is left of the desktop at 200 %."""
PAGES = ("", "ask", "assumptions", "evidence", "record", "track_record", "checks", "method")
BADGES = {
    Status.GOOD: "?edition=2",
    Status.FAIR: "?C01=1.70&edition=2",
    Status.POOR: "?C01=1.70&edition=2",
}
