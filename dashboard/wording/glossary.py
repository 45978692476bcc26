"""What every term on the page means, in at most two plain sentences: the help texts."""

from collections.abc import Mapping

GLOSSARY: Mapping[str, str] = {
    "alignment": (
        "How close the two stand, as the model reads it from the evidence; up is closer. At 0 a recorded "
        "act is as likely to be hostile as cooperative."
    ),
    "assumptions": (
        "Everything you can set before the evidence speaks: one value for each slider. The forecast is "
        "what follows from them and the evidence."
    ),
    "base rate": (
        "How often something happened in comparable cases, before looking at this one. Here: how often "
        "ties between great powers, and this pair's own states, changed."
    ),
    "claim": (
        "One reason for or against cooperation that the essay gives. Each has a direction and a "
        "strength, which become the starting point of a slider."
    ),
    "definition break": (
        "A year from which a series counts something else, or counts it differently. Never read a "
        "change across it as a real change."
    ),
    "divergence": (
        "A place where the sampler could not follow the model's shape. More than one in a thousand "
        "means that the fit should not be trusted."
    ),
    "driver": (
        "A yearly measurement of one of the essay's mechanisms, such as distance from the United States"
        " in UN voting. It acts on the next year's alignment."
    ),
    "effective sample size": (
        "How many independent draws the correlated or weighted ones are worth. Small means that the numbers wobble."
    ),
    "essay's reading": (
        "The same models with the essay's reasons at the strength that its wording suggests. By default the measured "
        "drivers are weak, so that the evidence speaks nearly alone."
    ),
    "evidence as of": (
        "Forecasts look ahead from the day named here: every verified act up to it counts, those of this year too, and "
        "nothing that happened later. From a former day only what could be known by then counts."
    ),
    "fit": (
        "The model after it has seen the evidence: thousands of draws of its unknown quantities. It is "
        "made once; sliders re-weight it."
    ),
    "hub": (
        "A shared place where forecasting teams put tables in one agreed form, so that forecasts of the same question "
        "can be compared and scored."
    ),
    "horizon": (
        "Which year-end the forecast is about. The page opens on the third ahead: of the nearest, the nowcast, most of "
        "the answer is on the books already."
    ),
    "index": (
        "The ranked score as 0 to 100: 0 is the worst possible, 50 is as good as the base rate at the default "
        "assumptions, 100 is perfect. It stands there only after ten year-ends."
    ),
    "intensity": (
        "How cooperative or hostile an act was for the two at the time, from −10 (use of force) to +10 "
        "(alliance). Its later importance does not count."
    ),
    "interval": (
        "Range that holds the probability in nine of ten draws of what the model does not know about "
        "itself. It is not a range of outcomes."
    ),
    "knob": "An assumption with a slider: a unit, bounds, a default and a reason for it.",
    "mixture": (
        "The published probability: a weighted mean of the models, with weights you can see and set. A "
        "weight is not the probability that a model is true."
    ),
    "Monte Carlo error": (
        "How far a number would move if the same simulation were run again with other random numbers. "
        "It says nothing about whether the model is right."
    ),
    "nowcast": (
        "The forecast of the nearest year-end from inside its year: the acts seen so far count as they are, and only "
        "the rest of the year is simulated."
    ),
    "N in 100": (
        "The same probability as a count: in a hundred situations that look like this one, about N would turn out so."
    ),
    "negative control": (
        "A test that must find nothing: copies of one indicator, or drivers shuffled over the years. If it finds "
        "something, the method rewards noise."
    ),
    "odds ratio": (
        "By how much a driver one standard deviation above its mean multiplies the odds of a higher "
        "state next year. 1 is no effect."
    ),
    "outside view": (
        "A forecast from comparable cases alone, without any story about this one. It is shown before any slider moves."
    ),
    "Pareto k": (
        "Tells whether the fit's draws can be re-weighted to your assumptions. Below 0.5 is good, above"
        " 0.7 means that a refit is needed."
    ),
    "posterior": "What the model believes after the evidence: prior and evidence together decide it.",
    "posterior predictive check": (
        "Data simulated by the fitted model beside the data that happened. If the real ones look odd "
        "among the simulated ones, the model misses something."
    ),
    "probability word": (
        "A fixed word for each range of chances (ICD 203), from almost no chance (below 5 %) to almost "
        "certain (above 95 %). It always comes from the number shown beside it."
    ),
    "prior": "What is believed before the evidence speaks: a centre and a width. The sliders move most of them.",
    "prior-driven": (
        "The evidence says little about this assumption, so the result rests on what you set. Moving the "
        "slider moves the forecast."
    ),
    "data-driven": (
        "The evidence decides this assumption whatever reasonable value you start from. Moving the slider changes "
        "little."
    ),
    "partly informed": "The evidence adds something about this assumption, and your setting still matters.",
    "in conflict": (
        "The evidence points away from what you set, farther than chance would. One of the two deserves a second look."
    ),
    "compatibility": (
        "How much better or worse the priors of one setting predicted all the evidence than those of another: the "
        "ratio of their marginal likelihoods. It tells which assumptions the evidence resists, not which are true."
    ),
    "inverse slider": (
        "The other way round: name a chance, and see the least change of assumptions that leads to it, in prior "
        "standard deviations (sd). A claim’s sd is the width of doubt that the essay’s wording leaves about it."
    ),
    "prior predictive check": (
        "What the model would forecast before it sees any evidence. It should already look sensible."
    ),
    "reference date": "The day from which the forecast looks ahead; nothing later was used.",
    "refit": (
        "Fit the model again under your assumptions instead of re-weighting draws made under others. "
        "Slower, and sound however far your assumptions are from those of the stored fits."
    ),
    "reweighting": (
        "Draws of some fifty fits under different priors are pooled, and each counts more or less according to how "
        "well it suits your assumptions. Instant, and reliable as long as these are not too far from all the fits."
    ),
    "R-hat": (
        "Compares independent chains of the sampler; 1.00 means that they agree. Above 1.01 the fit is not published."
    ),
    "robustness": (
        "How many labels of history would change if the rule, the coding or the ledger were a little different."
    ),
    "hindcast": (
        "A forecast of a day that has come, marked ◇, from what was known on the day it could have been made. People "
        "who knew the outcome wrote the models, so it flatters them, and no score counts it as foresight."
    ),
    "leave one out": (
        "The whole forecast again as if one act, publisher, domain, indicator file or claim did not exist. A large "
        "change means that much hangs on one piece."
    ),
    "power scaling": (
        "Each assumption's prior, or the evidence, is made a little stronger to see which of the two moves the result. "
        "“Partly informed” says that both do."
    ),
    "published forecasts": (
        "“Saved here” is the record of this server, which the page saves to. “The project’s” are the forecasts that "
        "the authors of this program published with it; they are shown as they stand and cannot be changed here."
    ),
    "record": (
        "The list of saved forecasts. Entries are only ever added, and each carries the digest of the one before, so "
        "that any change to them shows."
    ),
    "reliability": (
        "Whether events forecast with 30 % happened about three times in ten. A sound curve keeps to its band around "
        "the diagonal."
    ),
    "scenario": (
        "One of four classes of what can be observed at a year-end: rupture, strain, transactional "
        "status quo, deeper cooperation. Exactly one holds."
    ),
    "score": (
        "A penalty for each forecast once the outcome is known: 0 is perfect, lower is better. Ranked forgives near "
        "misses, Brier treats all states alike, Log punishes surprises hardest."
    ),
    "signpost": (
        "A yes-or-no question with a deadline, a source and a rule for doubtful cases. It resolves from the ledger."
    ),
    "simulation-based calibration": (
        "Histories are simulated from known quantities and fitted like the real one. Right code ranks the known value "
        "anywhere among the fit's draws equally often; wrong code does not."
    ),
    "snapshot": (
        "A file with everything needed to get the same numbers again: settings, digests, seeds, versions and results."
    ),
    "stacking": (
        "The weights under which a mixture of the models would have forecast the past best. They say which mixture "
        "did well, never how likely a model is true."
    ),
    "standard deviation": (
        "The usual size of a departure from the mean. About two thirds of yearly values lie within one."
    ),
    "tone": (
        "The mean intensity of the recorded acts of five years, grave acts and recent years counting more. It decides "
        "the state, together with acts so grave that one is enough."
    ),
    "year mean": (
        "The mean intensity of one year's own acts, grave acts and space counting more. Unlike the state at a year-end "
        "it owes nothing to the years before, and one year is enough to be right or wrong."
    ),
    "unverified": "No page was found that supports this row. It is shown with that label and left out of fits.",
    "borrowed": (
        "The share of the mixture held by models that keep no simulated ledgers and read what is supposed in "
        "those of the latent alignment, state by state. It is a guess and never counts as good."
    ),
    "made to happen": (
        "The act is put into a year of every simulated future, as one typical row, and nothing else changes. "
        "Observing the same act also tells in which kind of world one is; making it happen does not."
    ),
    "pin": (
        "Something taken as observed: the answer to a signpost, or the state at a year-end, at most three at "
        "once. Simulated futures that fit it count more, so that every other number says what would follow."
    ),
    "pull": (
        "How far the four states differ after a yes and after a no: the share of the chances that moves. It says "
        "nothing of how likely the yes is."
    ),
    "range of a chance": (
        "Where the chance lies in nine of ten draws of what is not known about how often such acts are recorded. "
        "Few past answers leave it wide."
    ),
    "recorded yes": (
        "The chance that the ledger comes to hold the rows that settle the question with yes; an act that nobody "
        "records does not count. The ledger is taken to be kept as in the last three years."
    ),
    "value of an answer": (
        "By how much hearing the answer would lower the expected ranked probability score of the state at the "
        "year-end, by the model. A large value needs an answer that is open and tells a lot."
    ),
}


def define(term: str) -> str:
    """Help text of a term; an unknown one is an error that the tests find."""
    if term not in GLOSSARY:
        raise KeyError(f"got the term {term!r}, expected one of {', '.join(sorted(GLOSSARY))}; add it to the glossary")
    return GLOSSARY[term]
