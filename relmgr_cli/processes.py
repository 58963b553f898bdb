"""Applies a function to many tasks in several processes, one for each core.

The processes are forked where that is possible, so whatever they need should be imported before. They exit when this
process does, however it ends. A task that one of them does not finish (it was killed, memory ran out, the function
raised an exception) is done again in this process, so errors are those of one process.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

_MAX_PROCESSES = 8  # each needs memory of its own
_AHEAD = 4  # results of a process that may wait for an earlier one
_COLLECTION_THRESHOLD = 20_000  # objects between two runs of the garbage collector, which takes an eighth of the time

Task = TypeVar("Task")
Result = TypeVar("Result")


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class ProcessPool(Generic[Task, Result]):
    """Processes that apply one function; use it as a context manager, at whose end they are killed.

    The function, its tasks and results are pickled. With `cores` below 2, or where no process can be started, `map`
    does everything in this process.
    """

    def __init__(self, function: Callable[[Task], Result], cores: int) -> None:
        self._function = function
        self._cores = min(cores, _MAX_PROCESSES)
        self._processes: list[BaseProcess] = []
        self._idle: list[tuple[Connection[Any, Any], Connection[Any, Any]]] = []  # to write tasks to, to read from
        self._busy: dict[Connection[Any, Any], tuple[Connection[Any, Any], int, Task]] = {}  # by where to read

    def __enter__(self) -> Self:
        """Start the processes."""
        with suppress(OSError):  # a limit on processes or memory
            for _ in range(self._cores if self._cores > 1 else 0):
                self._start()
        return self

    def __exit__(self, *_: object) -> None:
        """Kill the processes: they have nothing to save."""
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.join()
        for results, (tasks, *_rest) in self._busy.items():
            self._idle.append((tasks, results))
        for pair in self._idle:
            for connection in pair:
                connection.close()

    @property
    def size(self) -> int:
        """The number of processes."""
        return len(self._idle) + len(self._busy)

    def map(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """Yield the results in the order of the tasks, which are taken a few ahead of the results."""
        numbered = enumerate(tasks)
        results: dict[int, Result] = {}
        for number in count():
            self._give(numbered, results)
            while number not in results:
                if self._busy:
                    self._receive(results)
                    self._give(numbered, results)
                elif task := next(numbered, None):  # no process is left
                    results[task[0]] = self._function(task[1])
                else:
                    return
            yield results.pop(number)

    def _start(self) -> None:
        import signal
        from multiprocessing import get_context

        context: Any = get_context("fork" if os.name == "posix" else "spawn")
        task_reader, task_writer = context.Pipe(duplex=False)
        result_reader, result_writer = context.Pipe(duplex=False)
        ours = [connection for pair in (*self._idle, (task_writer, result_reader)) for connection in pair]
        arguments = (self._function, task_reader, result_writer, ours if os.name == "posix" else [])
        process = context.Process(target=_serve, args=arguments, daemon=True)
        blocked = _signals()
        try:
            if blocked:  # the process must not run our handlers
                signal.pthread_sigmask(signal.SIG_BLOCK, blocked)
            process.start()
        finally:
            if blocked:
                signal.pthread_sigmask(signal.SIG_UNBLOCK, blocked)
            task_reader.close()
            result_writer.close()
        self._processes.append(process)
        self._idle.append((task_writer, result_reader))

    def _give(self, numbered: "Iterator[tuple[int, Task]]", results: dict[int, Result]) -> None:
        """Give a task to every idle process; only to those, so that no two processes wait to write to each other."""
        limit = _AHEAD * self.size
        while self._idle and len(results) + len(self._busy) < limit and (task := next(numbered, None)):
            writer, reader = self._idle.pop()
            self._busy[reader] = (writer, *task)
            with suppress(OSError):  # it was killed; `_receive` sees that too
                writer.send(task[1])

    def _receive(self, results: dict[int, Result]) -> None:
        """Wait for results; do the task of a process that has exited."""
        from multiprocessing.connection import wait

        for ready in wait(list(self._busy)):
            reader = cast("Connection[Any, Any]", ready)
            writer, number, task = self._busy.pop(reader)
            try:
                results[number] = reader.recv()
                self._idle.append((writer, reader))
            except (EOFError, OSError):
                writer.close()
                reader.close()
                results[number] = self._function(task)


def _signals() -> list[int]:
    """Return the signals that end the program; none where signals cannot be blocked."""
    import signal

    return [signal.SIGINT, signal.SIGTERM, signal.SIGHUP] if hasattr(signal, "pthread_sigmask") else []


def _serve(
    function: Callable[[Any], Any], tasks: "Connection[Any, Any]", results: "Connection[Any, Any]", others: list[Any]
) -> None:
    """Apply the function to tasks until the other process closes the pipe; print nothing, save nothing."""
    import gc
    import signal

    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to both; the other process ends this one
        if blocked := _signals():
            signal.set_wakeup_fd(-1)
            for number in blocked[1:]:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, blocked)
        for connection in others:  # else this process would keep the pipes of others open
            connection.close()
        gc.freeze()
        gc.set_threshold(_COLLECTION_THRESHOLD)
        while True:
            results.send(function(tasks.recv()))
    finally:
        os._exit(0)
