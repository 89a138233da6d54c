"""What the flows share: a stage as a Prefect task, and how a run ends, in words that hold nothing from the data.

Prefect keeps parameters, logs, states, artifacts, and the exception of a task or flow that fails (pickled to a file
that anyone may read). So frames and jobs pass by closure, an exception stays inside the process, and what Prefect
gets is made of months, codes from lists and counts alone.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

from prefect import Task, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.context import FlowRunContext
from prefect.exceptions import MissingContextError
from prefect.states import Completed, Failed
from pydantic import Field
from sqlalchemy.exc import OperationalError

from perfpipe.cli.words import DONE, HELD, INTERNAL, MACHINE, STOPPED, WRONG_USE
from perfpipe.dates.months import Month
from perfpipe.history.reasons import REASONS, code_of
from perfpipe.ledger.editions import UnplacedEdition
from perfpipe.phrases.counted_nouns import count_of
from perfpipe.receive.delivery_folders import delivery_folders
from perfpipe.receive.delivery_note import NOTE
from perfpipe.run import Outcome, StoppingFaults
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace, WorkspaceInUse
from perfpipe.storage.failures import MachineFailure

T = TypeVar("T")
Reason = Annotated[str, Field(json_schema_extra={"enum": [*REASONS.values()]})]
ReasonOrNone = Annotated[str, Field(json_schema_extra={"enum": ["", *REASONS.values()]})]
MONTH_PATTERN = r"^\d{4}-(0[1-9]|1[0-2])$"
NAMES = {
    "Published": DONE,
    "Unchanged": DONE,
    "Declined": DONE,
    "Stopped": STOPPED,
    "Held": HELD,
    "WrongUse": WRONG_USE,
    "MachineFailed": MACHINE,
    "Failed": INTERNAL,
}
"""The names of the states a run ends in, with the exit code of each; the most serious last."""

for _name in ("prefect.flow_runs", "prefect.task_runs"):
    logging.getLogger(_name).propagate = False  # to the page, not to the terminal, which `say` tells
SECONDS_BETWEEN_ATTEMPTS = [5.0, 30.0]
FILES_FAILED = "FilesFailed"


def run_stage(name: str, words: str, work: Callable[[], T]) -> T:
    """Run a stage as a task; tried again when, and only when, input or output failed. Raises what the stage raised.

    Prefect gets the stage's name, and its words, which are counts.
    """
    story(f"{name}: {words}")
    made: list[T] = []
    raised: list[Exception] = []

    def attempt() -> State | None:
        raised.clear()
        try:
            made.append(work())
        except Exception as error:
            raised.append(error)
            files = isinstance(error, OSError | OperationalError) and not isinstance(error, UnplacedEdition)
            return Failed(name=FILES_FAILED if files else name_of(error), message=in_brief(error))
        return None

    options = {"name": name, "task_run_name": name, "retry_delay_seconds": SECONDS_BETWEEN_ATTEMPTS}
    stage.with_options(**options)(attempt)
    if raised:
        raise raised[0]
    return made[0]


def started_at() -> datetime:
    """When this flow run began, as Prefect has it: the clock of what it publishes, by which `closing` finds it."""
    context = FlowRunContext.get()
    began = context.flow_run.start_time if context and context.flow_run else None
    return began.astimezone(UTC) if began else datetime.now(UTC)


def keep_artifact(text: str, key: str, description: str) -> None:
    """Show Markdown on the page of the run; a server that cannot be reached does not make the run fail."""
    try:
        create_markdown_artifact(text, key=key, description=description)
    except Exception as error:
        say(f"the page of this run has no {key}: the server did not take it ({type(error).__name__})")


def _files_failed(_task: Task, _run: TaskRun, state: State) -> bool:
    return state.name == FILES_FAILED


@task(
    persist_result=False,
    cache_policy=NO_CACHE,
    log_prints=False,
    retries=len(SECONDS_BETWEEN_ATTEMPTS),
    retry_condition_fn=_files_failed,
)
def stage(attempt: Callable[[], State | None]) -> State | None:
    """The one task: it takes a closure and gives nothing or a failed state, so there is nothing to store."""
    return attempt()


def name_of(error: Exception) -> str:
    """The name of the state that a run ends in with this error."""
    kinds = {StoppingFaults: "Stopped", WorkspaceInUse: "Held", SettingsError: "WrongUse"}
    return "MachineFailed" if isinstance(error, MachineFailure) else kinds.get(type(error), "Failed")


def in_brief(error: Exception) -> str:
    """An error in words that hold nothing of what was read: counts, its type, and where in the code."""
    if isinstance(error, StoppingFaults):
        return str(error)  # how many, not which
    if isinstance(error, WorkspaceInUse):
        return "another run is in progress in the workspace; nothing was done"
    if isinstance(error, MachineFailure):
        return "the machine could not read, write or run something; `perfpipe run` says what and why"
    if isinstance(error, SettingsError):
        return f"{count_of(len(error.problems), 'problem')} in settings, plan or use: see `perfpipe check`"
    frames = [(Path(frame.filename), frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    ours = [f" at {path.name}, line {line}" for path, line in frames if "perfpipe" in path.parts]
    return f"internal error: {type(error).__name__}{ours[-1] if ours else ''}"


def failed(error: Exception) -> State:
    """The state for a run that ended with an error; the terminal shows the problems of settings, use and machine."""
    brief = str(error) if isinstance(error, MachineFailure) else in_brief(error)
    for problem in error.problems if isinstance(error, SettingsError) else [brief]:
        say(problem)
    log_line(in_brief(error), logging.ERROR)
    return Failed(name=name_of(error), message=in_brief(error))


def done(outcome: Outcome) -> State:
    """The state for a run that published, or that found nothing new."""
    if not outcome.changed:
        return Completed(name="Unchanged", message="same extracts, plan and definitions as before", data=outcome)
    return Completed(name="Published", message=f"{outcome.figures_written} figures are new or changed", data=outcome)


def table(head: str, rows: Mapping[str, object]) -> str:
    """A Markdown table of names and counts."""
    return "\n".join([f"| {head} | |", "| --- | ---: |", *(f"| {name} | {count} |" for name, count in rows.items())])


def latest_month(workspace: Workspace) -> Month:
    """The latest month that has a delivery in `data/raw`. Raises SettingsError when there is none."""
    folders, _ = delivery_folders(workspace, workspace.settings())
    months = [folder.last_month for folder in folders if any(_is_file(path) for path in folder.path.iterdir())]
    if not months:
        raise SettingsError([f"{workspace.raw}: nothing delivered; expected files in a folder such as 2017-04"])
    return max(months)


def _is_file(path: Path) -> bool:
    return path.name != NOTE and not path.name.startswith((".", "~$"))


def parsed(month: str) -> Month:
    """A month as a parameter has it. Raises SettingsError."""
    try:
        return Month.parse(month)
    except ValueError:
        raise SettingsError(["not a month; expected YYYY-MM, for example 2017-04"]) from None


def checked(reason: str) -> str:
    """The code of a reason of the list, or none for none. Raises SettingsError, without the text that was given."""
    if reason and not code_of(reason):
        raise SettingsError([f"not a reason from the list; expected one of {', '.join(REASONS)}"])
    return code_of(reason)


def story(text: str) -> None:
    """Tell how a run goes, on the terminal and in the logs of its page: stages, counts and months alone."""
    say(text)
    log_line(text)


def log_line(text: str, level: int = logging.INFO) -> None:
    """A line in the logs of the run's page; outside a run nothing."""
    with suppress(MissingContextError):
        get_run_logger().log(level, text)


def say(text: str) -> None:
    """Print on the terminal; nothing goes to Prefect's logs. What served the run may have died: that stops no run."""
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)
