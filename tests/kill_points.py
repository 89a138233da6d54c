"""Where a backfill is killed: between its stages, in its second month unless the point is of all of it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class KillPoint:
    """A function, by its place: the process is killed when its Nth call begins or, `after`, has ended."""

    where: str
    call: int = 2
    after: bool = True


POINTS = {
    "begun": KillPoint("perfpipe.rerun.backfill:_begin", 1),
    "held": KillPoint("perfpipe.run:receive_files", after=False),
    "received": KillPoint("perfpipe.run:receive_files"),
    "read": KillPoint("perfpipe.run:read_extracts"),
    "reconciled": KillPoint("perfpipe.run:reconcile_extracts"),
    "computed": KillPoint("perfpipe.run:compute_figures"),
    "assessed": KillPoint("perfpipe.run:assess_figures"),
    "first figures kept": KillPoint("perfpipe.run:keep_what_was_known"),
    "packs written beside": KillPoint("perfpipe.publish.publish:_write_packs"),
    "synced": KillPoint("perfpipe.publish.publish:changed_figures"),
    "in the transaction": KillPoint("perfpipe.ledger.ledger:Ledger.add_pack", 4),
    "committed": KillPoint("perfpipe.publish.editions:settle_editions", after=False),
    "one of two folders in place": KillPoint("perfpipe.ledger.editions:sync_folder", 3),
    "between months": KillPoint("perfpipe.rerun.backfill:_run_one"),
    "after the last month": KillPoint("perfpipe.rerun.backfill:_finish", 1, after=False),
}


def kill_at(name: str) -> None:
    """Let this process be killed at a point; nothing without a name."""
    if not name:
        return
    point, calls = POINTS[name], [0]
    module, _, path = point.where.partition(":")
    *owners, attribute = path.split(".")
    owner: Any = import_module(module)
    for each in owners:
        owner = getattr(owner, each)
    real: Callable[..., Any] = getattr(owner, attribute)

    @wraps(real)
    def killed(*arguments: Any, **named: Any) -> Any:
        calls[0] += 1
        if calls[0] == point.call and not point.after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*arguments, **named)
        if calls[0] == point.call:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, attribute, killed)
