"""Runs that take a second: of one month and few measures, with charts of one pixel, forked from a process that is warm.

As a program it forks a run for each line of JSON on standard input, and prints its process and then its exit code. The
harness of interrupted runs makes hundreds.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from perfpipe.cli.main import main
from perfpipe.job.job import open_job
from perfpipe.packs.content import board_pack  # noqa: F401 - these are imported when a run needs them: now, before a fork
from perfpipe.packs.workbooks import board_book, faults_book, lists_book  # noqa: F401
from perfpipe.plan.manual_measures import all_measures
from perfpipe.publish import service_lists  # noqa: F401
from perfpipe.validate import make_reading  # noqa: F401
from tests.runs import one_small_picture, runs_draw
from tests.small_plan import SHOWN


@contextmanager
def runs_are_short() -> Iterator[None]:
    """Runs of this process are of one month and of the measures that the small plan places."""
    shown = {name for names in SHOWN.values() for name in names}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("perfpipe.run.open_job", partial(open_job, months_back=0))
        patch.setattr(
            "perfpipe.job.job.all_measures", lambda plan: tuple(m for m in all_measures(plan) if m.id in shown)
        )
        yield


def run_one(told: dict) -> None:  # type: ignore[type-arg]
    said = os.open(told["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 1)
    os.dup2(said, 2)
    os.environ.update(told["faults"])
    with runs_draw(one_small_picture), runs_are_short():
        main(["run", "2018-05", "--workspace", told["workspace"]])


def serve() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            run_one(json.loads(line))
        print(child, flush=True)
        status = os.waitid(os.P_PID, child, os.WEXITED)
        assert status is not None
        print(status.si_status if status.si_code == os.CLD_EXITED else -status.si_status, flush=True)


if __name__ == "__main__":
    serve()
