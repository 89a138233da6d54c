"""A backfill of 36 months with packs in one process, beside the plain script looped over the same months.

Usage: python benchmarks/backfill.py [--months 36] [--seed 1]

Prints wall and processor seconds of both, their ratio (wanted: at most 0.8 of wall time), the mean cost of the last
tenth of the months over that of the first (at most 1.1), and the memory of the process after each of these (flat).
Nothing is asserted, as machines are noisy: look at the load that is printed.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from perfpipe.dates.months import month_range
from perfpipe.rerun.backfill import MonthEnded, backfill
from perfpipe.settings.workspace import Workspace
from perfpipe_sample import LAST_MONTH, write_sample

PLAIN = Path(__file__).parent / "plain_script.py"


def used() -> float:
    """Processor seconds of this process and of the children that have ended."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in both)


def memory() -> float:
    """Megabytes that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    months = month_range(LAST_MONTH - (given.months - 1), LAST_MONTH)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "w"
        write_sample(root, months=given.months, seed=given.seed)
        workspace = Workspace(root)
        began, cpu = time.perf_counter(), used()
        each: list[tuple[float, float, float]] = []  # wall seconds, processor seconds and memory at the end of a month

        def ended(month: MonthEnded) -> None:
            assert not month.failed, month
            before = each[-1] if each else (began, cpu)
            each.append((time.perf_counter(), used(), memory()))
            spent = f"{each[-1][0] - before[0]:.1f} s wall, {each[-1][1] - before[1]:.1f} s own processor"
            words = f"{month.month}: {len(each)} of {len(months)}, {spent}, {memory():.0f} MB"
            print(words, file=sys.stderr, flush=True)

        backfill(workspace, months, (months[0], months[-1]), "first_load", ended=ended)
        ours, ours_cpu = time.perf_counter() - began, used() - cpu
        folders = [root / "reports" / str(month) / "board" / "1" / "charts" for month in months]
        charts = [len({file.stem for file in folder.iterdir()}) for folder in folders]  # some as SVG and as PNG
        began, cpu = time.perf_counter(), used()
        for month, number in zip(months, charts, strict=True):
            out = Path(folder) / f"plain{month}"
            out.mkdir()
            source = workspace.raw / str(month)
            subprocess.run([sys.executable, str(PLAIN), str(source), str(out), str(number)], check=True)
            shutil.rmtree(out)
        theirs, theirs_cpu = time.perf_counter() - began, used() - cpu
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    print(f"{load}, {len(months)} months, {charts[-1]} charts in the last")
    print(f"perfpipe backfill {ours:7.0f} s wall {ours_cpu:7.0f} s processor (with children that drew)")
    print(
        f"the plain script  {theirs:7.0f} s wall {theirs_cpu:7.0f} s processor, ratio {ours / theirs:.2f} of wall time"
    )
    tenth = max(1, len(months) // 10)
    spent = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(each)]
    first, last = spent[:tenth], spent[-tenth:]  # the first month of all also pays the start and reads every extract
    wall, processor = (sum(x[n] for x in last) / sum(x[n] for x in first) for n in (0, 1))
    ratios = f"{wall:.2f} of wall, {processor:.2f} of own processor time"
    print(f"last {tenth} months over the first {tenth} after the start: {ratios}")
    print("memory after each tenth: " + ", ".join(f"{x[2]:.0f}" for x in each[::tenth]) + " MB")


if __name__ == "__main__":
    main()
