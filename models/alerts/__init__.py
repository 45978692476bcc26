"""Alerts: who wants to be told when a chance has moved since they last looked, and telling them by webhook.

- `check` every watch held against the forecast of today, and told where it moved
- `watches` who watches what, and what each has seen: kept in this user's own folder
- `webhook` one message to one address: signed, tried a few times, never to a private network unless that is meant
"""
