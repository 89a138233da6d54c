"""Publish: the pack of a run written beside, put in place, and committed with its figures in one transaction."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from perfpipe.datasets import DATASETS
from perfpipe.dates.months import Month
from perfpipe.faults.fault import fault_frame
from perfpipe.job.job import Job, Sources, code_version, fingerprint_of
from perfpipe.ledger.tables import FIGURE_FIELDS, FIGURE_KEY, iso
from perfpipe.packs.charts.drawing_processes import Drawers, Pictures
from perfpipe.packs.models.pack import PackContent
from perfpipe.plan.write import keep_copy
from perfpipe.publish.fault_content import correction_lines, faults_book, histories
from perfpipe.reconcile.action_reports import plan_reported
from perfpipe.reconcile.fault_history import History
from perfpipe.settings.settings import Workspace

AUDIENCE, ANALYST = "board", "analyst"
FAULTS_BOOK, LISTS_BOOK = "faults.xlsx", "lists.xlsx"


@dataclass(frozen=True)
class Outcome:
    """What a run did: its number, whether anything changed, the pack that is current now, faults by severity.

    `faults_book` is the analyst's workbook of faults; it stands outside the folder of the board.
    """

    run_id: int
    changed: bool
    pack: Path
    faults_book: Path
    figures_written: int
    fault_counts: Mapping[str, int]
    missing: tuple[str, ...]


def same_as_before(job: Job, sources: Sources, reason: str) -> Outcome | None:
    """If the month's newest run had the same fingerprint and its pack stands, record *unchanged*; else None."""
    done = [run for run in job.ledger.runs(month=str(job.month)) if run["state"] == "done"]
    editions = job.ledger.packs(AUDIENCE, str(job.month))
    if not done or not editions or done[-1]["fingerprint"] != fingerprint_of(job, sources):
        return None
    pack, analyst = _edition_folders(job, editions[-1]["edition"])
    if not pack.is_dir() or not analyst.is_dir():
        return None
    with job.ledger.writing():
        run_id = job.ledger.add_run(_run_record(job, sources, reason, "unchanged", done[-1]["id"]), [], [])
    counts = _fault_counts(job, sources)
    missing = missing_datasets(job, sources)
    return Outcome(run_id, False, pack / "board_pack.xlsx", analyst / FAULTS_BOOK, 0, counts, missing)


def publish(job: Job, sources: Sources, assessed: pd.DataFrame, reason: str, drawers: Drawers | None = None) -> Outcome:
    """Write the packs beside, put them in place, and commit run, figures and editions in one transaction."""
    month, ledger = str(job.month), job.ledger
    edition = max((pack["edition"] for pack in ledger.packs(AUDIENCE, month)), default=0) + 1
    folders = _edition_folders(job, edition)
    with written_beside(folders) as partials, drawers or Drawers() as ready:
        over_time = histories(job, sources)
        pictures = Pictures(ready)  # drawn by child processes while all else is worked out and written
        content = _content(job, sources, assessed, over_time, pictures)
        rows = _changed_figures(job, sources, assessed)
        _write_packs(job, sources, content, pictures, over_time, edition, partials)
        keep_copy(job.workspace.plan_file, job.plan_content)
        with ledger.writing():
            run_id = ledger.add_run(_run_record(job, sources, reason, "done", None), _used(sources), _records(sources))
            ledger.add_figures(run_id, rows)
            for audience, partial in zip((AUDIENCE, ANALYST), partials, strict=True):
                manifest = hashlib.sha256((partial / "manifest.json").read_bytes()).hexdigest()
                pack = {"run_id": run_id, "month": month, "audience": audience, "edition": edition}
                ledger.add_pack(pack | {"manifest_sha256": manifest})
            for partial, folder in zip(partials, folders, strict=True):
                partial.replace(folder)
    board, analyst = folders
    counts, missing = _fault_counts(job, sources), missing_datasets(job, sources)
    return Outcome(run_id, True, board / "board_pack.xlsx", analyst / FAULTS_BOOK, len(rows), counts, missing)


@contextmanager
def written_beside(folders: Sequence[Path]) -> Iterator[list[Path]]:
    """Folders beside those of new editions, to be written and put in their place; gone afterwards, whatever happens.

    What an edition that never committed has left is taken away before: no row of the ledger knows it.
    """
    partials = [folder.with_name(f".{folder.name}.partial") for folder in folders]
    for leftover in (*partials, *folders):
        if leftover.exists():
            shutil.rmtree(leftover)
    try:
        yield partials
    finally:
        for partial in partials:
            shutil.rmtree(partial, ignore_errors=True)


def _write_packs(
    job: Job,
    sources: Sources,
    content: PackContent,
    pictures: Pictures,
    over_time: Mapping[str, History],
    edition: int,
    folders: Sequence[Path],
) -> None:
    """The analyst's workbooks of faults and lists, which the board's folder never holds, and the board's pack."""
    from perfpipe.packs.edition import write_edition, write_manifest
    from perfpipe.packs.workbooks.faults_book import write_faults_book
    from perfpipe.packs.workbooks.lists_book import write_lists_book
    from perfpipe.publish.service_lists import lists_book

    board, analyst = folders
    for folder in folders:
        folder.mkdir(parents=True)
    manifest = _manifest(job, sources, edition)
    write_faults_book(faults_book(job, sources, over_time, analyst), analyst / FAULTS_BOOK)
    write_lists_book(lists_book(job, sources), analyst / LISTS_BOOK)
    write_manifest(analyst, manifest | {"audience": ANALYST}, [analyst / FAULTS_BOOK, analyst / LISTS_BOOK])
    write_edition(content, board, manifest, pictures)


def edition_folder(workspace: Workspace, month: Month, edition: int, audience: str = AUDIENCE) -> Path:
    """Where an edition stands: `reports/<month>/<audience>/<edition>`."""
    return workspace.reports / str(month) / audience / str(edition)


def _edition_folders(job: Job, edition: int) -> list[Path]:
    """The board's and the analyst's: both have one number."""
    return [edition_folder(job.workspace, job.month, edition, audience) for audience in (AUDIENCE, ANALYST)]


def _content(
    job: Job, sources: Sources, assessed: pd.DataFrame, over_time: Mapping[str, History], pictures: Pictures
) -> PackContent:
    from perfpipe.packs.content.board_pack import build_content

    content = build_content(
        assessed,
        month=job.month,
        authority=job.settings.authority.name,
        audience=AUDIENCE,
        measures=job.measures,
        plan=plan_reported(job.plan, sources.authorities, job.month),
        faults=fault_summary(all_faults(job, sources)),
        extracts=extracts_used(job, sources),
        fingerprint=fingerprint_of(job, sources),
        known_at=sources.known_at,
        low_base=job.settings.low_base,
        histories=over_time,
        corrections=correction_lines(job, sources),
        comparators=job.comparators,
        begin=pictures.begin,
    )
    return replace(content, plan_title=f"{content.plan_title}, {revision_of(job)}") if job.plan_of else content


def revision_of(job: Job) -> str:
    """In words, that a run was made with an earlier revision of the plan; empty for the present one."""
    return f"as it was: {job.plan_of.named}, not the present plan" if job.plan_of else ""


def all_faults(job: Job, sources: Sources) -> pd.DataFrame:
    """The faults of the extracts that speak for the reporting month, and those found between extracts."""
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
        if not sources.authorities[dataset.id].is_expected:
            continue
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
    authorities = [sources.authorities[dataset.id] for dataset in DATASETS]
    return tuple(each.dataset.id for each in authorities if each.is_expected and job.month not in each.speaks)


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
        "reason": "; ".join(words for words in (reason, job.plan_of and f"plan {revision_of(job)}") if words),
        "code_version": code_version(),
        "plan_sha256": job.plan_sha256,
    }


def _used(sources: Sources) -> list[dict[str, Any]]:
    used: dict[str, list[str]] = {}
    for authority in sources.authorities.values():
        for month, reading in authority.speaks.items():
            used.setdefault(reading.id, []).append(str(month))
    return [{"reading_id": reading_id, "months": " ".join(months)} for reading_id, months in used.items()]


def _records(sources: Sources) -> list[dict[str, Any]]:
    return [asdict(fault) for fault in sources.faults]


def _changed_figures(job: Job, sources: Sources, assessed: pd.DataFrame) -> list[dict[str, Any]]:
    """The figures that are new or differ from what the ledger knows, and marks for those that are no more."""
    key = list(FIGURE_KEY)
    payload = [name for name in FIGURE_FIELDS if name != "known_at"]
    newest = max((run["id"] for run in job.ledger.runs()), default=0)
    known = job.ledger.figures_as_of(newest, str(job.months[0]), str(job.months[-1]), payload)
    both = assessed[key + payload].merge(known, on=key, how="outer", suffixes=("", "_known"), indicator=True)
    same = both["_merge"] == "both"
    for name in payload:
        now, then = both[name], both[f"{name}_known"]
        same &= (now == then) | (now.isna() & then.isna())
    changed = both[~same]
    rows = changed[key + payload].astype(object).where(changed[key + payload].notna(), None)
    gone = (changed["_merge"] == "right_only").to_numpy()
    fallback, known_at = {"provisional": False, "definition_version": 0}, sources.known_at
    return [
        {
            **{str(k): v for k, v in row.items()},
            **(fallback if retracted else {}),
            "known_at": known_at,
            "retracted": bool(retracted),
        }
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
        "plan_sha256": job.plan_sha256,
        "plan_revised_on": job.plan.revised_on,
        "plan_of_its_time": job.plan_of is not None,
        "code_version": code_version(),
        "libraries": library_versions(),
        "definitions": {measure.id: measure.version for measure in job.measures},
        "inputs": inputs,
        "population": [entry.model_dump(mode="json") for entry in job.settings.population],
        "comparators": job.comparators.identity if job.comparators else None,
    }


def library_versions() -> dict[str, str]:
    """The versions of the libraries that can change a pack's content."""
    return {name: version(name) for name in ("pandas", "python-calamine", "matplotlib", "openpyxl", "pandera")}
