"""How much longer the flow of a month takes than `perfpipe run`, with a Prefect server that is up, in one run.

Usage: PREFECT_API_URL=http://127.0.0.1:4200/api python benchmarks/flow_overhead.py WORKSPACE MONTH [--rounds 5]

The workspace is copied for each run, so that each publishes; the two alternate. Prints medians and asserts nothing, as
machines are noisy: the seconds of a busy one say little, its processor seconds more.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from monthly_run import measure, perfpipe


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("month")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    assert os.environ.get("PREFECT_API_URL"), "no server: set PREFECT_API_URL"
    found: dict[str, list[dict[str, float]]] = {"perfpipe run": [], "flow": []}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(given.rounds):
            for name, command in (
                ("perfpipe run", perfpipe("run", given.month)),
                ("flow", [sys.executable, "-m", "flows.monthly_report", given.month]),
            ):
                work = Path(folder) / f"{name} {number}"
                shutil.copytree(given.workspace, work)
                found[name].append(measure(*command, "--workspace", str(work)))
                shutil.rmtree(work)
    medians = {name: {key: statistics.median(each[key] for each in all_) for key in ("seconds", "cpu")}
               for name, all_ in found.items()}  # fmt: skip
    for name, each in medians.items():
        print(f"{name:14} {each['seconds']:7.2f} s {each['cpu']:7.2f} s of processor")
    flow, run = medians["flow"], medians["perfpipe run"]
    print(f"{'more':14} {flow['seconds'] - run['seconds']:7.2f} s {flow['cpu'] - run['cpu']:7.2f} s of processor")


if __name__ == "__main__":
    main()
