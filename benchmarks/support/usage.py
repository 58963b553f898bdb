"""Measure what a program takes: time, processor time of all its processes, and their memory."""

import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_INTERVAL = 0.25  # seconds between two looks at the memory


class Usage(NamedTuple):
    """What a run of a program has taken."""

    seconds: float  # wall time
    processor_seconds: float  # of all its processes
    memory: int  # bytes; the most that all its processes had at one time (PSS: shared pages count once)


def measure_run(command: Sequence[str], variables: Mapping[str, str], *, accept: Sequence[int] = (0,)) -> Usage:
    """Return what a program takes; exit when its exit code is not among those in `accept`. For Linux."""
    before = _processor_seconds()
    start = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=variables, text=True
    ) as process:
        errors: list[str] = []
        reader = threading.Thread(target=lambda: errors.append(process.stderr.read() if process.stderr else ""))
        reader.start()
        memory = 0
        while process.poll() is None:
            memory = max(memory, sum(map(_memory, _family(process.pid))))
            time.sleep(_INTERVAL)
        seconds = time.perf_counter() - start
        reader.join()
    if process.returncode not in accept:
        sys.exit(f"{command} failed with exit code {process.returncode}: {errors[0][-500:]}")
    return Usage(seconds, _processor_seconds() - before, memory)


def folder_size(folder: Path) -> int:
    """Return the bytes that the files below a folder take on the disk."""
    return sum(path.lstat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())


def _processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _family(process: int) -> Iterator[int]:
    """Yield a process and its descendants."""
    yield process
    try:
        for task in os.listdir(f"/proc/{process}/task"):
            for child in Path(f"/proc/{process}/task/{task}/children").read_text("ascii").split():
                yield from _family(int(child))
    except OSError:  # it has ended
        return


def _memory(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
