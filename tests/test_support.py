"""What the tests rely on: work is counted as it is, and a program that is silent but busy is waited for."""

import sys
from collections.abc import Callable

import pytest
from support.terminal import Terminal
from support.work import growth

BUSY = "print('begin', flush=True); sum(range(60_000_000)); print('end', flush=True); input()"


@pytest.mark.parametrize(
    ("work", "times"),
    [
        (lambda size: lambda: [number for number in range(size) if number > 0], 2),
        (lambda size: lambda: [one for one in range(size) if all(other >= 0 for other in range(size))], 4),
        (lambda size: lambda: [text.upper() for text in ["a"] * size], 2),
    ],
    ids=["lines", "square", "calls into C"],
)
def test_work_in_proportion_is_told_from_a_square(work: Callable[[int], Callable[[], object]], times: int) -> None:
    assert growth(work, 300) == pytest.approx(times, rel=0.05)


@pytest.mark.slow
@pytest.mark.parametrize("is_child", [False, True])
def test_a_program_has_settled_when_nothing_of_it_runs(*, is_child: bool) -> None:
    inner = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUSY!r}])"
    terminal = Terminal([sys.executable, "-c", inner if is_child else BUSY], (24, 80), {})
    terminal.settle(after=b"begin")
    assert b"end" in terminal.written
    terminal.press("\n")
    assert terminal.end().code == 0
