"""What a stored fit is: its draws, the certificate of its checks, and the files that hold it."""
