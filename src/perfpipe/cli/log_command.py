"""The command about who changed what: `perfpipe log`."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Literal

from perfpipe.cli.words import DONE, Where, at, month_of, say

COLUMNS = ("at", "role", "login", "what", "month", "about", "why")


def log(month: str | None = None, *, workspace: Where = Path(), format: Literal["text", "csv", "json"] = "text") -> int:
    """List who did what, when and why: receipts, withdrawals, changed settings, plan and corrections, runs, releases.

    The role is `-` where nobody said it. It holds the names of keys, never their values. Nothing in it is ever changed
    or removed. As text the times are those of London; csv and json have the exact instants, in UTC.

    Parameters
    ----------
    month
        Only what concerns this month, YYYY-MM.
    format
        text, csv or json.
    """
    from perfpipe.dates.months import in_london
    from perfpipe.ledger.column_types import iso
    from perfpipe.questions.queries import events_known
    from perfpipe.settings.workspace import Workspace

    events = events_known(Workspace(at(workspace)), month_of(month) if month else None)
    rows = [(iso(e.at), e.role or "-", e.login, e.what.value, str(e.month or ""), e.about, e.why) for e in events]
    if format == "json":
        print(json.dumps([dict(zip(COLUMNS, row, strict=True)) for row in rows], indent=1, ensure_ascii=False))
    elif format == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([COLUMNS, *rows])
    else:
        for event, (_, role, login, what, of_month, about, why) in zip(events, rows, strict=True):
            who = " ".join(filter(None, (role, f"({login})" if login else "")))
            print("  ".join(filter(None, (in_london(event.at, "seconds"), who, what, of_month, about, why))))
        if not rows:
            say("nothing has been recorded")
    return DONE
