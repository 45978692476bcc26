"""The command line, one module a command; the only room with argparse.

- `actions` actions within a command, each large enough for a file of its own
- `backtest` `python -m models backtest`
- `calibrate` `python -m models calibrate`
- `evidence` `python -m models evidence check|agreement|update`
- `export` `python -m models export`
- `fit` `python -m models fit` and `benchmark`
- `forecast` `python -m models forecast`
- `library` `python -m models library` and `verify-engine`
- `members` `python -m models members`
- `options` options that several commands share, and what they mean
- `paths` `python -m models paths`
- `programs` commands for other programs: alerts by webhook, and a conversation
- `record` `python -m models record`
- `resolve` `python -m models resolve`
- `sensitivity` `python -m models sensitivity`
- `signposts` `python -m models signposts`
- `snapshot` `python -m models snapshot export|show|verify|compare`
- `track` `python -m models track`
- `worker` `python -m models worker`
"""
