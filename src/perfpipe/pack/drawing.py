"""Draw all charts of a pack in child processes, while the workbook is being written: drawing is most of a run's work.

As a script it is one child: it takes charts, pickled, on standard input, and gives each PNG
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

from perfpipe.pack.chart_model import Chart
from perfpipe.pack.plan_model import ProgressChart

CHILDREN = 2
LENGTH = struct.Struct("<Q")
Drawn = Chart | ProgressChart


class Drawers:
    """The child processes that draw. Made early they are ready when the charts are; leaving the context ends them."""

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
    """The PNG of every chart by its name; asking for one waits until it is drawn."""

    def __init__(self, charts: Sequence[Drawn], drawers: Drawers) -> None:
        self._drawn: dict[str, Future[bytes]] = {chart.name: Future() for chart in charts}
        number = len(drawers.children)
        waiting = ThreadPoolExecutor(number)
        for place, child in enumerate(drawers.children):
            waiting.submit(self._receive, child, charts[place::number])
        waiting.shutdown(wait=False)

    def __getitem__(self, name: str) -> bytes:
        return self._drawn[name].result()

    def __iter__(self) -> Iterator[str]:
        return iter(self._drawn)

    def __len__(self) -> int:
        return len(self._drawn)

    def _receive(self, child: subprocess.Popen[bytes], charts: Sequence[Drawn]) -> None:
        pictures = [self._drawn[chart.name] for chart in charts]
        try:
            assert child.stdin is not None
            assert child.stdout is not None
            child.stdin.write(pickle.dumps(charts))
            child.stdin.close()
            for picture in pictures:
                (length,) = LENGTH.unpack(child.stdout.read(LENGTH.size))
                picture.set_result(child.stdout.read(length))
        except Exception as error:
            for picture in pictures:
                if not picture.done():
                    picture.set_exception(RuntimeError(f"a chart could not be drawn ({type(error).__name__})"))


def _main() -> None:
    from perfpipe.pack.charts import draw

    charts: Sequence[Drawn] = pickle.loads(sys.stdin.buffer.read())
    for chart in charts:
        picture = draw(chart)
        sys.stdout.buffer.write(LENGTH.pack(len(picture)) + picture)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    _main()
