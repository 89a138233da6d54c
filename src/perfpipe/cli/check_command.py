"""The command that says what is wrong with the extracts: `perfpipe check`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from perfpipe.cli.words import DONE, STOPPED, Where, at, exporting, month_of, say, with_workspace

if TYPE_CHECKING:
    from perfpipe.check.check import CheckedWorkspace
    from perfpipe.settings.settings import Settings
    from perfpipe.settings.workspace import Workspace


def check(
    month: str | None = None,
    *,
    workspace: Where = Path(),
    details: bool = False,
    html: Path | None = None,
    format: Literal["text", "json"] = "text",
) -> int:
    """Receive and check what has been delivered: who has which faults to correct, where, and what to do.

    It opens with a table: new faults, and open ones, which the extract before had too. Examples are of the newest file.
    Values are never shown: in "found 99/99/9999", 9 stands for any digit and A for any letter.

    Parameters
    ----------
    month
        Only faults of extracts that are used for this month (YYYY-MM) or are in its folder, and faults that stop
        every run. Without it: all extracts, the newest first.
    details
        List every fault on a line of its own.
    html
        Also write a page for those who correct the faults, without values: a file such as faults.html.
    format
        Text, or every fault as json.
    """
    from perfpipe.check.check import check_workspace
    from perfpipe.settings.workspace import Workspace

    where = Workspace(at(workspace))
    checked = check_workspace(where, month_of(month) if month else None, progress=say, with_values=True)
    if html is not None:
        _write_page(checked, where, html)
    _print(checked, where.settings(), month is not None, details, format == "json")
    write_restricted(checked, where)
    return _ended(checked)


def write_restricted(checked: CheckedWorkspace, where: Workspace) -> None:
    """Write the workbook of faults with what was found, and say where; nothing while a run is in progress."""
    from perfpipe.check.faults_to_correct import write_faults_to_correct
    from perfpipe.phrases.counted_nouns import count_of

    if checked.found and not checked.only_looked:
        path = write_faults_to_correct(where, checked)
        say(f"faults with what was found, for the performance team only: {path.resolve()}")
        if unknown := sum(each.code is None for each in checked.words):
            say(f"{count_of(unknown, 'word')} without a code: its sheet 'Words to map' has the lines for perfpipe.toml")


def _ended(checked: CheckedWorkspace) -> int:
    from perfpipe.cli.check_summary import stopping_and_excluding
    from perfpipe.phrases.counted_nouns import count_of

    stops, excluded = stopping_and_excluding(checked.faults)
    say(
        f"{count_of(len(checked.faults), 'fault')}: {stops} stop the run, {excluded} leave a row out of figures, "
        "the rest do not affect figures"
    )
    return STOPPED if stops else DONE


def _write_page(checked: CheckedWorkspace, where: Workspace, html: Path) -> None:
    from perfpipe.cli.check_page import write_check_page

    with exporting(where.root):
        write_check_page(checked, where.settings(), html)
    say(f"written: {html.resolve()}")


def _print(checked: CheckedWorkspace, settings: Settings, for_month: bool, details: bool, as_json: bool) -> None:
    from perfpipe.cli.check_summary import as_data
    from perfpipe.cli.check_text import check_lines
    from perfpipe.cli.fault_lines import lines_by_owner

    if as_json:
        print(json.dumps(as_data(checked, settings), indent=1, ensure_ascii=False))
        return
    lines = lines_by_owner(checked.faults, settings) if details else check_lines(checked, settings, for_month)
    for line in lines:
        print(with_workspace(line))
