"""The border with the disk: files, zips, arrays, JSON and CSV, each read with a limit and written in one step.

- `arrays` arrays from the bytes of a .npz file, read without trust
- `declared` what installed packages declare under a name
- `disk` files of a person's own
- `home` where this user's own results live
- `safe_csv` tables as CSV that a spreadsheet opens without running anything, and that read back to the last digit
- `strict_json` JSON from strangers
- `tasks` many jobs, each done once
- `zips` zips: written the same way every time, read without trusting anything
"""
