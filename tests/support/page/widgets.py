"""The page's widgets by name, whatever life they are in (``dashboard.settings.account`` gives a widget a new key for
each)."""

from collections.abc import Iterable


def widget[T](elements: Iterable[T], name: str) -> T:
    """The widget of that name on a page under AppTest, such as ``widget(page.slider, "slider:C01")``."""
    (only,) = [element for element in elements if (element.key or "").partition("~")[0] == name]
    return only


def selector(name: str) -> str:
    """The same in a browser, as a CSS selector."""
    stem = f"st-key-{name.replace(':', '-').replace('~', '-')}"
    return f':is(.{stem}, [class*="{stem}-"])'
