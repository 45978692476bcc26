"""The forecast's main charts as pictures: the same evidence, fit and forecast give the same bytes, offline."""

import textwrap

import pandas as pd
import vl_convert

from dashboard.figures.engine import error_against_badge
from dashboard.figures.forecast import dot_plot, model_contributions, states_over_horizons
from dashboard.figures.path import alignment_path, notable_events
from dashboard.figures.style import Spec
from dashboard.report.drawing import LIGHT, PAGE, described, inked, merged
from dashboard.report.slides import both
from dashboard.wording.calibration import study_sentence
from dashboard.wording.forecast import alignment_sentence, dots_sentence, states_sentence
from dashboard.wording.models import models_sentence
from dashboard.wording.pictures.card import SUBJECT, Card, changed_words
from data.days import horizons_from, last_whole_year, year_end
from data.types import Evidence
from models.forecast.results import Forecast, alignment_summary, sample_paths
from models.library.library import Library
from models.outcome.rule import resolve_history
from models.storage.disk import Files

HEADLINE = 2
"""Place of the year-end of the two charts that show one only, among those forecast: the third ahead."""
PATHS = 5
"""Simulated futures drawn beside the bands; more would hide them."""
WIDTH = 760
"""Pixels of the study's picture."""
LINE_LETTERS, LINE_HEIGHT = 108, 16
DIGEST_LETTERS = 12


def charts(evidence: Evidence, library: Library, forecast: Forecast) -> Files:
    """PNG and SVG of the states, the dots, the alignment path and the models, by file name.

    Parameters
    ----------
    evidence, fit, forecast
        What the forecast was made of, and the forecast.
    """
    files: dict[str, bytes] = {}
    for name, (title, sentence, spec) in _pictures(evidence, library, forecast).items():
        files[f"{name}.png"], files[f"{name}.svg"] = both(spec, _card(forecast, name, title, sentence))
    return files


def study(settings: pd.DataFrame) -> bytes:
    """The figure of the engine's held-out study as an SVG (`python -m models verify-engine`)."""
    spec, title = error_against_badge(settings), "The engine against refits from scratch"
    sentence = study_sentence(settings)
    return _study_svg(dressed(spec, title, sentence, "Held-out study of the engine"), sentence)


def _pictures(evidence: Evidence, library: Library, forecast: Forecast) -> dict[str, tuple[str, str, Spec]]:
    table = forecast.table
    made_on = forecast.reference_date  # whoever draws them and whenever: the same bytes
    horizon = horizons_from(made_on)[HEADLINE]
    year = year_end(made_on, horizon).year
    summary = alignment_summary(library, forecast.weights)
    first = int(summary["year"].min())
    events, paths = notable_events(evidence.events), sample_paths(library, forecast.weights, PATHS)
    history = resolve_history(evidence.events, first, last_whole_year(evidence.as_of))
    return {
        "states": (
            "Chance of each state at the year-end",
            states_sentence(table),
            states_over_horizons(table, made_on),
        ),
        f"dots_{year}": (
            f"State on 31 December {year}, in fifty dots",
            dots_sentence(table, horizon),
            dot_plot(table, horizon, made_on),
        ),
        "alignment": (
            f"Latent alignment of China and Russia since {first}",
            alignment_sentence(summary),
            alignment_path(summary, events, history, paths),
        ),
        f"models_{year}": (
            f"What each model says about 31 December {year}",
            models_sentence(table, horizon),
            model_contributions(table, horizon, made_on),
        ),
    }


def _card(forecast: Forecast, name: str, title: str, sentence: str) -> Card:
    """Its words; whoever draws it and wherever, they are the same, so that there is no address on it."""
    setting = forecast.assumptions
    return Card(
        name=f"forecast-{name.replace('_', '-')}",
        title=title,
        subject=SUBJECT,
        sentence=sentence,
        as_of=forecast.reference_date,
        changed=changed_words(setting.values, setting.knobs),
        note=f"Digests: assumptions {_short(setting.digest)}, evidence {_short(forecast.evidence_digest)}, library "
        f"{_short(forecast.library_key)}.",
    )


def _short(digest: str) -> str:
    return digest[:DIGEST_LETTERS]


def dressed(spec: Spec, title: str, sentence: str, source: str) -> Spec:
    """A chart with all that a picture on its own needs: title, sentence, source, fixed width, printed colours."""
    lines = [*textwrap.wrap(sentence, LINE_LETTERS), *textwrap.wrap(source, LINE_LETTERS)]
    return {
        **spec,
        "title": {"text": title, "subtitle": lines, "subtitleLineHeight": LINE_HEIGHT, "offset": 14},
        "width": WIDTH,
        "background": PAGE,
        "padding": 16,
        "config": merged(spec, LIGHT),
    }


def _study_svg(spec: Spec, description: str) -> bytes:
    svg = inked(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))
    return described(svg, spec["title"]["text"], description).encode()
