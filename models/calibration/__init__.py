"""Do the models find what was simulated from them? Ranks of known truths among posterior draws."""
