"""How the record's database came to its present tables.

- `env` what Alembic runs
- `versions` one step a file; a record made by an older program is brought up through them
"""
