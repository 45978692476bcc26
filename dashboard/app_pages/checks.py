"""The Checks page: is the fit sound, are its priors sane, would it have written this record, are the labels firm?"""

from collections.abc import Iterable

import streamlit as st

from dashboard import cache, controls, figures, frame, tables, wording
from models.posterior import Check, Fit

SHARES = "Labels that flip", "From", "To", "Without a label"


def _checks(checks: Iterable[Check]) -> None:
    table = tables.check_table(checks)
    failed = int((table["Result"] == "FAILED").sum())
    (st.error if failed else st.success)(f"{len(table) - failed} of {len(table)} checks passed.")
    table = table.map(frame.plain)
    told = "**" + table["Check"] + "**  \n" + table["Why it matters"]
    st.table(table.assign(Check=told).drop(columns="Why it matters").set_index("Check"))


def _fit(fit: Fit) -> None:
    st.markdown("#### Did the sampler do its work?", help=wording.define("fit"))
    _checks(fit.diagnostics.checks)
    used = ", ".join(
        f"{name.replace('_', ' ')} {value:g}" for name, value in sorted(fit.settings.items()) if value is not True
    )
    st.caption(f"{fit.chain.size:,} draws; {used}; seed {fit.seed}; PyMC {fit.versions.get('pymc', 'unknown')}.")


def _engine() -> None:
    st.markdown("#### Can the sliders be trusted?", help=wording.define("reweighting"))
    library, found = cache.library(), cache.engine_study()
    st.caption(f"A library of {len(library.anchors)} fits and {library.size:,} draws answers every move.")
    _checks(library.diagnostics.checks)
    if found is None:
        st.warning("The archived study is of another library; run `python -m models verify-engine`.")
        return
    about, settings = found
    spec = cache.copied("study", (about["library"], about["seed"]), lambda: figures.error_against_badge(settings))
    frame.chart(spec, wording.study_sentence(settings), "The engine against refits from scratch")
    with st.expander("Every setting of the study"):
        st.dataframe(tables.study_table(settings), hide_index=True)


def _priors() -> None:
    st.markdown("#### What would the priors alone forecast?", help=wording.define("prior predictive check"))
    checks, table = cache.prior_predictive(controls.current())
    _checks(checks)
    shares = {name: 100 * table[name] for name in ("mean", "q05", "q95")}
    named = table.assign(state=table["state"].map(wording.STATE_LABELS), **shares)
    names = {"horizon": "Years ahead", "state": "State", "mean": "Mean chance", "q05": "From", "q95": "To"}
    columns = dict.fromkeys(("Mean chance", "From", "To"), st.column_config.NumberColumn(format="%.0f %%"))
    with st.expander("All prior chances, from a transactional year-end"):
        st.dataframe(named.rename(columns=names), hide_index=True, column_config=columns)


def _posterior(fit: Fit) -> None:
    st.markdown("#### Would the model have written this record?", help=wording.define("posterior predictive check"))
    titles = "Share of recorded acts in each band of intensity", "Mean intensity of each year"
    for title, check in zip(titles, cache.posterior_predictive(fit), strict=True):
        spec = cache.copied(title, (fit.key,), lambda check=check, title=title: figures.predictive_check(check, title))
        frame.chart(spec, wording.predictive_sentence(check), title)


def _labels() -> None:
    st.markdown("#### How firm are the labels of history?", help=wording.define("robustness"))
    history, robustness = cache.history(), cache.robustness()
    spec = cache.copied("history", (), lambda: figures.history_labels(history))
    frame.chart(spec, wording.history_sentence(history))
    with st.expander("Every label with its reason"):
        tone = st.column_config.NumberColumn(format="%.2f", help=wording.define("tone"))
        st.dataframe(tables.label_table(history), hide_index=True, column_config={"Tone": tone}, height=480)
    spec = cache.copied("robustness", (), lambda: figures.robustness_bars(robustness))
    title = "If the rule or the record were a little different"
    frame.chart(spec, wording.robustness_sentence(robustness), title)
    with st.expander("Robustness as a table"):
        per_cent = dict.fromkeys(SHARES, st.column_config.NumberColumn(format="%.0f %%"))
        st.dataframe(tables.robustness_table(robustness), hide_index=True, column_config=per_cent)


frame.title("Checks", "Would you notice if this were wrong?")
frame.notes()
fit = cache.base_fit()
_fit(fit)
_engine()
_priors()
_posterior(fit)
_labels()
