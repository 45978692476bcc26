"""The past forecast again from what was visible then, and scored against simple rules."""
