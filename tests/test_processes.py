import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from relmgr_cli.processes import ProcessPool

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are forked")


def square(number: int) -> int:
    return number * number


def process_of(_: int) -> int:
    return os.getpid()


def killed_elsewhere(process: int) -> int:
    """Kill the process, unless it is the given one."""
    if os.getpid() != process:
        os.kill(os.getpid(), signal.SIGKILL)
    return process


def refuse(number: int) -> int:
    raise ValueError(number)


def large(size: int) -> bytes:
    return b"x" * size


def test_results_come_in_the_order_of_the_tasks() -> None:
    with ProcessPool(square, 3) as pool:
        assert pool.size == 3
        assert list(pool.map(range(200))) == [square(number) for number in range(200)]
        assert list(pool.map([])) == []
        assert list(pool.map([7])) == [49]


def test_the_work_is_done_in_other_processes() -> None:
    with ProcessPool(process_of, 2) as pool:
        found = set(pool.map(range(50)))
    assert os.getpid() not in found


def test_on_one_core_it_is_done_in_this_process() -> None:
    with ProcessPool(process_of, 1) as pool:
        assert pool.size == 0
        assert set(pool.map(range(3))) == {os.getpid()}


def test_few_tasks_are_taken_ahead_of_the_results() -> None:
    taken: list[int] = []

    def tasks() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    with ProcessPool(square, 2) as pool:
        results = pool.map(tasks())
        assert next(results) == 0
        assert len(taken) < 30


@pytest.mark.slow
def test_large_tasks_and_results_pass_through_the_pipes() -> None:
    with ProcessPool(large, 2) as pool:
        assert [len(result) for result in pool.map([3_000_000] * 6)] == [3_000_000] * 6
    with ProcessPool(len, 2) as pool:
        assert list(pool.map([b"x" * 3_000_000] * 6)) == [3_000_000] * 6


def test_the_task_of_a_killed_process_is_done_in_this_one() -> None:
    tasks = [os.getpid()] * 5
    with ProcessPool(killed_elsewhere, 2) as pool:
        assert list(pool.map(tasks)) == tasks
        assert pool.size == 0
        assert list(pool.map(tasks)) == tasks


def test_an_error_is_raised_in_this_process() -> None:
    with ProcessPool(refuse, 2) as pool, pytest.raises(ValueError, match="1"):
        list(pool.map([1, 1]))


def test_no_process_outlives_the_pool() -> None:
    with ProcessPool(process_of, 2) as pool:
        found = set(pool.map(range(50)))
    for process in found:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from test_processes import process_of
from relmgr_cli.processes import ProcessPool
with ProcessPool(process_of, 2) as pool:
    next(pool.map(range(50)))
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
def test_no_process_outlives_a_killed_program() -> None:
    """They inherit the program's standard output, so its end is seen only when all of them have exited."""
    environ = {"PYTHONPATH": os.pathsep.join(sys.path)}
    result = subprocess.run(
        [sys.executable, "-c", KILLED, str(Path(__file__).parent)],
        check=False,
        capture_output=True,
        timeout=60,
        env=environ,
    )
    assert (result.returncode, result.stdout, result.stderr) == (-signal.SIGKILL, b"", b"")


INTERRUPTED = """
import os, signal, sys, time
sys.path.insert(0, sys.argv[1])
from test_processes import wait_for_signal
from relmgr_cli.processes import ProcessPool
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
try:
    with ProcessPool(wait_for_signal, 2) as pool:
        list(pool.map([os.getppid()] * 4))
except KeyboardInterrupt:
    print("interrupted")
"""


def wait_for_signal(_: int) -> None:
    os.write(1, b"at work\n")
    time.sleep(60)


@pytest.mark.slow
def test_ctrl_c_ends_all_processes_without_a_traceback() -> None:
    environ = {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(Path(__file__).parent)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environ,
        start_new_session=True,
    ) as program:
        assert program.stdout
        assert [program.stdout.readline(), program.stdout.readline()] == [b"at work\n"] * 2
        os.killpg(program.pid, signal.SIGINT)
        assert program.communicate(timeout=60) == (b"interrupted\n", b"")
