"""The past forecast again from what was visible then, and scored against simple rules.

- `controls` negative controls: drivers left out and shuffled
- `hindcasts` every model fitted again at every year-end, and what it forecast then
- `scores` scores of the hindcasts against simple rules, with intervals
"""
