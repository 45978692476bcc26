"""Importance weights and their errors: what any weighted average of stored draws rests on."""
