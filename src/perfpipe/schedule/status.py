"""Status: what a workspace holds and what it waits for, from the ledger and the names of files; nothing is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from perfpipe.datasets import DATASETS
from perfpipe.dates.months import LONDON, Month
from perfpipe.history.seen import is_signed_off
from perfpipe.ledger.plain_ledger import NewestReading, PlainLedger
from perfpipe.ledger.records import PackAudience, RunRecord
from perfpipe.ledger.sqlite_file import FILE
from perfpipe.measures import MEASURES
from perfpipe.plan import Plan, load_plan
from perfpipe.receive.delivery_folders import delivery_folders, file_names
from perfpipe.schedule.roles import unheld_roles
from perfpipe.settings.settings import Settings, SettingsError
from perfpipe.settings.workspace import Workspace
from perfpipe.storage.files import sizes_of

MONTHS_TOLD = 6


@dataclass(frozen=True)
class MonthTold:
    """A month: its newest edition, when that was published, whether it is signed off, the faults found in its run."""

    month: str
    edition: int
    published_on: date
    signed_off: bool
    faults: dict[str, int]


@dataclass(frozen=True)
class DatasetTold:
    """A dataset: the newest month that an extract covers, when that was made and came; and when the next is due."""

    dataset: str
    title: str
    newest_month: str  # empty: none came
    made_at: datetime | None
    came_at: datetime | None
    sender: str
    next_month: str
    next_due: date | None  # None: settings do not say


@dataclass(frozen=True)
class WorkspaceStatus:
    """A workspace: months, datasets, files not taken in, bytes by folder, roles without holder, what is kept."""

    authority: str
    months: tuple[MonthTold, ...]
    datasets: tuple[DatasetTold, ...]
    new_files: tuple[str, ...]
    bytes_by_folder: dict[str, int]
    unheld_roles: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def status_of(workspace: Workspace, now: datetime | None = None) -> WorkspaceStatus:
    """How a workspace stands. Changes nothing, also beside a run in progress. Raises SettingsError."""
    settings, at = workspace.settings(), now or datetime.now(UTC)
    roles = unheld_roles(settings, _plan(workspace))
    folders = (workspace.raw, workspace.processed, workspace.reports)
    sizes = {path.relative_to(workspace.root).as_posix(): sizes_of(path) for path in folders}
    if not (workspace.processed / FILE).exists():
        empty = tuple(_dataset(settings, each.id, each.title, None) for each in DATASETS if _is_told(settings, each.id))
        new = tuple(_files(workspace, settings, set()))
        return WorkspaceStatus(settings.authority.name, (), empty, new, sizes, roles, tuple(settings.retention.lines()))
    ledger = PlainLedger.open(workspace.processed)
    try:
        return WorkspaceStatus(
            settings.authority.name,
            tuple(_months(ledger, at)),
            tuple(_datasets(ledger, settings)),
            tuple(_files(workspace, settings, ledger.files_taken())),
            sizes,
            roles,
            tuple(settings.retention.lines()),
        )
    finally:
        ledger.close()


def _plan(workspace: Workspace) -> Plan | None:
    """The plan; None where it cannot be read, of which a run says what is wrong."""
    try:
        return load_plan(workspace.plan_file, MEASURES)
    except SettingsError:
        return None


def _months(ledger: PlainLedger, at: datetime) -> list[MonthTold]:
    newest: dict[Month, RunRecord] = {run.month: run for run in ledger.runs() if run.is_done}
    editions = {pack.run_id: pack.edition for pack in ledger.packs(PackAudience.BOARD)}
    told = []
    for month in sorted(newest, reverse=True)[:MONTHS_TOLD]:
        run = newest[month]
        counts = ledger.fault_counts(run.id, month)
        day = run.run_at.astimezone(LONDON).date()
        signed = is_signed_off(ledger, PackAudience.BOARD, month, at)
        told.append(MonthTold(str(month), editions.get(run.id, 0), day, signed, counts))
    return told


def _is_told(settings: Settings, dataset: str) -> bool:
    return dataset in settings.delivered


def _datasets(ledger: PlainLedger, settings: Settings) -> list[DatasetTold]:
    newest = ledger.newest_readings()
    return [
        _dataset(settings, each.id, each.title, newest.get(each.id))
        for each in DATASETS
        if each.id in newest or _is_told(settings, each.id)
    ]


def _dataset(settings: Settings, dataset: str, title: str, newest: NewestReading | None) -> DatasetTold:
    expected = next((each for each in settings.expected if each.dataset == dataset), None)
    following = newest.last_month + 1 if newest else None
    due = expected.due_on(following, settings.days_without_deliveries) if expected and following else None
    return DatasetTold(
        dataset,
        title,
        str(newest.last_month) if newest else "",
        newest.extracted_at if newest else None,
        newest.came_at if newest else None,
        expected.sender if expected else "",
        str(following or ""),
        due,
    )


def _files(workspace: Workspace, settings: Settings, known: set[tuple[str, str]]) -> list[str]:
    found = []
    for folder in delivery_folders(workspace, settings)[0]:
        names, _ = file_names(folder, settings)
        found += [Path(folder.path.name, name).as_posix() for name in names if (folder.path.name, name) not in known]
    return found
