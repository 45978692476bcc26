"""The Model Context Protocol: the same answers in a conversation, read-only; an optional extra (`conjunction[mcp]`).

- `server` the server that a client starts, and how errors are told
- `tools` what can be asked
"""
