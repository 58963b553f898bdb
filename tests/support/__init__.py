"""Helpers that several test modules share.

Python writes compiled modules even where PYTHONDONTWRITEBYTECODE is set. Without them, each of the processes that the
tests start would compile relmgr again.
"""

import os
import sys

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
