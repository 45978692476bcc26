"""The page run by AppTest, and what it shows."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from dashboard.settings.link import EDITION, LOOKS, PRESENT_EDITION

APP = Path(__file__).parents[3] / "dashboard" / "app.py"


def opened(**link: str) -> AppTest:
    """The app, opened by a link."""
    app = AppTest.from_file(APP, default_timeout=120)
    for key, text in {EDITION: PRESENT_EDITION, **link}.items() if set(link) - set(LOOKS) else link.items():
        app.query_params[key] = text
    return ran(app)


def ran(app: AppTest) -> AppTest:
    """Run, and insist that nothing broke."""
    app.run()
    assert not app.exception, app.exception
    return app


def shown(app: AppTest) -> dict[str, str]:
    """Chance of each state by the answer in force."""
    return {metric.label: metric.value for metric in app.metric[:4]}


def texts(app: AppTest) -> str:
    """All plain and small text of the page."""
    return " ".join(element.value for element in (*app.markdown, *app.caption)).replace("\\", "")
