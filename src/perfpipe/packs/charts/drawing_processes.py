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

CHILDREN = 2
LENGTH = struct.Struct("<Q")
Drawn = Chart | ProgressChart


class Drawers:
    """The child processes that draw. Made early they are ready when the charts are; leaving the context ends them."""

    def __init__(self) -> None:
        command = [sys.executable, "-P", "-m", "perfpipe.packs.charts.drawing_processes"]
        pipe = subprocess.PIPE
        number = min(CHILDREN, os.cpu_count() or 1)
        self.children = [
            subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) for _ in range(number)
        ]

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
            assert child.stdin is not None
            assert child.stdout is not None
            _put(child.stdin, pickle.dumps(chart))
            return _take(child.stdout)
        except Exception as error:
            raise RuntimeError(f"a chart could not be drawn ({type(error).__name__})") from None
        finally:
            self._free.put(child)


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
