"""The border with the disk: files, zips, arrays, JSON and CSV, each read with a limit and written in one step.

- `arrays` arrays by their names, joined, and as the bytes of a .npz file: sizes and types checked before unpacking
- `declared` charts, reports and measures that the installed package declares, since `models` may not import
  `dashboard`
- `disk` files of a person's own: read with a limit, written in one step, faults told in words
- `home` the folders where this user's record, refits and unfinished work live
- `safe_csv` tables as CSV that a spreadsheet opens without running anything, and that read back to the last digit
- `strict_json` JSON from strangers: size, depth, doubled keys, numbers
- `tasks` long studies as many small jobs, each done once and kept
- `zips` the one door for zips: written the same way every time; names, sizes and kinds of files that are refused
"""
