"""Ask for commentary: the workbook of a month for the owners of measures, ready to be filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from perfpipe.commentary.comment import Comment, Place
from perfpipe.commentary.form import FormRow
from perfpipe.commentary.read_form import has_words
from perfpipe.commentary.take_in import kept_commentary, roles_of
from perfpipe.commentary.write_form import write_form
from perfpipe.dates.months import Month, month_range
from perfpipe.job.job import Job, Sources, is_delivered
from perfpipe.packs.content.assessed_rows import Rows
from perfpipe.packs.content.commentary import asks
from perfpipe.packs.content.series import Scene
from perfpipe.plan import PackName, measures_shown
from perfpipe.reconcile.action_reports import plan_reported
from perfpipe.run import assess_figures, compute_figures, open_job, read_extracts, receive_files, reconcile_extracts
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from perfpipe.storage.failures import storing

MONTHS_BACK = 12  # how old words may be to be shown as those written last
Progress = Callable[[str], None]


@dataclass(frozen=True)
class CommentaryRequest:
    """The workbook that was written, its rows, those of them that expect words, and whose they are."""

    path: Path
    rows: int
    asked: int
    owners: tuple[str, ...]


def ask_for_commentary(
    workspace: Workspace, month: Month, role: str = "", progress: Progress = lambda _: None
) -> CommentaryRequest:
    """Write the workbook into `commentary/<month>/`: for a role the rows that are its own, else all.

    Receives, reads and computes as a run does, and publishes nothing. A workbook of that name in which something has
    been written is not overwritten. Raises SettingsError, StoppingFaults, WorkspaceInUse.
    """
    with open_job(workspace, month, tell=progress) as job:
        received = receive_files(job)
        sources = reconcile_extracts(job, received, read_extracts(job, progress))
        progress(f"compute: {len(job.measures)} measures, {len(job.months)} months")
        rows = _rows(job, sources)
        roles = roles_of(job.plan, job.measures)
        chosen = _of_role(rows, roles, role, month)
        path = workspace.commentary / str(month) / f"commentary_{month}{_slug(chosen[0].owner) if role else ''}.xlsx"
        if path.exists() and has_words(path.read_bytes()):
            what = "words have been written in it; to ask again, move it out of the way first"
            raise SettingsError([f"{path}: {what}"])
        with storing(path):
            write_form(chosen, list(dict.fromkeys(roles.values())), month, path)
    owners = tuple(dict.fromkeys(each.owner for each in chosen))
    return CommentaryRequest(path, len(chosen), sum(each.is_asked for each in chosen), owners)


def _rows(job: Job, sources: Sources) -> list[FormRow]:
    assessed = assess_figures(job, compute_figures(job, sources))
    plan = plan_reported(job.plan, sources.speaks_for, job.month)
    delivered = tuple(each for each in job.measures if is_delivered(job, sources.speaks_for[each.basis.dataset.id]))
    scene = Scene(Rows(assessed), job.month, job.settings.authority.name, plan, job.settings.low_base)
    rows = asks(scene, measures_shown(plan, delivered, PackName.BOARD), _before(job))
    if not rows:
        raise SettingsError([f"{job.month}: no measure has a target, so nothing is asked; set targets in plan.toml"])
    return rows


def _before(job: Job) -> Mapping[Place, tuple[Comment, Month]]:
    """The last words on each measure in editions of the month and those before, and of which month they were."""
    found: dict[Place, tuple[Comment, Month]] = {}
    for month in month_range(job.month - MONTHS_BACK, job.month):
        done = [run for run in job.ledger.runs(month=month) if run.is_done]
        comments = kept_commentary(job.workspace, done[-1].commentary_sha256) if done else ()
        found |= {comment.place: (comment, month) for comment in comments}
    return found


def _of_role(rows: Sequence[FormRow], roles: Mapping[str, str], role: str, month: Month) -> Sequence[FormRow]:
    """The rows of one role, by its title or id; all without one. Raises SettingsError for a role that has none."""
    if not role:
        return rows
    named = roles.get(" ".join(role.split()).casefold(), role)
    chosen = [each for each in rows if each.owner.casefold() == named.casefold()]
    if not chosen:
        owners = ", ".join(f"'{owner}'" for owner in dict.fromkeys(each.owner for each in rows))
        raise SettingsError([f"--for {role!r}: owns no measure with a target in {month}; expected one of {owners}"])
    return chosen


def _slug(role: str) -> str:
    return "_" + ("-".join(re.findall(r"\w+", role.casefold())) or "owner")
