"""The steps from one state of the tables to the next.

- `0001_tables` revision 0001 of the record's database
- `0002_append_only` revision 0002 of the record's database
"""
