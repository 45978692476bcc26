"""Heads of a record that were kept elsewhere: what tells that its newest entries, or all of them, were lost.

- `feed` a feed of the record that somebody kept: the digests in it, which the record must still hold
- `heads` heads that this user's programs have seen, and those of a copy
"""
