"""Draw all charts of a pack in child processes, while the workbook is being written: drawing is most of a run's work.

As a script it is one child: it takes charts, each pickled, on standard input, and gives the PNG of each on standard
output, both after their lengths. Both ends are this module, so the pickles are our own.
"""

from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from typing import IO

from perfpipe.packs.models.chart import Chart
from perfpipe.packs.models.plan import ProgressChart
from perfpipe.storage.failures import MachineFailure

CHILDREN = 2
KILLED_TWICE = (
    "the process that draws was killed from outside, and so was a second one. The machine may be short of memory: "
    "close other programs, then run the command again."
)
LENGTH = struct.Struct("<Q")
Drawn = Chart | ProgressChart


class Drawers:
    """The child processes that draw. Made early they are ready when the charts are; leaving the context ends them."""

    def __init__(self) -> None:
        self.children: list[subprocess.Popen[bytes]] = []
        for _ in range(min(CHILDREN, os.cpu_count() or 1)):
            self.start()

    def start(self) -> subprocess.Popen[bytes]:
        """One more child."""
        command = [sys.executable, "-P", "-m", "perfpipe.packs.charts.drawing_processes"]
        pipe = subprocess.PIPE
        self.children.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL))
        return self.children[-1]

    def __enter__(self) -> Drawers:
        return self

    def __exit__(self, *_: object) -> None:
        for child in self.children:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    with suppress(OSError):  # what was left to say has no reader any more
                        pipe.close()


class Pictures(Mapping[str, bytes]):
    """The PNG of every chart by its name; asking for one waits until it is drawn.

    A chart can be drawn from the moment it is known (`begin`), each by the next child that is free.
    """

    def __init__(self, drawers: Drawers) -> None:
        self._drawn: dict[str, Future[bytes]] = {}
        self._drawers = drawers
        self._free: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        for child in drawers.children:
            self._free.put(child)
        self._asking = ThreadPoolExecutor(len(drawers.children))

    def begin(self, chart: Drawn) -> None:
        """Let a chart be drawn."""
        self._drawn[chart.name] = self._asking.submit(self._ask, chart)

    def __getitem__(self, name: str) -> bytes:
        return self._drawn[name].result()

    def __iter__(self) -> Iterator[str]:
        return iter(self._drawn)

    def __len__(self) -> int:
        return len(self._drawn)

    def _ask(self, chart: Drawn) -> bytes:
        child = self._free.get()
        try:
            try:
                return _drawn_by(child, chart)
            except (EOFError, OSError):
                if not _was_killed(child):
                    raise
            child = self._drawers.start()
            return _drawn_by(child, chart)
        except Exception as error:
            if _was_killed(child):
                raise MachineFailure(f"The chart {chart.name} could not be drawn: {KILLED_TWICE}") from None
            raise RuntimeError(f"a chart could not be drawn ({type(error).__name__})") from None
        finally:
            self._free.put(child)


def _drawn_by(child: subprocess.Popen[bytes], chart: Drawn) -> bytes:
    assert child.stdin is not None
    assert child.stdout is not None
    _put(child.stdin, pickle.dumps(chart))
    return _take(child.stdout)


def _was_killed(child: subprocess.Popen[bytes]) -> bool:
    """Whether a signal ended a child that has stopped to answer."""
    with suppress(subprocess.TimeoutExpired):
        return child.wait(timeout=5) < 0
    return False


def _put(pipe: IO[bytes], content: bytes) -> None:
    pipe.write(LENGTH.pack(len(content)) + content)
    pipe.flush()


def _take(pipe: IO[bytes]) -> bytes:
    (length,) = LENGTH.unpack(_whole(pipe, LENGTH.size))
    return _whole(pipe, length)


def _whole(pipe: IO[bytes], length: int) -> bytes:
    content = pipe.read(length)
    if len(content) < length:
        raise EOFError
    return content


def _main() -> None:
    from perfpipe.packs.charts.draw import draw

    with suppress(EOFError):  # there are no more charts
        while True:
            _put(sys.stdout.buffer, draw(pickle.loads(_take(sys.stdin.buffer))))


if __name__ == "__main__":
    _main()
