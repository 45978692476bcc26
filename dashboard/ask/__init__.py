"""The parts of the Ask page, and what other pages say of pins that are in force.

- `card` one signpost: its chance, what either answer would make of the states, how it is settled, its claim
- `driver` a driver held at a value from a year on, in two columns
- `given` what is supposed: how likely it is, what it moves, and how it is taken away
- `listing` the list of open signposts: searched, filtered, sorted, one of them opened
- `making` an act made to happen beside the same act observed
- `overview` which answer would teach most, how many yes are to be expected, what is settled, all numbers
- `supposed` the session's pins and acts before the board: what can be asked, and its answer
"""
