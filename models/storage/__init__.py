"""The border with the disk: files, zips, arrays, JSON and CSV, each read with a limit and written in one step."""
