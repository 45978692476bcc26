"""Stored draws of all models, and how they answer priors that nobody fitted.

- `anchors` the design of the library
- `answer` what one model says under a setting
- `compatibility` how compatible the evidence is with assumptions
- `files` libraries on disk
- `library` the library
- `local` the local library
- `members` the stored fits of M2 and M3, ready to answer under any setting of the knobs
- `pool` from fits to a library
- `reweighting` A moved prior without a new fit
- `structures` which structure of each model a study or a stored fit answers to
"""
