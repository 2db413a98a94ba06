"""``python -m pipeline.executors FD``: a child process, see :mod:`pipeline.executors.child`."""

import sys

from pipeline.executors.child import main

main(int(sys.argv[1]))
