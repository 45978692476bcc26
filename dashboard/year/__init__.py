"""Why a past year is what it is: asked on a chart or in a list, answered by its acts and the rule's sum.

- `panel` the answer for one year
- `picker` charts whose years can be clicked, and the list of years beside them
"""
