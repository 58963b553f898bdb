"""The program in a terminal, with somebody who presses keys."""

import os
import pty
import select
import subprocess
import sys
import time

RELMGR = [sys.executable, "-m", "relmgr_cli"]


def run_in_terminal(*arguments: str, keys: tuple[str, ...] = (), **environ: str) -> str:
    """Run the program in a terminal of 24 by 80 cells, press keys when it has painted; return what it wrote."""
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", **environ}
    process = subprocess.Popen([*RELMGR, *arguments], stdin=follower, stdout=follower, stderr=follower, env=environment)
    os.close(follower)
    written = b""
    waiting = list(keys)
    quiet_since = time.monotonic()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if select.select([leader], [], [], 0.1)[0]:
            try:
                data = os.read(leader, 1 << 16)
            except OSError:
                break
            if not data:
                break
            written += data
            quiet_since = time.monotonic()
        elif waiting and b"\x1b[?1049h" in written and time.monotonic() - quiet_since > 0.5:
            os.write(leader, waiting.pop(0).encode())
            quiet_since = time.monotonic()
        elif process.poll() is not None:
            break
    process.wait(timeout=30)
    os.close(leader)
    return written.decode(errors="replace")
