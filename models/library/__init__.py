"""Stored draws of all models, and how they answer priors that nobody fitted.

- `anchors` the design of the library: at which settings fits are made
- `answer` `Answer`: what one model says under a setting, its noise, and how far to trust it
- `checked` whether the committed library was held against refits, which its green badges wait for
- `compatibility` how much better or worse the evidence fits a setting than the default
- `files` libraries on disk: the committed one and others, written and read
- `known` what was made of an array once, forgotten with the array
- `library` `Library`: pooled draws, the fits they come from, and their mixture density
- `local` this user's own library of refits
- `members` the stored fits of M2 and M3, ready to answer under any setting of the knobs
- `pool` fits thinned and pooled into a library
- `reweighting` M1 under moved priors, by weights for the pooled draws
- `structures` which structure of each model a study or a stored fit answers to
"""
