"""What every page stands in: errors caught once, live answers, charts with their sentence, safe tables.

- `answer` the sentence that a layman repeats, the four states in one order, and the badges
- `author` who signs what is saved: as the sign-in says, else as typed
- `chart` charts with title, sentence, text alternative, and one way to take each along
- `export` files that are made on a click, each counted
- `grid` the one way to show a table, so that what is copied from it runs nowhere
- `links` an address to hand on, copied by a button that says so
- `page` the frame of every page: errors, notes, the live answer
- `plain_markdown` text from outside in the midst of Markdown, so that nothing in it acts
- `selectors` widgets that choose what to look at and change no number
- `skill` whether the forecast was shown to beat simple rules, in the same words on every page
- `terms` terms of the glossary linked where they stand
- `who` who somebody is here, and the way in and out
"""
