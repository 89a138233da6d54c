"""Seconds and peak memory of `perfpipe run`, beside a plain script on the same month's files, in one run.

Usage: python benchmarks/monthly_run.py [--rounds 5]

The sample's last month is run with 35 earlier months already received, alternating with the plain script; then once
over all 36 months' files from nothing. Prints a table; asserts nothing, as machines are noisy.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
MEASURE = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
seconds = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
cpu, mb = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
print(json.dumps({"code": done.returncode, "seconds": seconds, "cpu": cpu, "mb": mb}))
"""


def measure(*command: str) -> dict[str, float]:
    """Wall seconds, processor seconds and peak memory of a command, its children included."""
    found = json.loads(
        subprocess.run([sys.executable, "-c", MEASURE, *command], capture_output=True, check=True).stdout
    )
    assert found["code"] == 0, command
    return found


def perfpipe(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "perfpipe", *arguments]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        sample, ready = root / "sample", root / "ready"
        subprocess.run(
            perfpipe("sample", str(sample)), check=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        last = sorted(path.name for path in (sample / "data" / "raw").iterdir() if path.name[0] != ".")[-1]
        shutil.copytree(sample, ready)
        shutil.rmtree(ready / "data" / "raw" / last)
        before = sorted(path.name for path in (ready / "data" / "raw").iterdir() if path.name[0] != ".")[-1]
        measure(*perfpipe("run", before, "--workspace", str(ready)))
        ours, theirs = [], []
        charts = 0
        for number in range(rounds):
            work = root / f"work{number}"
            shutil.copytree(ready, work)
            shutil.copytree(sample / "data" / "raw" / last, work / "data" / "raw" / last)
            ours.append(measure(*perfpipe("run", last, "--workspace", str(work))))
            drawn = (work / "reports" / last / "board" / "1" / "charts").iterdir()
            charts = len({file.stem for file in drawn})  # some as SVG and as PNG
            out = root / f"plain{number}"
            out.mkdir()
            script = [sys.executable, str(HERE / "plain_script.py"), str(sample / "data" / "raw" / last), str(out)]
            theirs.append(measure(*script, str(charts)))
            shutil.rmtree(work)
        cold = measure(*perfpipe("run", last, "--workspace", str(sample)))
    print(f"{charts} charts, {rounds} rounds, medians")
    print(f"{'':34}{'seconds':>9}{'cpu':>9}{'peak MB':>9}")
    for name, found in (
        ("plain script, one month's files", theirs),
        (f"perfpipe run {last}", ours),
        ("perfpipe run, all files from nothing", [cold]),
    ):
        print(
            f"{name:36}"
            + "".join(f"{statistics.median(f[key] for f in found):9.1f}" for key in ("seconds", "cpu", "mb"))
        )
    ratio = statistics.median(f["seconds"] for f in ours) / statistics.median(f["seconds"] for f in theirs)
    print(f"perfpipe takes {ratio:.2f} times the plain script's time")


if __name__ == "__main__":
    main()
