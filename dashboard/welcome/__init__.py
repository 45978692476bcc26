"""A first visit to the Forecast page: questions that set the page, and the tour.

- `questions` three buttons: a sceptic's view, what it would take, why a year was what it was
- `tour` five steps in a corner of the page, once a browser, skipped or opened again at will
"""
