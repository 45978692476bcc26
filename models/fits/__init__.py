"""What a stored fit is: its draws, the certificate of its checks, and the files that hold it.

- `alignment_fit` `AlignmentFit`: M1's draws and forecasts, its two files, and the committed base case
- `certificate` `Certificate`, `Check`: what a fit was asked, and which acceptance checks it passed
- `dated` the folder of the project's fits as of a day, and the days that have one
- `member_fit` `MemberFit`: the same for M2 and M3
- `probabilities` `StateProbabilities`: states at each horizon, and ever reaching one, in one order of outcomes
"""
