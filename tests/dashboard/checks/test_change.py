"""What the page says and draws of a change: numbers that match the table, words that match the numbers."""

import re
from dataclasses import replace
from types import MappingProxyType

import pandas as pd
import pytest
import vl_convert

from dashboard.figures.change import change_waterfall, largest_row
from dashboard.figures.colours import MODEL_COLOURS, PART_COLOURS
from dashboard.wording import change as words
from models.change.game import Game
from models.change.movers import COLUMNS as MOVER_COLUMNS
from models.change.movers import Movers
from models.change.split import COLUMNS, PARTS, Split
from models.names import MODEL_M1, STATES
from models.weighting.status import Status

DAY = "2027-12-31"
CHANGES = {"rupture": -0.001, "strain": -0.02, "transactional": -0.049, "deeper": 0.07}


def game(**changed: object) -> Game:
    plain = {"owner": "data", "changed": ("data", "prior", "time"), "groups": (), "notes": (), "years": 1}
    return Game(**plain | changed)


def a_split(by: str = "date", parts: dict[str, float] | None = None, error: float = 0.002, **changed: object) -> Split:
    """One year-end; each part is that share of every state's change."""
    parts = parts if parts is not None else {"data": 1.3, "prior": -0.3, "model": 0.0, "time": 0.0}
    rows = []
    for state in STATES:
        old = {"rupture": 0.05, "strain": 0.10, "transactional": 0.61, "deeper": 0.24}[state]
        row = {"target_end_date": DAY, "horizon": 3, "state": state, "old": old, "new": old + CHANGES[state]}
        row |= {"total": CHANGES[state], "old_error": error, "new_error": error, "total_error": error}
        for part in PARTS:
            row[part] = parts[part] * CHANGES[state] if part in parts else float("nan")
            row[f"{part}_error"] = error if parts.get(part) else 0.0
        rows.append(row)
    statuses = MappingProxyType(
        {frozenset(): Status.GOOD, frozenset({"data"}): Status.GOOD, frozenset({"data", "prior"}): Status.GOOD}
    )
    return Split(by=by, table=pd.DataFrame(rows, columns=COLUMNS), game=game(**changed), statuses=statuses, notes=())


def some_movers(*pieces: tuple[str, str, float], count: int = 24, status: str = "good") -> Movers:
    rows = [
        dict.fromkeys(MOVER_COLUMNS, "")
        | {"kind": kind, "name": name, "label": "In words", "happened": "added", "target_end_date": DAY, "horizon": 3}
        | {"state": "deeper", "effect": effect, "error": 0.001, "covered": 1.0, "status": status, "pareto_k": 0.2}
        for kind, name, effect in pieces
    ]
    return Movers(table=pd.DataFrame(rows, columns=MOVER_COLUMNS), pieces=count)


def row(found: Split, state: str = "deeper") -> dict[str, object]:
    return found.table[found.table["state"] == state].to_dict("records")[0]


def test_the_sentence_tells_the_change_and_every_part() -> None:
    found = a_split()
    assert words.split_sentence(found, row(found)) == (
        "Deeper cooperation on 31 December 2027 rose from 24 % to 31 %: +9 points from the data and −2 points from "
        "changed assumptions; nothing from the model or passing time."
    )
    ahead = a_split("horizon", {"data": 0.05, "prior": -0.05, "model": 0.0, "time": 1.0})
    assert words.split_sentence(ahead, row(ahead)) == (
        "Deeper cooperation at the third year-end ahead rose from 24 % to 31 %: +7 points from passing time and less "
        "than a point each from the data and changed assumptions; nothing from the model."
    )
    assert "fell from 61 % to 56 %" in words.split_sentence(found, row(found, "transactional"))
    assert "stayed at 5 %" in words.split_sentence(found, row(found, "rupture"))


def test_no_number_is_finer_than_its_error() -> None:
    rough = a_split(error=0.02)
    told = words.split_sentence(rough, row(rough))
    assert "from 25 % to 30 %: +10 points from the data and less than 5 points from changed assumptions" in told
    same = a_split(parts=dict.fromkeys(("data", "prior", "model", "time"), 0.0), changed=())
    assert words.split_sentence(same, row(same)).endswith("is at 31 % in both: nothing that could move it differs.")


def test_rounding_makes_no_move_larger_than_it_is() -> None:
    found = a_split()
    close = row(found) | {"old": 0.244, "new": 0.246, "total": 0.002}
    assert "rose from 24 % to 25 %, by less than 1 point: " in words.split_sentence(found, close)
    assert ", by " not in words.split_sentence(found, row(found))


def test_what_cannot_be_separated_is_named_together() -> None:
    together = frozenset({"data", "prior"})
    found = a_split(parts={"model": 0.0, "time": 0.0, "together": 1.0}, groups=(together,), changed=("data", "prior"))
    assert "+7 points from the data and changed assumptions together; nothing from the model" in words.split_sentence(
        found, row(found)
    )
    assert words.part_label(found, "together") == "Data and assumptions together"
    assert list(words.split_table(found)["Data and assumptions together"]) == ["<1", "−2", "−5", "+7"]


def test_doubt_about_the_forecasts_in_between_is_told() -> None:
    assert words.between_sentence(a_split()) == ""
    rough = a_split(changed=("data", "prior"))
    statuses = {
        frozenset(): Status.GOOD,
        frozenset({"data"}): Status.POOR,
        frozenset({"prior"}): Status.GOOD,
        frozenset({"data", "prior"}): Status.GOOD,
    }
    found = Split(by="date", table=rough.table, game=rough.game, statuses=statuses, notes=())
    assert words.between_sentence(found).startswith("1 of the 2 forecasts in between have weights too uneven")


def test_movers_are_named_with_their_effect() -> None:
    movers = some_movers(
        ("event", "E2024-02-28-ft-wargames", -0.03),
        ("event", "E2024-06-12-ilrs-ratified", 0.02),
        ("indicator", "sipri_milex", 0.011),
        ("event", "E2024-03-banks-block", 0.009),
        ("year", "2024", 0.05),
    )
    assert words.movers_sentence(movers, DAY, "deeper") == (
        "Of 24 rows that differ, these move it most, each taken alone: “FT wargames” (2024) (−3 points), “ILRS "
        "ratified” (2024) (+2 points) and military spending (SIPRI) (+1 point)."
    )
    assert words.movers_sentence(movers, "2026-12-31", "deeper") == ""
    one = some_movers(("assumption", "C01", 0.012), count=1)
    assert (
        words.movers_sentence(one, DAY, "deeper")
        == "The one assumption that differs, taken alone: “In words” (+1 point)."
    )
    doubted = some_movers(("year", "2024", 0.05), status="poor")
    assert "In words (+5 points, not sure)" in words.years_sentence(doubted, DAY, "deeper")
    assert list(words.movers_table(movers, 2)["Points"]) == ["−3.0", "+2.0"]
    assert "leaves out Latent alignment" in words.silent_sentence([MODEL_M1], {MODEL_M1: "Latent alignment"})


def test_the_waterfall_leads_from_before_to_now_part_by_part() -> None:
    found = a_split()
    spec = change_waterfall(found, DAY)
    lanes = pd.DataFrame(spec["datasets"]["rows"])
    ends = {one["name"]: one["total"] for one in spec["datasets"]["ends"]}
    assert spec["datasets"]["ends"][0]["name"].startswith("Deeper cooperation")
    assert set(lanes["part"]) == {"Data", "Assumptions", "Passing time"}, "only what changed has a lane"
    for name, group in lanes.groupby("name"):
        assert list(group["start"]) == pytest.approx([0, *group["stop"][:-1]])
        assert group["stop"].iloc[-1] == pytest.approx(ends[name])
    assert spec["description"].startswith("Bars from zero")
    assert "rose from 24 % to 31 %" in spec["description"]
    assert largest_row(found, DAY)["state"] == "deeper"


def test_a_small_change_does_not_fill_the_width_and_a_large_one_still_has_room() -> None:
    found = a_split()
    parts = ["total", *(part for part in PARTS if part in found.parts)]
    for times, least, most in ((0.1, 5, 6), (6, 40, 80)):
        small = replace(found, table=found.table.assign(**{name: found.table[name] * times for name in parts}))
        drawn = vl_convert.vegalite_to_svg(change_waterfall(small, DAY) | {"width": 500})
        ends = [float(text.replace("−", "-")) for text in re.findall(r">(−?\d+)</text>", drawn)]
        assert min(ends) <= -5, ends
        assert least <= max(ends) <= most, ends


def test_every_part_has_a_colour_of_its_own_that_the_style_has_checked() -> None:
    assert set(PART_COLOURS) == set(PARTS)
    assert len(set(PART_COLOURS.values())) == len(PARTS)
    assert sum(colour in MODEL_COLOURS.values() for colour in PART_COLOURS.values()) == len(PARTS) - 1
