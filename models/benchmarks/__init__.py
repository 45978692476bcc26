"""How long things take on this machine, measured and never asserted."""
