"""The command line: thin words around the stages. Heavy libraries are imported only when a command runs."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from cyclopts import App

from perfpipe import __version__
from perfpipe.cli.plan_commands import plan_app, plan_return
from perfpipe.cli.words import (
    DONE,
    HELD,
    INTERNAL,
    INTERRUPTED,
    STOPPED,
    WRONG_USE,
    Where,
    at,
    day_of,
    forget_workspace,
    month_of,
    say,
    with_workspace,
)

app = App(
    name="perfpipe",
    version=__version__,
    help="Turn a council's monthly spreadsheet extracts into figures against its Improvement Plan, and into "
    "report packs.\n\nStart with `perfpipe sample DIR` (a made-up authority) or `perfpipe init DIR` (your own), "
    "then `perfpipe run MONTH --workspace DIR`.",
    help_format="plaintext",
    result_action="return_value",
)
app.command(plan_app)
app.command(plan_return, name="return")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 done, 1 stopped by faults, 2 wrong use or settings, 3 internal error, 4 held."""
    sys.exit(_exit_code(list(sys.argv[1:] if arguments is None else arguments)))


def _exit_code(arguments: list[str]) -> int:
    from cyclopts import CycloptsError

    forget_workspace()
    try:
        code = app(arguments, exit_on_error=False, print_error=True)
    except CycloptsError:
        return WRONG_USE
    except KeyboardInterrupt:
        say("interrupted: nothing of this run was kept")
        return INTERRUPTED
    except Exception as error:
        return _failed(error)
    return code if isinstance(code, int) else DONE


def _failed(error: Exception) -> int:
    from perfpipe.faults.stopping import StoppingFaults
    from perfpipe.settings.settings import SettingsError
    from perfpipe.settings.workspace import WorkspaceInUse

    if isinstance(error, SettingsError):
        for problem in error.problems:
            say(problem)
        return WRONG_USE
    if isinstance(error, StoppingFaults):
        _say_faults(error.faults)
        say(f"stopped: {error}. Nothing was computed or published.")
        return STOPPED
    if isinstance(error, WorkspaceInUse):
        say(str(error))
        return HELD
    if isinstance(error, BrokenPipeError):
        return DONE
    frames = [(Path(frame.filename), frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    ours = [f" at {path.name}, line {line}" for path, line in frames if "perfpipe" in path.parts]
    place = ours[-1] if ours else ""
    say(f"internal error: {type(error).__name__}{place}. Nothing was published. Please report this line.")
    return INTERNAL


@app.command
def run(month: str, *, workspace: Where = Path(), reason: str = "", plan_of: str = "") -> int:
    """Run a month: receive new files, check them, compute, compare with the plan, publish the board pack.

    Running again with nothing new changes nothing and says so.

    Parameters
    ----------
    month
        The reporting month, YYYY-MM.
    reason
        Why it is run again; kept with the run.
    plan_of
        With the plan of its time instead of plan.toml: a day, YYYY-MM-DD, or the start of a hash, as `perfpipe plan
        history` lists them. The pack says so on its cover; plan.toml stays as it is.
    """
    from perfpipe.run import run_month
    from perfpipe.settings.workspace import Workspace

    outcome = run_month(Workspace(at(workspace)), month_of(month), reason=reason, plan_of=plan_of, progress=say)
    for dataset in outcome.missing:
        say(f"missing: no extract of {dataset} speaks for {month}; its figures are not available")
    counts = ", ".join(f"{number} {severity}" for severity, number in sorted(outcome.fault_counts.items()))
    say(f"faults: {counts or 'none'}; `perfpipe check {month}` lists them")
    say(f"faults with what was found, for the performance team only: {outcome.faults_book.resolve()}")
    if outcome.changed:
        say(f"published: {outcome.figures_written} figures are new or changed")
    else:
        say("unchanged: the same extracts, plan and definitions as before; the pack below stands")
    print(outcome.pack.resolve())
    return DONE


@app.command
def check(month: str | None = None, *, workspace: Where = Path(), details: bool = False) -> int:
    """Receive and check what has been delivered, and list every fault by who mends it: where, what, what to do.

    Values are never shown: in "found 99/99/9999", 9 stands for any digit and A for any letter.

    Parameters
    ----------
    month
        Only the faults of the extracts that speak for this month, YYYY-MM, and whatever stops every run. Without it:
        all extracts.
    details
        One line for every fault of every severity; without it, warnings are counted by rule.
    """
    from perfpipe.check import check_workspace
    from perfpipe.cli.fault_lines import lines_by_owner
    from perfpipe.settings.workspace import Workspace

    where = Workspace(at(workspace))
    faults = check_workspace(where, month_of(month) if month else None, progress=say)
    for line in lines_by_owner(faults, where.settings(), details):
        print(with_workspace(line))
    stops, excluded = (sum(fault.severity == severity for fault in faults) for severity in ("stop", "exclude"))
    say(f"{len(faults)} to look at: {stops} stop a run, {excluded} leave a row out of figures, the others change none")
    return STOPPED if stops else DONE


@app.command
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
    from perfpipe.queries import figures_as_known, figures_known, measure_named
    from perfpipe.settings.workspace import Workspace

    where, only = Workspace(at(workspace)), month_of(month) if month else None
    chosen = measure_named(where, measure).id if measure else ""
    frame = figures_as_known(where, day_of(as_known), only) if as_known else figures_known(where, only)
    if chosen:
        frame = frame[frame["measure_id"] == chosen]
    if format == "csv":
        sys.stdout.write(frame.to_csv(index=False, lineterminator="\n"))
    else:
        sys.stdout.write(frame.to_json(orient="records", indent=1, double_precision=15) + "\n")
    return DONE


@app.command
def explain(measure: str, month: str, *, workspace: Where = Path(), as_known: str | None = None) -> int:
    """Where a figure comes from: definition, numbers, and the files, sheets and rows behind it.

    Parameters
    ----------
    measure
        The measure's id or code, as `perfpipe measures` lists them.
    month
        The month, YYYY-MM.
    as_known
        From what had been received by this day, YYYY-MM-DD. Without it: everything received.
    """
    from perfpipe.cli.explain_text import lines_of
    from perfpipe.explain_figure import explain as explain_figure
    from perfpipe.settings.workspace import Workspace

    day = day_of(as_known) if as_known else None
    for explanation in explain_figure(Workspace(at(workspace)), measure, month_of(month), day):
        print("\n".join(lines_of(explanation)))
    return DONE


@app.command
def measures(*, workspace: Where = Path(), page: bool = False) -> int:
    """List the measures: code, id, periods, unit, whether high is good, title, definition; targets of the plan.

    With a plan.toml in the folder: under which recommendation each measure stands, and since when it has which target
    on whose authority.

    In a workspace with those that its plan declares to be typed by hand.

    Parameters
    ----------
    page
        Print the whole catalogue as a page in Markdown instead: `docs/measures.md`.
    """
    from perfpipe.cli.measure_guide import NO_TARGET, measures_page, plan_facts
    from perfpipe.measures import MEASURES
    from perfpipe.measures.definition import problems_of
    from perfpipe.plan.manual_measures import all_measures

    plan = _plan_there(workspace, needed=page)
    known = all_measures(plan) if plan else MEASURES
    if problems := problems_of(known):
        print("\n".join(problems), file=sys.stderr)
        return WRONG_USE
    if page:
        print(measures_page(known, plan), end="")
        return DONE
    for m in known:
        print(f"{m.code:8} {m.id:28} {', '.join(m.periods):18} {m.unit:8} {m.polarity:6} {m.title}")
        print(f"{'':8} {m.definition}")
        for name, words in plan_facts(m, plan) if plan else ():
            if words != NO_TARGET:
                print(f"{'':8} {name}: {words}")
    return DONE


def _plan_there(workspace: Path, needed: bool):  # type: ignore[no-untyped-def]
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
        say(f"without targets, as {plan_file.name} has mistakes; `perfpipe plan check` lists them")
        return None


@app.command
def datasets(dataset: str | None = None) -> int:
    """Print each dataset's columns, types, codes and rules, as a file in the standard layout must have them.

    Parameters
    ----------
    dataset
        Only this one.
    """
    from perfpipe.cli.dataset_guide import dataset_lines

    print("\n".join(dataset_lines(dataset)))
    return DONE


@app.command
def rules() -> int:
    """List every rule: its id, its severity, what perfpipe.toml may set it to, and what it means."""
    from perfpipe.faults.rule_catalogue import rule_lines

    print("\n".join(rule_lines()))
    return DONE


@app.command
def template(dataset: str, *, workspace: Where = Path(), to: Path | None = None) -> int:
    """Write an empty workbook of a dataset in the standard layout, to be filled in.

    That of manual_measures lists the measures that the workspace's plan declares.

    Parameters
    ----------
    dataset
        The dataset's name, as `perfpipe datasets` prints it.
    to
        The file to write; without it `<dataset>.xlsx` in the current folder. An existing file is not overwritten.
    """
    from perfpipe.cli.dataset_guide import write_template
    from perfpipe.measures import MEASURES
    from perfpipe.plan import load_plan
    from perfpipe.settings.workspace import Workspace

    plan_file = Workspace(at(workspace)).plan_file
    plan = load_plan(plan_file, MEASURES) if dataset == "manual_measures" and plan_file.exists() else None
    print(write_template(dataset, to, plan))
    return DONE


@app.command
def sample(directory: Path, *, months: int = 36, seed: int = 1) -> int:
    """Make a workspace of a made-up authority: settings, plan, monthly extracts, and the true figures.

    Parameters
    ----------
    directory
        The folder to write into; it is made if it is not there.
    months
        How many months of extracts to write, the last being March 2018.
    seed
        Another number makes another authority; the same makes the same.
    """
    from perfpipe.settings.settings import SettingsError
    from perfpipe_sample import write_sample

    if not 1 <= months <= 60:
        raise SettingsError([f"--months {months}: expected 1 to 60"])
    if any(path for path in (directory / "data" / "raw").glob("[!.]*")):
        raise SettingsError([f"{directory / 'data' / 'raw'} is not empty; choose another folder, or `make clean`"])
    write_sample(directory, months=months, seed=seed, progress=say)
    print(directory.resolve())
    return DONE


@app.command
def init(directory: Path, *, source: Literal["local", "ssda903"] = "local") -> int:
    """Make an empty workspace: settings with comments, and a plan whose targets are examples in comments.

    Parameters
    ----------
    directory
        The folder to write into; it is made if it is not there. Existing settings are not overwritten.
    source
        local: monthly folders of workbooks. ssda903: yearly folders of the national files, as they are.
    """
    from perfpipe.cli.dataset_guide import write_workspace

    for line in write_workspace(directory, source):
        print(line)
    return DONE


@app.command
def withdraw(extract: str, *, reason: str, workspace: Where = Path()) -> int:
    """Withdraw an extract: it speaks for no month any more. Nothing is deleted.

    Parameters
    ----------
    extract
        The first characters of the extract's id, as messages and manifests show it.
    reason
        Why; kept in the ledger.
    """
    from perfpipe.receive.withdraw import withdraw_extract
    from perfpipe.settings.workspace import Workspace

    withdraw_extract(Workspace(at(workspace)), extract, reason)
    print(f"withdrawn: {extract}")
    return DONE


def _say_faults(faults) -> None:  # type: ignore[no-untyped-def]
    from perfpipe.cli.fault_lines import fault_lines

    for line in fault_lines(faults, details=True):
        say(line)
