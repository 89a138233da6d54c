"""The command line: thin words around the stages. Heavy libraries are imported only when a command runs.

Here are the commands by name, and what a command ends with; what each does is in the modules of commands.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from cyclopts import App, Parameter

from perfpipe import __version__
from perfpipe.cli.backfill_commands import backfill, compare
from perfpipe.cli.check_command import check
from perfpipe.cli.commentary_command import commentary
from perfpipe.cli.comparators_command import comparators
from perfpipe.cli.correct_command import correct
from perfpipe.cli.doctor_command import doctor
from perfpipe.cli.erase_commands import erase, retain
from perfpipe.cli.figure_commands import explain, figures, measures
from perfpipe.cli.first_figures_command import first_figures
from perfpipe.cli.layout_command import layout
from perfpipe.cli.log_command import log
from perfpipe.cli.plan_commands import plan_app, plan_return
from perfpipe.cli.release_commands import release, reopen
from perfpipe.cli.revision_commands import revisions
from perfpipe.cli.run_commands import run, verify, withdraw
from perfpipe.cli.runs_command import runs
from perfpipe.cli.schedule_commands import status
from perfpipe.cli.serve_command import serve
from perfpipe.cli.setup_commands import datasets, init, rules, sample, template
from perfpipe.cli.words import DONE, HELD, INTERNAL, INTERRUPTED, MACHINE, STOPPED, WRONG_USE, forget_workspace, say
from perfpipe.cli.wrong_use import hint_of, one_line

app = App(
    name="perfpipe",
    version=__version__,
    help="Turn a council's monthly spreadsheet extracts into figures against its Improvement Plan, and into "
    "report packs.\n\nStart with `perfpipe sample DIR` (a made-up authority) or `perfpipe init DIR` (your own), "
    "then `perfpipe run MONTH --workspace DIR`.",
    help_format="plaintext",
    result_action="return_value",
    default_parameter=Parameter(negative=""),  # no --no-yes: what is off is left out
)
app.command(plan_app)
app.command(plan_return, name="return")
OF_RUNS = (
    run, runs, commentary, comparators, status, serve, compare, backfill, check, correct, withdraw, verify, release,
    reopen, revisions, log, doctor, erase, retain,
)  # fmt: skip
for command in (*OF_RUNS, figures, first_figures, explain, measures, datasets, rules, template, layout, sample, init):
    app.command(command)


@app.command
def completion(shell: Literal["bash", "zsh", "fish", "powershell"]) -> int:
    """Print what makes a shell complete commands and options.

    bash: `perfpipe completion bash > ~/.local/share/bash-completion/completions/perfpipe`. PowerShell: `perfpipe
    completion powershell | Out-String | Invoke-Expression` in $PROFILE.

    Parameters
    ----------
    shell
        Which shell.
    """
    print(app.generate_completion(prog_name="perfpipe", shell=shell))
    return DONE


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 done, 1 faults, 2 wrong use or settings, 3 internal error, 4 held, 5 the machine.

    What a command writes is its owner's alone, unless the workspace it works in lets the group in.
    """
    from perfpipe.storage.access import private

    with private(group=False):
        code = _exit_code(list(sys.argv[1:] if arguments is None else arguments))
    sys.exit(code)


def _exit_code(arguments: list[str]) -> int:
    from cyclopts import CycloptsError

    forget_workspace()
    if hint := hint_of(arguments):
        say(hint)
        return WRONG_USE
    try:
        code = app(arguments, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        say(one_line(error, arguments))
        return WRONG_USE
    except KeyboardInterrupt:
        say("interrupted: nothing from this run was saved")
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
        from perfpipe.cli.fault_lines import fault_lines

        for line in fault_lines(error.faults):
            say(line)
        say(f"stopped: {error}. Nothing was computed or published.")
        return STOPPED
    if isinstance(error, WorkspaceInUse):
        say(str(error))
        return HELD
    if isinstance(error, BrokenPipeError):
        return DONE
    if isinstance(error, OSError):
        from perfpipe.storage.failures import failure_of

        say(str(failure_of(error, error.filename or "A file")))
        return MACHINE
    frames = [(Path(frame.filename), frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    ours = [f" at {path.name}, line {line}" for path, line in frames if "perfpipe" in path.parts]
    place = ours[-1] if ours else ""
    say(f"internal error: {type(error).__name__}{place}. Nothing was published. Please report this line.")
    return INTERNAL
