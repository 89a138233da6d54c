"""The spine: one run of one month, from received files to a published pack.

    receive -> read -> validate -> compute -> assess -> publish

`run_month` is the whole of it. The flows call the same stages, each wrapped as a task.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from perfpipe import __version__
from perfpipe.assess import assess, with_revisions
from perfpipe.compute import MONTHS_SHOWN, Authority, Speaking, authority_of, compute, needed_months
from perfpipe.continuity import continuity_faults
from perfpipe.datasets import DATASETS
from perfpipe.datasets.definition import Severity
from perfpipe.faults import Fault
from perfpipe.ledger import FIGURE_FIELDS, FIGURE_KEY, Ledger, iso
from perfpipe.measures import MEASURES
from perfpipe.measures.definition import problems_of
from perfpipe.months import Month, month_range
from perfpipe.plan import Plan, load_plan
from perfpipe.read import Parser
from perfpipe.readings import Reading, read_and_validate
from perfpipe.receive import Received, receive
from perfpipe.settings import Settings, SettingsError, Workspace

AUDIENCE = "board"
Progress = Callable[[str], None]


class Stopped(Exception):
    """Faults of severity `stop`: nothing was computed or published. `faults` says what and where."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} fault(s) stop the run; `perfpipe check` lists them")
        self.faults = list(faults)


class Held(Exception):
    """Another run is at work in the workspace."""


@dataclass(frozen=True)
class Job:
    """What a run works with: the workspace, its settings and plan as they were read, and the open ledger."""

    workspace: Workspace
    settings: Settings
    plan: Plan
    ledger: Ledger
    month: Month
    cut: datetime | None = None  # only deliveries received by then; None: all

    @property
    def months(self) -> list[Month]:
        """The months of the run: the reporting month and the 35 before."""
        return month_range(self.month - (MONTHS_SHOWN - 1), self.month)


@dataclass(frozen=True)
class Sources:
    """The readings of all extracts, which speaks for which month, and the faults found between them."""

    readings: list[Reading]
    authorities: dict[str, Authority]
    faults: list[Fault]

    @property
    def known_at(self) -> datetime | None:
        """The cut on receipts: when the last of the extracts that speak arrived."""
        used = [r.received_at for a in self.authorities.values() for r in a.readings.values()]
        return max(used, default=None)


@dataclass(frozen=True)
class Outcome:
    """What a run did: its number, whether anything changed, the pack that is current now, faults by severity."""

    run_id: int
    changed: bool
    pack: Path
    figures_written: int
    fault_counts: Mapping[str, int]
    missing: tuple[str, ...]


def run_month(workspace: Workspace, month: Month, *, reason: str = "", progress: Progress = lambda _: None) -> Outcome:
    """Run one month: receive, read, validate, compute, assess, publish.

    Raises SettingsError, Stopped or Held; then nothing of the run exists.
    """
    with open_job(workspace, month) as job:
        progress("receive: looking for new files")
        received = receive_files(job)
        progress(f"receive: {received.new_deliveries} new deliveries")
        sources = read_extracts(job, received, progress)
        unchanged = same_as_before(job, sources, reason)
        if unchanged:
            return unchanged
        progress(f"compute: {len(MEASURES)} measures, {len(job.months)} months")
        figures = compute_figures(job, sources)
        assessed = assess_figures(job, figures)
        progress("publish: charts and workbook")
        return publish(job, sources, assessed, reason)


@contextmanager
def open_job(workspace: Workspace, month: Month, cut: datetime | None = None) -> Iterator[Job]:
    """Check settings, plan and definitions before any data is read, hold the workspace, and open the ledger."""
    from filelock import FileLock, Timeout

    settings = workspace.settings()
    plan = load_plan(workspace.plan_file, MEASURES)
    problems = problems_of(MEASURES)
    if problems:
        raise SettingsError(problems)
    workspace.processed.mkdir(parents=True, exist_ok=True)
    lock = FileLock(workspace.processed / "run.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Held(f"{workspace.root}: another run is at work here; try again when it has ended") from None
    try:
        ledger = Ledger.open(workspace.processed)
        try:
            yield Job(workspace, settings, plan, ledger, month, cut)
        finally:
            ledger.close()
    finally:
        lock.release()


def receive_files(job: Job) -> Received:
    """Take in what has been delivered. Raises Stopped."""
    received = receive(job.workspace, job.settings, job.ledger)
    stops = [fault for fault in received.faults if fault.severity is Severity.STOP]
    if stops:
        raise Stopped(stops)
    return received


def read_extracts(job: Job, received: Received, progress: Progress = lambda _: None) -> Sources:
    """Readings of all known extracts, made or from the cache, and who speaks for which month. Raises Stopped."""
    readings: list[Reading] = []
    stops: list[Fault] = []
    known = job.ledger.extracts_known(job.cut)
    with Parser() as parser:
        for number, extract in enumerate(known, 1):
            made = read_and_validate(job.workspace, job.settings, job.ledger, parser, extract)
            if isinstance(made, Reading):
                readings.append(made)
            elif not extract["replaced"]:
                stops += made
            if number % 20 == 0 or number == len(known):
                progress(f"read: {number} of {len(known)} extracts")
    months = needed_months(MEASURES, job.months)
    authorities = {dataset.id: authority_of(dataset, readings, months) for dataset in DATASETS}
    between = [fault for authority in authorities.values() for fault in authority.stops]
    for authority in authorities.values():
        between += continuity_faults(authority, readings, job.month)
    stops += [fault for fault in between if fault.severity is Severity.STOP]
    if stops:
        raise Stopped(stops)
    return Sources(readings, authorities, [*received.faults, *between])


def compute_figures(job: Job, sources: Sources) -> pd.DataFrame:
    """Figures of all measures for the months of the run."""
    return compute(speaking(job, sources), MEASURES)


def speaking(job: Job, sources: Sources) -> Speaking:
    """The rows that speak for the months of the run."""
    authority = job.settings.authority
    names = frozenset(name.strip().casefold() for name in (authority.name, *authority.also_written))
    return Speaking(sources.authorities, job.months, names)


def assess_figures(job: Job, figures: pd.DataFrame) -> pd.DataFrame:
    """Figures with status, direction, and whether they differ from what the audience last saw."""
    return with_revisions(assess(figures, job.plan, MEASURES), last_seen(job.ledger, job.months))


def last_seen(ledger: Ledger, months: Sequence[Month], before_run: int | None = None) -> pd.DataFrame | None:
    """The figures of the newest edition that the audience has (of those before a run), for some months."""
    editions = [pack for pack in ledger.packs(AUDIENCE) if before_run is None or pack["run_id"] < before_run]
    if not editions:
        return None
    newest = editions[-1]
    first, last = max(str(months[0]), newest["first_month"]), min(str(months[-1]), newest["month"])
    return ledger.figures_as_of(newest["run_id"], first, last)


def fingerprint_of(job: Job, sources: Sources) -> str:
    """What decides every figure of a run: readings and the months they speak for, plan, definitions, code."""
    spoken = {name: _months_spoken(authority) for name, authority in sources.authorities.items()}
    content = {
        "month": str(job.month),
        "readings": spoken,
        "between": sorted(json.dumps(asdict(fault), sort_keys=True) for fault in sources.faults),
        "plan": plan_sha256(job.workspace),
        "authority": job.settings.authority.model_dump(mode="json"),
        "low_base": job.settings.low_base,
        "definitions": {measure.id: measure.version for measure in MEASURES},
        "code": code_version(),
        "known_at": iso(sources.known_at) if sources.known_at else None,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _months_spoken(authority: Authority) -> dict[str, str]:
    return {str(month): reading.id for month, reading in authority.speaks.items()}


def plan_sha256(workspace: Workspace) -> str:
    """The hash of `plan.toml` as it is."""
    return hashlib.sha256(workspace.plan_file.read_bytes()).hexdigest()


@cache
def code_version() -> str:
    """The version and a hash of the package's own source, so that changed code is never called unchanged."""
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:12]}"


def same_as_before(job: Job, sources: Sources, reason: str) -> Outcome | None:
    """If the month's newest run had the same fingerprint and its pack stands, record *unchanged*; else None."""
    done = [run for run in job.ledger.runs(month=str(job.month)) if run["state"] == "done"]
    editions = job.ledger.packs(AUDIENCE, str(job.month))
    if not done or not editions or done[-1]["fingerprint"] != fingerprint_of(job, sources):
        return None
    pack = edition_folder(job.workspace, job.month, editions[-1]["edition"])
    if not pack.is_dir():
        return None
    with job.ledger.writing():
        run_id = job.ledger.add_run(_run_record(job, sources, reason, "unchanged", done[-1]["id"]), [], [])
    counts = _fault_counts(job, sources)
    return Outcome(run_id, False, pack / "board_pack.xlsx", 0, counts, missing_datasets(job, sources))


def publish(job: Job, sources: Sources, assessed: pd.DataFrame, reason: str) -> Outcome:
    """Write the pack beside, put it in place, and commit run, figures and edition in one transaction."""
    from perfpipe.pack.edition import write_edition

    month, ledger = str(job.month), job.ledger
    edition = max((pack["edition"] for pack in ledger.packs(AUDIENCE, month)), default=0) + 1
    folder = edition_folder(job.workspace, job.month, edition)
    partial = folder.with_name(f".{edition}.partial")
    for leftover in (partial, folder):  # of a run that never committed: no row of the ledger knows it
        if leftover.exists():
            shutil.rmtree(leftover)
    partial.mkdir(parents=True)
    write_edition(_content(job, sources, assessed), partial, _manifest(job, sources, edition))
    try:
        with ledger.writing():
            run_id = ledger.add_run(_run_record(job, sources, reason, "done", None), _used(sources), _records(sources))
            rows = _changed_figures(job, sources, assessed, run_id)
            ledger.add_figures(run_id, rows)
            manifest = hashlib.sha256((partial / "manifest.json").read_bytes()).hexdigest()
            pack = {"run_id": run_id, "month": month, "audience": AUDIENCE, "edition": edition}
            ledger.add_pack(pack | {"manifest_sha256": manifest})
            partial.replace(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    counts = _fault_counts(job, sources)
    return Outcome(run_id, True, folder / "board_pack.xlsx", len(rows), counts, missing_datasets(job, sources))


def edition_folder(workspace: Workspace, month: Month, edition: int) -> Path:
    """Where an edition stands: `reports/<month>/board/<edition>`."""
    return workspace.reports / str(month) / AUDIENCE / str(edition)


def _content(job: Job, sources: Sources, assessed: pd.DataFrame) -> Any:
    from perfpipe.pack.content import build_content

    return build_content(
        assessed,
        month=job.month,
        authority=job.settings.authority.name,
        audience=AUDIENCE,
        measures=MEASURES,
        plan=job.plan,
        faults=fault_summary(all_faults(job, sources)),
        extracts=extracts_used(job, sources),
        fingerprint=fingerprint_of(job, sources),
        known_at=sources.known_at,
        low_base=job.settings.low_base,
    )


def all_faults(job: Job, sources: Sources) -> pd.DataFrame:
    """The faults of the extracts that speak for the reporting month, and those found between extracts."""
    from perfpipe.faults import fault_frame

    speaking_now = [a.speaks[job.month].id for a in sources.authorities.values() if job.month in a.speaks]
    return pd.concat([job.ledger.faults_of(speaking_now), fault_frame(sources.faults)], ignore_index=True)


def fault_summary(faults: pd.DataFrame) -> pd.DataFrame:
    """Faults counted by dataset and rule: no address, no shape."""
    by = ["dataset", "rule", "severity", "expected", "what_to_do", "excludes_from"]
    without_row = faults.assign(what_to_do=faults["what_to_do"].str.replace(r" Row \d+ is used\.", "", regex=True))
    return without_row.groupby(by, sort=True).size().rename("rows").reset_index()


def extracts_used(job: Job, sources: Sources) -> pd.DataFrame:
    """For each dataset, the extract that speaks for the reporting month, or that it is missing."""
    rows = []
    for dataset in DATASETS:
        reading = sources.authorities[dataset.id].speaks.get(job.month)
        months = [m for m, r in sources.authorities[dataset.id].speaks.items() if r is reading and reading]
        rows.append(
            {
                "dataset": dataset.id,
                "state": "received" if reading else "missing",
                "extracted_at": reading.extracted_at if reading else None,
                "months": f"{months[0]} to {months[-1]}" if months else "",
                "files": ", ".join(reading.files) if reading else "",
                "rows": reading.row_count if reading else None,
            }
        )
    frame = pd.DataFrame(rows)
    frame["extracted_at"] = pd.to_datetime(frame["extracted_at"], utc=True)
    return frame.astype({"rows": "Int64"})


def missing_datasets(job: Job, sources: Sources) -> tuple[str, ...]:
    """The datasets without an extract for the reporting month."""
    return tuple(name for name, authority in sources.authorities.items() if job.month not in authority.speaks)


def _fault_counts(job: Job, sources: Sources) -> dict[str, int]:
    return {str(k): int(v) for k, v in all_faults(job, sources)["severity"].value_counts().items()}


def _run_record(job: Job, sources: Sources, reason: str, state: str, same_as: int | None) -> dict[str, Any]:
    return {
        "month": str(job.month),
        "first_month": str(job.months[0]),
        "state": state,
        "fingerprint": fingerprint_of(job, sources),
        "same_as": same_as,
        "known_at": sources.known_at,
        "run_at": datetime.now(UTC),
        "reason": reason,
        "code_version": code_version(),
        "plan_sha256": plan_sha256(job.workspace),
    }


def _used(sources: Sources) -> list[dict[str, Any]]:
    used: dict[str, list[str]] = {}
    for authority in sources.authorities.values():
        for month, reading in authority.speaks.items():
            used.setdefault(reading.id, []).append(str(month))
    return [{"reading_id": reading_id, "months": " ".join(months)} for reading_id, months in used.items()]


def _records(sources: Sources) -> list[dict[str, Any]]:
    return [asdict(fault) for fault in sources.faults]


def _changed_figures(job: Job, sources: Sources, assessed: pd.DataFrame, run_id: int) -> list[dict[str, Any]]:
    """The figures that are new or differ from what the ledger knows, and marks for those that are no more."""
    key = list(FIGURE_KEY)
    payload = [name for name in FIGURE_FIELDS if name != "known_at"]
    known = job.ledger.figures_as_of(run_id, str(job.months[0]), str(job.months[-1]))
    both = assessed[key + payload].merge(known[key + payload], on=key, how="outer", suffixes=("", "_known"), indicator=True)
    same = both["_merge"] == "both"
    for name in payload:
        now, then = both[name], both[f"{name}_known"]
        same &= (now == then) | (now.isna() & then.isna())
    changed = both[~same]
    rows = changed[key + payload].astype(object).where(changed[key + payload].notna(), None)
    gone = (changed["_merge"] == "right_only").to_numpy()
    fallback = {"provisional": False, "definition_version": 0}
    return [
        {**row, **(fallback if retracted else {}), "known_at": sources.known_at, "retracted": bool(retracted)}
        for row, retracted in zip(rows.to_dict("records"), gone, strict=True)
    ]


def _manifest(job: Job, sources: Sources, edition: int) -> dict[str, Any]:
    """What the pack was made from: input hashes, versions, plan, cut. The output hashes are added on writing."""
    inputs = {
        reading.id: {
            "dataset": reading.dataset.id,
            "folder": reading.folder,
            "extract": reading.extract_id,
            "files": {file["name"]: file["sha256"] for file in job.ledger.files_of(reading.extract_id)},
        }
        for authority in sources.authorities.values()
        for reading in authority.readings.values()
    }
    return {
        "month": str(job.month),
        "audience": AUDIENCE,
        "edition": edition,
        "fingerprint": fingerprint_of(job, sources),
        "known_at": iso(sources.known_at) if sources.known_at else None,
        "plan_sha256": plan_sha256(job.workspace),
        "code_version": code_version(),
        "libraries": library_versions(),
        "definitions": {measure.id: measure.version for measure in MEASURES},
        "inputs": inputs,
    }


def library_versions() -> dict[str, str]:
    """The versions of the libraries that can change a pack's content."""
    from importlib.metadata import version

    return {name: version(name) for name in ("pandas", "python-calamine", "matplotlib", "openpyxl", "pandera")}
