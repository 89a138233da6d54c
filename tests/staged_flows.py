"""What a test changes in flows that other processes run: the day, where a run waits, how much is drawn.

A process of ours takes it on when it imports `flows.due`, by the `sitecustomize` of `STAGED` on its path. It is told by
files in the folder `PERFPIPE_STAGE`: `day` holds an instant; while `gate` exists a run waits before it computes, having
written its process into `reached`.
"""

from __future__ import annotations

import os
import time
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

from tests.runs import one_small_picture, runs_draw, runs_of_a_year

STAGED = """
import importlib.abc, importlib.util, sys
class Staged(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name != "flows.due":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        execute = spec.loader.exec_module
        def then(module):
            execute(module)
            from tests.staged_flows import stage
            stage()
        spec.loader.exec_module = then
        return spec
sys.meta_path.insert(0, Staged())
"""
FOR_GOOD = ExitStack()


def stage() -> None:
    """Change this process."""
    from flows import closing, monthly_report
    from perfpipe import run
    from perfpipe.schedule import due

    folder = Path(os.environ["PERFPIPE_STAGE"])
    closing.DEAD_AFTER = timedelta(seconds=1)
    outlooks, compute = due.outlooks, run.compute_figures

    def on_the_day(workspace, _now, tell):
        return outlooks(workspace, datetime.fromisoformat((folder / "day").read_text()), tell)

    def at_the_gate(job, sources):
        while (folder / "gate").exists():
            (folder / "reached").write_text(str(os.getpid()))
            time.sleep(0.1)
        return compute(job, sources)

    FOR_GOOD.enter_context(runs_draw(one_small_picture))
    FOR_GOOD.enter_context(runs_of_a_year())
    due.outlooks, run.compute_figures = on_the_day, at_the_gate
    monthly_report.open_job = run.open_job
