"""Actions within a command, each large enough for a file of its own."""
