"""Time programs as whole processes, from `exec` to exit."""

import os
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.support import BUILD, CHECKOUT

# The program of the checkout; the process must start in the checkout.
RELMGR = (sys.executable, "-m", "relmgr_cli")
# relmgr stores an output only when its input files have been unchanged for two seconds.
SECONDS_UNTIL_CACHED = 2.5

Command = Callable[[int], Sequence[str]]  # round -> arguments


def install(name: str, *packages: str) -> Path:
    """Install packages into the virtual environment `build/benchmarks/NAME`; return its folder of programs."""
    folder = BUILD / name
    if not (folder / "bin" / "python").exists():
        venv.create(folder, with_pip=True)
    subprocess.run([folder / "bin" / "pip", "install", "--quiet", *packages], check=True)
    return folder / "bin"


def install_relmgr() -> Path:
    """Install the checkout as a user does; return the folder with `relmgr` and its `python`."""
    return install("relmgr", str(CHECKOUT))


def environment(home: Path) -> dict[str, str]:
    """Return environment variables that keep the user's configuration and cache out of a run."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "TERM": "xterm-256color", "LANG": "C.UTF-8"}


def run_seconds(command: Sequence[str], variables: Mapping[str, str], *, accept: Sequence[int] = (0,)) -> float:
    """Return the wall time of a program; exit when its exit code is not among those in `accept`."""
    start = time.perf_counter()
    result = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, env=variables, stderr=subprocess.PIPE)
    seconds = time.perf_counter() - start
    if result.returncode not in accept:
        sys.exit(f"{command} failed with exit code {result.returncode}: {result.stderr.decode()[-500:]}")
    return seconds


def time_in_turn(
    programs: Mapping[str, Command],
    runs: int,
    variables: Mapping[str, str],
    *,
    warm_up: int = 0,
    accept: Sequence[int] = (0,),
) -> dict[str, list[float]]:
    """Return the wall times of programs in seconds, by name.

    Each round starts every program once, so that a busy machine slows all of them down. The first `warm_up` rounds are
    not counted.
    """
    times: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(warm_up + runs):
        for name, command in programs.items():
            seconds = run_seconds(command(turn), variables, accept=accept)
            if turn >= warm_up:
                times[name].append(seconds)
    return times


def print_medians(times: Mapping[str, Sequence[float]], *baselines: str) -> None:
    """Print the median of each program in milliseconds, and its ratio to each of the baselines."""
    medians = {name: statistics.median(values) for name, values in times.items()}
    print(f"{'':34}{'ms':>7}" + "".join(f"{f'/ {name}':>20}" for name in baselines))
    for name, median in medians.items():
        ratios = "".join(f"{median / medians[baseline]:20.2f}" for baseline in baselines)
        print(f"{name:34}{median * 1000:7.1f}{ratios}", flush=True)
