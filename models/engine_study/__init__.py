"""Moved sliders held against refits: how far the re-weighted answer is off, by badge.

- `held_out` the held-out study
- `study` the whole study
- `supports` more held-out checks of the engine
"""
