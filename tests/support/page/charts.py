"""Reading a chart back: the rows that a Vega-Lite specification draws."""

import pandas as pd


def letters(spec) -> set[str]:
    """Colours of everything that is written in a chart: its text marks, axes and legends."""
    found = {spec["config"][part][colour] for part in ("axis", "legend") for colour in ("labelColor", "titleColor")}
    return found | _written(spec)


def _written(part) -> set[str]:
    if isinstance(part, list):
        return set().union(*map(_written, part), set())
    if not isinstance(part, dict):
        return set()
    own = {part[name] for name in ("labelColor", "titleColor") if name in part}
    mark = part.get("mark")
    if isinstance(mark, dict) and mark["type"] == "text":
        colour = part["encoding"].get("color", {})
        own |= {mark["color"]} if "color" in mark else set()
        own |= set(
            colour.get("scale", {}).get("range", [colour.get("value", "no colour")] if "color" not in mark else [])
        )
    return own.union(*(_written(value) for key, value in part.items() if key not in ("datasets", "config")))


def rows(spec, name="rows") -> pd.DataFrame:
    return pd.DataFrame(spec["datasets"][name])
