"""The parts of the Checks page.

- `change` fourth question: which pieces of evidence and which assumptions the forecast is made of
- `forecast` third question: did the models forecast the past better than simple rules would have?
- `frame` question, answer and next step of each, “48 of 48 checks passed”, the warning over a study of another version
- `mid_year` within the third question: what half a year's rows are worth
- `models` second question: priors asked alone, replicated evidence, reliability, firmness of labels
- `sampler` first question: stored fits, simulation-based calibration, sliders against refits
- `selectors` widgets that choose which score, horizon, quantity or curve is looked at
- `signposts` within the third question: do the signposts' chances hold?
"""
