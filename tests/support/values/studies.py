"""Small synthetic archives of the three long studies, with outcomes that a test can tell apart."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from models.backtest.mid_year import AIM, START
from models.backtest.mid_year import MID_YEAR as MID_DAY
from models.backtest.scores import FORECASTERS, PRIMARY, REFERENCES, SECONDARY
from models.backtest.yardsticks import CLIMATOLOGY_30, RIVAL
from models.names import HORIZONS, MEMBERS, MODEL_M0, MODEL_M1, MODEL_MIXTURE, STATES
from models.verdicts.studies import BACKTEST, CALIBRATION, MID_YEAR, PART_OF_YEAR, SENSITIVITY, SIGNPOSTS, Version
from tests.support.values.signpost_studies import signpost_tables

VERSION = Version(evidence="e", rule="r", structures=dict.fromkeys(MEMBERS, "s"))


def comparisons(verdict: str = "no evidence of skill") -> pd.DataFrame:
    """Every forecaster against every reference, all with one verdict; the rival is the better yardstick."""
    low, high = {"skill": (-0.2, -0.1), "worse": (0.1, 0.2)}.get(verdict, (-0.1, 0.1))
    rows = [
        {"model_id": model, "reference": reference, "score": score, "horizon": horizon, "origins": 50, "ours": 0.3}
        for model in FORECASTERS
        for reference in REFERENCES
        if reference != model
        for score in ("rps", "brier", "log")
        for horizon in (0, *HORIZONS)
    ]
    middle = (low + high) / 2
    table = pd.DataFrame(rows).assign(theirs=0.3 - middle, difference=middle, low=low, high=high, verdict=verdict)
    named = (table["model_id"] == MODEL_MIXTURE) & (table["reference"] == RIVAL)
    named &= (table["score"] == "rps") & (table["horizon"] == 0)
    return table.assign(role=named.map({True: PRIMARY, False: SECONDARY}))


def coverage(inside: float = 0.8) -> pd.DataFrame:
    """Ranges of mixture and flagship, of which that of 80 % held `inside`, pooled and at every horizon."""
    rows = [
        {"model_id": model, "horizon": horizon, "level": level, "origins": 35, "forecasts": 165}
        for model in (MODEL_MIXTURE, MODEL_M1)
        for level in (0.5, 0.8, 0.9)
        for horizon in (0, *HORIZONS)
    ]
    table = pd.DataFrame(rows)
    held = table["level"].where(table["level"] != 0.8, inside)
    ends = {"low": table["level"] - 0.1, "high": table["level"] + 0.08}
    return table.assign(inside=held, **ends, within=(held - table["level"]).between(-0.1, 0.08))


def spreads(best: float = 1.0) -> pd.DataFrame:
    """CRPS of mixture and flagship under three widths, the lowest at `best`."""
    rows = [{"model_id": model, "factor": factor} for model in (MODEL_MIXTURE, MODEL_M1) for factor in (0.8, 1.0, 1.2)]
    table = pd.DataFrame(rows)
    return table.assign(crps=0.9 + (table["factor"] - best).abs(), best=table["factor"] == best)


def mean_comparisons(verdict: str = "no evidence of skill") -> pd.DataFrame:
    """CRPS of the mixture against one climatology."""
    table = comparisons(verdict)
    rows = table[(table["model_id"] == MODEL_MIXTURE) & (table["reference"] == CLIMATOLOGY_30)].query("score == 'rps'")
    return rows.assign(score="crps").reset_index(drop=True)


def first_edition() -> pd.DataFrame:
    """What mixture and base rate had said of 2025."""
    about = {"rule": "rule-1", "observed": "transactional", "tone": 1.5}
    rows = [{"model_id": MODEL_MIXTURE, "rps": 0.022}, {"model_id": MODEL_M0, "rps": 0.023}]
    return pd.DataFrame(rows).assign(transactional=0.81, **about)


def hindcasts() -> pd.DataFrame:
    """Three origins; each model gives 0.1 to rupture, which never happens, and the rest to what happens or not."""
    rows = [
        {
            "model_id": model,
            "variant": "as recorded",
            "origin": origin,
            "horizon": horizon,
            "target_year": origin + horizon,
            "observed": "strain" if origin == 2000 else "deeper",
            **dict(zip((f"p_{state}" for state in STATES), (0.1, 0.05 * place, 0.2, 0.7 - 0.05 * place), strict=True)),
        }
        for place, model in enumerate(MEMBERS, start=1)
        for origin in (2000, 2001, 2002)
        for horizon in HORIZONS
    ]
    return pd.DataFrame(rows)


def curve(model: str, state: str, outside: int, enough: bool = True) -> pd.DataFrame:
    """Ten forecasts of four cases each, of which the first `outside` lie above their band."""
    forecast = np.linspace(0.05, 0.95, 10)
    seen = np.where(np.arange(10) < outside, 1.0, forecast)
    ends = (forecast - 0.04, forecast + 0.04) if enough else (np.nan, np.nan)
    table = pd.DataFrame({"forecast": forecast, "recalibrated": seen, "low": ends[0], "high": ends[1], "count": 4})
    return table.assign(model_id=model, state=state, pairs=40, verdict=enough)


def reliability(outside: int = 1) -> pd.DataFrame:
    """Sound curves of every model and state but one, which has `outside` of ten outside its band."""
    curves = [curve(model, state, 0) for model in MEMBERS for state in STATES]
    curves[5] = curve(MEMBERS[1], STATES[1], outside)
    return pd.concat(curves, ignore_index=True)


def weights() -> pd.DataFrame:
    """Learned weights of which the first is clearly not a quarter."""
    low, high = [0.5, 0.1, 0.05, 0.05], [0.7, 0.4, 0.3, 0.3]
    return pd.DataFrame({"model_id": MEMBERS, "weight": [0.6, 0.2, 0.1, 0.1], "low": low, "high": high, "origins": 20})


def stacked(low: float = -0.1, high: float = 0.1) -> pd.DataFrame:
    """Honest stacking against the published weights."""
    names = [*MEMBERS, "equal", "published", "stack", "stack_left_out", "stack_prequential", "stack_learned"]
    middle = (low + high) / 2
    table = pd.DataFrame({"forecaster": names, "log_score": 0.8, "versus_published": middle, "forecasts": 90})
    return table.assign(versus_published_low=low, versus_published_high=high)


def controls() -> pd.DataFrame:
    """Drivers that gain 0.02, and 0.003 when shuffled."""
    gains = {"as recorded": 0.02, "shuffled 1": 0.003, "shuffled 2": -0.001}
    rows = [{"model_id": MODEL_M1, "variant": name, "score": "rps", "gain": gain} for name, gain in gains.items()]
    return pd.DataFrame(rows).assign(low=-0.05, high=0.09)


def summary() -> pd.DataFrame:
    """Two quantities a model, the second of which strays more."""
    rows = [
        {"model_id": model, "quantity": name, "kind": "forecast", "simulations": 50, "chance": chance}
        for model in MEMBERS
        for name, chance in (("log_likelihood", 0.4), ("rupture in 5 years", 0.0004))
    ]
    table = pd.DataFrame(rows).assign(largest_deviation=0.1, allowed=0.2, at=0.5)
    return table.assign(inside=table["chance"] > 0.001)


def ranks() -> pd.DataFrame:
    """Even ranks of one quantity, and of the other only low ones."""
    even, low = np.arange(0, 100, 2), np.zeros(50, dtype=int)
    rows = [
        {"model_id": model, "kind": "forecast", "quantity": name, "rank": values[number], "count": 1}
        for model in MEMBERS
        for name, values in (("log_likelihood", even), ("rupture in 5 years", low))
        for number in range(50)
    ]
    return pd.DataFrame(rows)


def verdicts(failed: str = "") -> list[dict[str, object]]:
    """Calibration verdicts of the four models."""
    return [
        {
            "model_id": model,
            "quantities": 26,
            "outside": 3 if model == failed else 1,
            "allowed": 2,
            "passed": model != failed,
            "smallest_chance": 0.01,
            "sampled_again": 0,
            "not_mixed": 0,
        }
        for model in MEMBERS
    ]


def cells() -> pd.DataFrame:
    """Twelve claims left out, of which the last moves most, by both routes."""
    slope = {"deeper": 0.001, "rupture": -0.0004}
    rows = [
        {
            "kind": "claim",
            "name": f"C{number:02d}",
            "label": f"Claim {number}",
            "model_id": MODEL_M1,
            "horizon": horizon,
            "outcome": outcome,
            "before": 0.3,
            "route": route,
            "status": "good",
            "change": number * horizon * slope[outcome] + (0.002 if route == "refit" else 0),
        }
        for number in range(1, 13)
        for horizon in (1, 5)
        for outcome in ("rupture", "deeper")
        for route in ("weights", "refit")
    ]
    table = pd.DataFrame(rows).assign(mcse=0.001, after_mcse=0.001)
    return table.assign(after=table["before"] + table["change"])


def knobs() -> pd.DataFrame:
    """Three assumptions and all of them together."""
    readings = ["prior-driven", "prior-driven", "in conflict", None]
    table = pd.DataFrame({"knob": ["C01", "C02", "C03", "all knobs"], "label": ["One", "Two", "Three", "all knobs"]})
    return table.assign(parameter=readings, quantity="rupture, 1 y", prior=0.1, likelihood=0.0, reading="prior-driven")


def copies() -> pd.DataFrame:
    """Ten copies that move 0.4 points, and 3 points where each has a whole prior."""
    return pd.DataFrame({"claim": "C02", "way": ["shared", "naive"], "change": [0.004, -0.03], "narrowing": 0.01})


def events() -> pd.DataFrame:
    """One act."""
    row = {"name": "E1969-03-02-zhenbao", "date": "1969-03-02", "label": "Border fighting", "status": "good"}
    return pd.DataFrame([row | {"cell": "strain, 1 y", "largest_change": -0.02, "mcse": 0.001}])


def inside_years(gain: float = 0.05, later: float = 0.0) -> pd.DataFrame:
    """The mixture on 30 June against the start of the year: better by `gain` at its end, worse by `later` after it."""
    changes = {0: -gain, 1: later, 2: later}
    rows = [{"horizon": horizon, "difference": change} for horizon, change in changes.items()]
    table = pd.DataFrame(rows).assign(model_id=MODEL_MIXTURE, day=MID_DAY, reference=START, score="rps", since=1976)
    ends = {"low": table["difference"] - 0.01, "high": table["difference"] + 0.01}
    scores = {"ours": 0.1 + table["difference"], "theirs": 0.1, "years": 50}
    limits = {"role": [PRIMARY, AIM, AIM], "limit": [0.0, 0.02, 0.02], "verdict": "no evidence of skill"}
    table = table.assign(**ends, **scores, **limits)
    return table.assign(met=[table["high"][0] < 0, *(table["high"][1:] <= 0.02)])


def nowcasts(inside: float = 0.8) -> pd.DataFrame:
    """Ranges of the mixture's nowcast, of which that of 80 % held `inside`."""
    table = pd.DataFrame({"level": [0.5, 0.8, 0.9]}).assign(model_id=MODEL_MIXTURE, day=MID_DAY, since=1976, years=50)
    held = table["level"].where(table["level"] != 0.8, inside)
    ends = {"low": table["level"] - 0.1, "high": table["level"] + 0.08}
    return table.assign(inside=held, **ends, within=(held - table["level"]).between(-0.1, 0.08))


def tables(name: str) -> Mapping[str, pd.DataFrame]:
    """Every table of a study."""
    return {
        BACKTEST: lambda: {
            "hindcasts": hindcasts(),
            "comparisons": comparisons(),
            "recent": comparisons().query("horizon == 0"),
            "chosen": pd.DataFrame({"origin": [1990], "horizon": [1], "rps": [0.25], "chosen": ["a"]}),
            "coverage": coverage(),
            "spreads": spreads(),
            "year_mean_comparisons": mean_comparisons(),
            "year_mean_variants": pd.DataFrame({"model_id": [MODEL_M1], "variant": ["essay"]}),
            "first_edition_2025": first_edition(),
            "variants": pd.DataFrame({"model_id": [MODEL_M1], "variant": ["essay"]}),
            "reliability": reliability(),
            "weights": weights(),
            "stacked": stacked(),
            "controls": controls(),
        },
        MID_YEAR: lambda: {
            "comparisons": inside_years(),
            "coverage": nowcasts(),
            "thin": pd.DataFrame({"model_id": [MODEL_M1], "thin": [True]}),
        },
        SIGNPOSTS: signpost_tables,
        CALIBRATION: calibrations,
        PART_OF_YEAR: calibrations,
        SENSITIVITY: lambda: {
            "cells": cells(),
            "cases": pd.DataFrame({"kind": ["claim"]}),
            "knobs": knobs(),
            "events": events(),
            "copies": copies(),
        },
    }[name]()


def calibrations() -> Mapping[str, pd.DataFrame]:
    """Tables of a calibration."""
    return {"summary": summary(), "ranks": ranks(), "fits": pd.DataFrame({"model_id": MEMBERS})}


def write(name: str, folder: Path, version: Version) -> None:
    """Archive a synthetic study as the commands would."""
    (folder / name).mkdir(parents=True)
    about = {"made": "2026-11-23", "evidence": version.evidence, "rule": version.rule}
    kinds = {"model": version.structures[MODEL_M1]} if name == SENSITIVITY else {"structures": dict(version.structures)}
    figures = [{"measure": "cases compared", "value": 30, "threshold": ">= 30", "passed": True}]
    more = {"verdicts": verdicts(), "figures": figures}
    (folder / name / "about.json").write_text(json.dumps({**about, **kinds, **more}))
    for table, rows in tables(name).items():
        rows.to_csv(folder / name / f"{table}.csv", index=False)
