"""Who may do what: three roles, the people who have them, and the one gate that every action passes.

- `actions` what can be done on the page, and the role that each needs
- `assigned` which role people have: by sign-in, by the machine they sit at, or as whoever runs the page said
- `gate` asked before anything is done: `may`, `refusal`, `passing`
- `notice` said at start: who can reach the page and what they may do
- `people` who a session belongs to
"""
