"""The parts of the Checks page.

- `change` checks, fourth question
- `forecast` checks, third question
- `frame` what every part of the Checks page shares
- `gates` what each model's priors would forecast alone, judged before any record is read
- `models` checks, second question
- `sampler` checks, first question
- `selectors` widgets of the Checks page that choose what to look at
"""
