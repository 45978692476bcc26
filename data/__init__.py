"""What was observed, and where it came from: events, indicators, claims and their sources."""
