"""Seconds of compute and assess for 36 months and all measures, on extracts 1, 10 and 100 times as long.

Usage: python benchmarks/compute_assess.py [--rounds 5] [--times 1,10,100]

Beside them, in the same run, what a user would otherwise do: the same number of pivot tables with plain pandas groupby
over the same rows. The extracts of the sample are made longer by copies of their records under other names. Prints a
table and the slope of log seconds over log rows (1: linear); asserts nothing, as machines are noisy.
"""

from __future__ import annotations

import argparse
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from perfpipe.authority import Authority
from perfpipe.compute import compute
from perfpipe.datasets import DATASETS
from perfpipe.measures import MEASURES
from perfpipe.months import Month
from perfpipe.readings import Reading, rows_of
from perfpipe.run import Job, Sources, assess_figures, open_job, read_extracts, receive_files, speaking
from perfpipe.settings import Workspace

IDS = ("child_id", "worker_id", "episode_id", "interview_id")


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


def rows_in(sources: Sources) -> dict[str, pd.DataFrame]:
    return {
        dataset.id: rows_of(list(readings))
        for dataset in DATASETS
        if (readings := sources.authorities[dataset.id].readings.values())
    }


def plain(sources: Sources) -> None:
    """As many group-bys over month and one other column as there are measures, each on all rows of a dataset."""
    frames = rows_in(sources)
    for measure in MEASURES:
        rows, dataset = frames[measure.dataset.id], measure.dataset
        starts = rows[dataset.start]
        month = starts if dataset.end is None else starts.dt.strftime("%Y-%m")
        code = next((column.name for column in dataset.columns if column.codes), dataset.key[0])
        rows.assign(month=month).groupby(["month", code], dropna=False).size().unstack(fill_value=0)


def seconds(what: Callable[[], object], rounds: int) -> float:
    what()  # warm
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        what()
        took.append(time.perf_counter() - start)
    return statistics.median(took)


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
        f"{len(MEASURES)} measures, {len(job.months)} months; medians of up to {rounds} rounds; warm, the reading of "
        "cached rows included"
    )
    print(f"{'times as long':>14}{'rows':>12}{'compute':>10}{'assess':>9}{'both':>8}{'plain groupbys':>16}")
    sizes, both = [], []
    for factor in times:
        long = longer(sources, factor, root)
        size = sum(len(rows) for rows in rows_in(long).values())
        turns = rounds if factor < 100 else 1
        computing = seconds(lambda long=long: compute(speaking(job, long), MEASURES), turns)
        figures = compute(speaking(job, long), MEASURES)
        assessing = seconds(lambda figures=figures: assess_figures(job, figures), turns)
        simply = seconds(lambda long=long: plain(long), turns)
        sizes.append(size)
        both.append(computing + assessing)
        print(f"{factor:>14}{size:>12,}{computing:>10.2f}{assessing:>9.2f}{both[-1]:>8.2f}{simply:>16.2f}", flush=True)
    if len(sizes) > 1:
        slope, _ = np.polyfit([math.log(size) for size in sizes], [math.log(each) for each in both], 1)
        last = math.log(both[-1] / both[-2]) / math.log(sizes[-1] / sizes[-2])
        print(f"slope of log seconds over log rows: {slope:.2f} over all, {last:.2f} over the last step (1 is linear)")


if __name__ == "__main__":
    main()
