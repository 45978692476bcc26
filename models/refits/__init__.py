"""One refit on request: what is asked, the process that answers, and whether the answer fits the question."""
