"""What a stored fit is: its draws, the certificate of its checks, and the files that hold it.

- `alignment_fit` A fit
- `certificate` the certificate that a stored fit carries
- `member_fit` posterior draws of M2 or M3, the forecast each draw implies, and the certificate they carry
- `probabilities` what every model says of the future
"""
