"""Words for simulation-based calibration, and for the engine's held-out study. Pure."""

from collections.abc import Sequence
from types import MappingProxyType

import pandas as pd

from dashboard.wording.backtest import short_name
from dashboard.wording.labels import joined
from data.digest import Fields
from models.names import MEMBERS
from models.weighting.status import Status

BADGES = MappingProxyType({"good": "Green: use", "fair": "Amber: refit", "poor": "Red: hidden"})
KIND_LABELS = MappingProxyType({"single": "One moved", "triple": "Three moved", "all": "All moved"})


def ranks_sentence(row: Fields) -> str:
    """What one quantity's ranks say: a row of `models.calibration.ranks.summary`."""
    chance = float(row["chance"])
    odds = "less than 1 in 1,000" if chance < 0.001 else f"about {_in_100(chance)}"
    if row["inside"]:
        verdict = "Its curve stays inside the band: the fits recover what was simulated."
    else:
        side = "too often" if float(row["largest_deviation"]) > 0 else "too rarely"
        verdict = f"Its curve leaves the band: the truth ranks below that point {side}."
    return (
        f"“{quantity_text(str(row['quantity']))}” of {short_name(str(row['model_id']))}, {int(row['simulations'])} "
        f"simulated histories. {verdict} Sound code strays as far as this, or farther, with a chance of {odds}."
    )


def quantity_text(name: str) -> str:
    """A quantity's name as a title."""
    return name[:1].upper() + name[1:].replace("_", " ")


def calibration_phrase(verdicts: Sequence[Fields]) -> str:
    """“106 of 112 quantities recovered within the 95 % band”, with the models that have too many outside.

    Parameters
    ----------
    verdicts : sequence of Mapping
        `models.calibration.study.verdicts`.
    """
    quantities, outside = (sum(int(model[name]) for model in verdicts) for name in ("quantities", "outside"))
    failed = [short_name(str(model["model_id"])) for model in verdicts if not model["passed"]]
    untested = [short_name(model) for model in MEMBERS if model not in {model["model_id"] for model in verdicts}]
    more = f"; too many outside for the {joined(failed)}" if failed else ""
    missing = f"; {joined(untested)} not simulated yet" if untested else ""
    return (
        f"Simulated histories: {quantities - outside} of {quantities} quantities recovered within the 95 % band (at "
        f"most one in every started twenty may lie outside, for each model{more}{missing})"
    )


def part_sentence(verdicts: Sequence[Fields]) -> str:
    """What was recovered where the simulated ledgers end in the middle of a year.

    Parameters
    ----------
    verdicts : sequence of Mapping
        `models.calibration.study.verdicts`.
    """
    quantities, outside = (sum(int(model[name]) for model in verdicts) for name in ("quantities", "outside"))
    models = joined([short_name(str(model["model_id"])) for model in verdicts])
    failed = "" if all(model["passed"] for model in verdicts) else ", more outside than may be"
    return (
        f"With only half of the last year seen ({models}): {quantities - outside} of {quantities} quantities "
        f"recovered within the band, the chances of that year’s own end among them{failed}."
    )


def engine_phrase(settings: pd.DataFrame) -> str:
    """How far a green answer of the sliders was off its refit, at worst."""
    green = int((settings["status"] == Status.GOOD).sum())
    if not green:
        return f"Sliders against refits: none of {len(settings)} settings was green"
    return f"Sliders against refits: off by at most {green_error(settings):.1f} points in {green} green settings"


def green_error(settings: pd.DataFrame) -> float | None:
    """Largest error of a green answer in points; None when no setting was green."""
    green = settings[settings["status"] == Status.GOOD]
    return None if green.empty else 100 * float(green["error"].max())


def _in_100(chance: float) -> str:
    return f"{100 * chance:.0f} in 100" if chance >= 0.01 else f"{1000 * chance:.0f} in 1,000"


def first_sentence(first: Sequence[Fields]) -> str:
    """Which models failed with the first 200 simulations alone, before more were run; empty when none did."""
    failed = [
        f"{short_name(str(model['model_id']))} had {model['outside']} of {model['quantities']} quantities outside "
        f"({model['allowed']} allowed)"
        for model in first
        if not model["passed"]
    ]
    return f"With the first 200 simulations alone, {joined(failed)}; more were run after that." if failed else ""


def study_sentence(settings: pd.DataFrame) -> str:
    """What the study found, in two sentences.

    Parameters
    ----------
    settings : DataFrame
        Columns ``kind, status, error`` (0-1).
    """
    green = settings[settings["status"] == Status.GOOD]
    if green.empty:
        return f"None of {len(settings)} settings fitted from scratch was green."
    shares = "; ".join(
        f"{KIND_LABELS[kind].lower()}, {100 * (part['status'] == Status.GOOD).mean():.0f} % green"
        for kind, part in settings.groupby("kind", sort=False)
    )
    return (
        f"{len(settings)} settings that the library had not seen were fitted from scratch. Where the badge was green "
        f"({len(green)} of them; {shares}), the engine was off by {100 * green['error'].mean():.1f} points on average "
        f"and {100 * green['error'].max():.1f} at worst, after the refit's own error."
    )
