"""Checks, first question: do the stored fits, the code and the sliders compute what they claim?"""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.cache import checks as archive
from dashboard.cache import forecasts as cache
from dashboard.checks import selectors
from dashboard.checks.frame import every_check, lazy, noted, outcome, rests_on, rows
from dashboard.figures.calibration import rank_deviation
from dashboard.figures.engine import error_against_badge
from dashboard.frame import page as frame
from dashboard.tables.checks import certificate_table
from dashboard.tables.studies import calibration_table, quantity_table, study_table
from dashboard.wording.calibration import first_sentence, part_sentence, ranks_sentence, study_sentence
from dashboard.wording.glossary import define
from dashboard.wording.labels import MODEL_LABELS
from dashboard.wording.verdicts import Card, sampler_card
from data.digest import Fields
from models.fits.certificate import Diagnostics
from models.names import MODEL_M1
from models.verdicts.facts import worst_quantities
from models.verdicts.studies import CALIBRATION, PART_OF_YEAR, Study

FORMATS = {"Strays by, points": "%.1f", "Allowed there": "%.1f", "As far by luck": "%.1f %%"}


def fits() -> Mapping[str, Diagnostics]:
    """Every stored fit that was sampled, by a name for the page; the base rate is exact and has none."""
    library = cache.library()
    own = {
        MODEL_LABELS[MODEL_M1]: cache.base_fit().diagnostics,
        f"Latent alignment, library of {len(library.anchors)} fits": library.diagnostics,
    }
    others = library.members.fits if library.members else {}
    return own | {_named(name): fit.diagnostics for name, fit in others.items()}


def _named(name: str) -> str:
    """“m3_hidden_regimes_80” is the hidden regimes at a stickiness of 80 %."""
    if name in MODEL_LABELS:
        return MODEL_LABELS[name]
    model, _, stickiness = name.rpartition("_")
    return f"{MODEL_LABELS[model]}, stickiness {stickiness} %"


def answer() -> Card:
    """The first question's answer."""
    certificates, calibration, engine = fits().values(), archive.study(CALIBRATION), archive.engine_study()
    count = sum(len(certificate.checks) for certificate in certificates)
    passed = count - sum(len(certificate.failures) for certificate in certificates)
    verdicts = calibration.about["verdicts"] if calibration.present else None
    reached = engine and (all(figure["passed"] for figure in engine[0]["figures"]), engine[1])
    return sampler_card((passed, count), verdicts, reached, _first(calibration))


def _first(calibration: Study) -> Sequence[Fields]:
    """Verdicts before more simulations were run."""
    return calibration.about.get("verdicts_of_the_first_200", ()) if calibration.present else ()


@st.fragment
def show() -> None:
    """Its section."""
    _fits()
    _calibration()
    _engine()
    _tables()


def _fits() -> None:
    certificates, fit = fits(), cache.base_fit()
    st.markdown("### Stored fits", help=define("fit"))
    count = sum(len(certificate.checks) for certificate in certificates.values())
    failed = sum(len(certificate.failures) for certificate in certificates.values())
    outcome(count - failed, count, f"acceptance checks passed, over {len(certificates)} stored fits")
    st.markdown(
        "The base rate is exact and needs no sampler. Every acceptance check of a fit has a limit fixed beforehand."
    )
    with lazy("Every check of every fit", "fits") as opened:
        if opened.open:
            st.table(certificate_table("Stored fit", certificates).set_index("Result"))
            every_check(certificates)
            used = {name: value for name, value in sorted(fit.settings.items()) if value is not True}
            settings = ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in used.items())
            size = f"{fit.chain.size:,} draws; {settings}; seed {fit.seed}; PyMC {fit.versions.get('pymc', 'unknown')}."
            st.markdown(f"{MODEL_LABELS[MODEL_M1]}: {size}")


def _calibration() -> None:
    study = archive.study(CALIBRATION)
    title = "Does the code find what it simulated?"
    st.markdown(f"### {title}", help=define("simulation-based calibration"))
    if not noted(study):
        return
    summary, ranks = study.tables["summary"], study.tables["ranks"]
    names = {model: group["quantity"].tolist() for model, group in summary.groupby("model_id", sort=False)}
    model, name = selectors.quantity(names, worst_quantities(summary))
    row = summary[(summary["model_id"] == model) & (summary["quantity"] == name)].iloc[0].to_dict()
    own = ranks[(ranks["model_id"] == model) & (ranks["quantity"] == name)]
    key = *study.key, model, name
    spec = cache.copied("ranks", key, lambda: rank_deviation(own["rank"].repeat(own["count"]), row))
    frame.chart(spec, ranks_sentence(row), picture=frame.Picture(name="ranks", title=title))
    if first := first_sentence(_first(study)):
        st.markdown(frame.plain(first))
    part = archive.study(PART_OF_YEAR)
    if part.present:
        st.markdown(part_sentence(part.about["verdicts"]))


def _engine() -> None:
    st.markdown("### Do the sliders agree with refits?", help=define("reweighting"))
    library, study = cache.library(), archive.engine_study()
    if study is None:
        st.warning("**Not tested for this version.** Make the study with `python -m models verify-engine`.")
        return
    about, settings = study
    rests_on(about["rests_on"])
    spec = cache.copied("study", (about["library"], about["seed"]), lambda: error_against_badge(settings))
    frame.chart(spec, study_sentence(settings), picture=frame.Picture(name="engine", title="The sliders and refits"))
    st.markdown(f"{len(library.anchors)} fits and {library.size:,} draws answer every move.")


def _tables() -> None:
    study, engine = archive.study(CALIBRATION), archive.engine_study()
    with lazy("These tests as tables", "sampler") as opened:
        if opened.open and study.present:
            rows(calibration_table(study.about["verdicts"]))
            rows(quantity_table(study.tables["summary"]), FORMATS)
        if opened.open and engine:
            rows(study_table(engine[1]))
