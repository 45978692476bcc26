"""What a program is told: the same values on the command line, at the page's addresses and in a conversation.

- `drawn` one forecast with the draws behind it, and what it says of signposts
- `evidence` the evidence as a data package
- `saved` saved forecasts, what was said about them, and the chain's head
- `scores` how good saved forecasts were, and what settled signposts taught
"""
