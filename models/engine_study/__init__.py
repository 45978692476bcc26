"""Moved sliders held against refits: how far the re-weighted answer is off, by badge.

- `check` the short form that comes with every library: three settings, and whether green may show
- `held_out` random settings, their refits, and the engine's answers beside them
- `study` the whole study: tasks, tables and acceptance figures
- `supports` the same for compatibility and for the inverse slider
"""
