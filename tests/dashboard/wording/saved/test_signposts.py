"""What answers of signposts taught, in words and cells: nothing is claimed that the rule does not allow."""

from datetime import date

import numpy as np
import pandas as pd

from dashboard.tables.signposts_track import taught_table
from dashboard.wording.saved.signposts import taught_sentence, waiting_sentence, with_error, without_sentence
from models.track.learned import COLUMNS, LESS

ROW = {"mark": "live", "answers": 12, "origins": 4, "expected": 0.0031, "moved": 0.0027, "scored": 0, "dates": 0}


def test_before_a_year_end_is_answered_only_the_move_is_told():
    told = taught_sentence(ROW)
    assert told.startswith("Live forecasts, 12 answers from 4 years: 3.1 expected of each on average, moved by 2.7.")
    assert "not known" in told


def test_what_was_gained_is_told_with_its_error_and_verdict():
    done = {"scored": 5, "expected_scored": 0.003, "gained": -0.0012, "error": 0.0004}
    told = taught_sentence(ROW | done | {"verdict": "too few to tell"})
    assert "(5 answers): 3.0 expected, −1.2 gained (Monte Carlo error 0.4); too few to tell." in told
    assert "less than was expected" in taught_sentence(ROW | done | {"verdict": LESS})


def test_what_waits_and_what_has_no_numbers_is_told():
    assert waiting_sentence(0, None) == "No saved forecast gives a chance to a signpost."
    assert "30 signposts wait" in waiting_sentence(30, date(2026, 12, 31))
    assert "after 31 December 2026" in waiting_sentence(30, date(2026, 12, 31))
    told = without_sentence({"the signpost was disputed": 1, "it was saved without its draws": 3})
    assert told == "Without numbers: one answer: the signpost was disputed; 3 answers: it was saved without its draws."
    assert with_error(np.nan, np.nan) == "–"


def test_a_row_without_numbers_says_why_in_their_place():
    row = dict.fromkeys(COLUMNS, "") | {"answer": "yes", "target_year": 2028, "mark": "live", "status": "resolved"}
    row |= dict.fromkeys(("expected", "expected_error", "moved", "moved_error", "gained", "gained_error"), 0.002)
    shown = taught_table(pd.DataFrame([row, row | {"why": "it was saved without its draws", "gained": np.nan}]), {})
    assert list(shown["The year-end"]) == ["Resolved", "it was saved without its draws"]
    assert list(shown["Gained"]) == ["2.0 ± 2.0", "–"]
