"""How many generated inputs a test tries: a few in every run, many in a thorough one. They are the same each time."""

import os

from hypothesis import settings

_IS_THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"


def load_profile() -> None:
    """Make the settings of this run those of every test that says nothing else."""
    profile = settings(derandomize=True, deadline=None, database=None, max_examples=examples(100))
    settings.register_profile("relmgr", profile)
    settings.load_profile("relmgr")


def examples(number: int) -> int:
    """Return how many inputs a test tries in this run that tries so many in a thorough one."""
    return number if _IS_THOROUGH else max(number // 5, 8)
