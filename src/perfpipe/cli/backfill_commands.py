"""The commands that look before they publish: `perfpipe compare`, `backfill`."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from perfpipe.cli.words import DONE, STOPPED, WRONG_USE, Where, at, month_of, say

if TYPE_CHECKING:
    from perfpipe.dates.months import Month
    from perfpipe.rerun.backfill import MonthEnded
    from perfpipe.rerun.compare import FigureChange
    from perfpipe.settings.workspace import Workspace

MOST_LINES = 40
FirstMonth = Annotated[str, Parameter(help="The first month, YYYY-MM.")]
LastMonth = Annotated[str, Parameter(help="The last month, YYYY-MM.")]


def compare(
    month: str,
    to: str | None = None,
    *,
    workspace: Where = Path(),
    format: Literal["text", "csv", "json"] = "text",
) -> int:
    """Show what a run would change, and publish nothing: each figure before and after, with its status.

    Parameters
    ----------
    month
        The month, YYYY-MM, or the first of several where TO is given.
    to
        The last month, YYYY-MM.
    format
        text: the figures of the whole authority that would look different. csv or json: all changes.
    """
    from perfpipe.rerun.compare import compare as compare_months
    from perfpipe.rerun.compare import counts_of
    from perfpipe.settings.workspace import Workspace

    first = month_of(month)
    changes = compare_months(Workspace(at(workspace)), first, month_of(to) if to else first, progress=say)
    if format == "json":
        print(json.dumps([asdict(each) for each in changes], indent=1, ensure_ascii=False))
    elif format == "csv":
        _as_csv(changes)
    else:
        print(counts_of(changes))
        _print_table(changes)
    return DONE


def _as_csv(changes: Sequence[FigureChange]) -> None:
    from perfpipe.rerun.compare import FigureChange

    writer = csv.DictWriter(sys.stdout, list(FigureChange.__dataclass_fields__), lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(each) for each in changes)


def _print_table(changes: Sequence[FigureChange]) -> None:
    whole = [each for each in changes if each.breakdown == "all" and each.before and each.is_shown]
    for each in whole[:MOST_LINES]:
        status = each.status_after
        if each.status_before != each.status_after:
            status = f"{each.status_before or 'none'} -> {each.status_after or 'none'}"
        mark = f"[r] {each.why}" if each.seen else ""
        before, after = each.before or "no figure", each.after or "no figure"
        print(f"{each.month}  {each.code:8} {each.period:13} {before:>12} -> {after:<12} {status:24} {mark}".rstrip())
    if len(whole) > MOST_LINES:
        print(f"and {len(whole) - MOST_LINES} more, not counting new figures and groups; --format csv lists them all")


def backfill(
    first: FirstMonth,
    last: LastMonth,
    *,
    reason: str,
    note: str = "",
    by: str = "",
    only: Literal["missing", "failed", "stale", "all"] = "all",
    dry_run: bool = False,
    yes: bool = False,
    workspace: Where = Path(),
) -> int:
    """Run months again: show what would change, ask, then publish. If it is interrupted, run it again to continue.

    Parameters
    ----------
    reason
        Why: first_load, late_records, correction_at_source, definition_changed, layout_changed, plan_changed or other.
    note
        The reason in words, for the ledger and the packs. Say nothing about a child.
    by
        Who runs it: the id of a role in plan.toml.
    only
        missing: months that were never run. failed: months that would stop. stale: months that are out of date.
    dry_run
        Stop after the comparison, and publish nothing.
    yes
        Publish without asking.
    """
    from perfpipe.rerun.backfill import backfill as run_months
    from perfpipe.settings.workspace import Workspace

    where, span = Workspace(at(workspace)), (month_of(first), month_of(last))
    months = _looked_at(where, span, reason, by, only)
    if dry_run or not months:
        return DONE
    if not yes and (stopped := _not_agreed(len(months))) is not None:
        return stopped
    with _bar(len(months)) as ended:
        return _said(run_months(where, months, span, reason, note=note, role=by, ended=ended))


def _looked_at(where: Workspace, span: tuple[Month, Month], reason: str, by: str, only: str) -> list[Month]:
    """The months to run, after how all of them stand and what would change is printed. Raises SettingsError."""
    from perfpipe.rerun.backfill import chosen, compared, months_grid, refuse_wrong
    from perfpipe.rerun.compare import counts_of

    refuse_wrong(where, span, reason, by)
    grid = months_grid(where, *span, progress=say)
    for stands in grid:
        print(f"{stands.month}  {stands.state}{f': {stands.why}' if stands.why else ''}")
    months = chosen(grid, only)
    if not months:
        print("There is no month to run.")
        return months
    changes = compared(where, grid, months, progress=say)
    print(counts_of(changes))
    _print_table(changes)
    return months


def _said(results: Sequence[MonthEnded]) -> int:
    from perfpipe.rerun.backfill import counts_of_months

    failed = [each for each in results if each.failed]
    for each in failed if sys.stderr.isatty() else ():  # else each was said when it ended
        say(f"{each.month}: {each.failed}")
    print(counts_of_months(results))
    return STOPPED if failed else DONE


def _not_agreed(months: int) -> int | None:
    """None where the person at the terminal agrees; else the exit code."""
    if not sys.stdin.isatty():
        say("nothing was published: add --yes, or run it in a terminal, where it asks first")
        return WRONG_USE
    if input(f"Run {months} months and publish? [y/N] ").strip().lower() not in ("y", "yes"):
        print("Nothing was published.")
        return DONE
    return None


@contextmanager
def _bar(months: int) -> Iterator[Callable[[MonthEnded], None]]:
    """What hears of each month: a progress bar on a terminal, else a line for each."""
    if not sys.stderr.isatty():
        yield lambda each: say(f"{each.month}: {each.failed or each.word}")
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("Months", total=months)
        yield lambda _: bar.advance(task)
