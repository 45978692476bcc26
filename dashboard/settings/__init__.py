"""One session's settings: the account of what is in force, its widgets, its link and its history."""
