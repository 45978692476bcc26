"""Labels from plain rows, year by year in plain loops, straight from the rules' words."""

import numpy as np

from data.vocabulary import SPACE_DOMAINS
from models.outcome.rule import RULE_2, OutcomeRule

YEARS = range(1950, 2025)
INSIDE = {"SUN", "RUS", "CHN", "both"}
FORMAL = set(RULE_2.break_types)


def slow_rows(events, intensities=None):
    """(year, intensity, is space, may break under rule-1, may break under rule-2) of the rows with tone."""
    toned = [event for event in events if event.direction != "context"]
    values = [event.intensity for event in toned] if intensities is None else list(intensities)
    rows = []
    for event, value in zip(toned, values, strict=True):
        inside = {event.initiator, event.target} <= INSIDE
        told = inside and (event.second_source or event.event_type in FORMAL)
        rows.append((event.year, int(value), event.domain in SPACE_DOMAINS, inside, told))
    return rows


def slow_labels(rows, rule: OutcomeRule):
    found = []
    for end in YEARS:
        top, bottom, broken = 0.0, 0.0, False
        for age in range(rule.memory_years):
            year = [row for row in rows if row[0] == end - age]
            weights = [(1 if row[2] else 0.5) * abs(row[1]) ** rule.severity_power for row in year]
            if sum(weights) == 0:
                continue
            mean = sum(w * row[1] for w, row in zip(weights, year, strict=True)) / sum(weights)
            top += rule.decay**age * mean
            bottom += rule.decay**age
            broken |= age == 0 and any(row[4 if rule.break_types else 3] and row[1] <= -8 for row in year)
        if broken:
            found.append(0)
        else:
            found.append(-1 if bottom == 0 else sum(top / bottom >= cut for cut in rule.cuts))
    return np.array(found)
