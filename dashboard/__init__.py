"""How it is shown: the page, which answers a move with one thread of BLAS, chosen here before NumPy is loaded.

The products of a forecast are small. With both cores of a machine busy a forecast took 0.07 s with one thread and 0.4 s
with two, which wait for each other.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
