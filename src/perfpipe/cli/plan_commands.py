"""The commands about the Improvement Plan: `perfpipe plan ...`, and `perfpipe return`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import App

from perfpipe.cli.words import DONE, Where, at, exporting, month_of, say

if TYPE_CHECKING:
    from perfpipe.dates.months import Month

plan_app = App(
    name="plan",
    help="The Improvement Plan: check it, or change it in a workbook instead of plan.toml.\n\n"
    "`perfpipe plan export plan.xlsx` writes it, you change it in Excel or LibreOffice, `perfpipe plan import "
    "plan.xlsx` reads it back. docs/plan.md says what each sheet holds.",
)


@plan_app.command(name="export")
def plan_export(file: Path, *, workspace: Where = Path()) -> int:
    """Write the plan as a workbook with one sheet for each table, to be changed and imported.

    Parameters
    ----------
    file
        The workbook to write, FILE.xlsx. An existing file is not overwritten.
    """
    from perfpipe.measures import MEASURES
    from perfpipe.plan.commands import export_to
    from perfpipe.settings.workspace import Workspace

    with exporting(at(workspace)):
        print(export_to(Workspace(workspace).plan_file, file, MEASURES).resolve())
    return DONE


@plan_app.command(name="import")
def plan_import(file: Path, *, workspace: Where = Path(), replace: bool = False) -> int:
    """Read a workbook back, check all of it, and rewrite plan.toml. Mistakes are named by sheet and cell.

    Nothing is written if there is a mistake, or if the plan has not changed. Comments in plan.toml are lost; a copy of
    the file as it was is kept in earlier_plans/.

    Parameters
    ----------
    file
        The workbook, as `perfpipe plan export` wrote it and you changed it.
    replace
        Import even if plan.toml has changed since the workbook was written. That change is undone.
    """
    from perfpipe.measures import MEASURES
    from perfpipe.plan.commands import import_from
    from perfpipe.settings.workspace import Workspace

    plan_file = Workspace(at(workspace)).plan_file
    imported = import_from(plan_file, file, MEASURES, replace)
    for line in imported.changes or ("unchanged: the workbook holds the plan as it is",):
        print(line)
    if imported.kept:
        say(f"the earlier plan is saved as {imported.kept}")
    return DONE


@plan_app.command(name="check")
def plan_check(file: Path | None = None, *, workspace: Where = Path()) -> int:
    """Check the plan without reading any data: what it holds, what is overdue, or every mistake and where it is.

    Parameters
    ----------
    file
        A workbook to check instead of plan.toml. Nothing is changed.
    """
    from perfpipe.measures import MEASURES
    from perfpipe.plan import load_plan
    from perfpipe.plan.commands import check_lines
    from perfpipe.settings.workspace import Workspace

    if file is None:
        plan = load_plan(Workspace(at(workspace)).plan_file, MEASURES)
    else:
        from perfpipe.plan.workbook.import_book import import_plan

        plan = import_plan(file, MEASURES)[0]
    print("\n".join(check_lines(plan)))
    return DONE


@plan_app.command(name="history")
def plan_history(*, workspace: Where = Path()) -> int:
    """List the revisions of the plan that are kept: when revised, hash, and which runs used them.

    Each published run and each import keeps a copy in earlier_plans/. The option `--plan-of` of `perfpipe run` and
    `perfpipe return` takes the day or the hash.
    """
    from perfpipe.job.job import plans_of
    from perfpipe.plan.revisions import history_lines
    from perfpipe.settings.workspace import Workspace

    print("\n".join(history_lines(plans_of(Workspace(at(workspace))))))
    return DONE


def plan_return(
    quarter: str | None = None, *, to: str | None = None, plan_of: str = "", workspace: Where = Path()
) -> int:
    """Write the quarterly return: progress against the plan as at the quarter's last day, as a workbook and as data.

    It shows figures that `perfpipe run` has published, and computes none: run the quarter's last month first. It uses
    the plan that the run used. Making it again with nothing new changes nothing and says so.

    Parameters
    ----------
    quarter
        The quarter of the financial year, as 2017-18-Q4 or 2017-Q4: both are January to March 2018.
    to
        The quarter's last month instead, YYYY-MM.
    plan_of
        Use the plan of another time: a day, YYYY-MM-DD, or the start of a hash, as `perfpipe plan history` lists them.
    """
    from perfpipe.quarterly_return import make_return
    from perfpipe.settings.settings import SettingsError
    from perfpipe.settings.workspace import Workspace

    if (quarter is None) == (to is None):
        raise SettingsError(["expected either a quarter, as 2017-18-Q4, or --to with its last month, as 2018-03"])
    returned = make_return(Workspace(at(workspace)), _last_month(quarter, to), plan_of=plan_of, progress=say)
    if not returned.changed:
        say("unchanged: the same figures and plan as before; the return below is still current")
    print(returned.workbook.resolve())
    return DONE


def _last_month(quarter: str | None, to: str | None) -> Month:
    from perfpipe.dates.months import quarter_end, quarter_of
    from perfpipe.settings.settings import SettingsError

    try:
        last = quarter_end(quarter) if quarter else month_of(to or "")
        quarter_of(last)
    except ValueError as error:
        raise SettingsError([str(error)]) from None
    return last
