"""The second target in words: what a table says of the years' own means, and what is booked of a year-end."""

from datetime import date

import pandas as pd

from dashboard.wording.year_mean import (
    answering,
    answering_sentence,
    cuts_sentence,
    first_full,
    past_sentence,
    words_line,
    year_headline,
    year_outlooks,
    years_sentence,
)
from models.names import MCSE, MODEL_M1, MODEL_M3, QUANTILE, TARGET_YEAR_MEAN
from tests.support.values.results import YEAR_MEANS, table, with_years

TABLE = with_years(table())


def test_a_year_is_told_with_median_range_and_three_words():
    years = year_outlooks(TABLE)
    assert [year.year for year in years] == [2025, 2026, 2027, 2028, 2029]
    assert tuple(years[0].quantiles.values()) == YEAR_MEANS
    assert (
        year_headline(years[0], date(2024, 12, 31))
        == "The next full year, 2025: mean intensity +3.1, nine in ten between −2.0 and +6.4"
    )
    assert words_line(years[0]) == "Better 21 %, about as before 61 % and worse 18 %"
    assert cuts_sentence(2.0, (-0.8, 0.8)).startswith("Against the five-year tone of +2.0: better means above +2.8, wo")


def test_a_table_from_before_the_question_says_nothing_of_it():
    assert year_outlooks(table()) == ()
    assert answering(table()) == ()


def test_an_error_that_makes_the_first_decimal_wobble_is_told():
    row = TABLE[(TABLE["target"] == TARGET_YEAR_MEAN) & (TABLE["output_type"] == QUANTILE)].head(1)
    shaky = pd.concat([TABLE, row.assign(output_type=MCSE, value=0.3)], ignore_index=True)
    assert "(±0.6 by simulation)" in year_headline(year_outlooks(shaky)[0], date(2024, 12, 31))


def test_who_answers_is_read_from_the_table():
    assert answering(TABLE) == (MODEL_M1, MODEL_M3)
    assert "latent alignment and hidden regimes" in answering_sentence(answering(TABLE))


def test_the_line_below_the_chart_is_short_and_what_it_is_held_against_counts_recorded_years():
    assert years_sentence(year_outlooks(TABLE)).startswith("2025: +3.1, nine in ten −2.0 to +6.4; ")
    told = past_sentence(year_outlooks(TABLE), [-5.0, 0.0, 3.0, 6.0], 2.0)
    assert told.endswith("The dashed line is the five-year tone, +2.0.")
    assert "Of the last 4 years 3 had a mean inside the range of 2025" in told


def test_a_year_is_named_by_the_day_that_it_is_looked_at_from():
    year = first_full(year_outlooks(TABLE), date(2025, 6, 30))
    assert year.year == 2026
    assert year_headline(year, date(2026, 3, 1)).startswith("This year, 2026: mean")
    assert year_headline(year, date(2027, 1, 1)).startswith("◇ A year that is over, 2026: mean")
