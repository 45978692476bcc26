"""The parts of the Forecast page.

- `actions` what one does with an answer: save, share, compare, download
- `brief` what the one-page report shows beside the forecast on screen, or a saved one
- `charts` the four charts of a results table with title and sentence, here and in a saved entry
- `course` how the chance of one state has moved with each saved forecast
- `downloads` buttons for report, hub tables and draws, each file made on the click
- `exchange` the table of numbers, export of a snapshot, and what a snapshot's settings would change
- `nowcast` the nearest year-end in a card, the next full year, and what they rest on
- `pair` what the evidence alone says, and what it says with the essay's reasons, state below state
- `support` does the evidence support a setting, in all and assumption by assumption?
- `trust` badges and reason of the numbers on screen, what was moved, and the refit that mends them
"""
