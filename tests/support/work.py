"""Counting work instead of time: a count is the same on every machine, however busy it is."""

import sys
from collections.abc import Callable
from itertools import count
from types import FrameType
from typing import Any


class Clock:
    """Stands for the clocks of a module: each look at one of them takes so long, and nothing else takes any time."""

    def __init__(self, step: float) -> None:
        self._times = count(1000.0, step)

    def monotonic(self) -> float:
        return next(self._times)

    thread_time = monotonic


def count_steps(work: Callable[[], object]) -> int:
    """Return how many lines of Python, and calls from Python into C, some work takes.

    The work is done twice, so that caches are warm and nothing is imported while it is counted.
    """
    work()
    steps = 0

    def trace(_frame: FrameType, event: str, _: Any) -> Any:
        nonlocal steps
        steps += event == "line"
        return trace

    def profile(_frame: FrameType, event: str, _: Any) -> None:
        nonlocal steps
        steps += event == "c_call"

    tracer, profiler = sys.gettrace(), sys.getprofile()  # coverage traces too
    sys.settrace(trace)
    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(profiler)
        sys.settrace(tracer)
    return steps


def growth(make_work: Callable[[int], Callable[[], object]], size: int) -> float:
    """Return how many times as much work it is to do twice as much: 2 where it is linear, 4 where it is a square."""
    return count_steps(make_work(2 * size)) / count_steps(make_work(size))
