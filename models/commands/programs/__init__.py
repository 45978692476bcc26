"""Commands for other programs: what is told to them, and in which language.

- `alerts` `python -m models alerts`
- `mcp` `python -m models mcp`
"""
