"""Seconds of compute and assess for 36 months and all measures, on extracts 1, 10 and 100 times as long.

Usage: python benchmarks/compute_assess.py [--rounds 5] [--times 1,10,100]

Seconds are those of the processor, the best of some rounds, so that other work on the machine hardly tells. Beside
them, in the same run, what a user would otherwise do: the same number of pivot tables with plain pandas groupby over
the same rows. The extracts of the sample are made longer by copies of their records under other names. Prints a table
and the slope of log seconds over log rows (1: linear); asserts nothing, as machines are noisy. Sizes that the free
memory would not hold, judged by what the size before took, are left out, and said to be.
"""

from __future__ import annotations

import argparse
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from perfpipe.authority import Authority
from perfpipe.compute import compute
from perfpipe.datasets import DATASETS
from perfpipe.measures import MEASURES
from perfpipe.months import Month
from perfpipe.readings import Reading, rows_of
from perfpipe.run import Job, Sources, assess_figures, open_job, read_extracts, receive_files, speaking
from perfpipe.settings import Workspace

IDS = ("child_id", "worker_id", "episode_id", "interview_id", "assessment_id", "audit_id", "household_id", "action_id")
GIGABYTE = 2**30


def longer(sources: Sources, times: int, folder: Path) -> Sources:
    """The same extracts, each record so many times, under names of its own. Months of a workforce stay as they are."""
    made: dict[str, Reading] = {}
    for authority in sources.authorities.values():
        for reading in authority.readings.values():
            made[reading.id] = reading
            if times > 1 and authority.dataset.end is not None:
                rows = rows_of([reading]).drop(columns="reading_id")
                copies = []
                for number in range(times):
                    names = {name: rows[name] + f"-{number}" for name in IDS if name in rows}
                    copies.append(rows.assign(**names))
                path = folder / f"{reading.id}.parquet"
                pd.concat(copies, ignore_index=True).to_parquet(path, index=False)
                made[reading.id] = replace(reading, path=path)
    authorities = {
        name: Authority(each.dataset, {month: made[r.id] for month, r in each.speaks.items()}, [])
        for name, each in sources.authorities.items()
    }
    return replace(sources, authorities=authorities)


def free_memory() -> int:
    """Bytes that programs can have without swapping; on systems that do not say, no limit."""
    told = Path("/proc/meminfo")
    lines = told.read_text().splitlines() if told.exists() else []
    kilobytes = [int(line.split()[1]) for line in lines if line.startswith("MemAvailable")]
    return kilobytes[0] * 1024 if kilobytes else sys.maxsize


def plain(sources: Sources) -> None:
    """As many group-bys over month and one other column as there are measures, each on all rows of a dataset."""
    frames = {
        dataset.id: rows_of(list(readings))
        for dataset in DATASETS
        if (readings := sources.authorities[dataset.id].readings.values())
    }
    for measure in MEASURES:
        dataset = measure.dataset
        if dataset.id not in frames:
            continue
        rows = frames[dataset.id]
        starts = rows[dataset.start]
        month = starts if dataset.end is None else starts.dt.strftime("%Y-%m")
        code = next((column.name for column in dataset.columns if column.codes), dataset.key[0])
        rows.assign(month=month).groupby(["month", code], dropna=False).size().unstack(fill_value=0)


def seconds(what: Callable[[], object], rounds: int) -> float:
    what()  # warm
    took = []
    for _ in range(rounds):
        start = time.process_time()
        what()
        took.append(time.process_time() - start)
    return min(took)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--times", default="1,10,100")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        command = [sys.executable, "-m", "perfpipe", "sample", str(root / "sample")]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        workspace = Workspace(root / "sample")
        last = max(path.name for path in workspace.raw.iterdir() if path.name[0] != ".")
        with open_job(workspace, Month.parse(last)) as job:
            sources = read_extracts(job, receive_files(job))
            measure_all(job, sources, [int(each) for each in given.times.split(",")], given.rounds, root)


def measure_all(job: Job, sources: Sources, times: list[int], rounds: int, root: Path) -> None:
    print(
        f"{len(MEASURES)} measures, {len(job.months)} months; seconds of the processor, best of up to {rounds} rounds; "
        "warm, the reading of cached rows included"
    )
    print(
        f"{'times as long':>14}{'rows':>12}{'compute':>10}{'assess':>9}{'both':>8}{'plain groupbys':>16}{'memory':>9}"
    )
    sizes: list[int] = []
    both: list[float] = []
    before = 1
    for factor in times:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        needed, free = peak * factor / before, free_memory() + peak
        if needed > free:
            gigabytes = [f"{each / GIGABYTE:.0f} GB" for each in (needed, free)]
            print(f"{factor:>14}  left out: it would take up to {gigabytes[0]} of memory, and {gigabytes[1]} are free")
            continue
        long = longer(sources, factor, root)
        turns = rounds if factor < 100 else 1
        computing = seconds(lambda long=long: compute(speaking(job, long), MEASURES), turns)
        figures = compute(speaking(job, long), MEASURES)
        assessing = seconds(lambda figures=figures: assess_figures(job, figures), turns)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        simply = seconds(lambda long=long: plain(long), turns)
        sizes.append(
            sum(pq.read_metadata(r.path).num_rows for a in long.authorities.values() for r in a.readings.values())
        )
        both.append(computing + assessing)
        before = factor
        print(
            f"{factor:>14}{sizes[-1]:>12,}{computing:>10.2f}{assessing:>9.2f}{both[-1]:>8.2f}{simply:>16.2f}"
            f"{peak / GIGABYTE:>6.1f} GB",
            flush=True,
        )
    if len(sizes) > 1:
        slope, _ = np.polyfit([math.log(size) for size in sizes], [math.log(each) for each in both], 1)
        last = math.log(both[-1] / both[-2]) / math.log(sizes[-1] / sizes[-2])
        print(f"slope of log seconds over log rows: {slope:.2f} over all, {last:.2f} over the last step (1 is linear)")


if __name__ == "__main__":
    main()
