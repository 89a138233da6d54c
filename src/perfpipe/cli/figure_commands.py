"""The commands about figures: `perfpipe figures`, `explain`, `measures`."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from perfpipe.cli.words import DONE, WRONG_USE, Where, at, day_of, month_meant, month_of, say

if TYPE_CHECKING:
    from perfpipe.plan import Plan
    from perfpipe.questions.explain_figure import Explanation


def figures(
    *,
    workspace: Where = Path(),
    month: str | None = None,
    measure: str | None = None,
    as_known: str | None = None,
    format: Literal["csv", "json"] = "csv",
) -> int:
    """Print figures, one line each: from the latest run that contains the month, or as known on a day.

    Parameters
    ----------
    month
        Only this month, YYYY-MM.
    measure
        Only this measure: its id or code, as `perfpipe measures` lists them.
    as_known
        Compute from what had been received by this day, YYYY-MM-DD, with today's definitions. Not stored.
    format
        csv or json.
    """
    from perfpipe.questions.named_measures import measure_named
    from perfpipe.questions.printed_figures import CONTRACT, figures_printed, rows_of
    from perfpipe.settings.workspace import Workspace

    where, only = Workspace(at(workspace)), month_of(month) if month else None
    chosen = measure_named(where, measure).id if measure else ""
    if as_known:
        from perfpipe.questions.known_on_a_day import figures_as_known

        rows = rows_of(figures_as_known(where, day_of(as_known), only, say))
    else:
        rows = figures_printed(where, only)
    if chosen:
        rows = [row for row in rows if row[CONTRACT.index("measure_id")] == chosen]
    _print_figures(CONTRACT, rows, format)
    return DONE


def _print_figures(names: Sequence[str], rows: Sequence[tuple[object, ...]], format: Literal["csv", "json"]) -> None:
    if format == "csv":
        csv.writer(sys.stdout, lineterminator="\n").writerows([names, *rows])
    else:
        records = [dict(zip(names, row, strict=True)) for row in rows]
        print(json.dumps(records, indent=1, ensure_ascii=False))


def explain(
    measure: str,
    month: str,
    *,
    workspace: Where = Path(),
    period: str = "",
    group: str = "",
    rows: bool = False,
    as_known: str | None = None,
    format: Literal["text", "json"] = "text",
) -> int:
    """Show where a figure comes from: its definition, numbers, and the files, sheets and rows behind it.

    Parameters
    ----------
    measure
        The measure's id or code, as `perfpipe measures` lists them.
    month
        The month, YYYY-MM.
    period
        Only the figure of this period, such as rolling_12. Without it: of each period that the measure has.
    group
        The rows behind one group in place of the whole: `area:in`, or `in` where that is clear.
    rows
        A line for every row, with its file, sheet and number, and how it counts.
    as_known
        Use only what had been received by this day, YYYY-MM-DD. Without it: everything received.
    format
        text or json.
    """
    from perfpipe.questions.explain_figure import explain as explain_figure
    from perfpipe.settings.workspace import Workspace

    _refuse_turned_round(measure, month)
    day = day_of(as_known) if as_known else None
    explained = explain_figure(Workspace(at(workspace)), measure, month_of(month), day, period, group)
    _print_explained(explained, rows, format == "json")
    if not day and not explained[0].in_run:
        say(f"no run contains {explained[0].month} yet: these are the figures that one would give")
    return DONE


def _refuse_turned_round(measure: str, month: str) -> None:
    """Raise SettingsError where the month was typed before the measure."""
    from perfpipe.settings.settings import SettingsError

    if month_meant(measure) and not month_meant(month):
        raise SettingsError([f"the measure comes before the month: `perfpipe explain {month} {measure}`"])


def _print_explained(explained: Sequence[Explanation], all_rows: bool, as_json: bool) -> None:
    from perfpipe.cli.explain_text import data_of, lines_of

    if as_json:
        print(json.dumps([data_of(each) for each in explained], indent=1, ensure_ascii=False))
        return
    for each in explained:
        print("\n".join(lines_of(each, all_rows)))


def measures(*, workspace: Where = Path(), page: bool = False, format: Literal["text", "json"] = "text") -> int:
    """List the measures: code, id, periods, unit, whether high is good, title, definition and targets.

    If the workspace has a plan, the list also says which recommendation each measure is under and what its targets
    are: from which month, and on whose authority. Measures that the plan declares to be typed by hand are listed too.

    Parameters
    ----------
    page
        Print the whole catalogue as a page in Markdown instead: `docs/measures.md`.
    format
        text or json.
    """
    from perfpipe.cli.measure_guide import NO_TARGET, measure_data, measures_page, plan_facts
    from perfpipe.measures import MEASURES
    from perfpipe.measures.checks import problems_of
    from perfpipe.plan.manual_measures import all_measures

    plan = _plan_there(workspace, needed=page)
    known = all_measures(plan) if plan else MEASURES
    if problems := problems_of(known, evaluate=False):  # a run and `check` do that, too
        print("\n".join(problems), file=sys.stderr)
        return WRONG_USE
    if page:
        print(measures_page(known, plan), end="")
        return DONE
    if format == "json":
        print(json.dumps([measure_data(m, plan) for m in known], indent=1, ensure_ascii=False))
        return DONE
    for m in known:
        print(f"{m.code:8} {m.id:28} {', '.join(m.periods):18} {m.counts.unit:8} {m.shown.polarity:6} {m.title}")
        print(f"{'':8} {m.definition}")
        for name, words in plan_facts(m, plan) if plan else ():
            if words != NO_TARGET:
                print(f"{'':8} {name}: {words}")
    return DONE


def _plan_there(workspace: Path, needed: bool) -> Plan | None:
    """The plan in a folder; None without one. One with mistakes is left out, unless it is needed."""
    from perfpipe.measures import MEASURES
    from perfpipe.plan import load_plan
    from perfpipe.settings.settings import SettingsError
    from perfpipe.settings.workspace import Workspace

    plan_file = Workspace(at(workspace)).plan_file
    if not plan_file.exists():
        return None
    try:
        return load_plan(plan_file, MEASURES)
    except SettingsError:
        if needed:
            raise
        say(f"targets are left out, as {plan_file.name} has mistakes; `perfpipe plan check` lists them")
        return None
