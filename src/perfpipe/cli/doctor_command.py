"""The command that looks whether all is fit for runs: `perfpipe doctor`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from perfpipe.cli.words import DONE, STOPPED, Where, at, with_workspace

MARKS = {"good": "ok", "caution": "look", "bad": "WRONG", "unknown": "?"}


def doctor(*, workspace: Where = Path(), format: Literal["text", "json"] = "text") -> int:
    """Look whether machine and workspace are fit for runs, a line each, with what to do where they are not.

    Python and packages, child processes, time zone and clock; settings, rights, the lock, network shares, synchronised
    folders such as OneDrive, disk, the ledger, files open in Excel. The exit code is 1 if something is wrong.

    Parameters
    ----------
    format
        text or json.
    """
    from perfpipe.doctor.examine import examine
    from perfpipe.doctor.finding import Health
    from perfpipe.settings.workspace import Workspace

    findings = examine(Workspace(at(workspace)))
    if format == "json":
        print(json.dumps([asdict(each) for each in findings], indent=1, ensure_ascii=False))
    else:
        for each in findings:
            print(with_workspace(f"{MARKS[each.health]:6} {each.name}: {each.found}"))
            if each.what_to_do:
                print(with_workspace(f"       {each.what_to_do}"))
    return STOPPED if any(each.health is Health.BAD for each in findings) else DONE
