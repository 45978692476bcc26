"""The parts of the Checks page."""
