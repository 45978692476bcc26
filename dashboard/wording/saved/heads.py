"""Words for a head that somebody noted elsewhere: the one thing that tells that a record's end was cut off. Pure."""

NOTED_HELP = (
    "Twelve or more digits (0-9 and a-f) of a digest that once was the newest entry's: from a mail, a feed, a "
    "changelog, or what `python -m models record export` said."
)
NO_HEAD = (
    "Without a head from elsewhere nobody can tell from the record alone whether its newest entries were cut off. This "
    "server remembers the last head that it saw; whoever can change its files can change that, too."
)
HELD = "The record still holds that entry: nothing up to it was cut off."
NOT_HELD = (
    "The record does not hold that entry. Its newest entries were cut off or replaced, or the head is that of another "
    "record. Bring it back from a copy: `python -m models record import FILE` (docs/security.md)."
)
