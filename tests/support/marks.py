"""What is left to the slow tests: `pytest -m slow`, or `-m ""` for all."""

from typing import Any

import pytest


def slow(*values: object) -> list[Any]:
    """Return values of one parameter that only the slow tests try; in every run others stand for them."""
    return [pytest.param(value, marks=pytest.mark.slow) for value in values]
