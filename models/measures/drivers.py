"""One yearly driver for each claim that an indicator or the ledger can measure.

Standardised, and masked where unobserved.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from data.csv.cells import file_error
from data.csv.rows import collect, read_rows, require_unique
from data.days import last_whole_year
from data.types import Event, Evidence
from models.measures.driver_table import Driver, DriverTable, Scaling
from models.measures.structure import ALIGNMENT, DRIVER_SCALE
from models.outcome.rule import RULE, RULE_1, OutcomeRule

FROZEN_SCALING = Path(__file__).with_name("driver_scaling.csv")
FROZEN_SCALING_1 = Path(__file__).with_name("driver_scaling_1.csv")
"""As it stood under `rule-1`: hindcasts of then were measured in its units."""
PROGRAMME_TYPES = frozenset(
    {"agreement_signed", "programme_adopted", "mou_signed", "agreement_ratified", "roadmap_released"}
)
PROGRAMME_YEARS = 5
TEST_YEARS = 3
MISTRUST_YEARS = 3


@lru_cache(maxsize=2)
def frozen_scaling(rule: OutcomeRule = RULE) -> Scaling:
    """The scaling of the whole ledger of 2024, stored once: a hindcast measures its drivers in the same units as the
    forecast (two numbers a driver from after its origin), and a later row changes nothing."""
    return read_scaling(FROZEN_SCALING_1 if rule == RULE_1 else FROZEN_SCALING)


def read_scaling(path: Path) -> Scaling:
    """Read a stored scaling, as strictly as the evidence is read.

    Raises
    ------
    EvidenceError
        A cell is no number, or the claims are not those that have a driver, each once.
    """
    rows = read_rows(path.parent, path.name, ("claim", "mean", "sd"))
    require_unique(rows, "claim")
    numbers = collect(rows, lambda row: (row.number_in("mean"), row.number_in("sd")))
    claims = pd.Index([row.text("claim") for row in rows], name="claim")
    if odd := sorted(set(claims) ^ set(DRIVER_CLAIMS)):
        raise file_error(path.name, f"got rows that differ in {odd[0]!r}, expected one for each claim with a driver")
    mean, sd = zip(*numbers, strict=True)
    return Scaling(mean=pd.Series(mean, claims, name="mean"), sd=pd.Series(sd, claims, name="sd"))


def _series(evidence: Evidence, name: str) -> pd.Series:
    return evidence.indicator(name).annual()


def _years(evidence: Evidence) -> range:
    """Years that have ended: a driver of a part of a year would be a smaller measurement, not an earlier one."""
    return range(DRIVER_SCALE.drivers_from, last_whole_year(evidence.as_of) + 1)


def _us_distance(evidence: Evidence) -> pd.DataFrame:
    names = ("un_ideal_points.absdist_chn_usa", "un_ideal_points.absdist_rus_usa")
    return pd.concat([_series(evidence, name) for name in names], axis=1).dropna()


def _in_last_years(evidence: Evidence, years: int, counts: Callable[[Event], bool]) -> pd.Series:
    """1 in a year when such an event lies in it or in the years just before (`years` in all), else 0."""
    marked = {event.year for event in evidence.events if counts(event)}
    index = _years(evidence)
    return pd.Series({year: float(any(year - age in marked for age in range(years))) for year in index})


def _is_programme(event: Event) -> bool:
    return event.domain == "civil_space" and event.mechanism == "joint_projects" and event.event_type in PROGRAMME_TYPES


def _mistrust_share(evidence: Evidence) -> pd.Series:
    """Mean yearly share of mistrust in the weight of non-context rows, over the years with any among the last three.

    Weighed as the outcome rule weighs, for a plain share would fall where a year is searched more deeply.
    """
    counted = [event for event in evidence.events if not event.is_context]
    weight = np.array([RULE.weight(event) for event in counted])
    mistrust = np.array([event.mechanism == "mistrust_ip" for event in counted], dtype=bool)
    rows = pd.DataFrame({"mistrust": weight * mistrust, "weight": weight}, index=[event.year for event in counted])
    years = range(DRIVER_SCALE.drivers_from - MISTRUST_YEARS + 1, _years(evidence).stop)
    yearly = rows.groupby(level=0).sum().reindex(years)
    return (yearly["mistrust"] / yearly["weight"]).rolling(MISTRUST_YEARS, min_periods=1).mean().dropna()


def _mistrust_rows(evidence: Evidence) -> pd.Series:
    """As `_mistrust_share`, each row counting alike: how forecasts under `rule-1` measured it."""
    counted = [event for event in evidence.events if not event.is_context]
    rows = pd.Series([event.mechanism == "mistrust_ip" for event in counted], index=[event.year for event in counted])
    years = range(DRIVER_SCALE.drivers_from - MISTRUST_YEARS + 1, _years(evidence).stop)
    yearly = rows.astype(float).groupby(level=0).mean().reindex(years)
    return yearly.rolling(MISTRUST_YEARS, min_periods=1).mean().dropna()


def _artemis(evidence: Evidence) -> pd.Series:
    """Log of one plus the signatories: none before the accords; a count carried a year or two is a lower bound."""
    signatories = _series(evidence, "artemis_signatories.cumulative")
    index = _years(evidence)
    if not signatories.empty:
        years = range(int(signatories.index.min()), index.stop)
        signatories = signatories.reindex(years).ffill(limit=DRIVER_SCALE.carry_years).dropna()
    before = {year: 0.0 for year in index if signatories.empty or year < signatories.index.min()}
    return np.log1p(pd.concat([pd.Series(before, dtype=float), signatories]))


DRIVERS: tuple[Driver, ...] = (
    Driver(
        claim="C01",
        title="Distance of both from the United States in UN voting",
        sources="un_ideal_points.absdist_chn_usa, un_ideal_points.absdist_rus_usa (mean)",
        measure=lambda evidence: _us_distance(evidence).mean(axis=1),
        bounds=(0.0, math.inf),
    ),
    Driver(
        claim="C02",
        title="Russian military spending as a share of GDP (pressure on the civil budget)",
        sources="sipri_milex.rus_share_gdp",
        measure=lambda evidence: _series(evidence, "sipri_milex.rus_share_gdp"),
        bounds=(0.0, math.inf),
    ),
    Driver(
        claim="C03",
        title="Russian share of Chinese arms imports",
        sources="sipri_arms_rus_chn.rus_share_of_chn_imports",
        measure=lambda evidence: _series(evidence, "sipri_arms_rus_chn.rus_share_of_chn_imports"),
        bounds=(0.0, 1.0),
    ),
    Driver(
        claim="C04",
        title="A joint space programme or agreement concluded within five years",
        sources="ledger: civil_space, joint_projects, agreements and programmes",
        measure=lambda evidence: _in_last_years(evidence, PROGRAMME_YEARS, _is_programme),
        bounds=(0.0, 1.0),
        is_flag=True,
    ),
    Driver(
        claim="C05",
        title="Closeness of China and Russia in UN voting",
        sources="un_ideal_points.absdist_chn_rus (negative)",
        measure=lambda evidence: -_series(evidence, "un_ideal_points.absdist_chn_rus"),
        bounds=(-math.inf, 0.0),
    ),
    Driver(
        claim="C06",
        title="A destructive anti-satellite test by either within three years",
        sources="ledger: test_asat",
        measure=lambda evidence: _in_last_years(evidence, TEST_YEARS, lambda event: event.event_type == "test_asat"),
        bounds=(0.0, 1.0),
        is_flag=True,
    ),
    Driver(
        claim="C07",
        title="Chinese to Russian military spending (log ratio)",
        sources="sipri_milex.chn_rus_ratio_const2023",
        measure=lambda evidence: np.log(_series(evidence, "sipri_milex.chn_rus_ratio_const2023")),
    ),
    Driver(
        claim="C08",
        title="Share of mistrust in the weight of recorded acts, three years",
        sources="ledger: mistrust_ip rows as a yearly share of the rule's weight",
        measure=_mistrust_share,
        bounds=(0.0, 1.0),
    ),
    Driver(
        claim="C09",
        title="Chinese to Russian economy (log ratio of GDP)",
        sources="gdp_current_usd.chn_rus_ratio",
        measure=lambda evidence: np.log(_series(evidence, "gdp_current_usd.chn_rus_ratio")),
    ),
    Driver(
        claim="C10",
        title="Chinese objects ever launched (log), exposed to debris",
        sources="objects_launched_unoosa.chn_cumulative",
        measure=lambda evidence: np.log(_series(evidence, "objects_launched_unoosa.chn_cumulative")),
        bounds=(0.0, math.inf),
    ),
    Driver(
        claim="C11",
        title="Closeness to Washington of the nearer of the two in UN voting",
        sources="un_ideal_points.absdist_chn_usa, un_ideal_points.absdist_rus_usa (negative minimum)",
        measure=lambda evidence: -_us_distance(evidence).min(axis=1),
        bounds=(-math.inf, 0.0),
    ),
    Driver(
        claim="C12",
        title="Artemis Accords signatories (log)",
        sources="artemis_signatories.cumulative",
        measure=_artemis,
        bounds=(0.0, math.inf),
    ),
)
DRIVERS_1 = tuple(replace(one, measure=_mistrust_rows) if one.measure is _mistrust_share else one for one in DRIVERS)
DRIVER_CLAIMS = tuple(driver.claim for driver in DRIVERS)


def drivers_behind(rule: OutcomeRule) -> tuple[Driver, ...]:
    """How forecasts under a rule measured the claims."""
    return DRIVERS_1 if rule == RULE_1 else DRIVERS


def driver_table(
    evidence: Evidence,
    drivers: Iterable[Driver] = DRIVERS,
    scaling: Scaling | None = None,
) -> DriverTable:
    """Measure, standardise and mask every driver over the model's years.

    Without a `scaling`, standardisation uses the observed years of 1992-2020 that the evidence can see; values are
    held inside ``driver_limit``.
    """
    years = pd.RangeIndex(ALIGNMENT.first_year, evidence.as_of.year + 1, name="year")
    columns = {driver.claim: driver.measure(evidence).reindex(years) for driver in drivers}
    raw = pd.DataFrame(columns, index=years).astype(float)  # a series without any observed year has no numbers
    whole = last_whole_year(evidence.as_of)
    raw[(raw.index < DRIVER_SCALE.drivers_from) | (raw.index > whole)] = math.nan
    scaling = scaling or Scaling.of(raw)
    standardised = ((raw - scaling.mean) / scaling.sd).clip(-DRIVER_SCALE.driver_limit, DRIVER_SCALE.driver_limit)
    origin, note = _origin(standardised.loc[:whole])
    begun = whole < evidence.as_of.year
    return DriverTable(raw=raw, standardised=standardised, origin=origin, origin_note=note, begun=begun)


def _origin(standardised: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    last = int(standardised.index[-1])
    values, notes = {}, {}
    for claim, column in standardised.items():
        seen = column.dropna()
        year = int(seen.index[-1]) if len(seen) else -1
        fresh = last - year <= DRIVER_SCALE.carry_years
        values[claim] = float(seen.iloc[-1]) if fresh else 0.0
        notes[claim] = "observed" if year == last else f"carried from {year}" if fresh else "masked"
    return pd.Series(values), pd.Series(notes)
