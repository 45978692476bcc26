"""The parts of the Track record page."""
