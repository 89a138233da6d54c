"""Draw all charts of a pack in child processes, while the workbook is being written: drawing is most of a run's work.

As a script it is one child: it takes pages with the series to draw, pickled, on standard input, and gives each PNG
as soon as it is drawn, after its length. Both ends are this module, so the pickles are our own.
"""

from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

from perfpipe.pack.model import MeasurePage, Series

CHILDREN = 2
LENGTH = struct.Struct("<Q")
Task = tuple[MeasurePage, Series]


class Drawers:
    """The child processes that draw. Made early they are ready when the pages are; leaving the context ends them."""

    def __init__(self) -> None:
        command = [sys.executable, "-P", "-m", "perfpipe.pack.drawing"]
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
    """The PNG of every chart of some pages by the chart's name; asking for one waits until it is drawn."""

    def __init__(self, pages: Sequence[MeasurePage], drawers: Drawers) -> None:
        tasks = [(page, series) for page in pages for series in page.series]
        self._drawn: dict[str, Future[bytes]] = {series.chart.name: Future() for _, series in tasks}
        number = len(drawers.children)
        waiting = ThreadPoolExecutor(number)
        for place, child in enumerate(drawers.children):
            waiting.submit(self._receive, child, tasks[place::number])
        waiting.shutdown(wait=False)

    def __getitem__(self, name: str) -> bytes:
        return self._drawn[name].result()

    def __iter__(self) -> Iterator[str]:
        return iter(self._drawn)

    def __len__(self) -> int:
        return len(self._drawn)

    def _receive(self, child: subprocess.Popen[bytes], tasks: list[Task]) -> None:
        pictures = [self._drawn[series.chart.name] for _, series in tasks]
        try:
            assert child.stdin is not None
            assert child.stdout is not None
            child.stdin.write(pickle.dumps(tasks))
            child.stdin.close()
            for picture in pictures:
                (length,) = LENGTH.unpack(child.stdout.read(LENGTH.size))
                picture.set_result(child.stdout.read(length))
        except Exception as error:
            for picture in pictures:
                if not picture.done():
                    picture.set_exception(RuntimeError(f"a chart could not be drawn ({type(error).__name__})"))


def _main() -> None:
    from perfpipe.pack.charts import draw_chart

    tasks: list[Task] = pickle.loads(sys.stdin.buffer.read())
    for page, series in tasks:
        picture = draw_chart(page, series)
        sys.stdout.buffer.write(LENGTH.pack(len(picture)) + picture)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    _main()
