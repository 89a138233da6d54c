"""The command about runs: `perfpipe runs`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from perfpipe.cli.words import DONE, Where, at, month_of, say

if TYPE_CHECKING:
    from perfpipe.questions.queries import RunTold


def runs(month: str | None = None, *, workspace: Where = Path(), format: Literal["text", "json"] = "text") -> int:
    """List the runs, the newest first: when, of which month, by whom, what came of it, which edition.

    A run that was stopped by a fault, or killed, published nothing and is not among them.

    Parameters
    ----------
    month
        Only runs of this month, YYYY-MM.
    format
        text or json.
    """
    from perfpipe.questions.queries import runs_known
    from perfpipe.settings.workspace import Workspace

    found = runs_known(Workspace(at(workspace)), month_of(month) if month else None)
    if format == "json":
        print(json.dumps([asdict(each) for each in found], indent=1, ensure_ascii=False, default=str))
        return DONE
    for each in found:
        print(_line(each))
    if not found:
        say(f"no run of {month} yet" if month else "no run yet; `perfpipe run MONTH` makes one")
    return DONE


def _line(run: RunTold) -> str:
    from perfpipe.dates.months import in_london

    made = run.edition or (f"as run {run.same_as}" if run.same_as else "")
    who = " ".join(filter(None, (run.role, f"({run.login})" if run.login else ""))) or "-"
    parts = (f"run {run.id}", in_london(run.run_at), run.month, run.outcome, made, who, run.reason)
    return "  ".join(filter(None, parts))
