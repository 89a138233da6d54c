"""Draw all charts of a pack, side by side in child processes: drawing is most of a run's work.

As a script it is one child: it takes pages with the names of the series to draw, pickled, on standard input, and
gives the PNGs by name on standard output. Both ends are this module, so the pickles are our own.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from perfpipe.pack.model import MeasurePage, Series

CHILDREN = 2
Task = tuple[MeasurePage, Series]


def draw_all(pages: Sequence[MeasurePage]) -> dict[str, bytes]:
    """The PNG of every chart of the pages by the chart's name, in the order of the pages."""
    tasks = [(page, series) for page in pages for series in page.series]
    children = max(1, min(CHILDREN, os.cpu_count() or 1, len(tasks)))
    with ThreadPoolExecutor(children) as waiting:
        shares = list(waiting.map(_drawn_by_child, [tasks[number::children] for number in range(children)]))
    drawn = {name: picture for share in shares for name, picture in share.items()}
    return {series.chart.name: drawn[series.chart.name] for _, series in tasks}


def _drawn_by_child(tasks: list[Task]) -> dict[str, bytes]:
    command = [sys.executable, "-P", "-m", "perfpipe.pack.drawing"]
    done = subprocess.run(command, input=pickle.dumps(tasks), capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"the drawing of charts ended with code {done.returncode}")
    pictures: dict[str, bytes] = pickle.loads(done.stdout)
    return pictures


def _main() -> None:
    from perfpipe.pack.charts import draw_chart

    tasks: list[Task] = pickle.loads(sys.stdin.buffer.read())
    pictures = {series.chart.name: draw_chart(page, series) for page, series in tasks}
    sys.stdout.buffer.write(pickle.dumps(pictures))


if __name__ == "__main__":
    _main()
