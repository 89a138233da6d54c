"""Seconds of compute and assess for 36 months and all measures, on extracts 1, 10 and 100 times as long.

Usage: python benchmarks/compute_assess.py [--rounds 5] [--times 1,10,100]

Both stages are run as a run does them, with no figures kept from before. Seconds are those of the processor, the best
of some rounds after a first one (of extracts 100 times as long: of one), so that other work on the machine hardly
tells. Beside them, in the same run, what a user would otherwise do: the same number of pivot tables with plain pandas
groupby over the same rows. The extracts of the sample are made longer by copies of their records under other names.
Each size has a process of its own, whose peak memory is that of compute and assess. Prints a table and the slope of log
seconds over log rows (1: linear); asserts nothing, as machines are noisy. Sizes that the free memory would not hold,
judged by what the size before took, are left out, and said to be.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import shutil
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

from perfpipe.compute.figure_cache import figures_of
from perfpipe.datasets import DATASETS
from perfpipe.dates.months import Month
from perfpipe.measures import MEASURES
from perfpipe.reconcile.speaks_for import SpeaksFor
from perfpipe.run import Sources, assess_figures, measure_rows, open_job, receive_files, sources_of
from perfpipe.settings.workspace import Workspace
from perfpipe.validate.reading import Reading, rows_of

IDS = ("child_id", "worker_id", "episode_id", "interview_id", "assessment_id", "audit_id", "household_id", "action_id")
GIGABYTE = 2**30


def longer(sources: Sources, times: int, folder: Path) -> Sources:
    """The same extracts, each record so many times, under names of its own. Months of a workforce stay as they are."""
    made: dict[str, Reading] = {}
    for speaks_for in sources.speaks_for.values():
        for reading in speaks_for.readings.values():
            made[reading.id] = reading
            if times > 1 and speaks_for.dataset.end is not None:
                rows = rows_of([reading]).drop(columns="reading_id")
                copies = []
                for number in range(times):
                    names = {name: rows[name] + f"-{number}" for name in IDS if name in rows}
                    copies.append(rows.assign(**names))
                path = folder / f"{reading.id}.parquet"
                pd.concat(copies, ignore_index=True).to_parquet(path, index=False)
                made[reading.id] = replace(reading, path=path)
    by_dataset = {
        name: SpeaksFor(each.dataset, {month: made[r.id] for month, r in each.by_month.items()}, [])
        for name, each in sources.speaks_for.items()
    }
    return replace(sources, speaks_for=by_dataset)


def free_memory() -> int:
    """Bytes that programs can have without swapping; on systems that do not say, no limit."""
    told = Path("/proc/meminfo")
    lines = told.read_text().splitlines() if told.exists() else []
    kilobytes = [int(line.split()[1]) for line in lines if line.startswith("MemAvailable")]
    return kilobytes[0] * 1024 if kilobytes else sys.maxsize


def plain(sources: Sources) -> None:
    """As many group-bys over month and one other column as there are measures, each on all rows of a dataset."""
    for dataset in DATASETS:
        readings = list(sources.speaks_for[dataset.id].readings.values())
        rows = rows_of(readings) if readings else dataset.empty()
        starts = rows[dataset.start]
        month = starts if dataset.end is None else starts.dt.strftime("%Y-%m")
        code = next((column.name for column in dataset.columns if column.codes), dataset.key[0])
        for _ in [measure for measure in MEASURES if measure.basis.dataset is dataset]:
            rows.assign(month=month).groupby(["month", code], dropna=False).size().unstack(fill_value=0)


def seconds(what: Callable[[], object], rounds: int) -> float:
    """The least processor time of some rounds, after one that warms up."""
    took = []
    for _ in range(rounds + 1):
        start = time.process_time()
        what()
        took.append(time.process_time() - start)
    return min(took[1:])


def one_size(workspace: Workspace, factor: int, rounds: int, folder: Path) -> dict[str, float]:
    """Rows, seconds of compute, of assess and of plain groupbys, and the peak memory of the first two in bytes."""
    kept = folder / "figures"

    def computed() -> pd.DataFrame:
        shutil.rmtree(kept, ignore_errors=True)
        return figures_of(measure_rows(job, long), job.measures, kept, "benchmark")

    last = max(path.name for path in workspace.raw.iterdir() if path.name[0] != ".")
    with open_job(workspace, Month.parse(last)) as job:
        long = longer(sources_of(job, receive_files(job)), factor, folder)
        readings = [reading for each in long.speaks_for.values() for reading in each.readings.values()]
        found = {"rows": sum(pq.read_metadata(reading.path).num_rows for reading in readings)}
        found["compute"] = seconds(computed, rounds)
        figures = figures_of(measure_rows(job, long), job.measures, kept, "benchmark")  # kept by the last round
        found["assess"] = seconds(lambda: assess_figures(job, figures), rounds)
        found["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        found["plain"] = seconds(lambda: plain(long), rounds)
        return found | {"measures": len(job.measures), "months": len(job.months)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--times", default="1,10,100")
    parser.add_argument("--one-size", nargs=2, metavar=("SAMPLE", "TIMES"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one_size:
        sample, factor = given.one_size
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(one_size(Workspace(Path(sample)), int(factor), given.rounds, Path(folder))))
        return
    with tempfile.TemporaryDirectory() as folder:
        sample = str(Path(folder) / "sample")
        command = [sys.executable, "-m", "perfpipe", "sample", sample]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        sizes: dict[int, dict[str, float]] = {}
        for factor in map(int, given.times.split(",")):
            before = max(sizes, default=0)
            if before and (needed := sizes[before]["peak"] * factor / before) > free_memory():
                print(f"{factor:>14}  left out: it would take up to {needed / GIGABYTE:.0f} GB of memory")
                continue
            rounds = given.rounds if factor < 100 else 1
            command = [sys.executable, __file__, "--rounds", str(rounds), "--one-size", sample, str(factor)]
            sizes[factor] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
            tell(factor, sizes[factor], heading=not before)
    tell_slope(list(sizes.values()))


def tell(factor: int, found: dict[str, float], heading: bool) -> None:
    if heading:
        print(f"{found['measures']} measures, {found['months']} months; seconds of the processor")
        names = f"{'times as long':>14}{'rows':>12}{'compute':>10}{'assess':>9}{'both':>8}"
        print(f"{names}{'plain groupbys':>16}{'memory':>9}")
    both = found["compute"] + found["assess"]
    print(
        f"{factor:>14}{found['rows']:>12,}{found['compute']:>10.2f}{found['assess']:>9.2f}{both:>8.2f}"
        f"{found['plain']:>16.2f}{found['peak'] / GIGABYTE:>6.1f} GB",
        flush=True,
    )


def tell_slope(sizes: list[dict[str, float]]) -> None:
    if len(sizes) < 2:
        return
    rows = [math.log(each["rows"]) for each in sizes]
    both = [math.log(each["compute"] + each["assess"]) for each in sizes]
    slope, _ = np.polyfit(rows, both, 1)
    last = (both[-1] - both[-2]) / (rows[-1] - rows[-2])
    print(f"slope of log seconds over log rows: {slope:.2f} over all, {last:.2f} over the last step (1 is linear)")


if __name__ == "__main__":
    main()
