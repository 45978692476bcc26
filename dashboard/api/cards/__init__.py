"""A forecast as a card: drawn as SVG, embedded in somebody's page, and as the picture of a shared link.

- `drawing` the card as SVG, light, dark or as the reader's system is
- `embed` the card as a page for a frame, and what oEmbed says of it
- `preview` title, sentence and picture of a shared link, for those who read no scripts
- `words` what a card says, of a setting or of a saved forecast
"""
