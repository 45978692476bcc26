"""Words for people: who somebody is here, what they may do, and who can reach the page.

- `who` signed in or not, in which role, and who signs what is saved
"""
