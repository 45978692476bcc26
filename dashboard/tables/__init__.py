"""Tables as a reader wants them: plain words in the columns. Pure."""
