"""Moved sliders held against refits: how far the re-weighted answer is off, by badge."""
